"""What is listed can be done, what isn't is refused, and only declared transitions happen: on the real database."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from db import models
from db.engine import Database
from domain.event_life import TRANSITIONS, EventAction, ReviewDecision
from domain.events import EventStatus
from domain.ids import EventId, OrganizationId
from domain.organizations import MemberRole
from domain.participations import AttendanceEvidence, ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import Forbidden, Refusal, Refusals, Unauthenticated
from resolvers import desk, event_changes, event_endings, event_viewing, events, feedback, participations
from resolvers.context import Context
from tests.clock import START, Clock
from tests.factories import Town
from tests.ledgers import me
from tests.rows import event_row, keep, participation_row

A, S = EventAction, ParticipationStatus
END = START + timedelta(hours=2)
TIMES = {"before": START - timedelta(days=1), "during": START, "after": END, "late": END + timedelta(days=100)}
WHEN = {
    EventStatus.DRAFT: ["before", "during", "after"],
    EventStatus.SUBMITTED: ["before", "after"],
    EventStatus.PUBLISHED: list(TIMES),
    EventStatus.REJECTED: ["before", "during"],
    EventStatus.CANCELLED: ["during"],
    EventStatus.COMPLETED: ["after", "late"],
}
"""Where the time makes a difference."""
PARTICIPANTS = {
    "registered": S.REGISTERED,
    "waiting": S.WAITLISTED,
    "withdrawn": S.CANCELLED,
    "attended": S.ATTENDED,
    "absent": S.NO_SHOW,
}
PEOPLE = "SELECT citizen_id, status, answered FROM participation WHERE event_id = :id ORDER BY 1"
SELDOM = PARTICIPANTS.keys() - {"registered"}
"""Those who make a difference where people take part."""


async def _check_in(town: Town, ctx: Context, event: EventId) -> object:
    return await participations.check_in(ctx, event, code=await town.code(event))


DO: dict[EventAction, Callable[[Town, Context, EventId], Awaitable[object]]] = {
    A.UPDATE: lambda _, ctx, event: event_changes.update_event(ctx, event, {"title": "Un autre titre"}),
    A.SUBMIT: lambda _, ctx, event: events.submit_event(ctx, event),
    A.REVIEW: lambda _, ctx, event: events.review_event(ctx, event, decision=ReviewDecision.PUBLISH),
    A.CANCEL: lambda _, ctx, event: event_endings.cancel_event(ctx, event, reason="Pluie."),
    A.COMPLETE: lambda _, ctx, event: events.complete_event(ctx, event),
    A.ANNUL: lambda _, ctx, event: event_endings.annul_event(ctx, event, reason="Personne."),
    A.PUBLISH_OUTCOME: lambda _, ctx, event: event_changes.publish_outcome(
        ctx, event, summary="Un jeu de données.", decisions=(), document_url=None
    ),
    A.CONFIRM_ATTENDANCE: lambda _, ctx, event: desk.confirm_attendance(ctx, event, attended=[], absent=[]),
    A.REGISTER: lambda _, ctx, event: participations.register(ctx, event),
    A.CANCEL_REGISTRATION: lambda _, ctx, event: participations.cancel_registration(ctx, event),
    A.CHECK_IN: _check_in,
    A.LEAVE_FEEDBACK: lambda _, ctx, event: feedback.leave_feedback(
        ctx, event, rating=4, highlights=None, improvements=None, anonymous=False
    ),
}
UNCHANGING = {A.CONFIRM_ATTENDANCE}
"""Of nobody, it changes nothing: it is enough that it isn't refused."""


