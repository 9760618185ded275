"""The facts of the model: people, events, places and points, as plain as they can be."""

from dataclasses import dataclass, field
from datetime import datetime

DECLARED = {
    (None, "DRAFT"),
    (None, "SUBMITTED"),
    (None, "PUBLISHED"),
    ("DRAFT", "SUBMITTED"),
    ("DRAFT", "PUBLISHED"),
    ("REJECTED", "SUBMITTED"),
    ("REJECTED", "PUBLISHED"),
    ("SUBMITTED", "PUBLISHED"),
    ("SUBMITTED", "REJECTED"),
    ("PUBLISHED", "SUBMITTED"),
    ("PUBLISHED", "COMPLETED"),
    ("DRAFT", "CANCELLED"),
    ("SUBMITTED", "CANCELLED"),
    ("PUBLISHED", "CANCELLED"),
    ("COMPLETED", "CANCELLED"),
    ("DRAFT", None),
    ("CANCELLED", None),
    ("SUBMITTED", None),
    ("REJECTED", None),
}
"""From which state an event may come into which; None is not to be there."""
SEATED = ("REGISTERED", "ATTENDED")
WEIGHTY = {"stars", "times", "themes"}


class Refused(Exception):  # noqa: N818
    """What a client is told, by its codes."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = frozenset(codes)


def need(fulfilled: object, code: str) -> None:
    if not fulfilled:
        raise Refused(code)


@dataclass(eq=False)
class Entry:
    """A line of a ledger; `taken_back` once another one reverses it."""

    kind: str
    points: int
    event: "Event | None" = None
    overlapping: bool = False
    taken_back: bool = False


@dataclass(eq=False)
class Skill:
    """A period of holding."""

    theme: str
    source: str
    gained: datetime
    lost: datetime | None = None

    def held_at(self, moment: datetime) -> bool:
        return self.gained < moment and (self.lost is None or moment < self.lost)


@dataclass(eq=False)
class Person:
    """Somebody, by what they are called in the play; `gone` once their account is."""

    name: str
    verified: bool = False
    moderator: bool = False
    gone: bool = False
    suspended: bool = False
    ledger: list[Entry] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    organizing_taken_back: "dict[Event, datetime]" = field(default_factory=dict)

    @property
    def points(self) -> int:
        return sum(entry.points for entry in self.ledger)

    def standing(self, kind: str) -> "dict[Event, Entry]":
        """The awards of a kind that nothing takes back, by event."""
        return {
            entry.event: entry
            for entry in self.ledger
            if entry.kind == kind and entry.event is not None and not entry.taken_back
        }

    def holds(self, theme: str) -> Skill | None:
        return next((skill for skill in self.skills if skill.theme == theme and skill.lost is None), None)


@dataclass(eq=False)
class Organization:
    """An organiser that is not one citizen alone."""

    verified: bool
    members: list[Person]


@dataclass(eq=False)
class Place:
    """Where somebody stands with an event."""

    status: str
    queued: datetime
    withdrawn: bool = False
    answered: bool = False
    listed: bool = True


@dataclass(eq=False, kw_only=True)
class Event:
    """An event, and everybody's place in it."""

    proposer: Person
    organization: Organization | None
    status: str
    by_verified: bool
    starts: datetime
    ends: datetime
    stars: int
    themes: frozenset[str]
    effort: int | None
    capacity: int | None
    title: str = "Barcamp"
    was_published: bool = False
    earned_somebody: bool = False
    places: dict[Person, Place] = field(default_factory=dict)
    wrong_codes: dict[Person, int] = field(default_factory=dict)
    braked_until: dict[Person, datetime] = field(default_factory=dict)

    @property
    def counts_for(self) -> object:
        """Which organiser it is of, to skills and to other organisers' points."""
        return self.organization if self.by_verified else self.proposer

    @property
    def times(self) -> tuple[datetime, datetime]:
        return self.starts, self.ends

    @times.setter
    def times(self, times: tuple[datetime, datetime]) -> None:
        self.starts, self.ends = times

    def organized_by(self, person: Person) -> bool:
        return person in self.organization.members if self.organization else person is self.proposer

    def concerns(self, person: Person) -> bool:
        return person is self.proposer or self.organized_by(person)

    def taken(self) -> int:
        return sum(place.status in SEATED for place in self.places.values())
