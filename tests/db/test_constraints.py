"""What the database itself refuses, whoever writes."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from db import models
from db.engine import Database
from domain.ledger import LedgerKind
from domain.organizations import MemberRole
from domain.participations import AttendanceEvidence, ParticipationStatus
from domain.skills import SkillSource
from domain.words import Locale, ThemeCode
from tests.clock import START
from tests.rows import citizen_row, entry_row, event_row, keep, organization_row, participation_row

HOUR = timedelta(hours=1)
SOMEBODY, SOMETHING = UUID(int=1), UUID(int=2)


async def refuses(database: Database, constraint: str, *rows: SQLModel) -> None:
    with pytest.raises(IntegrityError, match=f'"{constraint}"'):
        await keep(database, *rows)


@pytest.fixture
async def somebody(empty: Database) -> UUID:
    row = citizen_row(handle="nath")
    await keep(empty, row)
    return row.id


@pytest.mark.parametrize(
    "handle",
    ["ab", "a" * 31, "Nath", "1nath", "_nath", "-nath", "na th", "nâth", "", "nath\n", "nath.b", "\tnath"],
)
async def test_a_handle_has_its_form(empty: Database, handle: str) -> None:
    await refuses(empty, "citizen_handle_form", citizen_row(handle=handle))


async def test_a_handle_and_an_address_have_one_owner(empty: Database, somebody: UUID) -> None:
    other = citizen_row()
    await keep(empty, other, account(somebody))

    await refuses(empty, "citizen_handle_key", citizen_row(handle="nath"))
    await refuses(empty, "account_email_key_key", account(other.id))
    await refuses(empty, "account_pkey", account(somebody, email_key="another@example.org"))


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("event_theme_count", {"themes": ["CULTURE", "ECONOMY", "SOLIDARITY", "TRANSPORT"]}),
        ("event_theme_count", {"themes": []}),
        ("event_themes", {"themes": ["CHESS"]}),
        ("event_themes", {"themes": ["CULTURE", "culture"]}),
        ("event_capacity", {"capacity": 0}),
        ("event_capacity", {"capacity": -1}),
        ("event_engagement", {"engagement": -1}),
        ("event_engagement", {"engagement": 0}),
        ("event_engagement", {"engagement": 6}),
        ("event_effort", {"effort_minutes": 0}),
        ("event_lasts", {"ends_at": START}),
        ("event_lasts", {"ends_at": START + timedelta(seconds=59)}),
        ("event_position", {"latitude": 47.2}),
        ("event_position", {"longitude": -1.5}),
        ("event_organizer", {"proposer_id": None}),
        ("event_proposer_id_fkey", {"proposer_id": uuid4()}),
        ("event_organization_id_fkey", {"organization_id": uuid4()}),
        ("event_territory_code_fkey", {"territory_code": "FR-99"}),
    ],
)
async def test_no_event_is_kept_that_cannot_be(
    empty: Database, somebody: UUID, constraint: str, changes: dict[str, Any]
) -> None:
    await refuses(empty, constraint, event_row(somebody, **changes))


async def test_slugs_and_the_ids_of_others_are_given_once(empty: Database, somebody: UUID) -> None:
    one, other = organization_row(slug="demotic"), organization_row()
    await keep(empty, one, other)
    await keep(
        empty,
        event_row(somebody, slug="barcamp", organization_id=one.id, external_id="7"),
        event_row(somebody, organization_id=other.id, external_id="7"),
        event_row(somebody, organization_id=one.id),
        event_row(somebody, organization_id=one.id),
    )

    await refuses(empty, "event_slug_key", event_row(somebody, slug="barcamp"))
    await refuses(empty, "event_external_id", event_row(somebody, organization_id=one.id, external_id="7"))
    await refuses(empty, "organization_slug_key", organization_row(slug="demotic"))
    await refuses(empty, "organization_member_pkey", member(one.id, somebody), member(one.id, somebody))


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("participation_attendance", {"status": ParticipationStatus.ATTENDED}),
        ("participation_attendance", {"status": ParticipationStatus.ATTENDED, "attended_at": START}),
        (
            "participation_attendance",
            {"status": ParticipationStatus.ATTENDED, "evidence": AttendanceEvidence.ORGANIZER},
        ),
        ("participation_attendance", {"attended_at": START, "evidence": AttendanceEvidence.CHECK_IN_CODE}),
        ("participation_event_id_fkey", {"event_id": uuid4()}),
    ],
)
async def test_attendance_has_a_time_and_an_evidence_and_nothing_else_has(
    empty: Database, somebody: UUID, constraint: str, changes: dict[str, Any]
) -> None:
    event = event_row(somebody)
    await keep(empty, event)

    await refuses(empty, constraint, participation_row(somebody, event.id, **changes))


async def test_a_citizen_takes_part_in_an_event_once(empty: Database, somebody: UUID) -> None:
    event = event_row(somebody)
    await keep(empty, event)
    await keep(empty, participation_row(somebody, event.id, status=ParticipationStatus.CANCELLED))

    await refuses(empty, "participation_once", participation_row(somebody, event.id))


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("ledger_number", {"number": 1}),
        ("ledger_award_once", {"event_id": SOMETHING}),
        ("ledger_reversal", {"kind": LedgerKind.REVERSAL}),
        ("ledger_reversal", {"reverses_id": uuid4()}),
        ("ledger_award_event", {"event_id": None}),
        ("ledger_award_event", {"event_id": None, "kind": LedgerKind.ORGANIZING}),
        ("ledger_counts", {"number": 0}),
        ("ledger_counts", {"attempt": 0}),
        ("ledger_entry_policy_version_fkey", {"policy_version": "1984-1"}),
        ("ledger_entry_citizen_id_fkey", {"citizen_id": uuid4()}),
    ],
)
async def test_no_entry_is_kept_that_cannot_be(
    empty: Database, somebody: UUID, constraint: str, changes: dict[str, Any]
) -> None:
    await keep(empty, entry_row(somebody, 1, event_id=SOMETHING))

    await refuses(empty, constraint, entry_row(somebody, 2, **changes))


async def test_an_award_is_given_again_as_another_attempt_and_other_kinds_stand_beside_it(
    empty: Database, somebody: UUID
) -> None:
    await keep(empty, entry_row(somebody, 1, event_id=SOMETHING))
    await keep(empty, entry_row(somebody, 2, event_id=SOMETHING, attempt=2))
    await keep(empty, entry_row(somebody, 3, event_id=SOMETHING, kind=LedgerKind.ORGANIZING))


async def test_an_entry_is_reversed_once(empty: Database, somebody: UUID) -> None:
    award = entry_row(somebody, 1)
    reversal: dict[str, Any] = {"kind": LedgerKind.REVERSAL, "reverses_id": award.id, "event_id": None}
    await keep(empty, award, entry_row(somebody, 2, **reversal))

    await refuses(empty, "ledger_reversed_once", entry_row(somebody, 3, **reversal))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET points = 1000",
        "UPDATE ledger_entry SET occurred_at = now()",
        "UPDATE ledger_entry SET reason = 'Rien.'",
        "UPDATE ledger_entry SET points = points",
        "DELETE FROM ledger_entry",
    ],
)
async def test_the_ledger_is_append_only(empty: Database, somebody: UUID, statement: str) -> None:
    await keep(empty, entry_row(somebody, 1))

    with pytest.raises(IntegrityError, match="never changed"):
        async with empty.unit_of_work() as work:
            await work.execute(sa.text(statement))

    async with empty.reading() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM ledger_entry WHERE points = 200")) == 1


async def test_a_skill_is_held_once_at_a_time(empty: Database, somebody: UUID) -> None:
    await keep(empty, holding(somebody, lost_at=START + HOUR), holding(somebody), holding(somebody, ThemeCode.ECONOMY))

    await refuses(empty, "skill_held_once", holding(somebody))
    await refuses(empty, "skill_period", holding(somebody, ThemeCode.TRANSPORT, lost_at=START - HOUR))


async def test_a_self_assessment_is_used_once(empty: Database) -> None:
    await keep(empty, models.UsedAssessment(fingerprint=b"1", expires_at=START))

    await refuses(empty, "used_assessment_pkey", models.UsedAssessment(fingerprint=b"1", expires_at=START))


@pytest.mark.parametrize(
    ("table", "column"),
    [("event", "status"), ("event", "format"), ("participation", "status"), ("citizen", "visibility")],
)
async def test_no_word_is_kept_that_the_domain_does_not_know(
    empty: Database, somebody: UUID, table: str, column: str
) -> None:
    event = event_row(somebody)
    await keep(empty, event)
    await keep(empty, participation_row(somebody, event.id))

    with pytest.raises(IntegrityError, match=f'"{table}_{column}"'):
        async with empty.unit_of_work() as work:
            await work.execute(sa.text(f"UPDATE {table} SET {column} = 'MAYBE'"))  # noqa: S608 - names of our own


def account(citizen: UUID, *, email_key: str = "nath@example.org") -> models.Account:
    return models.Account(
        citizen_id=citizen,
        email="nath@example.org",
        email_key=email_key,
        password_hash="",
        locale=Locale.FR,
        accepted_charter_version="2026-1",
        charter_accepted_at=START,
    )


def member(organization: UUID, citizen: UUID) -> models.OrganizationMember:
    return models.OrganizationMember(
        organization_id=organization, citizen_id=citizen, role=MemberRole.OWNER, invited_at=START
    )


def holding(citizen: UUID, theme: ThemeCode = ThemeCode.CULTURE, **changes: Any) -> models.SkillHolding:
    return models.SkillHolding(
        citizen_id=citizen, theme=theme, source=SkillSource.REPEATED_CONTRIBUTION, acquired_at=START, **changes
    )


async def test_a_webhook_says_of_what_it_is_told_and_signs(empty: Database) -> None:
    of = organization_row()
    await keep(empty, of)

    def hook(**changes: Any) -> models.Webhook:  # Any: a value a column
        usual: dict[str, Any] = {
            "organization_id": of.id,
            "url": "https://hooks.test/",
            "topics": ["PING"],
            "created_at": START,
        }
        return models.Webhook(**(usual | {"secret": b"x" * 32} | changes))

    await refuses(empty, "webhook_topics", hook(topics=[]))
    await refuses(empty, "webhook_topics", hook(topics=["CHESS"]))
    await refuses(empty, "webhook_secret", hook(secret=b"short"))
    await refuses(empty, "webhook_previous_secret", hook(previous_secret=b"x" * 32))
    await refuses(empty, "webhook_disabled_reason", hook(disabled_at=START))


async def test_what_a_webhook_is_told_of_one_thing_has_an_order(empty: Database) -> None:
    of = organization_row()
    await keep(empty, of)
    hook = models.Webhook(
        organization_id=of.id, url="https://hooks.test/", topics=["PING"], secret=b"x" * 32, created_at=START
    )
    await keep(empty, hook)

    def told(**changes: Any) -> models.WebhookDelivery:  # Any: a value a column
        usual: dict[str, Any] = {
            "id": uuid4(),
            "webhook_id": hook.id,
            "topic": "PING",
            "subject": SOMETHING,
            "number": 1,
        }
        return models.WebhookDelivery(**(usual | {"created_at": START, "state": "WAITING"} | changes))

    await keep(empty, told())
    await refuses(empty, "webhook_delivery_order", told())
    await refuses(empty, "webhook_delivery_done", told(number=2, done_at=START))
    await refuses(empty, "webhook_delivery_topic", told(number=2, topic="CHESS"))
