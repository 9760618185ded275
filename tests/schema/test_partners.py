"""What a partner's system sees and does through the API with its token."""

from datetime import timedelta

from domain.api_tokens import TokenScope
from domain.ids import OrganizationId
from resolvers import events, participations
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me

IMPORT = """mutation($input: ImportEventsInput!) { importEvents(input: $input) {
  created updated unchanged events { slug status rejectionReason } errors { code field } } }"""
BACK = """query($since: DateTime!, $statuses: [EventStatus!]) {
  events(filter: {updatedSince: $since, statuses: $statuses}, orderBy: UPDATED_AT_ASC) {
    edges { node { externalId status updatedAt } } } }"""
DESK = """query($id: ID!) { node(id: $id) { ... on Event {
  registrations { totalCount edges { node { handle waitlistPosition citizen { handle } } } }
  feedback { totalCount edges { node { rating } } }
  rejectionReason checkInCode viewerActions viewerParticipation { id } viewerReward { points } } } }"""
CONFIRM = """mutation($input: ConfirmAttendanceInput!) { confirmAttendance(input: $input) {
  participations { evidence status pointsAwarded } errors { code field } } }"""


def row(clock: Clock, external_id: str, **changes: object) -> dict[str, object]:
    starts = clock() + timedelta(days=2)
    return {
        "externalId": external_id,
        "title": "Conseil de quartier",
        "description": "On y parle du quartier.",
        "format": "ONLINE",
        "themes": ["CULTURE"],
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
        **changes,
    }


def given(organization: OrganizationId, *rows: object) -> dict[str, object]:
    return {"organization": seal(Kind.ORGANIZATION, organization), "events": list(rows)}


