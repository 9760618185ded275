"""What comes out of an agenda that somebody else keeps."""

from dataclasses import dataclass

from domain.events import EventDetails
from domain.refusals import Refusal, RefusalCode


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEvent:
    """One date of a record, as an event.

    `external_id` is the same whenever this date of this record is read again. `cancelled` says that nothing takes
    place on that date, be it postponed or given up. `themes_by` are the keywords that decided its themes, for a
    report; none where the theme was given from outside.
    """

    external_id: str
    details: EventDetails
    cancelled: bool = False
    themes_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A record, or one date of it, that can't be taken: what a person needs to find it, and why.

    `reason` is a code that stays: `no-title`, `no-date`, `no-city`, `no-theme`… (each reader lists its own).
    """

    record: str
    reason: str
    detail: str = ""


class NotKept(Refusal):
    """The database doesn't take it, for `reason`: a character that no text can hold, for one."""

    code = RefusalCode.INVALID
