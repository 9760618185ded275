"""Connections: sizes, directions and cursors."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from resolvers.context import Context
from schema.organizations import BY_NAME
from schema.paging import seal, unseal
from tests.asking import Ask
from tests.factories import Town

EVENTS = """query($first: Int, $after: String, $last: Int, $before: String, $order: EventOrder! = STARTS_AT_ASC) {
  events(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
    totalCount edges { cursor node { slug } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def slugs(town: Town, many: int) -> list[str]:
    owner = await town.citizen()
    organization = await town.organization(owner)
    start = town.services.clock() + timedelta(days=1)
    events = [await town.event(owner, organization.id, starts_at=start + timedelta(days=n)) for n in range(many)]
    return [event.slug for event in events]


async def test_pages_forward_and_back_show_everything_once(town: Town, ask: Ask, nobody: Context) -> None:
    expected = await slugs(town, 7)
    found: list[str] = []
    cursor = None
    while True:
        page = (await ask(nobody, EVENTS, first=3, after=cursor))["events"]
        found += [edge["node"]["slug"] for edge in page["edges"]]
        assert page["totalCount"] == 7
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == expected

    back = (await ask(nobody, EVENTS, last=3, before=cursor))["events"]
    assert [edge["node"]["slug"] for edge in back["edges"]] == expected[3:6]
    assert back["pageInfo"]["hasPreviousPage"]


async def test_an_empty_page_has_no_cursors(ask: Ask, nobody: Context) -> None:
    page = (await ask(nobody, EVENTS))["events"]
    assert page == {
        "totalCount": 0,
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


@pytest.mark.parametrize(
    "asked",
    [{"first": 0}, {"first": -1}, {"first": 101}, {"last": 0}, {"last": 101}, {"first": 1, "last": 1}],
)
async def test_sizes_are_bounded(ask: Ask, nobody: Context, asked: dict[str, int]) -> None:
    assert (await ask(nobody, EVENTS, **asked)).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "x" * 1_000,
        seal("STARTS_AT_DESC", ("2026-01-01T00:00:00+00:00", "0" * 32)),
        seal("STARTS_AT_ASC", ()),
        seal("STARTS_AT_ASC", ("2026-01-01T00:00:00", "0" * 32)),
        seal("STARTS_AT_ASC", ("not a date", "0" * 32)),
        seal("STARTS_AT_ASC", ("2026-01-01T00:00:00+00:00", "not an id")),
        seal("STARTS_AT_ASC", (5, 5)),
    ],
)
async def test_a_cursor_of_another_list_is_a_programs_mistake(ask: Ask, nobody: Context, cursor: str) -> None:
    assert (await ask(nobody, EVENTS, after=cursor)).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800"])
async def test_a_cursor_of_texts_that_no_database_keeps_is_a_programs_mistake(
    ask: Ask, nobody: Context, text: str
) -> None:
    handles, names = (
        urlsafe_b64encode(json.dumps(place).encode()).decode()
        for place in (("HANDLE_ASC", text), (BY_NAME, text, "0" * 32))
    )
    citizens = "query($after: String) { citizens(orderBy: HANDLE_ASC, after: $after) { edges { cursor } } }"
    organizations = "query($after: String) { organizations(after: $after) { edges { cursor } } }"

    assert (await ask(nobody, citizens, after=handles)).codes == ["BAD_USER_INPUT"]
    assert (await ask(nobody, organizations, after=names)).codes == ["BAD_USER_INPUT"]


def test_a_place_survives_its_envelope() -> None:
    place = ("é", 5, 1.5)
    assert unseal("order", seal("order", place)) == place
