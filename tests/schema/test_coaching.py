"""Next steps as their citizen is told them: true, in both languages, and nobody else's business."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.api_tokens import TokenScope
from domain.permissions import signed_in
from domain.words import ThemeCode
from resolvers import event_changes, feedback, participations, profiles
from resolvers.context import Context
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.recorder import recorded

COACHING = """query { viewer { coaching {
  guide { slug title(locale: EN) } event { slug viewerActions } message english: message(locale: EN) } } }"""
CULTURE = (ThemeCode.CULTURE,)


async def coached(ask: Ask, ctx: Context) -> list[Any]:
    return (await ask(ctx, COACHING))["viewer"]["coaching"]  # type: ignore[no-any-return]  # JSON


async def messages(ask: Ask, ctx: Context) -> list[str]:
    return [tip["english"] for tip in await coached(ask, ctx)]


async def organizer(town: Town) -> Context:
    ctx = await town.citizen()
    await town.organization(ctx)
    return ctx


async def test_somebody_new_is_invited_to_a_first_event_and_told_what_is_missing(ask: Ask, town: Town) -> None:
    nath, owner = await town.citizen("nath", territory=None), await organizer(town)
    event = await town.event(owner, next(iter(signed_in(owner.viewer).organizations)))

    tips = await coached(ask, nath)

    assert tips[0]["event"] == {"slug": event.slug, "viewerActions": ["REGISTER"]}
    assert tips[0]["guide"]["slug"] == "choisir-ou-participer"
    assert tips[0]["message"] == (
        "Pour commencer\u00a0: «\u00a0Barcamp Datajournalisme\u00a0», mardi 8 septembre (Nantes). "
        "Cette première participation rapporte 200\u00a0points et mène au niveau 2."
    )
    assert tips[0]["english"] == (
        "To begin with: “Barcamp Datajournalisme”, Tuesday 8 September (Nantes). "
        "Taking part for the first time brings 200 points and leads to level 2."
    )
    assert [tip["english"].split(":")[0] for tip in tips[1:]] == [
        "Confirm your e-mail address",
        "Say in which territory you live",
    ]


async def test_the_level_that_an_event_is_said_to_bring_is_reached_by_attending_it(
    ask: Ask, town: Town, clock: Clock
) -> None:
    nath, owner = await town.citizen("nath"), await organizer(town)
    organization = next(iter(signed_in(owner.viewer).organizations))
    await town.attend(
        nath, await town.event(owner, organization, title="Avant", starts_at=clock() + timedelta(hours=1))
    )
    clock.advance(days=1)
    event = await town.event(owner, organization, title="Ensuite")

    told = next(tip for tip in await coached(ask, nath) if tip["event"] and tip["event"]["slug"] == event.slug)
    await town.attend(nath, event)
    level = await ask(nath, "{ viewer { citizen { influence { level rank { code } } } } }")

    assert told["english"] == (
        "200 more points to the rank “Engaged”: “Ensuite”, Wednesday 9 September (Nantes), brings 200."
    )
    assert level["viewer"]["citizen"]["influence"] == {"level": 3, "rank": {"code": "ENGAGED"}}


async def test_the_skill_that_is_near_is_told_with_how_much_is_missing_and_from_whom(
    ask: Ask, town: Town, clock: Clock
) -> None:
    nath, owner, other = await town.citizen("nath"), await organizer(town), await organizer(town)
    same, another = (next(iter(signed_in(ctx.viewer).organizations)) for ctx in (owner, other))
    for number in range(3):
        day = clock() + timedelta(days=number, hours=1)
        await town.attend(nath, await town.event(owner, same, themes=CULTURE, starts_at=day, title=f"Veillée {number}"))
    clock.advance(days=4)
    event = await town.event(other, another, themes=CULTURE, title="Le bal")

    told = {tip["english"]: tip["event"] for tip in await coached(ask, nath)}

    message = "2 more events on “Culture”, one at least from another organiser, and your skill doubles what follows. "
    assert told[message + "For example “Le bal”, Saturday 12 September (Nantes)."]["slug"] == event.slug


async def test_what_waits_is_told_until_it_is_done(ask: Ask, town: Town, clock: Clock) -> None:
    nath, owner = await town.citizen("nath"), await organizer(town)
    organization = next(iter(signed_in(owner.viewer).organizations))
    event = await town.event(owner, organization, starts_at=clock() + timedelta(days=2))
    await participations.register(nath, event.id)

    before = await messages(ask, nath)
    await town.attend(nath, event)
    clock.advance(days=3)
    after, organizers = await messages(ask, nath), await coached(ask, owner)
    await feedback.leave_feedback(nath, event.id, rating=5, highlights=None, improvements=None, anonymous=True)
    await event_changes.publish_outcome(owner, event.id, summary="Une carte", decisions=(), document_url=None)

    assert before[0] == (
        "“Barcamp Datajournalisme” is on Thursday 3 September. The code is shown on the spot; "
        "if you can’t come any more, cancel to free the seat."
    )
    due = "You were at “Barcamp Datajournalisme”: say in two sentences what went well, and what could be better."
    assert due in after
    assert organizers[0]["english"] == (
        "“Barcamp Datajournalisme” is over: the person who was there is waiting to hear what came of it."
    )
    assert organizers[0]["guide"]["slug"] == "accueillir-et-rendre-compte"
    assert due not in await messages(ask, nath)
    assert organizers[0]["english"] not in await messages(ask, owner)


async def test_a_day_is_told_as_calendars_have_it_where_the_event_is(ask: Ask, town: Town, clock: Clock) -> None:
    nath, owner = await town.citizen("nath"), await organizer(town)
    night = datetime(2026, 9, 5, 2, tzinfo=UTC)
    organization = next(iter(signed_in(owner.viewer).organizations))
    await town.event(owner, organization, starts_at=night, time_zone="America/Montreal")

    assert "Friday 4 September" in (await messages(ask, nath))[0]


async def test_nobody_is_told_of_anothers_steps(ask: Ask, town: Town, clock: Clock, nobody: Context) -> None:
    nath, owner, other = await town.citizen("nath"), await organizer(town), await town.citizen("other")
    organization = next(iter(signed_in(owner.viewer).organizations))
    event = await town.event(owner, organization, starts_at=clock() + timedelta(days=1))
    await town.attend(nath, event)
    await profiles.update_profile(nath, talents=("Couture",))
    clock.advance(days=2)

    assert any("You were at" in told for told in await messages(ask, nath))
    assert not any("Barcamp" in told for told in await messages(ask, other))
    partner = await town.partner(owner, organization, TokenScope.EVENTS_WRITE)
    for ctx in (nobody, partner):
        assert (await ask(ctx, COACHING)).data == {"viewer": None}


@pytest.mark.parametrize("rows", [2, 15])
async def test_coaching_costs_the_same_for_any_number_of_events(ask: Ask, town: Town, clock: Clock, rows: int) -> None:
    nath, owner = await town.citizen("nath"), await organizer(town)
    organization = next(iter(signed_in(owner.viewer).organizations))
    for number in range(rows):
        day = clock() + timedelta(days=number, hours=1)
        await town.attend(nath, await town.event(owner, organization, starts_at=day, title=f"Hier {number}"))
    clock.advance(days=rows + 1)
    for number in range(rows):
        await town.event(owner, organization, starts_at=clock() + timedelta(days=number + 1), title=f"Demain {number}")

    with recorded(town.services.database) as statements:
        answer = await ask(nath, "{ viewer { coaching { message guide { slug } event { slug } } } }")

    assert answer["viewer"]["coaching"]
    # account; profile, totals, contributions, holdings, awards; candidates; what waits, what is open; events
    assert len(statements) == 10, statements
