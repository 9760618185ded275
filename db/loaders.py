"""One loader per question. Order and absence are handled once, and a batch has a connection of its own.

A set of loaders belongs to one asker and one request: what they keep is never somebody else's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeAlias, TypeVar

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.known import Known
from db.narrowing import Shown
from db.paging import Ownership
from db.queries import (
    badges,
    citizens,
    desk,
    event_search,
    events,
    feedback,
    ledger,
    local_actors,
    members,
    notifications,
    organizations,
    participations,
    reference,
    statistics,
    webhooks,
)
from db.queries.coaching import SituationOf, Standing, standings
from db.queries.desk import RegistrationsOf
from db.queries.event_filter import BY_ORGANIZER, BY_TERRITORY, BY_THEME
from db.queries.event_search import EventsOf
from db.queries.participations import HistoryOf
from db.queries.recommendations import CandidatesFor, candidates, contributions
from db.queries.rewards import pasts
from db.queries.standings import own
from db.reading import Reader
from db.together import Together
from db.writes.badges import drawn
from domain.api_tokens import ApiToken
from domain.badges import StatusEntry
from domain.citizens import Citizen, Viewer
from domain.events import Event, EventCounts
from domain.feedback import Feedback, FeedbackId
from domain.filters import ParticipationFilter
from domain.ids import (
    CitizenId,
    EventId,
    LedgerEntryId,
    NotificationId,
    OrganizationId,
    ParticipationId,
    SkillId,
    TerritoryCode,
)
from domain.influence import Totals
from domain.ledger import LedgerEntry
from domain.local_actors import Watch
from domain.membership import Membership
from domain.notifications import Notification
from domain.organizations import Organization
from domain.paging import Page, Window
from domain.participations import Participation
from domain.permissions import Caller, person
from domain.recommendations import Candidate
from domain.rewards import Past
from domain.skills import Contribution, Skill
from domain.statistics import Tally
from domain.territories import Territory
from domain.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookDeliveryId, WebhookId

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
D = TypeVar("D")
Query = Callable[[AsyncSession, Sequence[K]], Awaitable[Mapping[K, V]]]
CallersQuery = Callable[[AsyncSession, Caller, Sequence[K]], Awaitable[Mapping[K, V]]]

Made: TypeAlias = cached_property[DataLoader[K, V]]
"""A loader that is made when it is first asked."""
made = cached_property

EMPTY: Page[Any] = Page()  # Any: no items of any kind
MOST_KEYS = 1_000
"""Keys in one statement at most; a batch of more is asked in parts."""


class Loaders:
    """Every question that a list can ask of each of its items, for one caller. Of sixty a request asks one or two: each
    is made when it is first asked.

    What is asked often goes to the database's reader, the rest through a session; what is kept for others as well, to
    `lasting`, which is never behind. A token sees no more of people than nobody does.
    """

    def __init__(self, database: Database, caller: Caller, known: Known, *, lasting: Reader) -> None:
        self.database, self.caller, self.known, self.lasting = database, caller, known, lasting
        self.asker = person(caller)
        self._by_what_is_shown: dict[tuple[str, Shown], DataLoader[str, Any] | None] = {}  # Any: citizens, events

    def read(self, query: Callable[..., Awaitable[Mapping[K, V]]], *by: Caller, absent: D) -> DataLoader[K, V | D]:
        return _loader(lambda keys: query(self.database.reader, *by, keys), absent=absent)

    def to_all(self, query: Query[K, V], *, absent: D) -> DataLoader[K, V | D]:
        async def asked(keys: Sequence[K]) -> Mapping[K, V]:
            async with self.database.reading() as session:
                return await query(session, keys)

        return _loader(asked, absent=absent)

    def to_caller(self, query: CallersQuery[K, V], *, absent: D) -> DataLoader[K, V | D]:
        return self.to_all(lambda session, keys: query(session, self.caller, keys), absent=absent)

    def to_viewer(
        self, query: Callable[[AsyncSession, Viewer, Sequence[K]], Awaitable[Mapping[K, V]]], *, absent: D
    ) -> DataLoader[K, V | D]:
        async def theirs(session: AsyncSession, keys: Sequence[K]) -> Mapping[K, V]:
            return {} if self.asker is None else await query(session, self.asker, keys)

        return self.to_all(theirs, absent=absent)

    def event_totals_of(self, owned: Ownership[Any]) -> DataLoader[EventsOf, int]:
        async def asked(keys: Sequence[EventsOf]) -> Mapping[EventsOf, int]:
            found = await event_search.often_totals_of_owners(self.database.reader, self.caller, keys, owned=owned)
            if seldom := [key for key in keys if key not in found]:
                async with self.database.reading() as session:
                    found |= await event_search.totals_of_owners(session, self.caller, seldom, owned=owned)
            return found

        return _loader(asked, absent=0)

    def citizen_by_handle(self, handle: str, shown: Shown = None) -> Awaitable[Citizen | None]:
        """A citizen by their handle, with as much of them as is shown."""
        return self._as_shown("citizen", citizens.by_handle, self.asker, handle, shown)

    def event_by_slug(self, slug: str, shown: Shown = None) -> Awaitable[Event | None]:
        """An event by its slug, likewise."""
        return self._as_shown("event", events.by_slug, self.caller, slug, shown)

    async def _as_shown(
        self, what: str, query: Callable[..., Awaitable[Mapping[str, V]]], by: Caller, key: str, shown: Shown
    ) -> V | None:
        """One by its key. Mostly it is the only one: that is asked for at once, and only others wait for each other.

        There is a loader for each set of what is shown: what one of them reads, another may lack.
        """
        if (what, shown) not in self._by_what_is_shown:
            self._by_what_is_shown[what, shown] = None
            return (await query(self.database.reader, by, [key], shown=shown)).get(key)
        loader = self._by_what_is_shown[what, shown] or self.read(partial(query, shown=shown), by, absent=None)
        self._by_what_is_shown[what, shown] = loader
        found: V | None = await loader.load(key)
        return found

    citizen: Made[CitizenId, Citizen | None] = made(lambda of: of.read(citizens.by_id, of.asker, absent=None))
    totals: Made[CitizenId, Totals] = made(lambda of: of.read(citizens.totals, absent=Totals()))
    skills: Made[CitizenId, Sequence[Skill]] = made(lambda of: of.read(citizens.skills, of.asker, absent=()))
    skill: Made[SkillId, Skill | None] = made(lambda of: of.read(citizens.skills_by_id, of.asker, absent=None))
    history_total: Made[HistoryOf, int] = made(lambda of: of.read(participations.history_totals, of.asker, absent=0))
    ledger_total: Made[CitizenId, int] = made(lambda of: of.read(ledger.totals_of_citizens, of.asker, absent=0))
    ledger_entry: Made[LedgerEntryId, LedgerEntry | None] = made(
        lambda of: of.read(ledger.by_id, of.asker, absent=None)
    )
    event: Made[EventId, Event | None] = made(lambda of: of.read(events.by_id, of.caller, absent=None))
    event_counts: cached_property[Together[EventId, EventCounts]] = made(
        lambda of: Together(partial(events.participant_counts, of.database.reader), absent=EventCounts())
    )
    check_in_secret: Made[EventId, bytes | None] = made(lambda of: of.to_all(events.check_in_secrets, absent=None))
    organized_event_total: Made[EventsOf, int] = made(lambda of: of.event_totals_of(BY_ORGANIZER))
    theme_event_total: Made[EventsOf, int] = made(lambda of: of.event_totals_of(BY_THEME))
    territory_event_total: Made[EventsOf, int] = made(lambda of: of.event_totals_of(BY_TERRITORY))
    participation: Made[ParticipationId, Participation | None] = made(
        lambda of: of.read(participations.by_id, of.asker, absent=None)
    )
    viewer_participation: Made[EventId, Participation | None] = made(
        lambda of: of.read(participations.of_viewer, of.asker, absent=None)
    )
    badge_status: Made[ParticipationId, StatusEntry | None] = made(lambda of: of.to_viewer(drawn, absent=None))
    own_name: Made[CitizenId, str | None] = made(lambda of: of.to_viewer(badges.own_names, absent=None))
    own_event: Made[EventId, bool] = made(lambda of: of.to_viewer(own, absent=False))
    past: Made[CitizenId, Past] = made(lambda of: of.to_all(pasts, absent=Past()))
    contributions: Made[CitizenId, Sequence[Contribution]] = made(lambda of: of.to_all(contributions, absent=()))
    candidates: Made[CandidatesFor, Sequence[Candidate]] = made(lambda of: of.to_viewer(candidates, absent=()))
    standing: Made[SituationOf, Standing] = made(lambda of: of.to_viewer(standings, absent=Standing()))
    participant_total: Made[EventId, int] = made(lambda of: of.read(participations.event_totals, of.asker, absent=0))
    registrations: Made[tuple[RegistrationsOf, Window], Page[Participation]] = made(
        lambda of: of.to_caller(desk.registrations, absent=EMPTY)
    )
    registration_total: Made[RegistrationsOf, int] = made(lambda of: of.to_caller(desk.registration_totals, absent=0))
    participant_handle: Made[ParticipationId, str | None] = made(lambda of: of.to_caller(desk.handles, absent=None))
    place_in_line: Made[ParticipationId, int | None] = made(lambda of: of.to_caller(desk.places_in_line, absent=None))
    own_participations: Made[tuple[ParticipationFilter, Window], Page[Participation]] = cached_property(
        lambda of: of.read(participations.own, of.asker, absent=EMPTY)
    )
    own_participation_total: Made[ParticipationFilter, int] = made(
        lambda of: of.read(participations.own_totals, of.asker, absent=0)
    )
    notification: Made[NotificationId, Notification | None] = made(
        lambda of: of.to_viewer(notifications.by_id, absent=None)
    )
    feedback: Made[tuple[EventId, Window], Page[Feedback]] = made(
        lambda of: of.to_caller(feedback.of_events, absent=EMPTY)
    )
    feedback_total: Made[EventId, int] = made(lambda of: of.to_caller(feedback.totals, absent=0))
    feedback_by_id: Made[FeedbackId, Feedback | None] = made(lambda of: of.to_caller(feedback.by_id, absent=None))
    own_feedback: Made[EventId, Feedback | None] = made(lambda of: of.to_viewer(feedback.own, absent=None))
    organization: Made[OrganizationId, Organization | None] = made(
        lambda of: _loader(lambda ids: of.known.organizations(of.lasting, ids), absent=None)
    )
    organization_by_slug: Made[str, Organization | None] = made(lambda of: of.read(organizations.by_slug, absent=None))
    members: Made[OrganizationId, Sequence[Membership]] = made(
        lambda of: of.to_all(members.of_organizations, absent=())
    )
    api_tokens: Made[OrganizationId, Sequence[ApiToken]] = made(lambda of: of.to_all(members.tokens, absent=()))
    territory: Made[TerritoryCode, Territory | None] = made(
        lambda of: _loader(lambda codes: of.known.territories(of.lasting, codes), absent=None)
    )
    citizens_in: Made[TerritoryCode, int] = made(lambda of: of.read(reference.citizen_counts, absent=0))
    tallies: Made[str, Sequence[Tally]] = made(lambda of: of.to_all(statistics.tallies, absent=()))
    watches: Made[OrganizationId, Sequence[Watch]] = made(lambda of: of.to_all(local_actors.watches, absent=()))
    webhooks: Made[OrganizationId, Sequence[Webhook]] = made(lambda of: of.to_all(webhooks.of_organizations, absent=()))
    webhook_deliveries: Made[tuple[WebhookId, Window], Page[WebhookDelivery]] = made(
        lambda of: of.to_all(webhooks.deliveries, absent=EMPTY)
    )
    webhook_delivery_total: Made[WebhookId, int] = made(lambda of: of.to_all(webhooks.delivery_totals, absent=0))
    webhook_attempts: Made[WebhookDeliveryId, Sequence[WebhookAttempt]] = made(
        lambda of: of.to_all(webhooks.attempts, absent=())
    )


class _Loader(DataLoader[K, V]):
    """What is loaded is for all who ask for it: who is broken off, as graphql-core does it, takes it from nobody."""

    def load(self, key: K) -> asyncio.Future[V]:
        return asyncio.shield(super().load(key))


def _loader(ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], *, absent: D) -> DataLoader[K, V | D]:
    """Order and absence are handled here."""

    async def batch(keys: list[K]) -> list[V | D]:
        found = await ask(keys)
        return [found.get(key, absent) for key in keys]

    return _Loader(batch, max_batch_size=MOST_KEYS)
