"""The town of Influents after two months: a demo that is a function of a seed and a moment.

Reading order: `events.toml`, `organizations.toml` and `people.toml` (what there is to tell), programme and people
(those files), crowd (everybody else), outings (who goes to what), life (the calls).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

import sqlalchemy as sa
from argon2 import PasswordHasher

from db.engine import Database
from db.tables import citizen, event, ledger_entry, organization, outbox_message, participation, skill_holding
from domain.participations import ParticipationStatus
from influents.town.crowd import crowd
from influents.town.life import Life, Progress
from influents.town.outings import outings
from influents.town.people import DEMO_ACCOUNTS, DEMO_PASSWORD, MODERATOR, DemoAccount, Person, named
from influents.town.programme import groups, happenings, opening
from resolvers.context import Services
from resolvers.passwords import Passwords
from resolvers.statistics import count

CITIZENS = 200
EARLIEST = datetime(2014, 4, 1, tzinfo=UTC)
"""The two months come after the Barcamp of December 2013."""


class NoTown(Exception):  # noqa: N818
    """Why no town is built; the message is a line for a person."""


class TownNotEmpty(NoTown):
    """There are citizens already."""


class TownTooEarly(NoTown):
    """The town can't have come to that moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TownSummary:
    """What there is now. `about_to_begin` is the slug of the event at which check-in is open."""

    citizens: int
    organizations: int
    events: int
    registrations: int
    attendances: int
    ledger_entries: int
    points: int
    skills: int
    about_to_begin: str
    accounts: Sequence[DemoAccount] = DEMO_ACCOUNTS
    password: str = DEMO_PASSWORD


async def build_town(
    services: Services, *, seed: int, now: datetime, progress: Progress | None = None, citizens: int = CITIZENS
) -> TownSummary:
    """Make the town in a database that has no citizens.

    Args:
        services: Those of the process; the clock is the town's own.
        seed: Which town: with the same seed and moment it is the same, but for its ids and secrets.
        now: The moment, with its zone, that the town has come to; nothing in it happens later.
        progress: Told what is being made, how many are done, and of how many.
        citizens: How many there are to be; those with a part of their own are always there.

    Raises:
        TownNotEmpty: there are citizens already; nothing was changed.
        TownTooEarly: `now` lies before 2014-04-01.
    """
    if now < EARLIEST:
        raise TownTooEarly(f"the town begins after the Barcamp of 2013: choose a moment from {EARLIEST:%Y-%m-%d} on")
    if await _inhabited(services.database):
        raise TownNotEmpty("there are citizens already: the town only goes into an empty database")
    people, programme = inhabitants(seed=seed, now=now, citizens=citizens), happenings(now)
    moderator = next(person for person in people if person.handle == MODERATOR)
    quick = Passwords(workers=1, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    try:
        life = Life(services, quick=quick, progress=progress or _quietly)
        await life.settle(people)
        await life.appoint_moderator(moderator)
        await life.found(groups(now))
        await life.propose(programme, moderator=moderator)
        await life.go_out(outings(people, programme, seed=seed, now=now), programme, now=now)
    finally:
        quick.close()
    await _drop_mail(services.database)
    await count(replace(services, clock=lambda: now))
    return await _summary(services.database, now)


def inhabitants(*, seed: int, now: datetime, citizens: int = CITIZENS) -> list[Person]:
    """Everybody who lives in the town."""
    known = list(named(opening(now)))
    rng = Random(f"{seed}/people")  # noqa: S311 - a town, not a secret
    return known + crowd(rng, citizens - len(known), known=known, opening=opening(now), now=now)


async def _inhabited(database: Database) -> bool:
    async with database.reading() as session:
        return bool(await session.scalar(sa.select(sa.exists().where(citizen.c.id.is_not(None)))))


async def _drop_mail(database: Database) -> None:
    """What people of the town were told lies in their notifications; nothing of it is to leave for their addresses."""
    async with database.unit_of_work() as work:
        await work.execute(sa.delete(outbox_message).where(outbox_message.c.citizen_id.is_not(None)))


async def _summary(database: Database, now: datetime) -> TownSummary:
    attended = participation.c.status == ParticipationStatus.ATTENDED
    counts = {
        "citizens": sa.select(sa.func.count()).select_from(citizen),
        "organizations": sa.select(sa.func.count()).select_from(organization),
        "events": sa.select(sa.func.count()).select_from(event),
        "registrations": sa.select(sa.func.count()).select_from(participation),
        "attendances": sa.select(sa.func.count()).where(attended),
        "ledger_entries": sa.select(sa.func.count()).select_from(ledger_entry),
        "points": sa.select(sa.func.coalesce(sa.func.sum(ledger_entry.c.points), 0)),
        "skills": sa.select(sa.func.count()).where(skill_holding.c.lost_at.is_(None)),
        "about_to_begin": sa.select(event.c.slug).where(event.c.starts_at > now).order_by(event.c.starts_at).limit(1),
    }
    columns = (query.scalar_subquery().label(name) for name, query in counts.items())
    async with database.reading() as session:
        row = (await session.execute(sa.select(*columns))).one()
    return TownSummary(**row._mapping)


def _quietly(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""
