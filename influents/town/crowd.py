"""The crowd of the demo town, drawn by chance: a seeded generator, so that the same seed makes the same people."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from slugify import slugify

from domain.accounts import ProfileVisibility, check_handle
from domain.ids import TerritoryCode
from domain.policy import LEVELS, PARIS
from domain.words import Locale, ThemeCode
from influents.town.names import BIOS, FAMILY_NAMES, FIRST_NAMES, NICKNAMES, TALENTS
from influents.town.people import Person, Zeal, on_day

LEADERS = 10
EARLY = range(7, 18)
"""Of the crowd, those who were there in 2013: three leaders, and eight others."""
MINORS_LEVEL = 4
"""Who has done more than that is of age."""
PUBLIC_LEADERS = range(6)
MINORS_LEVEL = 4
"""Who has done more than that is of age."""
PUBLIC_LEADERS = range(6)
FIRST_DAY, LAST_EARLY_DAY = date(2013, 11, 25), date(2013, 12, 15)


def crowd(rng: Random, size: int, *, known: Sequence[Person], opening: datetime, now: datetime) -> list[Person]:
    """So many people more: ten leaders, eleven who were there in 2013, and a long tail of those who come now and then.

    Args:
        rng: Where chance comes from.
        size: How many.
        known: Those there are; nobody takes their handles.
        opening: When the town begins.
        now: Nobody signs up later than the day before.
    """
    taken = {person.handle for person in known}
    levels = _levels(rng, size)
    people = []
    for number in range(size):
        zeal = _zeal(rng, number, size)
        early = number in EARLY
        joined = _day(rng, FIRST_DAY, LAST_EARLY_DAY) if early else _joined(rng, zeal, opening, now)
        people.append(_somebody(rng, zeal, joined, levels[number], taken, number=number, local=early))
    return people


def _somebody(
    rng: Random, zeal: Zeal, joined_at: datetime, level: int | None, taken: set[str], *, number: int, local: bool
) -> Person:
    first, family = rng.choice(FIRST_NAMES), rng.choice(FAMILY_NAMES)
    grown = zeal is Zeal.LEADER or local or (level or 0) > MINORS_LEVEL
    adult = grown or _happens(rng, 0.9)
    visibility = ProfileVisibility.PUBLIC if number in PUBLIC_LEADERS else _visibility(rng, adult=adult)
    public = visibility is ProfileVisibility.PUBLIC
    handle = _handle(rng, first, family, taken, by_name=public or _happens(rng, 0.3))
    tells = zeal in (Zeal.LEADER, Zeal.REGULAR) and _happens(rng, 0.5)
    return Person(
        handle=handle,
        joined_at=joined_at,
        territory=TerritoryCode("FR-44") if local or zeal is Zeal.LEADER else _territory(rng),
        visibility=visibility,
        zeal=zeal,
        passions=_passions(rng, zeal, number),
        full_name=f"{first} {family}" if public or _happens(rng, 0.4) else None,
        adult=adult,
        discoverable=adult and visibility is not ProfileVisibility.HIDDEN and _happens(rng, 0.45),
        locale=Locale.EN if _happens(rng, 0.07) else Locale.FR,
        level=level,
        bio=rng.choice(BIOS) if tells else None,
        talents=tuple(rng.sample(TALENTS, rng.randint(1, 3))) if tells else (),
    )


def _zeal(rng: Random, number: int, size: int) -> Zeal:
    if number < LEADERS:
        return Zeal.LEADER
    regulars = LEADERS + (size - LEADERS) * 2 // 5
    if number < regulars:
        return Zeal.REGULAR
    return Zeal.CASUAL if _happens(rng, 0.75) else Zeal.ONLOOKER


def _passions(rng: Random, zeal: Zeal, number: int) -> frozenset[ThemeCode]:
    """Each theme has leaders; the others are drawn to one or two."""
    themes = tuple(ThemeCode)
    if zeal is Zeal.LEADER:
        return frozenset({themes[number % len(themes)]})
    return frozenset(rng.sample(themes, rng.randint(1, 2)))


def _levels(rng: Random, size: int) -> list[int | None]:
    """Who has made the self-assessment: six in ten, mostly at low levels, each level at least once in a full town."""
    assessed = size * 6 // 10
    usual = rng.choices(range(1, 13), weights=(6, 12, 16, 16, 14, 11, 9, 6, 4, 3, 2, 1), k=assessed)
    levels: list[int | None] = [*range(1, LEVELS + 1), *usual][:assessed]
    levels += [None] * (size - len(levels))
    rng.shuffle(levels)
    return levels


def _visibility(rng: Random, *, adult: bool) -> ProfileVisibility:
    public, hidden = (0.36 if adult else 0.0), 0.07
    drawn = rng.random()
    if drawn < public:
        return ProfileVisibility.PUBLIC
    return ProfileVisibility.HIDDEN if drawn > 1 - hidden else ProfileVisibility.PSEUDONYMOUS


def _territory(rng: Random) -> TerritoryCode | None:
    near = {"FR-44": 74, "FR-35": 6, "FR-85": 6, "FR-49": 2, "FR-75C": 4, "CH-GE": 3, "CA-QC": 3, "": 2}
    return TerritoryCode(rng.choices(list(near), weights=list(near.values()))[0]) or None


def _handle(rng: Random, first: str, family: str, taken: set[str], *, by_name: bool) -> str:
    """One that is free and allowed: of the name, or one that tells nothing."""
    first, family = slugify(first), slugify(family)
    while True:
        number = rng.randint(2, 99)
        forms = [first, f"{first}-{family}", f"{first}-{family[0]}", f"{first}{number}", f"{first}_{family}"]
        handle = rng.choice(forms if by_name else [rng.choice(NICKNAMES), f"{first}{number}"])[:30].rstrip("-_")
        if handle not in taken and not list(check_handle(handle)):
            taken.add(handle)
            return handle


def _joined(rng: Random, zeal: Zeal, opening: datetime, now: datetime) -> datetime:
    """Those who go out a lot were there early; the others come over the two months, until yesterday."""
    first, yesterday = opening.astimezone(PARIS).date(), now.astimezone(PARIS).date() - timedelta(days=1)
    latest = {Zeal.LEADER: 3, Zeal.REGULAR: 30}.get(zeal)
    return _day(rng, first + timedelta(days=1), yesterday if latest is None else first + timedelta(days=latest))


def _day(rng: Random, first: date, last: date) -> datetime:
    """Some moment of a waking hour between two days."""
    day = first + timedelta(days=rng.randint(0, (last - first).days))
    return on_day(day, time(rng.randint(8, 21), rng.randint(0, 59), rng.randint(0, 59)))


def _happens(rng: Random, chance: float) -> bool:
    return rng.random() < chance
