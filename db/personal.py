"""What each table holds of a person: read when they take a copy away, and seen to when they leave.

Said once for both, so that what is held is exported, and what is exported is erased. A test holds this against the
catalog of the database: a column that leads to a citizen stands here.
"""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from db import tables


class Fate(StrEnum):
    """What becomes of rows when their citizen leaves."""

    REMOVED = "REMOVED"
    MOVED = "MOVED"
    """To an id that nobody knows: sums and counts still add up. Free text in them is emptied."""
    UNTIED = "UNTIED"
    """They are somebody else's too, and stay, without saying who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Rows that are, or tell, of the citizen whom `owner` names.

    Attributes:
        owner: The column that names them.
        fate: What becomes of the rows.
        section: What an export calls them; None where there is nothing in them to read.
        emptied: What doesn't stay with rows that do: free text, and what would lead to their citizen all the same.
        secret: What proves rather than tells, or isn't theirs: never exported.
    """

    owner: sa.Column[object]
    fate: Fate
    section: str | None
    emptied: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()

    @property
    def table(self) -> sa.Table:
        return self.owner.table


def _held(
    table: sa.Table,
    owner: str,
    fate: Fate,
    section: str | None,
    *,
    emptied: tuple[str, ...] = (),
    secret: tuple[str, ...] = (),
) -> Held:
    return Held(owner=table.c[owner], fate=fate, section=section, emptied=emptied, secret=secret)


HELD = (
    _held(tables.kept_answer, "citizen_id", Fate.REMOVED, None),
    _held(tables.refresh_token, "citizen_id", Fate.REMOVED, None),
    _held(tables.session, "citizen_id", Fate.REMOVED, "sessions"),
    _held(tables.email_token, "citizen_id", Fate.REMOVED, "mailedLinks", secret=("fingerprint",)),
    _held(tables.outside_identity, "citizen_id", Fate.REMOVED, "outsideIdentities"),
    _held(tables.calendar_feed, "citizen_id", Fate.REMOVED, "calendarFeeds", secret=("fingerprint",)),
    _held(tables.check_in_brake, "citizen_id", Fate.REMOVED, "wrongCheckInCodes"),
    _held(tables.notification, "citizen_id", Fate.REMOVED, "notifications"),
    _held(tables.outbox_message, "citizen_id", Fate.REMOVED, "outbox", secret=("payload",)),
    _held(tables.organization_member, "citizen_id", Fate.REMOVED, "memberships"),
    _held(tables.activity, "citizen_id", Fate.REMOVED, None),
    _held(tables.activity_board, "citizen_id", Fate.REMOVED, None),
    _held(tables.finding, "citizen_id", Fate.REMOVED, "foundBy"),
    _held(tables.event_invitation, "citizen_id", Fate.REMOVED, "eventInvitations"),
    _held(tables.watch_hit, "citizen_id", Fate.REMOVED, "watchesCrossed"),
    _held(tables.account, "citizen_id", Fate.REMOVED, "account", secret=("password_hash",)),
    _held(tables.report, "reporter_id", Fate.UNTIED, "reports"),
    _held(tables.api_token, "created_by", Fate.UNTIED, "apiTokens", secret=("fingerprint",)),
    _held(tables.webhook, "created_by", Fate.UNTIED, "webhooks", secret=("secret", "previous_secret")),
    _held(tables.badge_status, "citizen_id", Fate.UNTIED, "credentials", emptied=("participation_id",)),
    _held(tables.participation, "citizen_id", Fate.MOVED, "participations"),
    _held(tables.citizen_total, "citizen_id", Fate.MOVED, "totals"),
    _held(tables.ledger_entry, "citizen_id", Fate.MOVED, "ledger", emptied=("reason",)),
    _held(tables.skill_holding, "citizen_id", Fate.MOVED, "skills", emptied=("reason",)),
    _held(tables.feedback, "author_id", Fate.MOVED, "feedback", emptied=("highlights", "improvements")),
    _held(tables.event, "proposer_id", Fate.MOVED, "events", secret=("check_in_secret", "words", "worth")),
    _held(tables.citizen, "id", Fate.REMOVED, "profile", secret=("words",)),
)
"""In the order in which they are seen to when somebody leaves: what points to others before what is pointed to."""
