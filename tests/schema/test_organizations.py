"""Organisations from within, recognised skills and the moderators' desk, as clients meet them."""

import asyncio
from typing import Any

from domain.organizations import OrganizationKind
from domain.permissions import signed_in
from resolvers import accounts
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import PASSWORD, Town

INVITE = """mutation($o: ID!, $h: String!, $r: MemberRole!) {
  inviteMember(input: {organization: $o, handle: $h, role: $r}) {
    organization { members { role accepted citizen { handle } } } errors { code field } } }"""
ANSWER = """mutation($o: ID!, $a: Boolean!) { answerInvitation(input: {organization: $o, accept: $a}) {
  organization { id } errors { code } } }"""
SET = """mutation($o: ID!, $c: ID!, $r: MemberRole) { setMember(input: {organization: $o, citizen: $c, role: $r}) {
  organization { members { role citizen { handle } } } errors { code field } } }"""
RENAME = """mutation($o: ID!, $n: String!) { updateOrganization(input: {id: $o, name: $n}) {
  organization { name slug verified description } errors { code field } } }"""
RECOGNIZE = """mutation($o: ID!, $c: ID!, $why: String!) {
  recognizeSkill(input: {organization: $o, citizen: $c, theme: CULTURE, reason: $why}) {
    skill { id source reason recognizedBy { slug } } errors { code field } } }"""
REPORT = """mutation($s: ID!) { report(input: {subject: $s, reason: "Cela ne va pas"}) {
  report { id } errors { code } } }"""
MEMBERS = """query($o: ID!) { node(id: $o) { ... on Organization {
  members { citizen { handle } accepted } apiTokens { id name } } } }"""
MEMBERSHIPS = "{ viewer { memberships { accepted role organization { id } } unreadNotificationCount } }"
SIGN_IN = "mutation($e: EmailAddress!, $p: String!) { signIn(input: {email: $e, password: $p}) { errors { code } } }"
IMPACT = """query($s: String!) { organization(slug: $s) { impact {
  events participants newcomers hours pointsAwarded averageRating } } }"""
REPORTS = "{ reports { totalCount edges { node { id reason subject { __typename id } } } } }"
RESOLVE = """mutation($i: ID!) { resolveReport(input: {id: $i, resolution: "Vu, et corrigé"}) {
  report { resolution } errors { code } } }"""
SUSPEND = """mutation($c: ID!, $s: Boolean!) { suspendCitizen(input: {id: $c, suspended: $s, reason: "Faux codes"}) {
  citizen { handle } errors { code } } }"""
VERIFY = """mutation($o: ID!, $v: Boolean!) { verifyOrganization(input: {id: $o, verified: $v}) {
  organization { verified } errors { code } } }"""
TOKEN = """mutation($o: ID!) { createApiToken(input: {organization: $o, name: "Agenda", scopes: [EVENTS_WRITE]}) {
  apiToken { id name scopes revokedAt } secret errors { code } } }"""
REVOKE = "mutation($i: ID!) { revokeApiToken(input: {id: $i}) { apiToken { revokedAt } errors { code } } }"


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def citizen_id(ctx: Context) -> str:
    return seal(Kind.CITIZEN, signed_in(ctx.viewer).citizen_id)


async def moderator(town: Town) -> Context:
    made = await town.citizen()
    async with town.services.database.reading() as session:
        from db.queries.accounts import account_of

        account = await account_of(session, signed_in(made.viewer).citizen_id)
    assert account is not None
    await accounts.grant_moderator(made, email=account.email)
    await town.look_again(made)
    return made


async def organization(town: Town, owner: Context, **more: Any) -> str:
    return seal(Kind.ORGANIZATION, (await town.organization(owner, **more)).id)


async def joined(town: Town, ask: Ask, owner: Context, of: str, role: str = "MANAGER") -> Context:
    """Somebody who was invited and said yes."""
    handle = f"member-{role.lower()}-{of[-4:]}"
    new = await town.citizen(handle)
    assert codes((await ask(owner, INVITE, o=of, h=handle, r=role))["inviteMember"]) == []
    assert codes((await ask(new, ANSWER, o=of, a=True))["answerInvitation"]) == []
    await town.look_again(new)
    await town.look_again(owner)
    return new


