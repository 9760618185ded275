"""Who sees what: every query that leads to a client, asked by everybody."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
import sqlalchemy as sa

from db import models
from db.engine import Database
from db.queries import citizens, event_search, events, ledger, participations, reference
from db.queries.event_filter import BY_TERRITORY
from db.queries.event_search import EventsOf
from db.queries.participations import HistoryOf
from db.tables import participation
from domain.accounts import ProfileVisibility
from domain.citizens import Viewer
from domain.events import EventStatus
from domain.filters import EventFilter, EventOrder, ParticipationFilter
from domain.ids import (
    EventId,
    TerritoryCode,
)
from domain.paging import Window
from domain.participations import ParticipationStatus
from domain.words import ThemeCode
from tests.clock import START
from tests.rows import Active, active, citizen_row, event_row, keep, organization_row, viewer

ALL = Window(100)
ANY_STATUS = EventFilter(statuses=tuple(EventStatus))
DRAFT, SUBMITTED, PUBLISHED, REJECTED, CANCELLED, COMPLETED = EventStatus


# ---- events: everybody and every state


@dataclass(frozen=True)
class Kept:
    """One event in each state, of a citizen and of an organisation; twice CANCELLED: once published, and never."""

    database: Database
    askers: dict[str, Viewer | None]
    of_citizen: dict[str, EventId]
    of_organization: dict[str, EventId]
    slugs: dict[EventId, str]


@pytest.fixture
async def kept(empty: Database) -> Kept:
    proposer, stranger, member = citizen_row(), citizen_row(), citizen_row()
    organization = organization_row()
    await keep(empty, proposer, stranger, member, organization)
    rows: dict[tuple[str, bool], models.Event] = {}
    for status in EventStatus:
        for once_published in (True, False) if status is CANCELLED else (status in (PUBLISHED, COMPLETED),):
            name = "NEVER_PUBLISHED" if status is CANCELLED and not once_published else status.value
            published_at = START if once_published else None
            for owned in (True, False):
                of = organization.id if owned else None
                rows[name, owned] = event_row(
                    proposer.id, status=status, published_at=published_at, organization_id=of, territory_code="FR-44"
                )
    await keep(empty, *rows.values())
    return Kept(
        empty,
        {
            "nobody": None,
            "stranger": viewer(stranger.id),
            "proposer": viewer(proposer.id),
            "member": viewer(member.id, member_of=organization.id),
            "member of another": viewer(member.id, member_of=uuid4()),
            "moderator": viewer(stranger.id, moderator=True),
        },
        {name: EventId(row.id) for (name, owned), row in rows.items() if not owned},
        {name: EventId(row.id) for (name, owned), row in rows.items() if owned},
        {EventId(row.id): row.slug for row in rows.values()},
    )


OPEN = {"PUBLISHED", "COMPLETED", "CANCELLED"}
EVERYTHING = OPEN | {"DRAFT", "SUBMITTED", "REJECTED", "NEVER_PUBLISHED"}


@pytest.mark.parametrize(
    ("who", "of_citizen", "of_organization"),
    [
        ("nobody", OPEN, OPEN),
        ("stranger", OPEN, OPEN),
        ("proposer", EVERYTHING, OPEN),  # who proposed it for an organisation that they don't belong to any more
        ("member", OPEN, EVERYTHING),
        ("member of another", OPEN, OPEN),
        ("moderator", EVERYTHING, EVERYTHING),
    ],
)
async def test_what_was_published_shows_to_all_and_the_rest_to_its_organisers_and_moderators(
    kept: Kept, who: str, of_citizen: set[str], of_organization: set[str]
) -> None:
    asker = kept.askers[who]
    expected = {kept.of_citizen[name] for name in of_citizen} | {kept.of_organization[name] for name in of_organization}
    of_territory = EventsOf("FR-44", ANY_STATUS)

    async with kept.database.reading() as session:
        by_id = await events.by_id(kept.database.reader, asker, list(kept.slugs))
        by_slug = await events.by_slug(kept.database.reader, asker, list(kept.slugs.values()))
        in_unit_of_work = await events.by_id(session, asker, list(kept.slugs))
        listed = await event_search.listed(session, asker, ANY_STATUS, order=EventOrder.STARTS_AT_ASC, window=ALL)
        total = await event_search.total(session, asker, ANY_STATUS)
        owned = await event_search.of_owners(session, asker, ["FR-44"], ANY_STATUS, ALL, owned=BY_TERRITORY)
        owned_total = await event_search.totals_of_owners(session, asker, [of_territory], owned=BY_TERRITORY)
    reader = kept.database.reader
    often_total = await event_search.often_total(reader, asker, ANY_STATUS)
    often_owned_total = await event_search.often_totals_of_owners(reader, asker, [of_territory], owned=BY_TERRITORY)
    often = await event_search.often_of_owners(reader, asker, ["FR-44"], EventFilter(), ALL, owned=BY_TERRITORY)

    assert set(by_id) == set(in_unit_of_work) == expected
    assert set(by_slug) == {kept.slugs[each] for each in expected}
    assert {placed.item.id for placed in listed.items} == expected
    assert {placed.item.id for placed in owned["FR-44"].items} == expected
    assert total == often_total == len(expected)
    assert owned_total == often_owned_total == {of_territory: len(expected)}
    assert often is not None
    usually = {each for each in expected if by_id[each].status in (PUBLISHED, COMPLETED)}
    assert {placed.item.id for placed in often["FR-44"].items} == usually


@pytest.mark.parametrize("who", ["nobody", "stranger", "proposer", "member", "moderator"])
async def test_lists_hold_what_is_published_or_completed_unless_told(kept: Kept, who: str) -> None:
    async with kept.database.reading() as session:
        found = await event_search.listed(
            session, kept.askers[who], EventFilter(), order=EventOrder.STARTS_AT_ASC, window=ALL
        )
    read = await event_search.often_listed(
        kept.database.reader, kept.askers[who], EventFilter(), order=EventOrder.STARTS_AT_ASC, window=ALL
    )

    assert {placed.item.status for placed in found.items} == {PUBLISHED, COMPLETED}
    assert read is not None
    assert [placed.item.id for placed in read.items] == [placed.item.id for placed in found.items]
    assert [placed.place for placed in read.items] == [placed.place for placed in found.items]


# ---- citizens: what a visibility withholds


async def answers(database: Database, asker: Viewer | None, of: Active) -> dict[str, object]:
    """What each query tells of a citizen: names of queries that found something, and how much."""
    history = HistoryOf(of.id, ParticipationFilter())
    organizer = EventFilter(organizer=of.id)
    reader = database.reader
    async with database.reading() as session:
        found: dict[str, object] = {
            "by id": len(await citizens.by_id(reader, asker, [of.id])),
            "by id, in a unit of work": len(await citizens.by_id(session, asker, [of.id])),
            "by handle": len(await citizens.by_handle(reader, asker, [of.handle])),
            "skills by id": len(await citizens.skills_by_id(reader, asker, [of.skill])),
            "themes": [each.theme for each in (await citizens.theme_sums(reader, asker, [of.id])).get(of.id, ())
                       if each.participations],
            "participations": len(
                await participations.by_id(reader, asker, [of.listed, of.unlisted, of.registered])
            ),
            "history": len((await participations.history(reader, asker, [of.id], history.filter, ALL))[of.id].items),
            "history total": (await participations.history_totals(reader, asker, [history]))[history],
            "participants": [
                len(page.items)
                for page in (
                    await participations.participants(reader, asker, [of.attended, of.attended_quietly], ALL)
                ).values()
            ],
            "participant totals": list(
                (await participations.event_totals(reader, asker, [of.attended, of.attended_quietly])).values()
            ),
            "entries": len(await ledger.by_id(reader, asker, [of.entry, of.quiet_entry])),
            "ledger": len((await ledger.of_citizens(reader, asker, [(of.id, ALL)]))[of.id, ALL].items),
            "ledger total": (await ledger.totals_of_citizens(reader, asker, [of.id]))[of.id],
            "organised": await event_search.total(session, asker, organizer),
        }  # fmt: skip
    return found


NOTHING = {
    "by id": 0,
    "by id, in a unit of work": 0,
    "by handle": 0,
    "skills by id": 0,
    "themes": [],
    "participations": 0,
    "history": 0,
    "history total": 0,
    "participants": [0, 0],
    "participant totals": [0, 0],
    "entries": 0,
    "ledger": 0,
    "ledger total": 0,
    "organised": 0,
}
TO_OTHERS = {
    "by id": 1,
    "by id, in a unit of work": 1,
    "by handle": 1,
    "skills by id": 1,
    "themes": [ThemeCode.CULTURE],
    "participations": 1,
    "history": 1,
    "history total": 1,
    "participants": [1, 0],
    "participant totals": [1, 0],
    "entries": 2,
    "ledger": 2,
    "ledger total": 2,
    "organised": 1,
}
TO_ONESELF = TO_OTHERS | {"themes": [ThemeCode.CULTURE, ThemeCode.ECONOMY], "participations": 3}


@pytest.mark.parametrize("moderator", [False, True])
async def test_a_hidden_profile_shows_nothing_to_anybody_but_oneself(empty: Database, moderator: bool) -> None:
    hidden = await active(empty, ProfileVisibility.HIDDEN)
    stranger = citizen_row()
    await keep(empty, stranger)

    assert await answers(empty, None, hidden) == NOTHING
    assert await answers(empty, viewer(stranger.id, moderator=moderator), hidden) == NOTHING
    assert await answers(empty, hidden.myself, hidden) == TO_ONESELF


@pytest.mark.parametrize("visibility", [ProfileVisibility.PUBLIC, ProfileVisibility.PSEUDONYMOUS])
async def test_of_other_profiles_all_shows_but_what_is_not_listed_and_what_is_to_come(
    empty: Database, visibility: ProfileVisibility
) -> None:
    shown = await active(empty, visibility)
    stranger = citizen_row()
    await keep(empty, stranger)

    assert await answers(empty, None, shown) == TO_OTHERS
    assert await answers(empty, viewer(stranger.id), shown) == TO_OTHERS
    assert await answers(empty, shown.myself, shown) == TO_ONESELF


async def test_the_hidden_count_all_the_same(empty: Database) -> None:
    hidden = await active(empty, ProfileVisibility.HIDDEN)

    async with empty.reading() as session:
        counts = await events.participant_counts(session, [hidden.attended])
        living = await reference.citizen_counts(session, [TerritoryCode("FR-44"), TerritoryCode("FR")])

    assert counts[hidden.attended].attended == 1
    assert set(living.values()) == {1}


@pytest.mark.parametrize("visibility", ProfileVisibility)
async def test_name_avatar_and_links_show_where_the_profile_is_public(
    empty: Database, visibility: ProfileVisibility
) -> None:
    of = await active(empty, visibility)
    everything = {"full_name": "Nathan Berto", "avatar_url": "https://example.org/nath.png"}
    for asker in (None, of.myself):
        found = (await citizens.by_id(empty.reader, asker, [of.id])).get(of.id)
        if found is None:
            assert (visibility, asker) == (ProfileVisibility.HIDDEN, None)
            continue
        public = visibility is ProfileVisibility.PUBLIC
        assert (found.full_name, found.avatar_url, len(found.links)) == (
            (*everything.values(), 1) if public else (None, None, 0)
        )
        assert found.name == (f"{of.handle} (Nathan Berto)" if public else of.handle)
        assert (found.bio, found.talents, found.territory) == ("Bonjour.", ("droit",), "FR-44")


@pytest.mark.parametrize(
    "status", [status for status in ParticipationStatus if status is not ParticipationStatus.ATTENDED]
)
async def test_only_attendance_is_public_and_never_any_other_state(
    empty: Database, status: ParticipationStatus
) -> None:
    of = await active(empty, ProfileVisibility.PUBLIC)
    async with empty.unit_of_work() as work:
        left = {"status": status, "attended_at": None, "evidence": None}
        await work.execute(sa.update(participation).where(participation.c.id == of.listed).values(**left))

    found = await answers(empty, None, of)

    assert found == TO_OTHERS | {
        "themes": [],
        "participations": 0,
        "history": 0,
        "history total": 0,
        "participants": [0, 0],
        "participant totals": [0, 0],
    }
    mine = await participations.of_viewer(empty.reader, of.myself, [of.attended])
    own = await participations.own(empty.reader, of.myself, [(ParticipationFilter(), ALL)])
    total = await participations.own_totals(empty.reader, of.myself, [ParticipationFilter()])
    assert mine[of.attended].status is status
    assert len(own[ParticipationFilter(), ALL].items) == total[ParticipationFilter()] == 3


async def test_ones_own_participations_are_ones_own(empty: Database) -> None:
    one = await active(empty, ProfileVisibility.PUBLIC)
    other = await active(empty, ProfileVisibility.PUBLIC)
    everything = ParticipationFilter()

    mine = await participations.of_viewer(empty.reader, one.myself, [other.attended, one.attended])
    own = await participations.own(empty.reader, one.myself, [(everything, ALL)])

    assert list(mine) == [one.attended]
    assert {placed.item.citizen_id for placed in own[everything, ALL].items} == {one.id}
