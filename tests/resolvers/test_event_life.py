"""What is told of events: what moderators made of them, and what came of them. On the real database."""

import pytest
import sqlalchemy as sa

from db.engine import Database
from domain.event_life import OutcomeTooEarly, ReviewDecision
from domain.events import Event, EventStatus, UnknownEvent
from domain.refusals import Forbidden
from resolvers import event_changes, event_endings, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import told


async def open_event(town: Town) -> tuple[Context, Event]:
    """A member of a verified organisation, and a published event of it."""
    owner = await town.citizen()
    return owner, await town.event(owner, (await town.organization(owner)).id)


# ---- told of


async def test_the_outcome_is_told_once_to_who_attended_and_can_be_put_right(town: Town, clock: Clock) -> None:
    owner, event = await open_event(town)
    came, absent = await town.citizen(), await town.citizen()
    await participations.register(absent, event.id)
    await town.attend(came, event)
    clock.now = event.details.ends_at
    await events.complete_event(owner, event.id)
    clock.advance(days=1)
    first = clock()

    published = await event_changes.publish_outcome(
        owner, event.id, summary=" Un jeu de données. ", decisions=[" Le publier "], document_url=None
    )
    clock.advance(days=1)
    again = await event_changes.publish_outcome(
        owner, event.id, summary="Deux jeux.", decisions=[], document_url="https://example.org/cr"
    )

    assert published.outcome is not None
    assert (published.outcome.summary, published.outcome.decisions) == ("Un jeu de données.", ("Le publier",))
    assert again.outcome is not None
    assert (again.outcome.summary, again.outcome.decisions) == ("Deux jeux.", ())
    assert (again.outcome.document_url, again.outcome.published_at) == ("https://example.org/cr", first)
    assert again.updated_at == clock()
    assert [kind for kind, _ in await told(came)].count("OUTCOME_PUBLISHED") == 1
    assert "OUTCOME_PUBLISHED" not in [kind for kind, _ in await told(absent)]


async def test_an_outcome_is_told_after_the_end_by_the_organisers(town: Town, clock: Clock) -> None:
    owner, event = await open_event(town)
    outcome = {"summary": "Un jeu.", "decisions": (), "document_url": None}

    with pytest.raises(OutcomeTooEarly):
        await event_changes.publish_outcome(owner, event.id, **outcome)  # type: ignore[arg-type]
    clock.now = event.details.ends_at
    for ctx in (await town.citizen(), await town.moderator()):
        with pytest.raises(Forbidden):
            await event_changes.publish_outcome(ctx, event.id, **outcome)  # type: ignore[arg-type]
    published = await event_changes.publish_outcome(owner, event.id, **outcome)  # type: ignore[arg-type]
    assert (published.status, published.outcome is not None) == (EventStatus.PUBLISHED, True)


# ---- reviewed


async def test_who_proposed_an_event_is_told_what_became_of_it(town: Town, clock: Clock) -> None:
    proposer, moderator = await town.citizen(), await town.moderator()
    event = await town.event(proposer)

    await events.review_event(moderator, event.id, decision=ReviewDecision.REJECT, reason="Où est-ce ?")
    clock.advance(minutes=1)
    await events.submit_event(proposer, event.id)
    await events.review_event(moderator, event.id, decision=ReviewDecision.PUBLISH)

    assert await told(proposer) == [
        ("EVENT_REVIEWED", {"decision": "REJECT"}),
        ("EVENT_REVIEWED", {"decision": "PUBLISH"}),
    ]


async def test_a_submission_keeps_the_time_it_was_made(town: Town, clock: Clock, empty: Database) -> None:
    proposer, moderator = await town.citizen(), await town.moderator()
    event = await town.event(proposer)
    first = clock()

    async def submitted_at() -> object:
        async with empty.reading() as session:
            return await session.scalar(sa.text("SELECT submitted_at FROM event WHERE id = :id"), {"id": event.id})

    assert await submitted_at() == first
    clock.advance(days=1)
    await event_changes.update_event(proposer, event.id, {"title": "Barcamp"})
    assert await submitted_at() == first  # mending it doesn't cost one's place
    await events.review_event(moderator, event.id, decision=ReviewDecision.REJECT, reason="Où ?")
    await events.submit_event(proposer, event.id)
    assert await submitted_at() == clock()


async def test_a_draft_of_others_is_unknown(town: Town) -> None:
    draft = await town.event(await town.citizen(), submit=False)
    stranger = await town.citizen()

    for act in (
        events.submit_event(stranger, draft.id),
        events.complete_event(stranger, draft.id),
        event_endings.cancel_event(stranger, draft.id, reason="Rien."),
        event_changes.publish_outcome(stranger, draft.id, summary="Rien.", decisions=(), document_url=None),
    ):
        with pytest.raises(UnknownEvent):
            await act
