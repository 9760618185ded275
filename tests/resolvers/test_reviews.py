"""What unverified proposers submit, and what moderators make of it."""

import pytest

from domain.event_life import EventNotInThatState, ReviewDecision
from domain.events import Event, EventStatus, UnknownEvent
from domain.fields import Required
from domain.ids import EventId
from domain.permissions import signed_in
from domain.refusals import Forbidden, Refusals
from resolvers import accounts, events, organizations
from resolvers.context import Context
from tests.factories import Town

PUBLISH, REJECT = ReviewDecision.PUBLISH, ReviewDecision.REJECT


async def moderator(town: Town, ctx: Context | None = None) -> Context:
    """A moderator: `ctx`, or somebody new."""
    ctx = ctx or await town.citizen()
    account = await accounts.account(ctx)
    assert await accounts.grant_moderator(ctx, email=account.email)
    await town.look_again(ctx)
    return ctx


async def submitted(town: Town) -> tuple[Context, Event]:
    """Somebody, and an event in their own name."""
    proposer = await town.citizen()
    event = await town.event(proposer)
    assert event.status is EventStatus.SUBMITTED
    return proposer, event


async def test_a_moderator_publishes_and_then_everybody_sees_it(town: Town, nobody: Context) -> None:
    _, event = await submitted(town)

    published = await events.review_event(await moderator(town), event.id, decision=PUBLISH)

    assert published.status is EventStatus.PUBLISHED
    assert published.published_at == town.services.clock()
    assert await events.event(nobody, event.id) == published


async def test_a_rejection_has_a_reason_that_its_proposer_reads(town: Town) -> None:
    proposer, event = await submitted(town)
    reviewer = await moderator(town)

    with pytest.raises(Refusals) as refused:
        await events.review_event(reviewer, event.id, decision=REJECT, reason="  ")
    assert [type(refusal) for refusal in refused.value.refusals] == [Required]
    await events.review_event(reviewer, event.id, decision=REJECT, reason=" Le lieu manque. ")

    proposer.look_again()
    seen = await events.event(proposer, event.id)
    assert seen is not None
    assert (seen.status, seen.rejection_reason) == (EventStatus.REJECTED, "Le lieu manque.")


async def test_what_was_rejected_is_submitted_again_and_its_reason_forgotten(town: Town) -> None:
    proposer, event = await submitted(town)
    await events.review_event(await moderator(town), event.id, decision=REJECT, reason="Le lieu manque.")

    again = await events.submit_event(proposer, event.id)

    assert (again.status, again.rejection_reason) == (EventStatus.SUBMITTED, None)


@pytest.mark.parametrize("decision", ReviewDecision)
async def test_nobody_reviews_what_concerns_them(town: Town, decision: ReviewDecision) -> None:
    proposer, own = await submitted(town)
    unverified = await town.organization(proposer, verified=False)
    of_theirs = await town.event(proposer, unverified.id)
    await moderator(town, proposer)

    for event in (own, of_theirs):
        with pytest.raises(Forbidden):
            await events.review_event(proposer, event.id, decision=decision, reason="Rien.")


async def test_only_moderators_review(town: Town) -> None:
    _, event = await submitted(town)

    with pytest.raises(Forbidden):
        await events.review_event(await town.citizen(), event.id, decision=PUBLISH)


async def test_only_what_waits_is_reviewed(town: Town) -> None:
    _, event = await submitted(town)
    reviewer = await moderator(town)
    await events.review_event(reviewer, event.id, decision=PUBLISH)

    with pytest.raises(EventNotInThatState):
        await events.review_event(reviewer, event.id, decision=REJECT, reason="Trop tard.")
    with pytest.raises(UnknownEvent):
        await events.review_event(reviewer, EventId(signed_in(reviewer.viewer).citizen_id), decision=PUBLISH)


async def test_an_event_counts_as_a_verified_organisations_if_it_is_one_when_published(town: Town) -> None:
    proposer = await town.citizen()
    organization = await town.organization(proposer, verified=False)
    before = await town.event(proposer, organization.id)
    reviewer = await moderator(town)

    published = await events.review_event(reviewer, before.id, decision=PUBLISH)
    other = await town.event(proposer, organization.id)
    await organizations.verify_organization(reviewer, slug=organization.slug)
    published_later = await events.review_event(reviewer, other.id, decision=PUBLISH)

    assert (published.by_verified, published_later.by_verified) == (False, True)
