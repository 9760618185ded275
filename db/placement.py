"""Where each table would lie if one primary were no longer enough: on Citus, spread over nodes by citizen.

Nothing is spread today. What is said here keeps that possible, and a test holds it against the catalog of the
database: a table, a key or a reference that would stand in the way is noticed when it is made. How far it goes is in
docs/scale.md.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """Where a table's rows are."""

    SPREAD = "SPREAD"
    """Each on the node of its citizen, beside all else that is theirs: what one citizen does is done on one node."""
    COPIED = "COPIED"
    """All of them on each node: what many rows of others are joined with, and what hardly changes."""
    AT_HOME = "AT_HOME"
    """All of them on the coordinator: what waits to be done, and what nobody joins with anything."""


SPREAD_BY: Final[Mapping[str, str]] = {
    "citizen": "id",
    "account": "citizen_id",
    "session": "citizen_id",
    "refresh_token": "citizen_id",
    "email_token": "citizen_id",
    "outside_identity": "citizen_id",
    "citizen_total": "citizen_id",
    "ledger_entry": "citizen_id",
    "skill_holding": "citizen_id",
    "participation": "citizen_id",
    "check_in_brake": "citizen_id",
    "activity": "citizen_id",
    "activity_board": "citizen_id",
    "notification": "citizen_id",
    "organization_member": "citizen_id",
    "event_invitation": "citizen_id",
    "finding": "citizen_id",
    "watch_hit": "citizen_id",
    "calendar_feed": "citizen_id",
}
"""The column by which a table is spread: it is in each of its unique keys."""

COPIED: Final = frozenset(
    {
        "alembic_version",
        "event",
        "event_rating",
        "feedback",
        "organization",
        "scoring_policy",
        "territory",
        "territory_tally",
        "territory_within",
        "watch",
    }
)
AT_HOME: Final = frozenset(
    {
        "announcement",
        "api_token",
        "badge_status",
        "kept_answer",
        "outbox_message",
        "report",
        "retired_handle",
        "used_assessment",
        "webhook",
        "webhook_attempt",
        "webhook_delivery",
    }
)

UNIQUE_IN_THE_COUNTRY: Final[Mapping[str, tuple[str, ...]]] = {
    "citizen": ("handle",),
    "account": ("email_key",),
    "outside_identity": ("issuer", "subject"),
    "calendar_feed": ("fingerprint",),
}
"""Keys that nobody else may have, on whichever node they are. Spread, they are taken first in a table of their own,
spread by the key: two nodes in the few transactions that give or take one."""

LET_GO: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("event", "proposer_id"),
        ("feedback", "author_id"),
        ("api_token", "created_by"),
        ("report", "reporter_id"),
        ("kept_answer", "citizen_id"),
        ("webhook", "created_by"),
        ("badge_status", "citizen_id"),
    }
)
"""References from what isn't spread to what is: no database that spreads keeps them. Today they make erasure
safe (`points_to_nothing`); spread, whoever writes such a row locks the citizen's row first, and erasure sees to
what they point from."""


def place(table: str) -> Place:
    """Where a table would lie.

    Raises:
        KeyError: nobody has said so yet.
    """
    if table in SPREAD_BY:
        return Place.SPREAD
    return {**dict.fromkeys(COPIED, Place.COPIED), **dict.fromkeys(AT_HOME, Place.AT_HOME)}[table]


def statements() -> Iterator[str]:
    """What one would tell Citus, in order, after what is in `LET_GO` and `UNIQUE_IN_THE_COUNTRY` has been seen to."""
    for table in sorted(COPIED):
        yield f"SELECT create_reference_table('{table}');"
    first, *others = SPREAD_BY.items()
    yield f"SELECT create_distributed_table('{first[0]}', '{first[1]}');"
    for table, column in others:
        yield f"SELECT create_distributed_table('{table}', '{column}', colocate_with => '{first[0]}');"
