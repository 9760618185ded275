"""What a citizen doesn't list shows to others as points, and as nothing else."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from db.engine import Database
from db.queries import ledger
from db.rows import value_of
from domain.accounts import ProfileVisibility
from domain.citizens import Viewer
from domain.ids import LedgerEntryId
from domain.ledger import LedgerEntry
from domain.paging import Window
from domain.words import ThemeCode
from tests.clock import START
from tests.rows import Active, active, citizen_row, entry_row, keep, viewer

ALL = Window(100)


async def entries(database: Database, asker: Viewer | None, of: Active) -> dict[LedgerEntryId, LedgerEntry]:
    """By every road."""
    async with database.reading() as session:
        by_id = await ledger.by_id(session, asker, [of.entry, of.quiet_entry])
    alone = await ledger.by_id(database.reader, asker, [of.entry, of.quiet_entry])
    pages = await ledger.of_citizens(database.reader, asker, [(of.id, ALL)])
    listed = {placed.item.id: value_of(LedgerEntry, placed.item) for placed in pages[of.id, ALL].items}
    assert listed == dict(by_id) == {each.id: value_of(LedgerEntry, each) for each in alone.values()}
    assert [placed.place for placed in pages[of.id, ALL].items] == [(2,), (1,)]
    return listed


async def test_the_entry_of_what_is_not_listed_is_whole_for_its_citizen_alone(empty: Database) -> None:
    of = await active(empty, ProfileVisibility.PUBLIC, quietly_at=START + timedelta(hours=3))
    stranger = citizen_row()
    await keep(empty, stranger)

    whole = (await entries(empty, of.myself, of))[of.quiet_entry]
    assert (whole.event_id, whole.participation_id, whole.event_title) == (of.attended_quietly, of.unlisted, "Barcamp")
    assert (whole.theme, whole.base_points, whole.occurred_at) == (
        ThemeCode.CULTURE,
        200,
        START + timedelta(hours=3),
    )
    assert whole.computation is not None
    assert (whole.computation.stars, whole.computation.minutes, whole.computation.reason) == (4, 270, "Rien.")
    assert not whole.redacted

    for asker in (None, viewer(stranger.id), viewer(stranger.id, moderator=True)):
        redacted = (await entries(empty, asker, of))[of.quiet_entry]
        kept_of_it = {"id", "citizen_id", "number", "kind", "points", "balance", "policy_version"}
        emptied = {"event_id", "participation_id", "theme", "computation", "reverses_id", "event_title"}
        for field in fields(LedgerEntry):
            value = getattr(redacted, field.name)
            if field.name in kept_of_it:
                assert value == getattr(whole, field.name), field.name
            elif field.name in emptied:
                assert value is None, field.name
        assert {field.name for field in fields(LedgerEntry)} == kept_of_it | emptied | {
            "redacted",
            "occurred_at",
            "base_points",
            "multiplier",
        }
        assert redacted.redacted
        assert (redacted.base_points, redacted.multiplier) == (redacted.points, Decimal(1))
        assert redacted.occurred_at == datetime(2026, 8, 31, 22, tzinfo=UTC)


async def test_entries_of_what_is_listed_are_whole_for_all(empty: Database) -> None:
    of = await active(empty, ProfileVisibility.PSEUDONYMOUS)

    shown, own = [(await entries(empty, asker, of))[of.entry] for asker in (None, of.myself)]

    assert shown == own
    assert (shown.event_id, shown.event_title, shown.redacted) == (of.attended, "Barcamp", False)


async def test_an_entry_without_a_participation_is_nobodys_secret(empty: Database) -> None:
    of = await active(empty, ProfileVisibility.PSEUDONYMOUS)
    declared = entry_row(of.id, 3, kind="SELF_ASSESSMENT", event_id=None)
    await keep(empty, declared)

    async with empty.reading() as session:
        found = await ledger.by_id(session, None, [LedgerEntryId(declared.id)])

    assert not found[LedgerEntryId(declared.id)].redacted


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        (datetime(2026, 9, 30, 21, 59, 59, 999_999, UTC), datetime(2026, 8, 31, 22, tzinfo=UTC)),
        (datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 9, 30, 22, tzinfo=UTC)),
        (datetime(2026, 10, 31, 22, 30, tzinfo=UTC), datetime(2026, 9, 30, 22, tzinfo=UTC)),
        (datetime(2026, 10, 31, 23, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
async def test_what_is_not_listed_is_dated_by_the_first_of_its_month_in_paris(
    empty: Database, recorded: datetime, shown: datetime
) -> None:
    of = await active(empty, ProfileVisibility.PSEUDONYMOUS, quietly_at=recorded)

    assert (await entries(empty, None, of))[of.quiet_entry].occurred_at == shown


async def test_two_entries_of_one_month_that_are_not_listed_differ_in_points_alone(empty: Database) -> None:
    one = await active(empty, ProfileVisibility.PSEUDONYMOUS, quietly_at=START + timedelta(days=1))
    other = await active(empty, ProfileVisibility.PSEUDONYMOUS, quietly_at=START + timedelta(days=9))

    first = (await entries(empty, None, one))[one.quiet_entry]
    second = (await entries(empty, None, other))[other.quiet_entry]

    assert first == replace(second, id=first.id, citizen_id=first.citizen_id)


async def test_places_of_a_ledger_tell_nothing_of_time(empty: Database) -> None:
    of = await active(empty, ProfileVisibility.PSEUDONYMOUS, quietly_at=START + timedelta(days=400))

    page = (await ledger.of_citizens(empty.reader, None, [(of.id, Window(1))]))[of.id, Window(1)]
    beyond = Window(1, after=page.items[0].place)
    after = (await ledger.of_citizens(empty.reader, None, [(of.id, beyond)]))[of.id, beyond]

    assert [placed.place for placed in (*page.items, *after.items)] == [(2,), (1,)]
    assert of.quiet_entry.version == of.entry.version == 4  # random: UUIDs of other versions tell the time
