"""What the viewer is told: shown to nobody else, marked as read, and said in both languages."""

from collections.abc import Sequence
from uuid import uuid4

import pytest

from db.writes.outbox import tell
from domain.ids import EventId
from domain.notifications import Notification, NotificationKind
from domain.permissions import signed_in
from domain.words import Locale
from resolvers.context import Context
from resolvers.notifications import message
from schema.ids import Kind, seal
from schema.wording import say
from tests.asking import Ask
from tests.clock import START, Clock
from tests.factories import Town

LIST = """query($unread: Boolean! = false, $first: Int, $after: String) { viewer {
  unreadNotificationCount
  notifications(unreadOnly: $unread, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { id kind createdAt readAt french: message(locale: FR) message event { title } } } } } }"""
MARK = """mutation($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) {
  viewer { unreadNotificationCount } errors { code field message } } }"""
NODE = "query($id: ID!) { node(id: $id) { id ... on Notification { kind } } }"
TOLD: dict[NotificationKind, dict[str, str | int]] = {
    NotificationKind.LEVEL_REACHED: {"level": 5},
    NotificationKind.SKILL_GAINED: {"theme": "CULTURE"},
    NotificationKind.ATTENDANCE_CONFIRMED: {"points": 200},
    NotificationKind.EVENT_REVIEWED: {"decision": "PUBLISH"},
}


async def told(ctx: Context, kind: NotificationKind, event: EventId | None = None, **parameters: str | int) -> None:
    async with ctx.unit_of_work() as work:
        await tell(work, [signed_in(ctx.viewer).citizen_id], kind, event_id=event, now=ctx.now(), **parameters)


async def ids_of(ask: Ask, ctx: Context) -> list[str]:
    edges = (await ask(ctx, LIST))["viewer"]["notifications"]["edges"]
    return [edge["node"]["id"] for edge in edges]


async def test_they_are_listed_the_newest_first_and_counted(town: Town, ask: Ask, clock: Clock) -> None:
    nath = await town.citizen(locale=Locale.EN)
    for level in range(2, 7):
        await told(nath, NotificationKind.LEVEL_REACHED, level=level)
        clock.advance(minutes=1)

    page = (await ask(nath, LIST, first=3))["viewer"]
    rest = (await ask(nath, LIST, after=page["notifications"]["pageInfo"]["endCursor"]))["viewer"]["notifications"]

    assert page["unreadNotificationCount"] == page["notifications"]["totalCount"] == 5
    assert [edge["node"]["message"] for edge in page["notifications"]["edges"]] == [
        f"You have reached level {level}!" for level in (6, 5, 4)
    ]
    assert [edge["node"]["french"] for edge in rest["edges"]] == [
        f"Vous voilà au niveau {level}\u00a0!" for level in (3, 2)
    ]
    assert not rest["pageInfo"]["hasNextPage"]


async def test_reading_is_marked_once_for_some_then_for_all(town: Town, ask: Ask, clock: Clock) -> None:
    nath = await town.citizen()
    for level in range(2, 5):
        await told(nath, NotificationKind.LEVEL_REACHED, level=level)
    first, *_ = await ids_of(ask, nath)

    some = await ask(nath, MARK, input={"ids": [first]})
    clock.advance(minutes=1)
    again = await ask(nath, MARK, input={"ids": [first]})
    none = await ask(nath, MARK, input={"ids": []})
    unread = (await ask(nath, LIST, unread=True))["viewer"]["notifications"]
    everything = await ask(nath, MARK, input={})
    left = (await ask(nath, LIST, unread=True))["viewer"]["notifications"]
    read = (await ask(nath, LIST))["viewer"]["notifications"]["edges"]

    for answer in (some, again, none):
        assert answer["markNotificationsRead"] == {"viewer": {"unreadNotificationCount": 2}, "errors": []}
    assert unread["totalCount"] == 2
    assert everything["markNotificationsRead"]["viewer"]["unreadNotificationCount"] == left["totalCount"] == 0
    times = {edge["node"]["id"]: edge["node"]["readAt"] for edge in read}
    assert times.pop(first) == "2026-09-01T12:00:00Z"
    assert set(times.values()) == {"2026-09-01T12:01:00Z"}