async def test_who_is_invited_is_told_and_belongs_once_they_accept(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    of = await organization(town, owner)
    new = await town.citizen("invited")
    await ask(owner, INVITE, o=of, h="invited", r="MANAGER")

    pending = (await ask(new, MEMBERSHIPS))["viewer"]
    assert pending["memberships"] == [{"accepted": False, "role": "MANAGER", "organization": {"id": of}}]
    assert pending["unreadNotificationCount"] == 1
    await ask(new, ANSWER, o=of, a=True)
    await town.look_again(new)

    seen = (await ask(new, MEMBERS, o=of))["node"]
    assert {member["citizen"]["handle"]: member["accepted"] for member in seen["members"]}["invited"] is True
    assert seen["apiTokens"] is None
    assert (await ask(nobody, MEMBERS, o=of))["node"] == {"members": None, "apiTokens": None}


async def test_only_owners_decide_on_members(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    of = await organization(town, owner)
    manager = await joined(town, ask, owner, of)
    await town.citizen("another")

    assert (await ask(nobody, INVITE, o=of, h="another", r="OWNER")).codes == ["UNAUTHENTICATED"]
    assert (await ask(await town.citizen(), INVITE, o=of, h="another", r="OWNER")).codes == ["FORBIDDEN"]
    assert (await ask(manager, INVITE, o=of, h="another", r="OWNER")).codes == ["FORBIDDEN"]
    assert (await ask(manager, SET, o=of, c=citizen_id(owner), r=None)).codes == ["FORBIDDEN"]
    assert codes((await ask(owner, INVITE, o=of, h="nobody-at-all", r="OWNER"))["inviteMember"]) == ["NOT_FOUND"]


async def test_an_owner_always_remains_even_when_both_leave_at_once(town: Town, ask: Ask) -> None:
    owner = await town.citizen()
    of = await organization(town, owner)
    assert codes((await ask(owner, SET, o=of, c=citizen_id(owner), r=None))["setMember"]) == ["NOT_ALLOWED"]
    second = await joined(town, ask, owner, of, role="OWNER")

    left = await asyncio.gather(
        ask(owner, SET, o=of, c=citizen_id(owner), r=None), ask(second, SET, o=of, c=citizen_id(second), r=None)
    )

    assert sorted(codes(answer["setMember"]) for answer in left) == [[], ["NOT_ALLOWED"]]


async def test_another_name_costs_the_mark(town: Town, ask: Ask) -> None:
    owner = await town.citizen()
    of = await organization(town, owner, name="DemoTIC")
    same = (await ask(owner, RENAME, o=of, n="DemoTIC"))["updateOrganization"]["organization"]
    other = (await ask(owner, RENAME, o=of, n="Ville de Nantes"))["updateOrganization"]["organization"]
    assert (same["verified"], other["verified"], other["slug"]) == (True, False, "demotic")
    assert codes((await ask(owner, RENAME, o=of, n=""))["updateOrganization"]) == ["REQUIRED"]


async def verify_email(ctx: Context) -> None:
    import sqlalchemy as sa

    from db.tables import account

    async with ctx.unit_of_work() as work:
        mine = account.c.citizen_id == signed_in(ctx.viewer).citizen_id
        await work.execute(sa.update(account).where(mine).values(email_verified_at=ctx.now()))


async def test_a_recognised_skill_is_shown_with_its_reason_and_can_be_revoked(town: Town, ask: Ask) -> None:
    owner = await town.citizen()
    of = await organization(town, owner)
    nath = await town.citizen("nath")
    unverified = (await ask(owner, RECOGNIZE, o=of, c=citizen_id(nath), why="Conservatrice"))["recognizeSkill"]
    assert codes(unverified) == ["EMAIL_NOT_VERIFIED"]
    await verify_email(owner)

    given = (await ask(owner, RECOGNIZE, o=of, c=citizen_id(nath), why="Conservatrice de musée"))["recognizeSkill"]
    assert given["skill"]["source"] == "RECOGNITION"
    assert given["skill"]["reason"] == "Conservatrice de musée"
    again = (await ask(owner, RECOGNIZE, o=of, c=citizen_id(nath), why="Encore"))["recognizeSkill"]
    assert codes(again) == ["ALREADY_DONE"]
    own = (await ask(owner, RECOGNIZE, o=of, c=citizen_id(owner), why="Moi-même"))["recognizeSkill"]
    assert codes(own) == ["NOT_ALLOWED"]

    revoke = "mutation($i: ID!) { revokeSkill(input: {id: $i}) { errors { code } } }"
    assert (await ask(owner, revoke, i=given["skill"]["id"])).codes == ["FORBIDDEN"]
    judge = await moderator(town)
    assert codes((await ask(judge, revoke, i=given["skill"]["id"]))["revokeSkill"]) == []
    assert (await ask(judge, '{ citizen(handle: "nath") { skills { id } } }'))["citizen"]["skills"] == []


async def test_who_left_lately_is_still_too_close_to_be_recognised(town: Town, ask: Ask, clock: Clock) -> None:
    owner = await town.citizen()
    of = await organization(town, owner)
    await verify_email(owner)
    former = await joined(town, ask, owner, of)
    await ask(former, SET, o=of, c=citizen_id(former), r=None)
    await ask(owner, INVITE, o=of, h=f"member-manager-{of[-4:]}", r="MANAGER")
    await ask(former, ANSWER, o=of, a=False)

    close = (await ask(owner, RECOGNIZE, o=of, c=citizen_id(former), why="Archiviste"))["recognizeSkill"]
    assert codes(close) == ["NOT_ALLOWED"]
    clock.advance(days=366)
    later = (await ask(owner, RECOGNIZE, o=of, c=citizen_id(former), why="Archiviste"))["recognizeSkill"]
    assert codes(later) == []


async def test_reports_are_for_moderators_and_never_tell_who(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen("owner")
    of = await organization(town, owner)
    witness, judge = await town.citizen("witness"), await moderator(town)

    assert (await ask(nobody, REPORT, s=of)).codes == ["UNAUTHENTICATED"]
    for _ in range(2):
        assert (await ask(witness, REPORT, s=of))["report"] == {"report": None, "errors": []}
    assert (await ask(witness, REPORTS)).codes == ["FORBIDDEN"]
    seen = await ask(judge, REPORTS)
    assert seen["reports"]["totalCount"] == 1
    node = seen["reports"]["edges"][0]["node"]
    assert node["subject"] == {"__typename": "Organization", "id": of}
    assert "witness" not in str(seen.data)
    assert (await ask(witness, "query($i: ID!) { node(id: $i) { id } }", i=node["id"]))["node"] is None
    assert (await ask(witness, RESOLVE, i=node["id"])).codes == ["FORBIDDEN"]
    assert (await ask(judge, RESOLVE, i=node["id"]))["resolveReport"]["report"] == {"resolution": "Vu, et corrigé"}
    assert codes((await ask(judge, RESOLVE, i=node["id"]))["resolveReport"]) == ["ALREADY_DONE"]


async def test_nobody_judges_their_own_case(town: Town, ask: Ask) -> None:
    judge = await moderator(town)
    of = await organization(town, judge, verified=False)
    other = await town.citizen()
    await ask(other, REPORT, s=of)
    await ask(other, REPORT, s=citizen_id(judge))
    for edge in (await ask(judge, REPORTS))["reports"]["edges"]:
        assert codes((await ask(judge, RESOLVE, i=edge["node"]["id"]))["resolveReport"]) == ["NOT_ALLOWED"]
    assert codes((await ask(judge, VERIFY, o=of, v=True))["verifyOrganization"]) == ["NOT_ALLOWED"]
    assert codes((await ask(judge, SUSPEND, c=citizen_id(judge), s=True))["suspendCitizen"]) == ["NOT_ALLOWED"]


async def test_a_political_group_is_never_verified(town: Town, ask: Ask) -> None:
    owner, judge = await town.citizen(), await moderator(town)
    of = await organization(town, owner, verified=False, kind=OrganizationKind.POLITICAL_GROUP)
    assert codes((await ask(judge, VERIFY, o=of, v=True))["verifyOrganization"]) == ["NOT_ALLOWED"]
    assert (await ask(owner, VERIFY, o=of, v=True)).codes == ["FORBIDDEN"]


async def test_who_is_suspended_is_signed_out_at_once_until_they_may_act_again(town: Town, ask: Ask) -> None:
    bad, judge = await town.citizen("bad"), await moderator(town)
    assert (await ask(bad, SUSPEND, c=citizen_id(judge), s=True)).codes == ["FORBIDDEN"]
    access = town.services.tokens.access(
        citizen=signed_in(bad.viewer).citizen_id, session=signed_in(bad.viewer).session_id, now=town.services.clock()
    )
    assert await accounts.authenticate(Context(town.services), access.token)

    assert codes((await ask(judge, SUSPEND, c=citizen_id(bad), s=True))["suspendCitizen"]) == []

    assert not await accounts.authenticate(Context(town.services), access.token)
    newcomer = Context(town.services)
    refused = (await ask(newcomer, SIGN_IN, e="bad@example.org", p=PASSWORD))["signIn"]
    assert codes(refused) == ["NOT_ALLOWED"]
    await ask(judge, SUSPEND, c=citizen_id(bad), s=False)
    assert codes((await ask(newcomer, SIGN_IN, e="bad@example.org", p=PASSWORD))["signIn"]) == []


async def test_a_tokens_secret_is_shown_once_and_kept_nowhere(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    of = await organization(town, owner)
    manager = await joined(town, ask, owner, of)
    assert (await ask(manager, TOKEN, o=of)).codes == ["FORBIDDEN"]
    made = (await ask(owner, TOKEN, o=of))["createApiToken"]
    assert made["secret"].startswith("influents_")

    listed = await ask(owner, MEMBERS, o=of)
    assert listed["node"]["apiTokens"] == [{"id": made["apiToken"]["id"], "name": "Agenda"}]
    assert codes((await ask(manager, REVOKE, i=made["apiToken"]["id"]))["revokeApiToken"]) == ["NOT_FOUND"]
    assert (await ask(owner, REVOKE, i=made["apiToken"]["id"]))["revokeApiToken"]["apiToken"]["revokedAt"]


async def test_impact_counts_what_took_place(town: Town, ask: Ask, clock: Clock, nobody: Context) -> None:
    from resolvers import events

    owner = await town.citizen()
    made = await town.organization(owner)
    event = await town.event(owner, made.id)
    for _ in range(5):
        await town.attend(await town.citizen(), event)
    clock.now = event.details.ends_at
    await events.complete_event(owner, event.id)
    impact = (await ask(nobody, IMPACT, s=made.slug))["organization"]["impact"]
    assert impact == {
        "events": 1, "participants": 5, "newcomers": 5, "hours": 22.5, "pointsAwarded": 1_000, "averageRating": None
    }  # fmt: skip


async def test_ratings_of_an_event_that_tells_no_summary_are_in_no_impact(
    town: Town, ask: Ask, clock: Clock, nobody: Context
) -> None:
    """Else a span with that event and one without would tell, by their difference, what one person said."""
    from resolvers import events, feedback

    owner = await town.citizen()
    made = await town.organization(owner)
    for number, ratings in enumerate([(5, 4, 3), (1,)], start=1):
        event = await town.event(owner, made.id)
        people = [await town.citizen() for _ in ratings]
        for person in people:
            await town.attend(person, event)
        clock.now = event.details.ends_at
        await events.complete_event(owner, event.id)
        for person, rating in zip(people, ratings, strict=True):
            await feedback.leave_feedback(
                person, event.id, rating=rating, highlights=None, improvements=None, anonymous=True
            )
        impact = (await ask(nobody, IMPACT, s=made.slug))["organization"]["impact"]
        assert (impact["events"], impact["averageRating"]) == (number, 4.0)
