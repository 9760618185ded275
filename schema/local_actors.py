"""Local actors: finding who is becoming active, inviting them, watching."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Self

import strawberry

from domain import local_actors as domain
from domain.api_tokens import TokenScope
from domain.ids import CitizenId, EventId, OrganizationId
from domain.ids import TerritoryCode as Code
from domain.local_actors import BadWindow, WatchId
from domain.paging import Page
from resolvers import events as resolve_events
from resolvers import local_actors as resolve
from resolvers import organizations as resolve_organizations
from schema.access import CITIZENS, partners
from schema.citizens import Citizen
from schema.errors import BadUserInput, UserError, outcome
from schema.events import Event
from schema.ids import Kind, key_of, seal
from schema.info import Info
from schema.limits.declared import PAGED, costs
from schema.organizations import Organization
from schema.paging import After, Before, First, Last, Listed, PageInfo, window
from schema.paging import seal as cursor_of
from schema.scalars import TerritoryCode, midnight
from schema.territories import Territory, territory_of
from schema.themes import Theme
from schema.words import ThemeCode

EMERGING = "emerging-citizens"


@strawberry.type(description="Somebody who is becoming active, and what they did within the window.")
class EmergingCitizenEdge:
    cursor: str = strawberry.field(description="The place of this citizen, for `after` and `before`.")
    node: Citizen = strawberry.field(description="The citizen.")
    points: int = strawberry.field(description="The points that they earned there within the window.")
    participation_count: int = strawberry.field(description="Their confirmed participations there within the window.")
    growth: float | None = strawberry.field(
        description="By how much more points than in the window before: 0.5 is half as many again; null from nothing."
    )


@strawberry.type(description="A page of citizens who are becoming active.")
class EmergingCitizenConnection:
    edges: list[EmergingCitizenEdge] = strawberry.field(description="The citizens of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")
    total: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(
        description="How many citizens the whole list has. Counted only when it is asked for.", directives=costs(5)
    )
    async def total_count(self) -> int:
        return await self.total()

    @classmethod
    def of(cls, page: Page[domain.Emerging], total: Callable[[], Awaitable[int]]) -> Self:
        edges = [
            EmergingCitizenEdge(
                cursor=cursor_of(EMERGING, each.place),
                node=Citizen.of(each.item.citizen),
                points=each.item.points,
                participation_count=each.item.participations,
                growth=each.item.growth,
            )
            for each in page.items
        ]
        return cls(edges=edges, page_info=PageInfo.of(Listed(page, EMERGING, total)), total=total)


@strawberry.type(description="What an organisation would like to be told of; for its members.")
class Watch:
    id: strawberry.ID = strawberry.field(description="The watch, for `deleteWatch`.")
    theme: Theme | None = strawberry.field(description="On which theme; null for any.")
    points: int = strawberry.field(description="The points that somebody new earns in 90 days for you to be told.")
    created_at: datetime = strawberry.field(description="Since when it is watched.")
    record: strawberry.Private[domain.Watch]

    @strawberry.field(description="Where, what it contains included.")
    async def territory(self, info: Info) -> Territory | None:
        return await territory_of(info, self.record.territory)

    @classmethod
    def of(cls, record: domain.Watch) -> Self:
        return cls(
            id=seal(Kind.WATCH, record.id),
            theme=Theme.of(record.theme) if record.theme else None,
            points=record.points,
            created_at=record.created_at,
            record=record,
        )


@strawberry.type
class LocalActorQuery:
    @strawberry.field(
        directives=partners(TokenScope.WATCH_READ) + PAGED + costs(20),
        description="For local actors: who is becoming active on a theme in a territory, the most points first. For "
        "members of verified organisations, and WATCH_READ tokens of theirs; never for political groups. Only citizens "
        "who agree to be found, and what they list; each sees who found them, and on which day.",
    )
    async def emerging_citizens(
        self,
        info: Info,
        territory: Annotated[TerritoryCode, strawberry.argument(description="Where, what it contains included.")],
        theme: Annotated[ThemeCode | None, strawberry.argument(description="On which theme; any unless told.")] = None,
        since: Annotated[
            date | None,
            strawberry.argument(
                description="What was recorded from that day in Paris on, a year ago at most: 90 days ago unless told. "
                "A whole country is counted every ten minutes for those 90 days."
            ),
        ] = None,
        organization: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="In whose name you look: of all your organisations that may, unless told."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> EmergingCitizenConnection | None:
        asked = window(first=first, after=after, last=last, before=before, order=EMERGING)
        try:
            looked = await resolve.looking(
                info.context,
                territory=Code(territory),
                theme=theme,
                since=midnight(since) if since else None,
                organization=None if organization is None else _organization(organization),
            )
        except BadWindow:
            raise BadUserInput("bad-window") from None
        page = await resolve.emerging(info.context, looked, asked)
        return EmergingCitizenConnection.of(page, lambda: resolve.emerging_total(info.context, looked))


@strawberry.input(description="Whom to invite to what.")
class InviteToEventInput:
    organization: strawberry.ID = strawberry.field(description="Who invites: a verified organisation of yours.")
    citizen: strawberry.ID = strawberry.field(description="Somebody whom it has found within a year.")
    event: strawberry.ID = strawberry.field(description="An event of its own that is open.")


@strawberry.input(description="Which invitation is refused.")
class RefuseInvitationInput:
    event: strawberry.ID = strawberry.field(description="The event that you were invited to.")


@strawberry.type(description="What became of an invitation.")
class EventInvitationPayload:
    event: Event | None = strawberry.field(description="The event; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.input(description="What to watch.")
class CreateWatchInput:
    organization: strawberry.ID = strawberry.field(description="For whom: a verified organisation of yours.")
    territory: TerritoryCode = strawberry.field(description="Where, what it contains included.")
    theme: ThemeCode | None = strawberry.field(default=None, description="On which theme; any unless told.")
    points: int = strawberry.field(
        default=200, description="The mark: so many points within 90 days, from 10 to 100,000."
    )


@strawberry.input(description="What to watch no longer.")
class DeleteWatchInput:
    id: strawberry.ID = strawberry.field(description="The watch.")


@strawberry.type(description="A watch that was made, or why it was not.")
class WatchPayload:
    watch: Watch | None = strawberry.field(description="The watch; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type(description="Whose watch was taken away, or why it was not.")
class DeleteWatchPayload:
    organization: Organization | None = strawberry.field(description="The organisation; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class LocalActorMutation:
    @strawberry.mutation(
        directives=CITIZENS,
        description="Invite somebody whom your organisation has found to an event of its own: once per citizen and "
        "event, whoever invites. They can refuse.",
    )
    async def invite_to_event(
        self, info: Info, input: Annotated[InviteToEventInput, strawberry.argument(description="Whom to what.")]
    ) -> EventInvitationPayload | None:
        citizen, event = CitizenId(key_of(input.citizen, Kind.CITIZEN)), _event(input.event)
        change = resolve.invite_to_event(info.context, _organization(input.organization), citizen, event)
        return await _invited(info, event, change)

    @strawberry.mutation(
        directives=CITIZENS, description="Refuse an invitation to an event. Nobody can invite you to it again."
    )
    async def refuse_invitation(
        self, info: Info, input: Annotated[RefuseInvitationInput, strawberry.argument(description="Which one.")]
    ) -> EventInvitationPayload | None:
        event = _event(input.event)
        return await _invited(info, event, resolve.refuse_invitation(info.context, event))

    @strawberry.mutation(
        directives=CITIZENS,
        description="Be told when somebody new who agrees to be found earns so many points within 90 days in a place. "
        "All members of the organisation are.",
    )
    async def create_watch(
        self, info: Info, input: Annotated[CreateWatchInput, strawberry.argument(description="What to watch.")]
    ) -> WatchPayload | None:
        change = resolve.create_watch(
            info.context,
            _organization(input.organization),
            territory=Code(input.territory),
            theme=input.theme,
            points=input.points,
        )
        made, errors = await outcome(info, change)
        return WatchPayload(watch=Watch.of(made) if made else None, errors=errors)

    @strawberry.mutation(directives=CITIZENS, description="Watch something no longer.")
    async def delete_watch(
        self, info: Info, input: Annotated[DeleteWatchInput, strawberry.argument(description="Which watch.")]
    ) -> DeleteWatchPayload | None:
        change = resolve.delete_watch(info.context, WatchId(key_of(input.id, Kind.WATCH)))
        owner, errors = await outcome(info, change)
        found = await resolve_organizations.organization(info.context, owner) if owner else None
        return DeleteWatchPayload(organization=Organization.of(found) if found else None, errors=errors)


async def _invited(info: Info, event: EventId, change: Awaitable[None]) -> EventInvitationPayload:
    _, errors = await outcome(info, change)
    found = None if errors else await resolve_events.event(info.context, event)
    return EventInvitationPayload(event=Event.of(found) if found else None, errors=errors)


def _organization(id: strawberry.ID) -> OrganizationId:
    return OrganizationId(key_of(id, Kind.ORGANIZATION))


def _event(id: strawberry.ID) -> EventId:
    return EventId(key_of(id, Kind.EVENT))
