"""A town in which the ledger has an entry of every kind, in every case that its sentences tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.events import Event
from domain.mails import MailTemplate
from domain.words import ThemeCode
from resolvers import desk, emails, events
from resolvers.adjustments import adjust_influence
from resolvers.certainty import certain
from resolvers.context import Context, Services
from resolvers.recognition import recognize_skill
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me
from tests.mailbox import posted

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Everything:
    """`nath` takes part, `host` organises."""

    services: Services
    nath: Context
    host: Context


async def every_kind(services: Services, clock: Clock) -> Everything:
    """Somebody assessed, who gains a skill, repeats, is in two places, loses an award and a skill and gets the award
    again, is recognised, and is adjusted twice; and somebody who organises seven events, and loses an award.

    `nath`'s ledger begins with the assessment, and an ordinary award is second; so is one in `host`'s.
    """
    town = Town(services)
    moderator, nath = await town.moderator(), await town.citizen(level=3)
    host, friends = await town.citizen(level=2), [await verified(town) for _ in range(2)]
    await verify(nath)
    await elsewhere(town, clock, [nath, *friends])
    first: Event | None = None
    for number in range(8):
        event = await town.published(host, by=moderator, title=f"Barcamp {number + 1}", starts_at=clock() + DAY)
        for each in (nath, *friends):
            await town.attend(each, event)
        if number == 7:
            beside = await town.published(
                await town.citizen(), by=moderator, title="Conseil", starts_at=event.details.starts_at + DAY / 24
            )
            await town.attend(nath, beside)
        clock.now = event.details.ends_at
        await events.complete_event(host, event.id)
        first = first or event
    for gone in (True, False):
        clock.advance(minutes=1)
        await settle(host, certain(first, "the first event"), nath, gone=gone)
    await lose_a_skill(town, clock, nath, theme=ThemeCode.ECONOMY)
    await recognized(town, clock, nath)
    await adjust_influence(moderator, me(nath), points=-30, reason="Compté deux fois.")
    await adjust_influence(moderator, me(nath), points=1, reason="Un oubli.")
    return Everything(services, nath, host)


async def settle(host: Context, event: Event, who: Context, *, gone: bool) -> None:
    there, away = ([], [me(who)]) if gone else ([me(who)], [])
    await desk.confirm_attendance(host, event.id, attended=there, absent=away)


async def verified(town: Town) -> Context:
    """Somebody with a verified address."""
    ctx = await town.citizen()
    await verify(ctx)
    return ctx


async def verify(ctx: Context) -> None:
    await emails.resend_email_verification(ctx)
    mails = await posted(ctx.services.database)
    tokens = [mail.token for mail in mails if mail.to == me(ctx) and mail.template is MailTemplate.VERIFY_EMAIL]
    await emails.verify_email(ctx, tokens[-1])


async def elsewhere(
    town: Town, clock: Clock, people: Sequence[Context], *, theme: ThemeCode = ThemeCode.PUBLIC_ADMINISTRATION
) -> tuple[Context, Event]:
    """An event of a verified organisation, on the next day, that `people` attended; it is over."""
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(
        owner, organization.id, title="Forum", starts_at=clock() + DAY, themes=(theme,), engagement=1
    )
    for each in people:
        await town.attend(each, event)
    clock.now = event.details.ends_at
    return owner, event


async def lose_a_skill(town: Town, clock: Clock, who: Context, *, theme: ThemeCode) -> None:
    """Five events of five organisations, and the last withdrawn."""
    attended = [await elsewhere(town, clock, [who], theme=theme) for _ in range(5)]
    clock.advance(minutes=1)
    await settle(*attended[-1], who, gone=True)


async def recognized(town: Town, clock: Clock, who: Context) -> None:
    """Their expertise in culture, by a verified organisation; and an event that it doubles."""
    owner = await verified(town)
    organization = await town.organization(owner)
    clock.advance(minutes=1)
    await recognize_skill(owner, organization.id, me(who), ThemeCode.CULTURE, reason="Des années d’accueil.")
    await elsewhere(town, clock, [who], theme=ThemeCode.CULTURE)
