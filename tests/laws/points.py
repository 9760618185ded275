"""What the model counts, written from the rules of points: exact fractions, and no function of the service."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor

from tests.laws.facts import Entry, Event, Person, Skill

A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
NEAR = timedelta(days=90)
AGAIN_WITHIN = timedelta(days=30)


def worth(event: Event) -> int:
    """15 points an hour and star, for 8 hours at most, to the nearest 10, and 10 at least."""
    lasts = event.ends - event.starts
    elapsed = 60 if lasts > A_DAY else lasts // A_MINUTE
    minutes = min(elapsed if event.effort is None else event.effort, 8 * 60)
    return max(10, 10 * _rounded(Fraction(15 * event.stars * minutes, 60 * 10)))


def attend(person: Person, event: Event, now: datetime) -> None:
    """Give what an attendance brings, and the skills that it completes."""
    others = person.standing("PARTICIPATION")
    if event in others:
        return
    doubled = any(skill.theme in event.themes and skill.held_at(event.starts) for skill in person.skills)
    overlapping = any(_together(event, other) > 15 * A_MINUTE for other in others)
    factor = Fraction(0 if overlapping else 2 if doubled else 1) * _repeated(event, others)
    person.ledger.append(Entry("PARTICIPATION", _rounded(worth(event) * factor), event, overlapping))
    for theme in sorted(event.themes):
        if _earned(person, theme) and person.holds(theme) is None:
            person.skills.append(Skill(theme, "REPEATED_CONTRIBUTION", now))


def take_back(person: Person, event: Event, now: datetime) -> None:
    """Reverse what an attendance brought, and let skills go that nothing carries any more."""
    award = person.standing("PARTICIPATION").get(event)
    if award is None:
        return
    _reverse(person, award)
    for theme in event.themes:
        held = person.holds(theme)
        if held and held.source == "REPEATED_CONTRIBUTION" and not _earned(person, theme):
            held.lost = now


def reconsider(event: Event, now: datetime) -> None:
    """Give or take back what organising brings to the citizen who proposed in their own name."""
    organizer = event.proposer
    if event.organization is not None:
        return
    stands = organizer.standing("ORGANIZING").get(event)
    known, gone = 0, 0
    for person in event.places:
        awards = person.standing("PARTICIPATION")
        if event in awards:
            gone += person.gone
            elsewhere = any(other.counts_for is not organizer for other in awards)
            known += not person.gone and person.verified and elsewhere
    took_place = event.status == "COMPLETED"
    if stands and (not took_place or known + gone < 3):
        _reverse(organizer, stands)
        organizer.organizing_taken_back[event] = now
    elif not stands and took_place and known >= 3:
        taken_back = organizer.organizing_taken_back.get(event)
        if taken_back is None or now - taken_back <= AGAIN_WITHIN:
            others = organizer.standing("ORGANIZING")
            points = _rounded(worth(event) * _factor(sum(_near(event, other) for other in others)))
            organizer.ledger.append(Entry("ORGANIZING", points, event))


def _repeated(event: Event, others: Mapping[Event, Entry]) -> Fraction:
    """Events of one citizen count in full three times, half three times, and then no more."""
    if event.by_verified:
        return Fraction(1)
    same = (other for other in others if not other.by_verified and other.proposer is event.proposer)
    return _factor(sum(_near(event, other) for other in same))


def _factor(repeats: int) -> Fraction:
    return Fraction(1) if repeats < 3 else Fraction(1, 2) if repeats < 6 else Fraction(0)


def _near(one: Event, other: Event) -> bool:
    return abs(one.starts - other.starts) <= NEAR


def _together(one: Event, other: Event) -> timedelta:
    return min(one.ends, other.ends) - max(one.starts, other.starts)


def _earned(person: Person, theme: str) -> bool:
    """Five participations in a theme, of two organisers."""
    counting = list(_contributions(person, theme))
    return len(counting) >= 5 and len({id(event.counts_for) for event in counting}) >= 2


def _contributions(person: Person, theme: str) -> Iterator[Event]:
    for event, award in person.standing("PARTICIPATION").items():
        if theme in event.themes and not award.overlapping:
            yield event


def _reverse(person: Person, award: Entry) -> None:
    award.taken_back = True
    person.ledger.append(Entry("REVERSAL", -award.points, award.event))


def _rounded(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))