async def test_somebody_elses_is_as_good_as_none(town: Town, ask: Ask, nobody: Context) -> None:
    nath, other, moderator = await town.citizen(), await town.citizen(), await town.moderator()
    await told(nath, NotificationKind.LEVEL_REACHED, level=2)
    await told(other, NotificationKind.LEVEL_REACHED, level=3)
    own, theirs = (await ids_of(ask, nath))[0], (await ids_of(ask, other))[0]
    unknown = seal(Kind.NOTIFICATION, uuid4())

    for asker in (nobody, other, moderator):
        assert (await ask(asker, NODE, id=own))["node"] is None
    assert (await ask(nath, NODE, id=own))["node"] == {"id": own, "kind": "LEVEL_REACHED"}

    for stranger in (theirs, unknown):
        refused = (await ask(nath, MARK, input={"ids": [own, stranger]}))["markNotificationsRead"]
        assert refused["viewer"] is None
        assert [(each["code"], each["field"]) for each in refused["errors"]] == [("NOT_FOUND", ["ids", "1"])]
    assert (await ask(nath, LIST))["viewer"]["unreadNotificationCount"] == 1  # all of it was refused
    assert (await ask(other, LIST))["viewer"]["unreadNotificationCount"] == 1


@pytest.mark.parametrize("ids", [["nonsense"], ["event_" + "0" * 32], ["notification_" + "0" * 32] * 101, [""]])
async def test_ids_that_are_none_are_a_programs_mistake(town: Town, ask: Ask, ids: Sequence[str]) -> None:
    answer = await ask(await town.citizen(), MARK, input={"ids": ids})
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.data == {"markNotificationsRead": None}


async def test_nobody_has_none_to_mark(ask: Ask, nobody: Context) -> None:
    assert (await ask(nobody, MARK, input={})).codes == ["UNAUTHENTICATED"]
    assert (await ask(nobody, "{ viewer { unreadNotificationCount } }"))["viewer"] is None


async def test_an_event_that_shows_no_more_is_not_named(town: Town, ask: Ask) -> None:
    proposer, nath = await town.citizen(), await town.citizen(locale=Locale.EN)
    hidden = await town.event(proposer, submit=False, title="Un secret bien gardé")
    for kind in NotificationKind:
        await told(nath, kind, hidden.id, **TOLD.get(kind, {}))

    answer = await ask(nath, LIST)

    nodes = [edge["node"] for edge in answer["viewer"]["notifications"]["edges"]]
    assert len(nodes) == len(NotificationKind)
    assert {node["event"] and node["event"]["title"] for node in nodes} == {None}
    assert "secret" not in str(answer.data)


async def test_what_is_told_names_the_event_and_who_did_it(town: Town, ask: Ask) -> None:
    owner, nath = await town.citizen(), await town.citizen()
    host = await town.organization(owner, "Les Amis du Vélo")
    event = await town.event(owner, host.id, title="Vélorution")
    await told(nath, NotificationKind.INVITATION, event.id, organization=str(host.id))
    await told(nath, NotificationKind.INVITATION, organization=str(host.id))
    await told(nath, NotificationKind.ATTENDANCE_CONFIRMED, event.id, points=200)

    edges = (await ask(nath, LIST))["viewer"]["notifications"]["edges"]

    assert [edge["node"]["message"] for edge in edges] == [
        "Votre participation à «\u00a0Vélorution\u00a0» est confirmée. Elle vous rapporte 200\u00a0points.",
        "Les Amis du Vélo vous invite à devenir membre.",
        "Les Amis du Vélo vous invite à «\u00a0Vélorution\u00a0».",
    ]
    assert edges[0]["node"]["event"] == {"title": "Vélorution"}


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kind", list(NotificationKind))
async def test_every_kind_has_its_sentence(
    town: Town, kind: NotificationKind, locale: Locale, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = await town.citizen()
    host = await town.organization(owner, "L’Atelier")
    event = await town.event(owner, host.id, title="Vélorution")
    with_all = {"organization": str(host.id), **TOLD.get(kind, {})}
    for event_id, parameters in ((event.id, with_all), (None, TOLD.get(kind, {}))):
        notification = Notification(
            id=uuid4(),  # type: ignore[arg-type]  # any id will do
            citizen_id=signed_in(owner.viewer).citizen_id,
            kind=kind,
            event_id=event_id,
            parameters=parameters,
            created_at=START,
        )
        said = say(await message(owner, notification), locale)
        assert not said.startswith("notification-")
        assert said.endswith((".", "!"))
        assert "{" not in said
    assert "sentence" not in "".join(capsys.readouterr())  # said whole, and nothing logged of a hole
