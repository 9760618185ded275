"""One loader per question. Order and absence are handled once, and a batch opens a session of its own.

A set of loaders belongs to one asker and one request: what they keep is never somebody else's.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.known import Known
from db.paging import Ownership
from db.queries import (
    badges,
    citizens,
    desk,
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
from db.queries.citizens import ThemeSums
from db.queries.coaching import SituationOf, Standing, standings
from db.queries.desk import RegistrationsOf
from db.queries.event_filter import BY_ORGANIZER, BY_TERRITORY, BY_THEME
from db.queries.events import EventsOf
from db.queries.participations import HistoryOf
from db.queries.recommendations import CandidatesFor, candidates, contributions
from db.queries.rewards import pasts
from db.queries.standings import own
from db.queries.timelines import TimelineOf, bucket_sums
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
from domain.timeline import BucketSums
from domain.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookDeliveryId, WebhookId

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
D = TypeVar("D")
Query = Callable[[AsyncSession, Sequence[K]], Awaitable[Mapping[K, V]]]
AskersQuery = Callable[[AsyncSession, Viewer | None, Sequence[K]], Awaitable[Mapping[K, V]]]
CallersQuery = Callable[[AsyncSession, Caller, Sequence[K]], Awaitable[Mapping[K, V]]]

EMPTY: Page[Any] = Page()  # Any: no items of any kind
NO_RATINGS: Mapping[int, int] = {}
MOST_KEYS = 1_000
"""Keys in one statement at most; a batch of more is asked in parts."""


@dataclass(frozen=True, slots=True)
class Loaders:
    """Every question that a list can ask of each of its items."""

    citizen: DataLoader[CitizenId, Citizen | None]
    citizen_by_handle: DataLoader[str, Citizen | None]
    totals: DataLoader[CitizenId, Totals]
    skills: DataLoader[CitizenId, Sequence[Skill]]
    skill: DataLoader[SkillId, Skill | None]
    theme_sums: DataLoader[CitizenId, Sequence[ThemeSums]]
    history: DataLoader[tuple[HistoryOf, Window], Page[Participation]]
    history_total: DataLoader[HistoryOf, int]
    ledger: DataLoader[tuple[CitizenId, Window], Page[LedgerEntry]]
    ledger_total: DataLoader[CitizenId, int]
    bucket_sums: DataLoader[TimelineOf, Sequence[BucketSums]]
    ledger_entry: DataLoader[LedgerEntryId, LedgerEntry | None]
    event: DataLoader[EventId, Event | None]
    event_by_slug: DataLoader[str, Event | None]
    event_counts: DataLoader[EventId, EventCounts]
    check_in_secret: DataLoader[EventId, bytes | None]
    organized_events: DataLoader[tuple[EventsOf, Window], Page[Event]]
    organized_event_total: DataLoader[EventsOf, int]
    theme_events: DataLoader[tuple[EventsOf, Window], Page[Event]]
    theme_event_total: DataLoader[EventsOf, int]
    territory_events: DataLoader[tuple[EventsOf, Window], Page[Event]]
    territory_event_total: DataLoader[EventsOf, int]
    participation: DataLoader[ParticipationId, Participation | None]
    viewer_participation: DataLoader[EventId, Participation | None]
    badge_status: DataLoader[ParticipationId, StatusEntry | None]
    own_name: DataLoader[CitizenId, str | None]
    own_event: DataLoader[EventId, bool]
    past: DataLoader[CitizenId, Past]
    contributions: DataLoader[CitizenId, Sequence[Contribution]]
    candidates: DataLoader[CandidatesFor, Sequence[Candidate]]
    standing: DataLoader[SituationOf, Standing]
    participants: DataLoader[tuple[EventId, Window], Page[Participation]]
    participant_total: DataLoader[EventId, int]
    registrations: DataLoader[tuple[RegistrationsOf, Window], Page[Participation]]
    registration_total: DataLoader[RegistrationsOf, int]
    participant_handle: DataLoader[ParticipationId, str | None]
    place_in_line: DataLoader[ParticipationId, int | None]
    own_participations: DataLoader[tuple[ParticipationFilter, Window], Page[Participation]]
    own_participation_total: DataLoader[ParticipationFilter, int]
    notification: DataLoader[NotificationId, Notification | None]
    ratings: DataLoader[EventId, Mapping[int, int]]
    feedback: DataLoader[tuple[EventId, Window], Page[Feedback]]
    feedback_total: DataLoader[EventId, int]
    feedback_by_id: DataLoader[FeedbackId, Feedback | None]
    own_feedback: DataLoader[EventId, Feedback | None]
    organization: DataLoader[OrganizationId, Organization | None]
    organization_by_slug: DataLoader[str, Organization | None]
    members: DataLoader[OrganizationId, Sequence[Membership]]
    api_tokens: DataLoader[OrganizationId, Sequence[ApiToken]]
    territory: DataLoader[TerritoryCode, Territory | None]
    territories_within: DataLoader[TerritoryCode, Sequence[Territory]]
    citizens_in: DataLoader[TerritoryCode, int]
    tallies: DataLoader[str, Sequence[Tally]]
    watches: DataLoader[OrganizationId, Sequence[Watch]]
    webhooks: DataLoader[OrganizationId, Sequence[Webhook]]
    webhook_deliveries: DataLoader[tuple[WebhookId, Window], Page[WebhookDelivery]]
    webhook_delivery_total: DataLoader[WebhookId, int]
    webhook_attempts: DataLoader[WebhookDeliveryId, Sequence[WebhookAttempt]]


def build_loaders(database: Database, caller: Caller, known: Known) -> Loaders:
    """Fresh loaders for what `caller` may see: a token sees no more of people than nobody does.

    What is asked often goes to the database's reader; the rest through a session.
    """
    asker, reader, sessions = person(caller), database.reader, database.reading

    def read(query: Callable[..., Awaitable[Mapping[K, V]]], *by: Caller, absent: D) -> DataLoader[K, V | D]:
        return _loader(lambda keys: query(reader, *by, keys), absent=absent)

    def to_all(query: Query[K, V], *, absent: D) -> DataLoader[K, V | D]:
        async def asked(keys: Sequence[K]) -> Mapping[K, V]:
            async with sessions() as session:
                return await query(session, keys)

        return _loader(asked, absent=absent)

    def to_asker(query: AskersQuery[K, V], *, absent: D) -> DataLoader[K, V | D]:
        return to_all(lambda session, keys: query(session, asker, keys), absent=absent)

    def to_caller(query: CallersQuery[K, V], *, absent: D) -> DataLoader[K, V | D]:
        return to_all(lambda session, keys: query(session, caller, keys), absent=absent)

    def to_viewer(
        query: Callable[[AsyncSession, Viewer, Sequence[K]], Awaitable[Mapping[K, V]]], *, absent: D
    ) -> DataLoader[K, V | D]:
        async def theirs(session: AsyncSession, keys: Sequence[K]) -> Mapping[K, V]:
            return {} if asker is None else await query(session, asker, keys)

        return to_all(theirs, absent=absent)

    def events_of(owned: Ownership[Any]) -> DataLoader[tuple[EventsOf, Window], Page[Event]]:
        return to_all(lambda session, keys: events.of_owners(session, caller, keys, owned=owned), absent=EMPTY)

    def event_totals_of(owned: Ownership[Any]) -> DataLoader[EventsOf, int]:
        return to_all(lambda session, keys: events.totals_of_owners(session, caller, keys, owned=owned), absent=0)

    return Loaders(
        citizen=read(citizens.by_id, asker, absent=None),
        citizen_by_handle=read(citizens.by_handle, asker, absent=None),
        totals=read(citizens.totals, absent=Totals()),
        skills=read(citizens.skills, asker, absent=()),
        skill=read(citizens.skills_by_id, asker, absent=None),
        theme_sums=to_asker(citizens.theme_sums, absent=()),
        history=read(participations.histories, asker, absent=EMPTY),
        history_total=to_asker(participations.history_totals, absent=0),
        ledger=to_asker(ledger.of_citizens, absent=EMPTY),
        ledger_total=to_asker(ledger.totals_of_citizens, absent=0),
        bucket_sums=to_asker(bucket_sums, absent=()),
        ledger_entry=to_asker(ledger.by_id, absent=None),
        event=read(events.by_id, caller, absent=None),
        event_by_slug=read(events.by_slug, caller, absent=None),
        event_counts=read(events.participant_counts, absent=EventCounts()),
        check_in_secret=to_all(events.check_in_secrets, absent=None),
        organized_events=events_of(BY_ORGANIZER),
        organized_event_total=event_totals_of(BY_ORGANIZER),
        theme_events=events_of(BY_THEME),
        theme_event_total=event_totals_of(BY_THEME),
        territory_events=events_of(BY_TERRITORY),
        territory_event_total=event_totals_of(BY_TERRITORY),
        participation=read(participations.by_id, asker, absent=None),
        viewer_participation=read(participations.of_viewer, asker, absent=None),
        badge_status=to_viewer(drawn, absent=None),
        own_name=to_viewer(badges.own_names, absent=None),
        own_event=to_viewer(own, absent=False),
        past=to_all(pasts, absent=Past()),
        contributions=to_all(contributions, absent=()),
        candidates=to_viewer(candidates, absent=()),
        standing=to_viewer(standings, absent=Standing()),
        participants=read(participations.of_events, asker, absent=EMPTY),
        participant_total=to_asker(participations.event_totals, absent=0),
        registrations=to_caller(desk.registrations, absent=EMPTY),
        registration_total=to_caller(desk.registration_totals, absent=0),
        participant_handle=to_caller(desk.handles, absent=None),
        place_in_line=to_caller(desk.places_in_line, absent=None),
        own_participations=to_viewer(participations.of_citizen, absent=EMPTY),
        own_participation_total=to_viewer(participations.own_totals, absent=0),
        notification=to_viewer(notifications.by_id, absent=None),
        ratings=read(feedback.ratings, absent=NO_RATINGS),
        feedback=to_caller(feedback.of_events, absent=EMPTY),
        feedback_total=to_caller(feedback.totals, absent=0),
        feedback_by_id=to_caller(feedback.by_id, absent=None),
        own_feedback=to_viewer(feedback.own, absent=None),
        organization=read(known.organizations, absent=None),
        organization_by_slug=read(organizations.by_slug, absent=None),
        members=to_all(members.of_organizations, absent=()),
        api_tokens=to_all(members.tokens, absent=()),
        territory=read(known.territories, absent=None),
        territories_within=read(reference.within, absent=()),
        citizens_in=to_all(reference.citizen_counts, absent=0),
        tallies=to_all(statistics.tallies, absent=()),
        watches=to_all(local_actors.watches, absent=()),
        webhooks=to_all(webhooks.of_organizations, absent=()),
        webhook_deliveries=to_all(webhooks.deliveries, absent=EMPTY),
        webhook_delivery_total=to_all(webhooks.delivery_totals, absent=0),
        webhook_attempts=to_all(webhooks.attempts, absent=()),
    )


def _loader(ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], *, absent: D) -> DataLoader[K, V | D]:
    """Order and absence are handled here."""

    async def batch(keys: list[K]) -> list[V | D]:
        found = await ask(keys)
        return [found.get(key, absent) for key in keys]

    return DataLoader(batch, max_batch_size=MOST_KEYS)