@dataclass
class Stage:
    """Somebody of each kind, and events made for each try: straight into the tables, so that any state comes about."""

    town: Town
    database: Database
    cast: dict[str, Context]
    organization: UUID
    proposer: UUID

    @classmethod
    async def of(cls, town: Town) -> "Stage":
        member, proposer = await town.citizen(), await town.citizen()
        organization = await town.organization(member, verified=False)
        both = replace(signed_in(member.viewer), moderator=True)
        concerned = Context(town.services, viewer=both)
        cast = {
            "nobody": Context(town.services),
            "stranger": await town.citizen(),
            "member": member,
            "proposer": proposer,  # who isn't a member any more
            "moderator": await town.moderator(),
            "member and moderator": concerned,
            "moderator who left": await cls._who_left(town, OrganizationId(organization.id)),
            **{name: await town.citizen() for name in PARTICIPANTS},
        }
        return cls(town, town.services.database, cast, organization.id, me(proposer))

    @staticmethod
    async def _who_left(town: Town, organization: OrganizationId) -> Context:
        """A moderator who was a member when the events were proposed."""
        ctx = await town.moderator()
        left = {"accepted_at": START - timedelta(days=9), "left_at": START - timedelta(hours=90)}
        row = models.OrganizationMember(
            organization_id=organization, citizen_id=me(ctx), role=MemberRole.MANAGER, invited_at=START, **left
        )
        await keep(town.services.database, row)
        return ctx

    async def event(self, status: EventStatus, who: str) -> EventId:
        """An event in a state, that `who` stands to as their name says."""
        row = event_row(
            self.proposer,
            organization_id=self.organization,
            status=status,
            submitted_at=START - timedelta(days=3),
            created_at=START - timedelta(days=4),
        )
        rows: list[Any] = []
        if who in PARTICIPANTS:
            here = PARTICIPANTS[who]
            attended: dict[str, object] = {"attended_at": START, "evidence": AttendanceEvidence.ORGANIZER}
            left = {"withdrawn_at": START - timedelta(days=2)} if here is S.CANCELLED else {}
            more = attended if here is S.ATTENDED else left
            rows = [participation_row(me(self.cast[who]), row.id, status=here, **more)]
        await keep(self.database, row)
        await keep(self.database, *rows)
        return EventId(row.id)

    async def state(self, id: EventId) -> tuple[object, ...]:
        """All that an action can change."""
        async with self.database.reading() as session:
            event = (await session.execute(sa.select(models.Event).where(models.Event.id == id))).scalar_one()  # type: ignore[arg-type]
            people = await session.execute(sa.text(PEOPLE), {"id": id})
            outcome = event.outcome_summary
            return event.status, event.title, outcome, event.annulled_at, tuple(tuple(row) for row in people)

    async def attempt(self, action: EventAction, who: str, event: EventId) -> bool:
        """Whether it was taken, and changed something; and if it moved the event on, as the table declares."""
        before = await self.state(event)
        if not await self.taken(action, who, event):
            return False
        after = await self.state(event)
        was, came = EventStatus(str(before[0])), EventStatus(str(after[0]))
        assert was is came or came in TRANSITIONS[was, action], (action, was, came)
        return after != before or action in UNCHANGING

    async def taken(self, action: EventAction, who: str, event: EventId) -> bool:
        try:
            await DO[action](self.town, self.cast[who], event)
        except (Refusal, Refusals, Forbidden, Unauthenticated):
            return False
        return True


@pytest.mark.parametrize("status", EventStatus)
async def test_an_action_is_listed_if_and_only_if_it_can_be_done(town: Town, clock: Clock, status: EventStatus) -> None:
    stage = await Stage.of(town)
    wrong = []
    for time in WHEN[status]:
        clock.now = TIMES[time]
        for who, ctx in stage.cast.items():
            if who in SELDOM and status not in (EventStatus.PUBLISHED, EventStatus.COMPLETED):
                continue
            spare = await stage.event(status, who)
            before = await stage.state(spare)
            ctx.look_again()
            seen = await events.event(ctx, spare)
            listed = set() if seen is None else set(await event_viewing.actions(ctx, seen))
            undone = [
                action for action in listed if not await stage.attempt(action, who, await stage.event(status, who))
            ]
            wrong += [f"{time}: {who} can't {action}" for action in undone]
            done = [action for action in DO.keys() - listed if await stage.taken(action, who, spare)]
            if await stage.state(spare) != before:
                wrong.append(f"{time}: {who} can, of {done}, what isn't listed")
    assert wrong == []
