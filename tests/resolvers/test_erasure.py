"""Leaving for good: nothing personal stays, and everything still adds up."""

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
    citizen,
    citizen_total,
    email_token,
    event,
    feedback,
    ledger_entry,
    outbox_message,
    outside_identity,
    participation,
    report,
    skill_holding,
)
from domain.account_changes import WrongPassword
from domain.accounts import HandleTaken, ProfileVisibility, RefreshTokenExpired, WrongCredentials
from domain.ids import CitizenId
from domain.moderation import SubjectKind
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import Refusals, Unauthenticated
from resolvers import accounts, citizens, credentials, emails, erasure, events, profiles
from resolvers.adjustments import adjust_influence
from resolvers.audit import audited
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.leaving import MARKS, SIGN_UP, count, everywhere, found_in, me, one, passed_on


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

    await passed_on(database)
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
        there = {"issuer": "https://accounts.example", "subject": "zyx-subject-mark", "linked_at": now}
        await work.execute(sa.insert(outside_identity).values(**mine, **there))
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


async def test_the_whole_ledger_still_follows_from_the_facts(town: Town, clock: Clock) -> None:
    moderator, owner = await town.moderator(), await town.citizen()
    ctx, _ = await me(town)
    hall = await town.organization(owner)
    for evening in [await town.event(owner, hall.id, starts_at=clock() + timedelta(days=n)) for n in range(1, 4)]:
        await town.attend(ctx, evening)
    await adjust_influence(moderator, signed_in(ctx.viewer).citizen_id, points=-50, reason="zyx motif inoubliable")
    held = await town.published(ctx, by=moderator)
    await town.attend(await town.citizen(), held)

    await erasure.delete_account(ctx, password=PASSWORD)

    ranges = [each async for each in audited(Context(town.services))]
    assert sum(each.entries for each in ranges) == 6
    assert [each.differences for each in ranges] == [[]]


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


async def test_what_waits_to_be_mailed_to_them_and_their_links_go_too(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    await town.citizen("other")
    assert await count(database, outbox_message) == await count(database, email_token) == 2

    await erasure.delete_account(ctx, password=PASSWORD)

    assert await count(database, outbox_message) == await count(database, email_token) == 1


async def test_the_profile_that_stays_behind_says_nothing(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    await profiles.update_settings(ctx, discoverable=True)
    await erasure.delete_account(ctx, password=PASSWORD)

    async with database.reading() as session:
        (ghost,) = (await session.execute(sa.select(citizen))).all()
    assert (ghost.visibility, ghost.discoverable, ghost.adult) == (ProfileVisibility.HIDDEN, False, False)
    assert ghost.handle.startswith("gone-")
    told = {key: value for key, value in ghost._mapping.items() if value}
    assert told.keys() == {"id", "handle", "visibility", "member_since", "words"}
    assert "gone" in told["words"]  # of the handle that stands in, and of nothing else


async def test_a_request_of_somebody_who_was_erased_meanwhile_is_nobodys(town: Town) -> None:
    """What they changed may be kept, but there is no account any more to answer with."""
    ctx = await town.citizen()
    elsewhere = replace(ctx)
    await erasure.delete_account(ctx, password=PASSWORD)

    with pytest.raises(Unauthenticated):
        await accounts.account(elsewhere)
