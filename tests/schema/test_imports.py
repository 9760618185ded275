"""`importEvents`, as partners call it."""

from datetime import timedelta
from typing import Any

from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town

IMPORT = """mutation($o: ID!, $e: [ImportedEventInput!]!, $d: Boolean! = false) {
  importEvents(input: {organization: $o, events: $e, dryRun: $d}) {
    created updated unchanged events { externalId status title } errors { code field } } }"""


def row(clock: Clock, number: int, **changes: Any) -> dict[str, Any]:
    starts = clock() + timedelta(days=number + 1)
    return {
        "externalId": f"agenda-{number}",
        "title": f"Balade {number}",
        "description": "Une balade au bord de l’Erdre.",
        "format": "IN_PERSON",
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
        "themes": ["CULTURE"],
        "venue": {"city": "Nantes", "postalCode": "44000"},
    } | changes


async def test_rows_come_in_once_and_a_bad_one_harms_no_other(town: Town, ask: Ask, clock: Clock) -> None:
    owner = await town.citizen()
    of = seal(Kind.ORGANIZATION, (await town.organization(owner)).id)
    over = (clock() - timedelta(days=9)).isoformat()
    ended = (clock() - timedelta(days=9) + timedelta(hours=1)).isoformat()
    rows = [row(clock, 0), row(clock, 1, themes=[]), row(clock, 2, startsAt=over, endsAt=ended)]

    dry = (await ask(owner, IMPORT, o=of, e=rows, d=True))["importEvents"]
    first = (await ask(owner, IMPORT, o=of, e=rows))["importEvents"]
    again = (await ask(owner, IMPORT, o=of, e=rows))["importEvents"]

    assert (dry["created"], dry["events"]) == (2, [None, None, None])
    assert first["created"] == 2
    assert [event and event["status"] for event in first["events"]] == ["PUBLISHED", None, "COMPLETED"]
    assert first["errors"] == [{"code": "REQUIRED", "field": ["events", "1", "themes"]}]
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)


async def test_only_members_and_a_hundred_rows_at_most(town: Town, ask: Ask, clock: Clock, nobody: Context) -> None:
    owner = await town.citizen()
    of = seal(Kind.ORGANIZATION, (await town.organization(owner)).id)
    assert (await ask(nobody, IMPORT, o=of, e=[])).codes == ["UNAUTHENTICATED"]
    assert (await ask(await town.citizen(), IMPORT, o=of, e=[])).codes == ["FORBIDDEN"]
    many = (await ask(owner, IMPORT, o=of, e=[row(clock, number) for number in range(101)]))["importEvents"]
    assert [error["code"] for error in many["errors"]] == ["OUT_OF_RANGE"]
