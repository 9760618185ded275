"""What organisers and moderators do with events, as clients meet it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.events import Event
from domain.words import Locale
from resolvers import events, participations
from resolvers.context import Context
from schema.ids import Kind, seal
from schema.scalars import told
from tests.asking import Answer, Ask
from tests.clock import Clock
from tests.factories import Town

STATE = """event { id title status rejectionReason cancellationReason capacity websiteUrl viewerActions
  outcome { summary decisions documentUrl publishedAt } } errors { code message field }"""


def mutation(name: str, type_: str) -> str:
    return f"mutation($input: {type_}!) {{ done: {name}(input: $input) {{ {STATE} }} }}"


UPDATE = mutation("updateEvent", "UpdateEventInput")
SUBMIT = mutation("submitEvent", "EventActionInput")
REVIEW = mutation("reviewEvent", "ReviewEventInput")
CANCEL = mutation("cancelEvent", "CancelEventInput")
ANNUL = mutation("annulEvent", "CancelEventInput")
COMPLETE = mutation("completeEvent", "EventActionInput")
OUTCOME = mutation("publishOutcome", "PublishOutcomeInput")
SEE = "query($slug: String!) { event(slug: $slug) { status rejectionReason viewerActions outcome { summary } } }"

ALL: dict[str, tuple[str, dict[str, Any]]] = {
    "updateEvent": (UPDATE, {"title": "Barcamp Cartographie"}),
    "submitEvent": (SUBMIT, {}),
    "reviewEvent": (REVIEW, {"decision": "PUBLISH"}),
    "cancelEvent": (CANCEL, {"reason": "Pluie."}),
    "annulEvent": (ANNUL, {"reason": "Personne."}),
    "completeEvent": (COMPLETE, {}),
    "publishOutcome": (OUTCOME, {"summary": "Un jeu de données."}),
}


def id_of(event: Event) -> str:
    return seal(Kind.EVENT, event.id)


async def open_event(town: Town, **changes: Any) -> tuple[Context, Event]:  # Any: the fields of EventDetails
    """A member of a verified organisation, and a published event of it."""
    owner = await town.citizen()
    return owner, await town.event(owner, (await town.organization(owner)).id, **changes)


def errors(answer: Answer) -> list[tuple[str, list[str] | None]]:
    done = answer["done"]
    assert done["event"] is None
    return [(each["code"], each["field"]) for each in done["errors"]]


def done(answer: Answer) -> dict[str, Any]:
    assert answer["done"]["errors"] == []
    return dict(answer["done"]["event"])


async def test_left_out_keeps_and_null_clears(ask: Ask, town: Town) -> None:
    owner, event = await open_event(town, capacity=12, website_url="https://example.org/")

    titled = done(await ask(owner, UPDATE, input={"id": id_of(event), "title": " Barcamp "}))
    cleared = done(await ask(owner, UPDATE, input={"id": id_of(event), "capacity": None, "websiteUrl": None}))

    assert (titled["title"], titled["capacity"], titled["websiteUrl"]) == ("Barcamp", 12, "https://example.org/")
    assert (cleared["title"], cleared["capacity"], cleared["websiteUrl"]) == ("Barcamp", None, None)


async def test_every_field_can_be_updated(ask: Ask, town: Town) -> None:
    owner, event = await open_event(town)
    starts_at = event.details.starts_at + timedelta(days=1)
    everything = {
        "title": "Atelier",
        "description": "Une journée.",
        "howToTakePart": "Venir.",
        "format": "HYBRID",
        "startsAt": told(starts_at),
        "endsAt": told(starts_at + timedelta(hours=2)),
        "timeZone": "Europe/Zurich",
        "effortMinutes": 90,
        "venue": {"name": "Salle", "city": "Angers", "postalCode": "49000"},
        "territory": "FR-49",
        "websiteUrl": "https://example.org/a",
        "imageUrl": "https://example.org/b.png",
        "themes": ["ECONOMY", "CULTURE"],
        "engagement": 2,
        "capacity": 30,
        "soughtTalents": ["graphisme"],
    }
    plain = """title description howToTakePart format startsAt endsAt timeZone effortMinutes websiteUrl imageUrl
      engagement capacity soughtTalents venue { name city postalCode } territory { code } themes { code }"""
    query = f"mutation($input: UpdateEventInput!) {{ done: updateEvent(input: $input) {{ event {{ {plain} }}"

    answer = await ask(owner, query + " errors { code } } }", input={"id": id_of(event), **everything})

    after = done(answer)
    after |= {"territory": after["territory"]["code"], "themes": [each["code"] for each in after["themes"]]}
    assert after == everything


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": None}, [("REQUIRED", ["title"])]),
        ({"title": "  "}, [("REQUIRED", ["title"])]),
        ({"startsAt": None, "endsAt": None}, [("REQUIRED", ["startsAt"]), ("REQUIRED", ["endsAt"])]),
        ({"themes": []}, [("REQUIRED", ["themes"])]),
        ({"venue": None}, [("REQUIRED", ["venue"])]),
        ({"engagement": 6}, [("OUT_OF_RANGE", ["engagement"])]),
        ({"capacity": 1}, [("OUT_OF_RANGE", ["capacity"])]),
        ({"capacity": 0}, [("OUT_OF_RANGE", ["capacity"]), ("OUT_OF_RANGE", ["capacity"])]),
        ({"timeZone": "Europe/Nantes"}, [("INVALID", ["timeZone"])]),
        ({"startsAt": "2020-01-01T10:00:00Z"}, [("OUT_OF_RANGE", ["startsAt"])]),
        ({"territory": "FR-00"}, [("NOT_FOUND", ["territory"])]),
        ({"venue": {"city": "", "latitude": 91.0}}, [
            ("REQUIRED", ["venue", "city"]), ("OUT_OF_RANGE", ["venue", "latitude"]),
            ("INVALID", ["venue", "longitude"]),
        ]),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_at_its_field(
    ask: Ask, town: Town, changes: dict[str, Any], expected: list[tuple[str, list[str]]]
) -> None:
    owner, event = await open_event(town, capacity=5)
    for _ in range(2):
        await participations.register(await town.citizen(), event.id)

    assert errors(await ask(owner, UPDATE, input={"id": id_of(event), **changes})) == expected


async def test_what_is_refused_is_said_in_the_viewers_language(ask: Ask, town: Town) -> None:
    owner, event = await open_event(town, capacity=5)
    for _ in range(2):
        await participations.register(await town.citizen(), event.id)
    said = {}

    for locale in Locale:
        owner.locale = locale
        answer = await ask(owner, UPDATE, input={"id": id_of(event), "capacity": 1})
        said[locale] = answer["done"]["errors"][0]["message"]

    assert said == {
        Locale.FR: "2 places sont déjà prises\u00a0: gardez-en au moins autant.",
        Locale.EN: "2 seats are taken already: keep at least as many.",
    }


async def test_the_life_of_an_event_from_draft_to_outcome(ask: Ask, town: Town, clock: Clock) -> None:
    proposer, moderator = await town.citizen(), await town.moderator()
    event = await town.event(proposer, submit=False)
    of = {"id": id_of(event)}

    assert done(await ask(proposer, SUBMIT, input=of))["status"] == "SUBMITTED"
    rejected = done(await ask(moderator, REVIEW, input={**of, "decision": "REJECT", "reason": " Où ? "}))
    assert (rejected["status"], rejected["rejectionReason"]) == ("REJECTED", "Où ?")
    assert done(await ask(proposer, UPDATE, input={**of, "title": "Barcamp à Rezé"}))["status"] == "REJECTED"
    again = done(await ask(proposer, SUBMIT, input=of))
    assert (again["status"], again["rejectionReason"]) == ("SUBMITTED", None)
    assert done(await ask(moderator, REVIEW, input={**of, "decision": "PUBLISH"}))["status"] == "PUBLISHED"
    assert done(await ask(proposer, UPDATE, input={**of, "engagement": 4}))["status"] == "SUBMITTED"
    assert done(await ask(moderator, REVIEW, input={**of, "decision": "PUBLISH"}))["status"] == "PUBLISHED"
    assert errors(await ask(proposer, COMPLETE, input=of)) == [("TOO_EARLY", ["id"])]
    assert errors(await ask(proposer, OUTCOME, input={**of, "summary": "Rien."})) == [("TOO_EARLY", ["id"])]
    clock.now = event.details.ends_at
    assert errors(await ask(proposer, CANCEL, input={**of, "reason": "Pluie."})) == [("EVENT_OVER", ["id"])]
    assert done(await ask(proposer, COMPLETE, input=of))["status"] == "COMPLETED"
    told_of = {"summary": "Un jeu.", "decisions": ["Le publier"], "documentUrl": "https://example.org/cr"}
    outcome = done(await ask(proposer, OUTCOME, input={**of, **told_of}))["outcome"]
    assert outcome == {**told_of, "publishedAt": told(clock())}
    annulled = done(await ask(moderator, ANNUL, input={**of, "reason": "Personne n’y était."}))
    assert (annulled["status"], annulled["cancellationReason"]) == ("CANCELLED", "Personne n’y était.")
    assert (annulled["outcome"], annulled["viewerActions"]) == (None, [])  # nothing came of it after all
    assert errors(await ask(moderator, ANNUL, input={**of, "reason": "Encore."})) == [("EVENT_CLOSED", ["id"])]


async def test_a_rejections_reason_is_for_its_organisers_and_moderators(ask: Ask, town: Town) -> None:
    proposer, moderator, registered = await town.citizen(), await town.moderator(), await town.citizen()
    event = await town.published(proposer, by=moderator)
    await participations.register(registered, event.id)
    await ask(proposer, UPDATE, input={"id": id_of(event), "engagement": 5})
    await ask(moderator, REVIEW, input={"id": id_of(event), "decision": "REJECT", "reason": "Trop d’étoiles."})

    seen = [(await ask(ctx, SEE, slug=event.slug))["event"] for ctx in (proposer, moderator, registered)]

    assert [each["rejectionReason"] for each in seen] == ["Trop d’étoiles.", "Trop d’étoiles.", None]
    assert (await ask(await town.citizen(), SEE, slug=event.slug))["event"] is None


@pytest.mark.parametrize("name", ALL)
async def test_nobody_and_strangers_change_nothing(ask: Ask, town: Town, nobody: Context, name: str) -> None:
    query, more = ALL[name]
    _, event = await open_event(town)
    draft = await town.event(await town.citizen(), submit=False)
    stranger = await town.citizen()
    moderators = name in ("reviewEvent", "annulEvent")

    async def codes(ctx: Context, id: str) -> list[str]:
        answer = await ask(ctx, query, input={"id": id, **more})
        return answer.codes or [code for code, _ in errors(answer)]

    assert await codes(nobody, id_of(event)) == ["UNAUTHENTICATED"]
    assert await codes(stranger, id_of(event)) == ["FORBIDDEN"]
    hidden = ["FORBIDDEN"] if moderators else ["NOT_FOUND"]
    assert await codes(stranger, id_of(draft)) == hidden
    assert await codes(stranger, seal(Kind.EVENT, uuid4())) == hidden
    malformed = ["FORBIDDEN"] if moderators else ["BAD_USER_INPUT"]  # who never may isn't told what is wrong besides
    assert await codes(stranger, seal(Kind.CITIZEN, uuid4())) == malformed
    assert await codes(stranger, "garbage") == malformed


@pytest.mark.parametrize("name", ["reviewEvent", "annulEvent"])
async def test_moderators_keep_away_from_what_concerns_them(ask: Ask, town: Town, clock: Clock, name: str) -> None:
    query, more = ALL[name]
    moderator = await town.moderator()
    organization = await town.organization(moderator, verified=False)
    for own in (await town.event(moderator), await town.event(moderator, organization.id)):
        assert (await ask(moderator, query, input={"id": id_of(own), **more})).codes == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("reviewEvent", {"decision": "REJECT"}, [("REQUIRED", ["reason"])]),
        ("reviewEvent", {"decision": "REJECT", "reason": "a" * 2_001}, [("TOO_LONG", ["reason"])]),
        ("cancelEvent", {"reason": " "}, [("REQUIRED", ["reason"])]),
        ("annulEvent", {"reason": ""}, [("REQUIRED", ["reason"])]),
        ("publishOutcome", {"summary": " "}, [("REQUIRED", ["summary"])]),
        ("publishOutcome", {"summary": "a" * 10_001}, [("TOO_LONG", ["summary"])]),
        ("publishOutcome", {"summary": "a", "decisions": ["b"] * 2}, [("INVALID", ["decisions"])]),
        ("publishOutcome", {"summary": "a", "decisions": ["b", "c" * 501]}, [("TOO_LONG", ["decisions", "1"])]),
    ],
)
async def test_reasons_and_outcomes_have_their_bounds(
    ask: Ask, town: Town, name: str, more: dict[str, Any], expected: list[tuple[str, list[str]]]
) -> None:
    owner, event = await open_event(town)
    by = await town.moderator() if name in ("reviewEvent", "annulEvent") else owner

    assert errors(await ask(by, ALL[name][0], input={"id": id_of(event), **more})) == expected


async def test_an_outcomes_document_has_an_address_on_the_web(ask: Ask, town: Town) -> None:
    owner, event = await open_event(town)
    sent = {"id": id_of(event), "summary": "a", "documentUrl": "javascript:alert(1)"}
    assert (await ask(owner, OUTCOME, input=sent)).codes == ["BAD_USER_INPUT"]


async def test_what_each_can_do_is_listed(ask: Ask, town: Town, clock: Clock, nobody: Context) -> None:
    owner, event = await open_event(town)
    nath = await town.citizen()

    async def listed(ctx: Context) -> set[str]:
        return set((await ask(ctx, SEE, slug=event.slug))["event"]["viewerActions"])

    assert await listed(nobody) == set()
    assert await listed(owner) == {"UPDATE", "CANCEL"}
    assert await listed(nath) == {"REGISTER"}
    await participations.register(nath, event.id)
    assert await listed(nath) == {"CANCEL_REGISTRATION"}
    clock.now = event.details.starts_at
    assert await listed(nath) == {"CANCEL_REGISTRATION", "CHECK_IN"}
    assert await listed(owner) == {"UPDATE", "CANCEL", "CONFIRM_ATTENDANCE"}
    await participations.check_in(nath, event.id, code=await town.code(event.id))
    clock.now = event.details.ends_at
    await events.complete_event(owner, event.id)
    assert await listed(nath) == {"LEAVE_FEEDBACK"}
    assert await listed(await town.moderator()) == {"ANNUL"}
