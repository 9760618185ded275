"""What tips rest on besides recommendations: what waits for the asker, and what of their account is still open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Row
from db.tables import account, citizen, event, participation
from db.visibility import Condition, organized_by
from domain.accounts import ProfileVisibility
from domain.citizens import Viewer
from domain.coaching import Errand
from domain.events import EventStatus
from domain.feedback import OPEN_FOR
from domain.ids import CitizenId
from domain.participations import ParticipationStatus

COMING_WITHIN = timedelta(days=3)
OUTCOME_AWAITED_FOR = timedelta(days=60)
"""After that nobody is reminded any more."""
TOOK_PLACE = (EventStatus.PUBLISHED, EventStatus.COMPLETED)


class SituationOf(NamedTuple):
    """A question: how things stand for a citizen at a moment."""

    citizen_id: CitizenId
    at: datetime


class Standing(NamedTuple):
    """What waits for somebody, how often they took part, and what their account says."""

    coming: Errand | None = None
    feedback_due: Errand | None = None
    outcome_due: Errand | None = None
    attended: int = 0
    unlisted: int = 0
    organizes: bool = False
    email_verified: bool = True
    hidden: bool = False


async def standings(
    session: AsyncSession, asker: Viewer, keys: Sequence[SituationOf]
) -> Mapping[SituationOf, Standing]:
    """For the asker alone."""
    found = {}
    for key in keys:
        if key.citizen_id == asker.citizen_id:
            errands = {row.kind: _read(row) for row in await session.execute(_errands(asker, key.at))}
            row = (await session.execute(_account(asker))).one()
            found[key] = Standing(
                coming=errands.get("coming"),
                feedback_due=errands.get("feedback"),
                outcome_due=errands.get("outcome"),
                attended=row.attended,
                unlisted=row.unlisted,
                organizes=row.proposed or bool(asker.organizations),
                email_verified=row.email_verified,
                hidden=row.visibility == ProfileVisibility.HIDDEN,
            )
    return found


def _errands(asker: Viewer, now: datetime) -> sa.CompoundSelect[tuple[object, ...]]:
    mine = (participation.c.citizen_id == asker.citizen_id) & (participation.c.event_id == event.c.id)
    seat, there = (
        sa.exists().where(mine, participation.c.status == ParticipationStatus.REGISTERED),
        sa.exists().where(
            mine, participation.c.status == ParticipationStatus.ATTENDED, sa.not_(participation.c.answered)
        ),
    )
    my_events = event.c.id.in_(
        sa.select(participation.c.event_id).where(participation.c.citizen_id == asker.citizen_id)
    )
    people = (
        sa.select(sa.func.count())
        .where(participation.c.event_id == event.c.id, participation.c.status == ParticipationStatus.ATTENDED)
        .correlate(event)
        .scalar_subquery()
    )
    ended = (event.c.status.in_(TOOK_PLACE), event.c.ends_at <= now)
    soon = event.c.starts_at.between(now, now + COMING_WITHIN)
    return sa.union_all(
        _one("coming", event.c.starts_at.asc(), my_events, seat, event.c.status == EventStatus.PUBLISHED, soon),
        _one("feedback", event.c.ends_at.desc(), my_events, there, *ended, event.c.ends_at >= now - OPEN_FOR),
        _one(
            "outcome",
            event.c.ends_at.desc(),
            organized_by(asker),
            *ended,
            event.c.ends_at >= now - OUTCOME_AWAITED_FOR,
            event.c.outcome_summary.is_(None),
            people > 0,
            people=people,
        ),
    )


def _one(
    kind: str,
    first: sa.UnaryExpression[object],
    *conditions: Condition,
    people: sa.ColumnElement[int] | None = None,
) -> sa.Select[tuple[object, ...]]:
    """The first of some events, and how many others there are."""
    found = (
        sa.select(
            sa.literal(kind).label("kind"),
            event.c.id,
            event.c.starts_at,
            event.c.time_zone,
            (sa.func.count().over() - 1).label("others"),
            (sa.literal(0) if people is None else people).label("people"),
        )
        .where(*conditions)
        .order_by(first, event.c.id)
        .limit(1)
    )
    return sa.select(*found.subquery().c)


def _account(asker: Viewer) -> sa.Select[tuple[object, ...]]:
    attended = (
        sa.select(sa.func.count().label("attended"), sa.func.count().filter(~participation.c.listed).label("unlisted"))
        .where(participation.c.citizen_id == asker.citizen_id, participation.c.status == ParticipationStatus.ATTENDED)
        .subquery()
    )
    return (
        sa.select(
            *attended.c,
            sa.exists().where(event.c.proposer_id == asker.citizen_id).label("proposed"),
            account.c.email_verified_at.is_not(None).label("email_verified"),
            citizen.c.visibility,
        )
        .select_from(account)
        .join(citizen, citizen.c.id == account.c.citizen_id)
        .join(attended, sa.true())
        .where(account.c.citizen_id == asker.citizen_id)
    )


def _read(row: Row) -> Errand:
    starts_at = row.starts_at.astimezone(ZoneInfo(row.time_zone))
    return Errand(row.id, starts_at, others=row.others, people=row.people)
