"""`importEvents` and the way back, call by call, as a partner's system relies on them."""

from datetime import timedelta

from domain.api_tokens import TokenScope
from resolvers import partners
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town

IMPORT = """mutation($input: ImportEventsInput!) { importEvents(input: $input) {
  created updated unchanged events { externalId status updatedAt } errors { code field } } }"""
BACK = """query($since: DateTime!, $organizer: ID, $first: Int, $after: String) {
  events(filter: {updatedSince: $since, organizer: $organizer}, orderBy: UPDATED_AT_ASC, first: $first, after: $after) {
    edges { node { externalId status updatedAt } } pageInfo { hasNextPage endCursor } } }"""
TOKENS = "query($id: ID!) { node(id: $id) { ... on Organization { apiTokens { id lastUsedAt revokedAt } } } }"
REVOKE = "mutation($id: ID!) { revokeApiToken(input: {id: $id}) { apiToken { revokedAt } errors { code } } }"


def row(clock: Clock, external_id: str, **changes: object) -> dict[str, object]:
    starts = clock() + timedelta(days=2)
    return {
        "externalId": external_id,
        "title": f"Conseil de quartier {external_id}",
        "description": "On y parle du quartier.",
        "format": "ONLINE",
        "themes": ["CULTURE"],
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
    } | changes


async def test_a_hundred_rows_go_in_one_call_and_a_hundred_and_one_in_none(ask: Ask, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    system = await town.partner(owner, made.id, TokenScope.EVENTS_WRITE)
    of = {"organization": seal(Kind.ORGANIZATION, made.id)}
    rows = [row(clock, str(number)) for number in range(101)]

    too_many = (await ask(system, IMPORT, input={**of, "events": rows}))["importEvents"]
    fits = (await ask(system, IMPORT, input={**of, "events": rows[:100]}))["importEvents"]

    assert (too_many["created"], [each["code"] for each in too_many["errors"]]) == (0, ["OUT_OF_RANGE"])
    assert (fits["created"], fits["errors"], len(fits["events"])) == (100, [], 100)


async def test_each_bad_row_has_its_errors_and_each_good_one_its_event(ask: Ask, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    system = await town.partner(owner, made.id, TokenScope.EVENTS_WRITE)
    rows = [
        row(clock, "a"),
        row(clock, "b", title="", themes=[]),
        row(clock, "c", format="IN_PERSON"),
        row(clock, "a", title="Encore"),
        row(clock, "d", venue={"city": "Nantes", "latitude": 47.2}),
        row(clock, "e"),
    ]
    given = {"organization": seal(Kind.ORGANIZATION, made.id), "events": rows}

    dry = (await ask(system, IMPORT, input={**given, "dryRun": True}))["importEvents"]
    real = (await ask(system, IMPORT, input=given))["importEvents"]

    assert dry | {"events": None} == real | {"events": None}
    assert dry["events"] == [None] * 6
    assert [each and each["externalId"] for each in real["events"]] == ["a", None, None, None, None, "e"]
    assert [(each["code"], each["field"]) for each in real["errors"]] == [
        ("REQUIRED", ["events", "1", "title"]),
        ("REQUIRED", ["events", "1", "themes"]),
        ("REQUIRED", ["events", "2", "venue"]),
        ("INVALID", ["events", "3", "externalId"]),
        ("INVALID", ["events", "4", "venue", "longitude"]),
    ]
    assert (real["created"], real["updated"], real["unchanged"]) == (2, 0, 0)


async def test_what_is_the_same_is_untouched_and_does_not_come_back(ask: Ask, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    system = await town.partner(owner, made.id, TokenScope.EVENTS_WRITE)
    of = seal(Kind.ORGANIZATION, made.id)
    rows = [row(clock, name) for name in "abc"]
    before = (await ask(system, IMPORT, input={"organization": of, "events": rows}))["importEvents"]["events"]
    since = clock.advance(minutes=5).isoformat()

    rows[1]["cancelled"] = True
    again = (await ask(system, IMPORT, input={"organization": of, "events": rows}))["importEvents"]
    back = (await ask(system, BACK, since=since, organizer=of))["events"]["edges"]

    assert (again["updated"], again["unchanged"]) == (1, 2)
    assert [again["events"][0], again["events"][2]] == [before[0], before[2]]
    assert [(each["node"]["externalId"], each["node"]["status"]) for each in back] == [("b", "CANCELLED")]


async def test_pages_of_what_changed_lead_through_all_of_it_while_more_changes(
    ask: Ask, town: Town, clock: Clock
) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    system = await town.partner(owner, made.id, TokenScope.EVENTS_WRITE)
    of = seal(Kind.ORGANIZATION, made.id)
    since = clock().isoformat()
    rows = [row(clock, name) for name in "abcd"]
    for each in rows:
        await ask(system, IMPORT, input={"organization": of, "events": [each]})
        clock.advance(minutes=1)

    seen, after = [], None
    while True:
        page = (await ask(system, BACK, since=since, organizer=of, first=2, after=after))["events"]
        seen += [each["node"]["externalId"] for each in page["edges"]]
        if len(seen) == 2:  # one that was told already changes meanwhile, and is told again at the end
            clock.advance(minutes=1)
            await ask(system, IMPORT, input={"organization": of, "events": [rows[0] | {"cancelled": True}]})
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert seen == ["a", "b", "c", "d", "a"]


async def test_owners_see_when_a_token_was_used_and_it_ends_at_once(ask: Ask, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    of = seal(Kind.ORGANIZATION, made.id)
    token, secret = await town.token(owner, made.id, TokenScope.EVENTS_WRITE)

    async def used() -> dict[str, str]:
        (told,) = (await ask(owner, TOKENS, id=of))["node"]["apiTokens"]
        return dict(told)

    assert (await used())["lastUsedAt"] is None
    first = clock.advance(minutes=10)
    system = Context(town.services)
    assert await partners.authenticate(system, secret)
    await ask(system, IMPORT, input={"organization": of, "events": [row(clock, "a")]})
    assert (await used())["lastUsedAt"] == first.isoformat().replace("+00:00", "Z")

    assert (await ask(owner, REVOKE, id=(await used())["id"]))["revokeApiToken"]["errors"] == []
    assert not await partners.authenticate(Context(town.services), secret)
    assert token is not None
