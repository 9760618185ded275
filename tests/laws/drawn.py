"""What hypothesis draws: who, which event, and what of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import hypothesis.strategies as st

from domain.events import EventDetails, EventFormat
from domain.words import ThemeCode
from tests.factories import CANTINE
from tests.laws.facts import Event, Organization, Person
from tests.laws.stage import CITIZENS, EVERYBODY, HOSTS, MODERATORS, ORGANIZATIONS, VERIFIED

_ONE, _BOTH = frozenset({"CULTURE"}), frozenset({"CULTURE", "ECONOMY"})
A_SECOND = timedelta(seconds=1)
MOMENTS: Final[dict[str, Callable[[Event], datetime]]] = {
    "just before the desk opens": lambda event: event.starts - timedelta(minutes=30, seconds=2),
    "when the desk opens": lambda event: event.starts - timedelta(minutes=30),
    "the start": lambda event: event.starts,
    "the end": lambda event: event.ends,
    "two hours after the end": lambda event: event.ends + timedelta(hours=2),
    "a week after the end": lambda event: event.ends + timedelta(days=7),
    "30 days after the end": lambda event: event.ends + timedelta(days=30),
    "90 days after the end": lambda event: event.ends + timedelta(days=90),
}

citizens = st.sampled_from(CITIZENS)
anybody = st.sampled_from(EVERYBODY)
hosts = st.sampled_from(HOSTS)
moderators = st.sampled_from((*MODERATORS, *MODERATORS, CITIZENS[0]))
organizers = st.one_of(st.none(), st.none(), st.none(), anybody)
"""Mostly whoever proposed the event."""
for_whom = st.sampled_from((None, *ORGANIZATIONS))
themes = st.sampled_from(sorted(_BOTH))
crowds = st.sets(citizens, min_size=1)
which = st.integers(0, 5)
"""Events, counted from the newest on."""
moments = st.sampled_from(sorted(MOMENTS))
yes_or_no = st.booleans()
few = st.sets(citizens, max_size=2)
tries = st.sampled_from((1, 10))
corrections = st.sampled_from((-500, -7, 0, 60))
whose = st.sampled_from(sorted(ORGANIZATIONS))
suspended = st.sampled_from(("citizen-4", "founder", "second-judge"))
unverified = st.sampled_from(sorted({*EVERYBODY} - VERIFIED))
leaving = st.sampled_from((*CITIZENS, *HOSTS))


@dataclass(frozen=True)
class Shape:
    """An event, as it is drawn: hours and minutes, stars, themes and seats."""

    begins_in: int
    lasts: int
    stars: int
    themes: frozenset[str]
    effort: int | None
    capacity: int | None

    def event(self, proposer: Person, organization: Organization | None, now: datetime) -> Event:
        starts = now + timedelta(hours=self.begins_in)
        return Event(
            proposer=proposer,
            organization=organization,
            status="DRAFT",
            by_verified=organization is not None and organization.verified,
            starts=starts,
            ends=starts + timedelta(minutes=self.lasts),
            stars=self.stars,
            themes=self.themes,
            effort=self.effort,
            capacity=self.capacity,
        )


shapes = st.builds(
    Shape,
    begins_in=st.sampled_from((1, 2, 24, 24 * 7, -1)),
    lasts=st.sampled_from((60, 270, 20, 26 * 60)),
    stars=st.integers(1, 5),
    themes=st.sampled_from((_ONE, _ONE, _BOTH)),
    effort=st.sampled_from((None, None, 1, 200, 900)),
    capacity=st.sampled_from((None, None, 1, 2, 3)),
)
changes: st.SearchStrategy[tuple[str, object]] = st.one_of(
    st.tuples(st.just("capacity"), st.one_of(st.none(), st.integers(1, 5))),
    st.tuples(st.just("stars"), st.integers(1, 5)),
    st.tuples(st.just("title"), st.sampled_from(("Barcamp", "Un autre titre"))),
    st.tuples(st.just("themes"), st.sampled_from((_ONE, _BOTH))),
    st.tuples(st.just("times"), st.sampled_from((-48, -1, 1, 48)).map(lambda hours: timedelta(hours=hours))),
)


def details(event: Event) -> EventDetails:
    """An event as its organisers write it to the service."""
    return EventDetails(
        title=event.title,
        description="Une soirée, ensemble.",
        format=EventFormat.IN_PERSON,
        starts_at=event.starts,
        ends_at=event.ends,
        themes=tuple(ThemeCode(theme) for theme in sorted(event.themes)),
        engagement=event.stars,
        effort_minutes=event.effort,
        capacity=event.capacity,
        venue=CANTINE,
    )
