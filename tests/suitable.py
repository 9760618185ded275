"""Events that somebody could join, and what they have done before: drawn, or as plain as can be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from domain.ids import EventId
from domain.points import EarlierAward, ScoredEvent, Span
from domain.recommendations import Candidate
from domain.rewards import Past
from domain.skills import Contribution, Holding
from domain.words import ThemeCode

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ORGANIZERS = [UUID(int=number) for number in range(1, 4)]
themes = st.lists(st.sampled_from(ThemeCode), min_size=1, max_size=3, unique=True).map(tuple)
contributions = st.lists(st.builds(Contribution, themes, st.sampled_from(ORGANIZERS)), max_size=10)


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    starts_at = NOW + timedelta(hours=draw(st.integers(1, 2_000)))
    organizer, verified = draw(st.sampled_from(ORGANIZERS)), draw(st.booleans())
    event = ScoredEvent(
        id=EventId(draw(st.uuids())),
        span=Span(starts_at, starts_at + timedelta(minutes=draw(st.integers(1, 600)))),
        effort_minutes=draw(st.none() | st.integers(1, 600)),
        engagement=draw(st.integers(1, 5)),
        themes=draw(themes),
        counted_organizer=None if verified else organizer,
    )
    return Candidate(
        event=event,
        organizer=organizer,
        time_zone=draw(st.sampled_from(["Europe/Paris", "America/Montreal"])),
        city=draw(st.none() | st.just("Nantes")),
        online=draw(st.booleans()),
        home=draw(st.booleans()),
        full=draw(st.booleans()),
        sought_talents=draw(st.sampled_from([(), ("Couture",), ("Conte", "couture")])),
    )


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Skills held, and awards that stand: some from the same people, some at the same time as what is to come."""
    held = draw(st.lists(st.sampled_from(ThemeCode), max_size=3, unique=True))
    starts = draw(st.lists(st.integers(-2_000, 50), max_size=9))
    awards = {
        EventId(UUID(int=1_000 + number)): EarlierAward(
            Span(NOW + timedelta(hours=hours), NOW + timedelta(hours=hours + 3)), draw(st.sampled_from(ORGANIZERS))
        )
        for number, hours in enumerate(starts)
    }
    return Past(tuple(Holding(theme, NOW - timedelta(days=1)) for theme in held), awards)


def culture(days: int = 1, *, organizer: UUID) -> Candidate:
    """Two hours on culture, so many days ahead, nearby, by a verified organisation."""
    start = NOW + timedelta(days=days)
    event = ScoredEvent(
        id=EventId(UUID(int=days)),
        span=Span(start, start + timedelta(hours=2)),
        effort_minutes=None,
        engagement=3,
        themes=(ThemeCode.CULTURE,),
        counted_organizer=None,
    )
    return Candidate(
        event=event, organizer=organizer, time_zone="Europe/Paris", city=None, online=False, home=True, full=False
    )
