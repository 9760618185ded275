"""Leaving for good: nothing personal stays, and everything still adds up."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from sqlmodel import AutoString

from db.engine import Database
from db.personal import HELD, Fate
from db.tables import (
    account,
    api_token,
    citizen,
    citizen_total,
    email_token,
    event,
    feedback,
    ledger_entry,
    organization_member,
    outbox_message,
    participation,
    report,
    skill_holding,
)
from db.writes import citizens as citizen_writes
from domain.account_changes import WrongPassword
from domain.accounts import HandleTaken, ProfileVisibility, RefreshTokenExpired, SignUp, WrongCredentials
from domain.charter import CHARTER_VERSION
from domain.citizens import ProfileLink
from domain.events import EventStatus
from domain.ids import CitizenId
from domain.moderation import SubjectKind
from domain.organizations import MemberRole
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import Refusals, Unauthenticated
from resolvers import accounts, citizens, credentials, emails, erasure, events, participations, profiles
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import PASSWORD, Town

MARKS = (
    "zyx-email-mark",
    "zyx-handle-mark",
    "Zyx Nom Inoubliable",
    "zyx bio inoubliable",
    "zyx-link-mark",
    "zyx-avatar-mark",
    "zyx-talent-mark",
    "ZyxAgent/203.0.113.77",
    "zyx-pending-mark",
    "zyx motif inoubliable",
    "zyx avis inoubliable",
)
SIGN_UP = SignUp(
    email="zyx-email-mark@example.org",
    password=PASSWORD,
    handle="zyx-handle-mark",
    full_name="Zyx Nom Inoubliable",
    visibility=ProfileVisibility.PUBLIC,
    charter_version=CHARTER_VERSION,
    at_least_fifteen=True,
    at_least_eighteen=True,
)


async def me(town: Town, handle: str = "zyx-handle-mark") -> tuple[Context, accounts.Opened]:
    """Somebody whom no table could forget by accident."""
    ctx = Context(town.services, user_agent="ZyxAgent/203.0.113.77")
    sign_up = replace(SIGN_UP, handle=handle, email=f"{handle.replace('handle', 'email')}@example.org")
    opened = await accounts.sign_up(ctx, sign_up, assessment_token=None)
    await profiles.update_profile(
        ctx,
        bio="zyx bio inoubliable",
        avatar_url="https://example.org/zyx-avatar-mark.png",
        links=[ProfileLink("zyx-link-mark", "https://example.org/zyx-link-mark")],
        talents=["zyx-talent-mark"],
    )
    return ctx, opened


async def everywhere(database: Database) -> str:
    """Every row of every table, as the catalog of the database names them; binary values in hexadecimal."""
    rows: list[str] = []
    async with database.reading() as session:
        tables = sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for table in (await session.scalars(tables)).all():
            whole = sa.text(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608 - names of our own tables
            rows += (await session.scalars(whole)).all()
    return "\n".join(rows).lower()


def found_in(text: str) -> list[str]:
    """Which of the marks stand in a text, as they are or in hexadecimal."""
    return [mark for mark in MARKS if mark.lower() in text or mark.encode().hex() in text]


async def one(database: Database, query: sa.Select[Any]) -> Any:
    async with database.reading() as session:
        return (await session.execute(query)).scalar_one()


async def count(database: Database, table: sa.Table, *where: sa.ColumnElement[bool]) -> Any:
    return await one(database, sa.select(sa.func.count()).select_from(table).where(*where))


async def test_the_scan_finds_what_is_there(town: Town, database: Database) -> None:
    await me(town)

    assert found_in(await everywhere(database)) == list(MARKS[:8])


async def test_after_it_no_table_and_no_log_holds_anything_of_them_and_sums_are_the_same(
    town: Town, database: Database, clock: Clock
) -> None:
    with structlog.testing.capture_logs() as logs:
        ctx, opened = await me(town)
        my_id = signed_in(ctx.viewer).citizen_id
        owner, moderator = await town.citizen(), await town.moderator()
        hall = await town.organization(owner)
        attended = [await town.event(owner, hall.id, starts_at=clock() + timedelta(days=n)) for n in range(1, 4)]
        for each in attended:
            await town.attend(ctx, each)
        held = await town.published(ctx, by=moderator)
        await town.attend(await town.citizen(), held)
        clock.advance(days=8)
        await emails.change_email(ctx, password=PASSWORD, email="zyx-pending-mark@example.org")
        await credentials.request_password_reset(ctx, SIGN_UP.email)
        own = await town.organization(ctx, "Association des voisins")
        await _rows_that_other_subjects_write(town, my_id, owner, attended[0].id, hall.id)
        shown_before = await _sums(database)
        kept = await count(database, participation), await count(database, event)

        assert found_in(await everywhere(database)) == list(MARKS)

        await erasure.delete_account(ctx, password=PASSWORD)

    after = await everywhere(database)
    assert found_in(after) == []
    assert str(my_id) not in after
    assert found_in(repr(logs).lower()) == []
    assert await _sums(database) == shown_before
    assert (await count(database, participation), await count(database, event)) == kept
    assert ctx.viewer is None
    assert not await accounts.authenticate(ctx, opened.access.token)
    with pytest.raises(RefreshTokenExpired):
        await accounts.refresh_session(ctx, opened.refresh_token)
    with pytest.raises(WrongCredentials):
        await accounts.sign_in(ctx, email=SIGN_UP.email, password=PASSWORD)
    nobody = Context(town.services)
    assert await citizens.citizen_by_handle(nobody, "zyx-handle-mark") is None
    assert await events.organizer(nobody, held) is None
    assert own.id is not None


async def _rows_that_other_subjects_write(
    town: Town, id: CitizenId, owner: Context, event_id: object, organization_id: object
) -> None:
    """What feedback, moderation, recognition and adjustment leave of somebody."""
    now = town.services.clock()
    mine = {"citizen_id": id}
    async with owner.unit_of_work() as work:
        said = {"highlights": "zyx avis inoubliable", "improvements": "zyx avis inoubliable"}
        key = sa.func.gen_random_uuid()
        rating = {"event_id": event_id, "rating": 4, "created_on": now.date()}
        await work.execute(sa.insert(feedback).values(id=key, author_id=id, **rating, **said))
        await work.execute(
            sa.insert(skill_holding).values(
                id=key,
                theme="ECONOMY",
                source="RECOGNITION",
                acquired_at=now,
                recognized_by=organization_id,
                reason="zyx motif inoubliable",
                **mine,
            )
        )
        about = {"id": key, "subject_kind": SubjectKind.CITIZEN, "subject_id": id, "created_at": now}
        await work.execute(sa.insert(report).values(reason="zyx motif inoubliable", **about))
        by = {"id": key, "subject_kind": SubjectKind.EVENT, "subject_id": event_id, "created_at": now}
        await work.execute(sa.insert(report).values(reporter_id=id, reason="Un autre motif.", **by))
        await work.execute(sa.text("SET LOCAL session_replication_role = replica"))  # the ledger's trigger sleeps
        mine_too = ledger_entry.c.citizen_id == id
        await work.execute(sa.update(ledger_entry).where(mine_too).values(reason="zyx motif inoubliable"))
        await work.execute(
            sa.update(account).where(account.c.citizen_id == id).values(suspension_reason="zyx motif inoubliable")
        )


async def _sums(database: Database) -> tuple[Any, ...]:
    """What must come out the same."""
    attended = participation.c.status == ParticipationStatus.ATTENDED
    return (
        await one(database, sa.select(sa.func.sum(ledger_entry.c.points))),
        await one(database, sa.select(sa.func.sum(citizen_total.c.points))),
        await one(database, sa.select(sa.func.sum(citizen_total.c.earned_points))),
        await count(database, ledger_entry),
        await count(database, participation, attended),
        await count(database, feedback),
        await count(database, skill_holding),
    )


async def test_every_column_that_leads_to_a_citizen_is_seen_to(database: Database) -> None:
    leading = sa.text(
        """
        SELECT DISTINCT c.conrelid::regclass::text, a.attname
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid IN ('citizen'::regclass, 'account'::regclass, 'session'::regclass)
        UNION SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'citizen_id'
        """
    )
    async with database.reading() as session:
        found = {tuple(row) for row in await session.execute(leading)}

    assert found
    assert found == {(held.table.name, held.owner.name) for held in HELD} - {("citizen", "id")}


def test_what_is_moved_takes_no_free_text_along() -> None:
    """Events are public and outlive who proposed them; all other prose in what is moved is emptied."""
    for held in HELD:
        if held.fate is Fate.MOVED and held.table is not event:
            prose = {c.name for c in held.table.c if isinstance(c.type, AutoString)}
            assert prose - {"policy_version"} == set(held.emptied), held.table.name


async def test_the_password_is_needed_and_nobody_has_an_account_to_delete(town: Town, nobody: Context) -> None:
    ctx, _ = await me(town)

    with pytest.raises(WrongPassword):
        await erasure.delete_account(ctx, password="pas le bon mot de passe")
    with pytest.raises(Unauthenticated):
        await erasure.delete_account(nobody, password=PASSWORD)

    assert (await accounts.account(ctx)).email == SIGN_UP.email


async def test_the_address_is_free_again_and_the_handle_is_nobodys_ever(town: Town) -> None:
    ctx, _ = await me(town)
    await erasure.delete_account(ctx, password=PASSWORD)

    with pytest.raises(Refusals) as refused:
        await accounts.sign_up(ctx, SIGN_UP, assessment_token=None)
    assert [type(refusal) for refusal in refused.value.refusals] == [HandleTaken]
    await accounts.sign_up(ctx, replace(SIGN_UP, handle="zyx-again"), assessment_token=None)

    assert ctx.viewer is not None


async def test_a_seat_that_is_left_goes_to_the_first_in_line(town: Town) -> None:
    owner = await town.citizen()
    hall = await town.organization(owner)
    full = await town.event(owner, hall.id, capacity=1)
    ctx, _ = await me(town)
    waiting = await town.citizen()
    await participations.register(ctx, full.id)
    await participations.register(waiting, full.id)

    await erasure.delete_account(ctx, password=PASSWORD)

    waiting.look_again()
    moved = await participations.viewer_participation(waiting, full.id)
    assert moved is not None
    assert moved.status is ParticipationStatus.REGISTERED
    assert (await events.counts(waiting, full.id)).registered == 1


async def test_what_they_alone_could_hold_is_cancelled_or_never_was(town: Town, database: Database) -> None:
    moderator, guest = await town.moderator(), await town.citizen()
    ctx, _ = await me(town)
    coming = await town.published(ctx, by=moderator)
    draft = await town.event(ctx, submit=False)
    await participations.register(guest, coming.id)

    await erasure.delete_account(ctx, password=PASSWORD)

    guest.look_again()
    called_off = await events.event(guest, coming.id)
    assert called_off is not None
    assert (called_off.status, called_off.cancellation_reason) == (EventStatus.CANCELLED, None)
    assert await count(database, event, event.c.id == draft.id) == 0


async def test_points_that_an_event_in_progress_gave_are_taken_back_with_it(
    town: Town, database: Database, clock: Clock
) -> None:
    moderator, guest = await town.moderator(), await town.citizen()
    ctx, _ = await me(town)
    coming = await town.published(ctx, by=moderator)
    await participations.register(guest, coming.id)
    clock.now = coming.details.starts_at
    await participations.check_in(guest, coming.id, code=await town.code(coming.id))

    await erasure.delete_account(ctx, password=PASSWORD)

    mine = citizen_total.c.citizen_id == signed_in(guest.viewer).citizen_id
    assert await one(database, sa.select(citizen_total.c.points).where(mine)) == 0
    assert await count(database, ledger_entry) == 2


async def test_the_last_owner_leaves_an_organisation_to_its_eldest_manager(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    hall = await town.organization(ctx)
    elder, younger = await town.citizen(), await town.citizen()
    start = town.services.clock()
    async with ctx.unit_of_work() as work:
        for days, each in enumerate((younger, elder)):
            await work.execute(
                sa.insert(organization_member).values(
                    organization_id=hall.id,
                    citizen_id=signed_in(each.viewer).citizen_id,
                    role=MemberRole.MANAGER,
                    invited_at=start,
                    accepted_at=start - timedelta(days=days),
                )
            )
    await town.look_again(elder)
    coming = await town.event(elder, hall.id)

    await erasure.delete_account(ctx, password=PASSWORD)

    roles = sa.select(organization_member.c.citizen_id, organization_member.c.role)
    async with database.reading() as session:
        left = {row.citizen_id: row.role for row in await session.execute(roles)}
    assert left == {
        signed_in(elder.viewer).citizen_id: MemberRole.OWNER,
        signed_in(younger.viewer).citizen_id: MemberRole.MANAGER,
    }
    elder.look_again()
    found = await events.event(elder, coming.id)
    assert found is not None
    assert found.status is EventStatus.PUBLISHED


async def test_of_owners_who_leave_at_once_the_last_leaves_it_to_a_manager(town: Town, database: Database) -> None:
    (one_owner, _), manager = await me(town), await town.citizen()
    other_owner = await town.citizen()
    hall = await town.organization(one_owner)
    start = town.services.clock()
    async with manager.unit_of_work() as work:
        for each, role in ((other_owner, MemberRole.OWNER), (manager, MemberRole.MANAGER)):
            await work.execute(
                sa.insert(organization_member).values(
                    organization_id=hall.id,
                    citizen_id=signed_in(each.viewer).citizen_id,
                    role=role,
                    invited_at=start,
                    accepted_at=start,
                )
            )

    await asyncio.gather(*(erasure.delete_account(each, password=PASSWORD) for each in (one_owner, other_owner)))

    async with database.reading() as session:
        (left,) = (await session.execute(sa.select(organization_member))).all()
    assert (left.citizen_id, left.role) == (signed_in(manager.viewer).citizen_id, MemberRole.OWNER)


async def test_an_organisation_that_nobody_belongs_to_any_more_stays_and_its_tokens_do_not(
    town: Town, database: Database
) -> None:
    ctx, _ = await me(town)
    hall = await town.organization(ctx, "Maison des voisins")
    coming = await town.event(ctx, hall.id)
    async with ctx.unit_of_work() as work:
        await work.execute(
            sa.insert(api_token).values(
                id=sa.func.gen_random_uuid(),
                organization_id=hall.id,
                created_by=signed_in(ctx.viewer).citizen_id,
                name="Agenda",
                fingerprint=bytes(32),
                scopes=["EVENTS_WRITE"],
                created_at=town.services.clock(),
            )
        )

    await erasure.delete_account(ctx, password=PASSWORD)

    async with database.reading() as session:
        (token,) = (await session.execute(sa.select(api_token))).all()
    assert (token.created_by, token.revoked_at) == (None, town.services.clock())
    found = await events.event(Context(town.services), coming.id)
    assert found is not None
    assert found.status is EventStatus.CANCELLED
    assert await events.organizer(Context(town.services), coming) is not None


async def test_what_waits_to_be_mailed_to_them_and_their_links_go_too(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    await town.citizen("other")
    assert await count(database, outbox_message) == await count(database, email_token) == 2

    await erasure.delete_account(ctx, password=PASSWORD)

    assert await count(database, outbox_message) == await count(database, email_token) == 1


async def test_asked_for_many_times_at_once_it_is_done_once(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    again = [Context(town.services, viewer=ctx.viewer) for _ in range(8)]

    await asyncio.gather(*(erasure.delete_account(each, password=PASSWORD) for each in again))

    assert await count(database, account) == 0
    assert await count(database, citizen) == 1


@pytest.mark.parametrize("lap", range(5))
async def test_leaving_and_checking_in_at_once_leave_sums_that_add_up(
    town: Town, database: Database, clock: Clock, lap: int
) -> None:
    owner = await town.citizen()
    hall = await town.organization(owner)
    tonight = await town.event(owner, hall.id)
    ctx, _ = await me(town)
    await participations.register(ctx, tonight.id)
    clock.now = tonight.details.starts_at
    code = await town.code(tonight.id)
    viewer = ctx.viewer

    came_of_it = await asyncio.gather(
        *(participations.check_in(Context(town.services, viewer=viewer), tonight.id, code=code) for _ in range(lap)),
        erasure.delete_account(ctx, password=PASSWORD),
        *(participations.check_in(Context(town.services, viewer=viewer), tonight.id, code=code) for _ in range(5)),
        return_exceptions=True,
    )

    unexpected = [each for each in came_of_it if isinstance(each, Exception) and not _expected(each)]
    assert unexpected == []
    assert await count(database, account) == 1
    ledger = await one(database, sa.select(sa.func.coalesce(sa.func.sum(ledger_entry.c.points), 0)))
    totals = await one(database, sa.select(sa.func.coalesce(sa.func.sum(citizen_total.c.points), 0)))
    attended = await count(database, participation, participation.c.status == ParticipationStatus.ATTENDED)
    assert ledger == totals == 200 * attended
    assert await count(database, participation) == 1


def _expected(error: Exception) -> bool:
    """What somebody is told who comes too late."""
    return type(error).__name__ in {"Unauthenticated", "NotRegistered"}


async def test_leaving_and_registering_at_once_leave_no_seat_taken(town: Town, database: Database) -> None:
    owner = await town.citizen()
    hall = await town.organization(owner)
    evenings = [await town.event(owner, hall.id, capacity=2) for _ in range(6)]
    ctx, _ = await me(town)
    viewer = ctx.viewer

    await asyncio.gather(
        *(participations.register(Context(town.services, viewer=viewer), each.id) for each in evenings[:3]),
        erasure.delete_account(ctx, password=PASSWORD),
        *(participations.register(Context(town.services, viewer=viewer), each.id) for each in evenings[3:]),
        return_exceptions=True,
    )

    assert await count(database, participation, participation.c.status == ParticipationStatus.REGISTERED) == 0
    assert await count(database, account) == 1


async def test_the_profile_that_stays_behind_says_nothing(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    await citizens_discoverable(ctx)
    await erasure.delete_account(ctx, password=PASSWORD)

    async with database.reading() as session:
        (ghost,) = (await session.execute(sa.select(citizen))).all()
    assert (ghost.visibility, ghost.discoverable, ghost.adult) == (ProfileVisibility.HIDDEN, False, False)
    assert ghost.handle.startswith("gone-")
    told = {key: value for key, value in ghost._mapping.items() if value}
    assert told.keys() == {"id", "handle", "visibility", "member_since"}


async def citizens_discoverable(ctx: Context) -> None:
    async with ctx.unit_of_work() as work:
        await citizen_writes.update_settings(work, signed_in(ctx.viewer).citizen_id, now=ctx.now(), discoverable=True)