async def test_it_brings_events_in_and_fetches_what_has_changed(ask: Ask, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    system = await town.partner(owner, made.id, TokenScope.EVENTS_WRITE)
    since = clock().isoformat()

    brought = await ask(system, IMPORT, input=given(made.id, row(clock, "1"), row(clock, "2")))
    clock.now += timedelta(minutes=5)
    changed = await ask(system, IMPORT, input=given(made.id, row(clock, "2", cancelled=True)))
    back = await ask(system, BACK, since=since)

    assert [each["status"] for each in brought["importEvents"]["events"]] == ["PUBLISHED", "PUBLISHED"]
    assert changed["importEvents"]["updated"] == 1
    assert [(edge["node"]["externalId"], edge["node"]["status"]) for edge in back["events"]["edges"]] == [
        ("1", "PUBLISHED"),
        ("2", "CANCELLED"),
    ]


async def test_it_sees_what_waits_of_its_own_organisation_alone(ask: Ask, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    unverified, other = await town.organization(owner, verified=False), await town.organization(owner)
    system = await town.partner(owner, unverified.id, TokenScope.EVENTS_WRITE)
    statuses = {"since": clock().isoformat(), "statuses": ["SUBMITTED", "DRAFT"]}
    await town.event(owner, other.id, submit=False)
    await ask(system, IMPORT, input=given(unverified.id, row(clock, "1")))

    async def seen(ctx: Context) -> list[str]:
        return [edge["node"]["externalId"] for edge in (await ask(ctx, BACK, **statuses))["events"]["edges"]]

    assert await seen(system) == ["1"]
    assert await seen(await town.partner(owner, unverified.id, TokenScope.FEEDBACK_READ)) == []
    assert await seen(await town.partner(owner, other.id, TokenScope.ATTENDANCE_WRITE)) == []
    assert await seen(Context(town.services)) == []


async def test_a_rejected_import_says_why(ask: Ask, town: Town, clock: Clock) -> None:
    owner, moderator = await town.citizen(), await town.moderator()
    made = await town.organization(owner, verified=False)
    system = await town.partner(owner, made.id, TokenScope.EVENTS_WRITE)
    await ask(system, IMPORT, input=given(made.id, row(clock, "1")))
    waiting = await ask(moderator, "{ moderationQueue { edges { node { id } } } }")
    key = waiting["moderationQueue"]["edges"][0]["node"]["id"]
    rejected = {"id": key, "decision": "REJECT", "reason": "Trop vague"}
    await ask(moderator, "mutation($i: ReviewEventInput!) { reviewEvent(input: $i) { errors { code } } }", i=rejected)

    assert (await ask(system, DESK, id=key))["node"]["rejectionReason"] == "Trop vague"
    others = await town.partner(owner, made.id, TokenScope.ATTENDANCE_WRITE)
    assert (await ask(others, DESK, id=key))["node"] is None


async def test_it_says_who_was_there_as_a_partner(ask: Ask, town: Town, clock: Clock) -> None:
    owner, participant, in_line = await town.citizen(), await town.citizen("nath"), await town.citizen("zoe")
    made = await town.organization(owner)
    event = await town.event(owner, made.id, capacity=1)
    await participations.register(participant, event.id)
    await participations.register(in_line, event.id)
    system = await town.partner(owner, made.id, TokenScope.ATTENDANCE_WRITE)
    key = seal(Kind.EVENT, event.id)

    desk = (await ask(system, DESK, id=key))["node"]
    assert [edge["node"]["handle"] for edge in desk["registrations"]["edges"]] == ["nath", "zoe"]
    assert [edge["node"]["waitlistPosition"] for edge in desk["registrations"]["edges"]] == [None, 1]
    assert desk["feedback"] is None

    clock.now = event.details.starts_at
    named = {"event": key, "attended": [seal(Kind.CITIZEN, me(participant))]}
    confirmed = (await ask(system, CONFIRM, input=named))["confirmAttendance"]
    assert confirmed["errors"] == []
    assert confirmed["participations"][0]["evidence"] == "PARTNER"
    assert confirmed["participations"][0]["pointsAwarded"] > 0
    refused = await ask(system, CONFIRM, input={"event": key, "attended": [seal(Kind.CITIZEN, me(owner))]})
    assert refused["confirmAttendance"]["errors"] != []


async def test_it_reads_feedback_and_only_with_that_scope(ask: Ask, town: Town, clock: Clock) -> None:
    owner, participant = await town.citizen(), await town.citizen()
    made = await town.organization(owner)
    event = await town.event(owner, made.id)
    await town.attend(participant, event)
    clock.now = event.details.ends_at
    await events.complete_event(owner, event.id)
    left = {"event": seal(Kind.EVENT, event.id), "rating": 5}
    await ask(participant, "mutation($i: LeaveFeedbackInput!) { leaveFeedback(input: $i) { errors { code } } }", i=left)

    reads = await town.partner(owner, made.id, TokenScope.FEEDBACK_READ)
    seen = (await ask(reads, DESK, id=left["event"]))["node"]
    assert [edge["node"]["rating"] for edge in seen["feedback"]["edges"]] == [5]
    assert seen["feedback"]["totalCount"] == 1
    assert seen["registrations"] is None
    others = [scope for scope in TokenScope if scope is not TokenScope.FEEDBACK_READ]
    assert (await ask(await town.partner(owner, made.id, *others), DESK, id=left["event"]))["node"]["feedback"] is None
    elsewhere = await town.organization(owner)
    stranger = await town.partner(owner, elsewhere.id, *TokenScope)
    assert (await ask(stranger, DESK, id=left["event"]))["node"]["feedback"] is None


async def test_a_token_is_no_person(ask: Ask, town: Town) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    event = await town.event(owner, made.id)
    system = await town.partner(owner, made.id, *TokenScope)

    assert (await ask(system, "{ viewer { email } }"))["viewer"] is None
    for field in ("moderationQueue", "reports"):
        assert (await ask(system, f"{{ {field} {{ totalCount }} }}")).codes == ["FORBIDDEN"]
    seen = (await ask(system, DESK, id=seal(Kind.EVENT, event.id)))["node"]
    assert (seen["checkInCode"], seen["viewerActions"], seen["viewerReward"]) == (None, [], None)
    inside = await ask(system, "query($s: String!) { organization(slug: $s) { members { role } apiTokens { id } } }",
                       s=made.slug)  # fmt: skip
    assert inside["organization"] == {"members": None, "apiTokens": None}


async def test_what_it_brings_in_rests_on_the_charter_in_force(ask: Ask, town: Town, clock: Clock) -> None:
    import sqlalchemy as sa

    from db.tables import account

    owner = await town.citizen()
    made = await town.organization(owner)
    async with owner.unit_of_work() as work:
        await work.execute(sa.update(account).values(accepted_charter_version="2025-1"))
    system = await town.partner(owner, made.id, TokenScope.EVENTS_WRITE)

    refused = await ask(system, IMPORT, input=given(made.id, row(clock, "1")))
    assert [error["code"] for error in refused["importEvents"]["errors"]] == ["CHARTER_NOT_ACCEPTED"]
