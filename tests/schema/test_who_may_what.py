"""Every mutation, called by nobody, by a stranger, by a moderator, by a member, and by a token: what each is answered.

The member owns the verified organisation that everything here belongs to, and the tokens too. A mutation that the
table doesn't name fails the last test.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from graphql import get_named_type

from domain.api_tokens import TokenScope
from domain.events import Event
from domain.ids import OrganizationId
from domain.permissions import signed_in
from resolvers import accounts, events, participations
from resolvers.context import Context
from schema.build import InfluentsSchema
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import PASSWORD, Town

OK = "ok"
U, F, N, A = "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "NOT_ALLOWED"
E, W = "TOKEN_EXPIRED", "WRONG_CREDENTIALS"


@dataclass
class World:
    """What there is: a stranger, a moderator, and a member with an organisation, an event and a participant."""

    town: Town
    ask: Ask
    clock: Clock
    nobody: Context
    stranger: Context
    moderator: Context
    member: Context
    participant: Context
    organization: OrganizationId
    event: Event

    @property
    def org(self) -> str:
        return seal(Kind.ORGANIZATION, self.organization)

    @property
    def published(self) -> str:
        return seal(Kind.EVENT, self.event.id)

    def id_of(self, ctx: Context) -> str:
        return seal(Kind.CITIZEN, signed_in(ctx.viewer).citizen_id)

    async def draft(self) -> str:
        return seal(Kind.EVENT, (await self.town.event(self.member, self.organization, submit=False)).id)

    async def attended(self) -> str:
        """The published event, with the participant there, once it is over."""
        await self.town.attend(self.participant, self.event)
        self.clock.now = self.event.details.ends_at
        return self.published

    async def completed(self) -> str:
        await self.attended()
        await events.complete_event(self.member, self.event.id)
        return self.published

    async def token(self) -> str:
        answer = await self.ask(
            self.member,
            """mutation($o: ID!) { createApiToken(input: {organization: $o, name: "x", scopes: [EVENTS_WRITE]}) {
              apiToken { id } } }""",
            o=self.org,
        )
        return str(answer["createApiToken"]["apiToken"]["id"])

    async def webhook(self) -> str:
        answer = await self.ask(
            self.member,
            "mutation($i: CreateWebhookInput!) { createWebhook(input: $i) { webhook { id } } }",
            i=await _webhook(self),
        )
        return str(answer["createWebhook"]["webhook"]["id"])

    async def report(self) -> str:
        await self.ask(
            self.stranger,
            'mutation($s: ID!) { report(input: {subject: $s, reason: "Faux"}) { errors { code } } }',
            s=self.id_of(self.participant),
        )
        answer = await self.ask(self.moderator, "{ reports { edges { node { id } } } }")
        return str(answer["reports"]["edges"][0]["node"]["id"])


async def world(town: Town, ask: Ask, clock: Clock, nobody: Context) -> World:
    stranger, moderator, member, participant = [
        await town.citizen(handle) for handle in ("stranger", "judge", "member", "participant")
    ]
    await accounts.grant_moderator(moderator, email="judge@example.org")
    await town.look_again(moderator)
    made = await town.organization(member)
    event = await town.event(member, made.id)
    return World(town, ask, clock, nobody, stranger, moderator, member, participant, made.id, event)


Given = dict[str, Any]
Make = Callable[[World], Awaitable[Given]]


def given(**fields: Any) -> Make:
    """An input that is the same in every world."""

    async def make(_: World) -> Given:
        return fields

    return make


async def _event(w: World) -> Given:
    return {"event": w.published}


async def _draft(w: World) -> Given:
    return {"id": await w.draft()}


async def _over(w: World) -> Given:
    return {"id": await w.attended()}


async def _completed(w: World) -> Given:
    return {"id": await w.completed(), "reason": "Il n’a pas eu lieu"}


async def _submitted(w: World) -> Given:
    waiting = await w.town.event(w.participant)
    return {"id": seal(Kind.EVENT, waiting.id), "decision": "PUBLISH"}


async def _cancel(w: World) -> Given:
    return {"id": w.published, "reason": "Salle inondée"}


async def _outcome(w: World) -> Given:
    return {"id": await w.attended(), "summary": "Deux propositions retenues"}


async def _proposal(w: World) -> Given:
    starts = w.clock() + timedelta(days=3)
    return {
        "title": "Atelier", "description": "Un atelier.", "format": "ONLINE", "themes": ["CULTURE"], "engagement": 1,
        "startsAt": starts.isoformat(), "endsAt": (starts + timedelta(hours=1)).isoformat(), "organization": w.org,
    }  # fmt: skip


async def _check_in(w: World) -> Given:
    await participations.register(w.stranger, w.event.id)
    w.clock.now = w.event.details.starts_at
    return {"event": w.published, "code": await w.town.code(w.event.id)}


async def _confirm(w: World) -> Given:
    await participations.register(w.participant, w.event.id)
    w.clock.now = w.event.details.starts_at
    return {"event": w.published, "attended": [w.id_of(w.participant)]}


async def _feedback(w: World) -> Given:
    return {"event": await w.attended(), "rating": 4}


async def _listed(w: World) -> Given:
    return {"event": await w.attended(), "listed": False}


async def _adjust(w: World) -> Given:
    return {"citizen": w.id_of(w.participant), "points": 10, "reason": "Une erreur de notre part"}


async def _import(w: World) -> Given:
    return {"organization": w.org, "events": []}


async def _rename(w: World) -> Given:
    return {"id": w.org, "name": "Un autre nom"}


async def _invite(w: World) -> Given:
    return {"organization": w.org, "handle": "participant", "role": "MANAGER"}


async def _answer(w: World) -> Given:
    return {"organization": w.org, "accept": True}


async def _set_member(w: World) -> Given:
    await w.ask(
        w.member,
        """mutation($o: ID!) { inviteMember(input: {organization: $o, handle: "participant", role: MANAGER}) {
          errors { code } } }""",
        o=w.org,
    )
    return {"organization": w.org, "citizen": w.id_of(w.participant), "role": None}


async def _token(w: World) -> Given:
    return {"organization": w.org, "name": "Agenda", "scopes": ["EVENTS_WRITE"]}


async def _revoke_token(w: World) -> Given:
    return {"id": await w.token()}


async def _webhook(w: World) -> Given:
    return {"organization": w.org, "url": "https://9.9.9.9/hooks", "topics": ["EVENT_PUBLISHED"]}


async def _webhook_id(w: World) -> Given:
    return {"id": await w.webhook()}


async def _subject(w: World) -> Given:
    return {"subject": w.org, "reason": "Cela ne va pas"}


async def _resolve(w: World) -> Given:
    return {"id": await w.report(), "resolution": "Vu, et corrigé"}


async def _verify(w: World) -> Given:
    return {"id": w.org, "verified": True}


async def _suspend(w: World) -> Given:
    return {"id": w.id_of(w.participant), "suspended": True, "reason": "Faux codes"}


async def _recognize(w: World) -> Given:
    return {"organization": w.org, "citizen": w.id_of(w.participant), "theme": "CULTURE", "reason": "Conservatrice"}


async def _invite_to_event(w: World) -> Given:
    return {"organization": w.org, "citizen": w.id_of(w.participant), "event": w.published}


async def _watch(w: World) -> Given:
    return {"organization": w.org, "territory": "FR-44", "points": 100}


UNKNOWN = "0" * 32
SIGN_UP = {
    "email": "new@example.org", "password": PASSWORD, "handle": "new-one", "charterVersion": "2026-1",
    "atLeastFifteen": True,
}  # fmt: skip

# mutation: (input, nobody, stranger, moderator, member), called in that order in one world
TABLE: dict[str, tuple[Make, str, str, str, str]] = {
    "signUp": (given(**SIGN_UP), OK, "TAKEN,TAKEN", "TAKEN,TAKEN", "TAKEN,TAKEN"),
    "signIn": (given(email="member@example.org", password=PASSWORD), OK, OK, OK, OK),
    "refreshSession": (given(refreshToken="x"), E, E, E, E),
    "signOut": (given(refreshToken="x"), OK, OK, OK, OK),
    "verifyEmail": (given(token="x"), E, E, E, E),
    "resendEmailVerification": (given(), U, OK, OK, OK),
    "requestPasswordReset": (given(email="nobody@example.org"), OK, OK, OK, OK),
    "resetPassword": (given(token="x", password=PASSWORD), E, E, E, E),
    "changePassword": (given(current="wrong", password=PASSWORD + " !"), U, W, W, W),
    "changeEmail": (given(password="wrong", email="new@example.org"), U, W, W, W),
    "revokeSession": (given(id=f"session_{UNKNOWN}"), U, N, N, N),
    "acceptCharter": (given(version="2026-1"), U, OK, OK, OK),
    "linkIdentity": (given(token="x", password="wrong"), U, W, W, W),
    "unlinkIdentity": (given(issuer="https://accounts.example"), U, N, N, N),
    "renewCalendarFeed": (given(), U, OK, OK, OK),
    "deleteCalendarFeed": (given(), U, OK, OK, OK),
    "deleteAccount": (given(password="wrong"), U, W, W, W),
    "updateProfile": (given(bio="Bonjour"), U, OK, OK, OK),
    "updateSettings": (given(locale="EN"), U, OK, OK, OK),
    "markNotificationsRead": (given(), U, OK, OK, OK),
    "proposeEvent": (_proposal, U, A, A, OK),
    "submitEvent": (_draft, U, N, F, OK),
    "updateEvent": (_draft, U, N, F, OK),
    "completeEvent": (_over, U, F, F, OK),
    "reviewEvent": (_submitted, U, F, OK, F),
    "cancelEvent": (_cancel, U, F, F, OK),
    "annulEvent": (_completed, U, F, OK, F),
    "publishOutcome": (_outcome, U, F, F, OK),
    "register": (_event, U, OK, OK, A),
    "cancelRegistration": (_event, U, N, N, N),
    "setParticipationListed": (_listed, U, N, N, N),
    "checkIn": (_check_in, U, OK, A, A),
    "confirmAttendance": (_confirm, U, F, F, OK),
    "leaveFeedback": (_feedback, U, A, A, A),
    "adjustInfluence": (_adjust, U, F, OK, F),
    "importEvents": (_import, U, F, F, OK),
    "createOrganization": (given(name="Une autre", kind="ASSOCIATION"), U, OK, OK, OK),
    "updateOrganization": (_rename, U, F, F, OK),
    "inviteMember": (_invite, U, F, F, OK),
    "answerInvitation": (_answer, U, N, N, OK),
    "setMember": (_set_member, U, F, F, OK),
    "createApiToken": (_token, U, F, F, OK),
    "revokeApiToken": (_revoke_token, U, N, N, OK),
    "createWebhook": (_webhook, U, F, F, OK),
    "updateWebhook": (_webhook_id, U, N, N, OK),
    "enableWebhook": (_webhook_id, U, N, N, OK),
    "rotateWebhookSecret": (_webhook_id, U, N, N, OK),
    "pingWebhook": (_webhook_id, U, N, N, OK),
    "redeliverWebhook": (given(delivery=f"delivery_{UNKNOWN}"), U, N, N, N),
    "deleteWebhook": (_webhook_id, U, N, N, OK),
    "report": (_subject, U, OK, OK, OK),
    "resolveReport": (_resolve, U, F, OK, F),
    "verifyOrganization": (_verify, U, F, OK, F),
    "suspendCitizen": (_suspend, U, F, OK, F),
    "recognizeSkill": (_recognize, U, F, F, "EMAIL_NOT_VERIFIED"),
    "revokeSkill": (given(id=f"skill_{UNKNOWN}"), U, F, N, F),
    "inviteToEvent": (_invite_to_event, U, F, F, N),
    "refuseInvitation": (_event, U, N, N, N),
    "createWatch": (_watch, U, F, F, OK),
    "deleteWatch": (given(id=f"watch_{UNKNOWN}"), U, N, N, N),
}


BY_TOKEN = {"importEvents": TokenScope.EVENTS_WRITE, "confirmAttendance": TokenScope.ATTENDANCE_WRITE}
"""What a token may call at all, and with which scope."""


def document(schema: InfluentsSchema, name: str) -> str:
    """The mutation, with its input as a variable where it takes one."""
    mutation = schema.core.mutation_type
    assert mutation is not None
    arguments = mutation.fields[name].args
    if "input" not in arguments:
        return f"mutation {{ {name} {{ errors {{ code }} }} }}"
    type_ = get_named_type(arguments["input"].type).name
    return f"mutation($input: {type_}!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"


async def told(w: World, caller: Context, query: str, name: str, input_: Given) -> str:
    answer = await w.ask(caller, query, input=input_) if "$input" in query else await w.ask(caller, query)
    if answer.errors:
        return ",".join(answer.codes)
    return ",".join(error["code"] for error in answer.data[name]["errors"]) or OK


@pytest.mark.parametrize("name", TABLE)
async def test_who_may_what(  # noqa: PLR0917 - fixtures
    town: Town, ask: Ask, clock: Clock, nobody: Context, schema: InfluentsSchema, name: str
) -> None:
    make, *expected = TABLE[name]
    w = await world(town, ask, clock, nobody)
    input_ = await make(w)
    query = document(schema, name)

    answers = [
        await told(w, caller, query, name, input_)
        for caller in (Context(town.services), w.stranger, w.moderator, w.member)
    ]

    assert answers == expected


@pytest.mark.parametrize("name", TABLE)
async def test_a_token_may_what_its_scope_names_and_nothing_else(  # noqa: PLR0917 - fixtures
    town: Town, ask: Ask, clock: Clock, nobody: Context, schema: InfluentsSchema, name: str
) -> None:
    w = await world(town, ask, clock, nobody)
    input_ = await TABLE[name][0](w)
    query = document(schema, name)
    scope = BY_TOKEN.get(name)
    others = [each for each in TokenScope if each is not scope]

    async def by(*scopes: TokenScope) -> str:
        return await told(w, await town.partner(w.member, w.organization, *scopes), query, name, input_)

    assert await by(*others) == F
    assert await by(*TokenScope) == (F if scope is None else OK)
    if scope is not None:
        assert await by(scope) == OK
        elsewhere = await town.organization(w.member)
        stranger = await town.partner(w.member, elsewhere.id, scope)
        assert await told(w, stranger, query, name, input_) == F


def test_the_table_names_every_mutation(schema: InfluentsSchema) -> None:
    mutation = schema.core.mutation_type
    assert mutation is not None
    assert TABLE.keys() == mutation.fields.keys()
