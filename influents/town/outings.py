"""Who goes to what, and when: decided before anything is called, so that it can be looked at, and made twice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from domain.events import EventFormat
from domain.ids import TerritoryCode
from domain.participations import CHECK_IN_OPENS_BEFORE
from domain.points import Span
from influents.town.people import Person, Zeal
from influents.town.programme import Happening

NEIGHBOURS = frozenset(map(TerritoryCode, ("FR-44", "FR-35", "FR-85", "FR-49")))
FAVOURITE, OTHERWISE = 1.9, 0.75
"""What a theme one cares for does to the chance of going, and another."""
NO_SHOW = 0.12
DROP_INS = 2
ARRIVED = 3
"""Who has checked in already at what is about to begin."""


@dataclass(frozen=True, slots=True)
class Outing:
    """Somebody registers for something, and comes, unless `checks_in_at` is None."""

    person: Person
    happening: Happening
    registers_at: datetime
    checks_in_at: datetime | None


def outings(people: Sequence[Person], happenings: Iterable[Happening], *, seed: int, now: datetime) -> list[Outing]:
    """Every outing, event by event in the order in which they begin, each in the order of registration."""
    published = [happening for happening in happenings if happening.published_at]
    diary: dict[str, list[Span]] = defaultdict(list)
    certain = {
        happening.key: _noted(people, happening, diary, now, goes=partial(_is_certain, happening))
        for happening in published
    }
    made: list[Outing] = []
    for happening in published:
        rng = Random(f"{seed}/{happening.key}")  # noqa: S311 - a town, not a secret
        sure = certain[happening.key]
        others = _noted(people, happening, diary, now, goes=_draw(rng, people, happening))
        dropping_in = _dropping_in(rng, happening, made)
        planned = [_outing(rng, person, happening, now, certain=person in sure) for person in (*sure, *others)]
        planned += [_outing(rng, person, happening, now, certain=True) for person in dropping_in]
        if not happening.over(now):
            planned = _with_early_birds(rng, planned, now)
        made += sorted(planned, key=lambda outing: (outing.registers_at, outing.person.handle))
    return made


def _noted(
    people: Iterable[Person],
    happening: Happening,
    diary: dict[str, list[Span]],
    now: datetime,
    *,
    goes: Callable[[Person], bool],
) -> list[Person]:
    """Who goes of those who are free, with the event noted in their diaries."""
    going = [person for person in people if _free(person, happening, diary, now) and goes(person)]
    for person in going:
        diary[person.handle].append(happening.span)
    return going


def _free(person: Person, happening: Happening, diary: dict[str, list[Span]], now: datetime) -> bool:
    opens, closes = _registration(person, happening, now)
    busy = any(happening.span.overlaps(span) for span in diary[person.handle])
    return opens < closes and not busy and person.handle != happening.proposer


def _is_certain(happening: Happening, person: Person) -> bool:
    """Whether the programme names them, or it is about what a leader cares for."""
    passionate = person.zeal is Zeal.LEADER and _favourite(person, happening) and _reach(person, happening) > 0
    return passionate or person.handle in happening.surely


def _draw(rng: Random, people: Iterable[Person], happening: Happening) -> Callable[[Person], bool]:
    """Draw a number for everybody, so that nobody's luck hangs on another's."""
    drawn = {person.handle: rng.random() for person in people}
    return lambda person: drawn[person.handle] < _chance(person, happening)


def _chance(person: Person, happening: Happening) -> float:
    drawn_to = FAVOURITE if _favourite(person, happening) else OTHERWISE
    return person.zeal.value * happening.drawing * drawn_to * _reach(person, happening)


def _favourite(person: Person, happening: Happening) -> bool:
    return not person.passions.isdisjoint(happening.details.themes)


def _reach(person: Person, happening: Happening) -> float:
    """How readily they go so far."""
    home, there = person.territory, happening.details.territory
    if home == there:
        return 1.0
    if happening.details.venue is None:
        return 0.7
    return 0.12 if {home, there} <= NEIGHBOURS else 0.0


def _dropping_in(rng: Random, happening: Happening, made: Iterable[Outing]) -> list[Person]:
    """A few of those who are at another event meanwhile."""
    there = [outing for outing in made if outing.happening.key == happening.drop_in and outing.checks_in_at]
    elsewhere = {happening.proposer}
    open_to = [each.person for each in there if each.person.handle not in elsewhere.union(each.happening.surely)]
    return rng.sample(open_to, min(DROP_INS, len(open_to)))


def _outing(rng: Random, person: Person, happening: Happening, now: datetime, *, certain: bool) -> Outing:
    """Those who are certain to come register soon."""
    opens, closes = _registration(person, happening, now)
    registers_at = opens + (closes - opens) * rng.random() * (0.1 if certain else 1.0)
    stays_away = rng.random() < NO_SHOW and not certain
    arrives = _arrival(rng, happening)
    comes = happening.over(now) and not stays_away
    return Outing(person, happening, registers_at.replace(microsecond=0), arrives if comes else None)


def _registration(person: Person, happening: Happening, now: datetime) -> tuple[datetime, datetime]:
    """Between which moments they may register; the first isn't before the second where they can't."""
    published = happening.published_at or now
    opens = max(published, person.joined_at) + timedelta(minutes=5)
    return opens, min(happening.details.starts_at - timedelta(hours=1), now - timedelta(minutes=5))


def _arrival(rng: Random, happening: Happening) -> datetime:
    """Around the start; online at the end, when the code is shown."""
    span = happening.span
    if happening.details.format is EventFormat.ONLINE:
        return span.ends_at + timedelta(seconds=rng.randint(-540, 900))
    late = min(span.ends_at - span.starts_at, timedelta(minutes=80)) / 2
    return span.starts_at + timedelta(seconds=rng.randint(-1500, late // timedelta(seconds=1)))


def _with_early_birds(rng: Random, planned: list[Outing], now: datetime) -> list[Outing]:
    """Where check-in is open already, some are there."""
    if not planned or now < planned[0].happening.details.starts_at - CHECK_IN_OPENS_BEFORE:
        return planned
    early = set(rng.sample(range(len(planned)), min(ARRIVED, len(planned))))
    return [
        Outing(outing.person, outing.happening, outing.registers_at, now - timedelta(seconds=rng.randint(30, 240)))
        if number in early
        else outing
        for number, outing in enumerate(planned)
    ]
