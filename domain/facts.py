"""What citizens' ledgers rest on: what they attended and organised, and what was recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.ids import CitizenId, EventId, LedgerEntryId, ParticipationId
from domain.influence import Totals
from domain.ledger import LedgerEntry
from domain.participations import ParticipationStatus
from domain.points import ScoredEvent
from domain.skill_periods import Period


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is kept; `attempt` counts those of its kind for its event."""

    entry: LedgerEntry
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactualEvent:
    """An event as awards see it. `called_off` is cancelled or annulled.

    `organizer_id` is the citizen who organises in their own name; `counted_for_skills` its verified organisation, else
    who proposed it.
    """

    scored: ScoredEvent
    organizer_id: CitizenId | None
    counted_for_skills: UUID
    called_off: bool
    updated_at: datetime


class TookPart(NamedTuple):
    """A citizen's participation in an event."""

    id: ParticipationId
    status: ParticipationStatus
    attended_at: datetime | None
    listed: bool


class Crowd(NamedTuple):
    """Whose attendance of a completed event an ORGANIZING award hangs on, as things are now (see `deserved`)."""

    counted: int
    erased: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenFacts:
    """All that a citizen's ledger rests on. `entries` are in the order of their numbers.

    `crowds` are those of every completed event that the citizen organised in their own name and that took place.
    """

    citizen_id: CitizenId
    has_account: bool
    entries: Sequence[KeptEntry]
    participations: Mapping[EventId, TookPart]
    events: Mapping[EventId, FactualEvent]
    crowds: Mapping[EventId, Crowd]
    periods: Sequence[Period]
    totals: Totals | None

    def unsure(self) -> frozenset[LedgerEntryId]:
        """Awards that were taken back, and whose event was changed since: what it said then isn't known any more."""
        entries = [kept.entry for kept in self.entries]
        reversed_at = {each.reverses_id: each.occurred_at for each in entries if each.reverses_id is not None}
        awards = [
            (each, self.events.get(each.event_id)) for each in entries if each.event_id and each.id in reversed_at
        ]
        return frozenset(each.id for each, event in awards if event and event.updated_at > reversed_at[each.id])


@dataclass(frozen=True, slots=True)
class Difference:
    """What is kept, and what it should be. Without a `number` it is no entry's: a total's, a skill's, an attendance's.

    `column` is one of the entry's, or names its table too.
    """

    citizen_id: CitizenId
    number: int | None
    column: str
    kept: object
    derived: object
