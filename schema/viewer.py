"""The signed-in person, and what only they may see."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated, Self, TypeVar

import strawberry
from strawberry.scalars import JSON

from domain import citizens as domain
from domain.accounts import ProfileVisibility
from domain.coaching import MOST_TIPS
from domain.ids import CitizenId
from domain.refusals import Unauthenticated
from resolvers import accounts as resolve
from resolvers import calendar_feeds as resolve_calendar_feeds
from resolvers import citizens as resolve_citizens
from resolvers import coaching as resolve_coaching
from resolvers import exports as resolve_exports
from resolvers import identities as resolve_identities
from resolvers import local_actors as resolve_local_actors
from resolvers import members as resolve_members
from resolvers import notifications as resolve_notifications
from resolvers import participations as resolve_participations
from resolvers import recommendations as resolve_recommendations
from schema.access import WITHHELD
from schema.citizens import Citizen
from schema.coaching import CoachingTip
from schema.enums import described
from schema.errors import UserError, outcome
from schema.exports import as_json
from schema.found_by import FOUND_BY, EventInvitation, FoundByConnection, found_by_connection, invitations
from schema.ids import Kind, seal
from schema.info import Info
from schema.limits.declared import PAGED, at_most, costs
from schema.members import Membership
from schema.notifications import NEWEST, Notification
from schema.paging import After, Before, Connection, First, Last, connection, window
from schema.participations import Participation, ParticipationFilterInput, WhichParticipations
from schema.recommendations import BEST, RecommendedEventConnection, recommended_connection
from schema.scalars import EmailAddress
from schema.words import Locale

described(
    ProfileVisibility,
    description="What others see of a profile.",
    PUBLIC="All of it, under one's name.",
    PSEUDONYMOUS="All of it under the handle: name, picture and links are withheld.",
    HIDDEN="Nothing.",
)
OWN = "own-participations"
T = TypeVar("T")
UnreadOnly = Annotated[bool, strawberry.argument(description="Only those that were not read yet.")]


@strawberry.type(description="A place where one is signed in.")
class SignedInSession:
    id: strawberry.ID = strawberry.field(description="The session, for `revokeSession`.")
    current: bool = strawberry.field(description="Whether it is the one that asks.")
    created_at: datetime = strawberry.field(description="When it was opened.")
    last_used_at: datetime = strawberry.field(description="When it was last refreshed.")
    user_agent: str | None = strawberry.field(description="The program that opened it, as it called itself.")


@strawberry.type(description="Who one is at an outside issuer, whose tokens stand for one here.")
class OutsideIdentity:
    issuer: str = strawberry.field(description="The issuer, as its tokens name it.")
    linked_at: datetime = strawberry.field(description="When it was linked.")


@strawberry.type(description="That one has a calendar of what one registers for.")
class CalendarFeed:
    renewed_at: datetime = strawberry.field(description="Since when it is at its address, which isn't kept.")


@strawberry.type(directives=WITHHELD, description="The signed-in person, and what only they may see.")
class Viewer:
    email: EmailAddress = strawberry.field(description="The address one signs in with.")
    email_verified: bool = strawberry.field(description="Whether that address was shown to be theirs.")
    full_name: str | None = strawberry.field(description="Their name; shown to others on a PUBLIC profile alone.")
    locale: Locale = strawberry.field(description="The language of what is written to them.")
    visibility: ProfileVisibility = strawberry.field(description="What others see of their profile.")
    discoverable: bool = strawberry.field(
        description="Whether they may be found by what they do: by local actors, and in `citizens`."
    )
    email_notifications: bool = strawberry.field(description="Whether they want to be told by e-mail.")
    moderator: bool = strawberry.field(description="Whether they are a moderator.")
    accepted_charter_version: str = strawberry.field(description="The charter that they accepted last.")
    key: strawberry.Private[CitizenId]

    @strawberry.field(description="Their profile, as others see it.")
    async def citizen(self, info: Info) -> Citizen:
        found = await resolve_citizens.citizen(info.context, self.key)
        if found is None:
            raise Unauthenticated  # erased since the request began
        return Citizen.of(found)

    @strawberry.field(
        description="Which organisations found them among those who are becoming active, and on which day; kept for a "
        "year.",
        directives=PAGED,
    )
    async def found_by(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> FoundByConnection:
        asked = window(first=first, after=after, last=last, before=before, order=FOUND_BY)
        page = await resolve_local_actors.found_by(info.context, asked)
        return await found_by_connection(info, page, lambda: resolve_local_actors.found_by_total(info.context))

    @strawberry.field(
        description="The events that organisations which found them invite them to, without those they refused; the "
        "latest first.",
        directives=at_most(100),
    )
    async def event_invitations(self, info: Info) -> list[EventInvitation]:
        return await invitations(info, await resolve_local_actors.event_invitations(info.context))

    @strawberry.field(description="Where they are signed in, the last used first.", directives=at_most(20))
    async def sessions(self, info: Info) -> list[SignedInSession]:
        viewer = info.context.viewer
        return [
            SignedInSession(
                id=seal(Kind.SESSION, each.id),
                current=viewer is not None and each.id == viewer.session_id,
                created_at=each.created_at,
                last_used_at=each.last_used_at,
                user_agent=each.user_agent,
            )
            for each in await resolve.sessions(info.context)
        ]

    @strawberry.field(
        description="The identities at outside issuers that stand for them, the first linked first.",
        directives=at_most(5),
    )
    async def identities(self, info: Info) -> list[OutsideIdentity]:
        linked = await resolve_identities.identities(info.context)
        return [OutsideIdentity(issuer=each.issuer, linked_at=each.linked_at) for each in linked]

    @strawberry.field(
        description="Their own calendar of what they registered for, where they have one: `renewCalendarFeed`."
    )
    async def calendar_feed(self, info: Info) -> CalendarFeed | None:
        found = await resolve_calendar_feeds.calendar_feed(info.context)
        return None if found is None else CalendarFeed(renewed_at=found.renewed_at)

    @strawberry.field(
        description="Where they belong, and the invitations that they have not answered.", directives=at_most(20)
    )
    async def memberships(self, info: Info) -> list[Membership]:
        return [Membership.of(each) for each in await resolve_members.memberships(info.context)]

    @strawberry.field(
        description="Everything they take or took part in, in every status, the last registered first.",
        directives=PAGED,
    )
    async def participations(
        self,
        info: Info,
        filter: WhichParticipations = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Participation]:
        asked = window(first=first, after=after, last=last, before=before, order=OWN)
        where = ParticipationFilterInput.meant(filter)
        page = await resolve_participations.own(info.context, where, asked)
        return connection(
            page,
            Participation.of,
            order=OWN,
            total=lambda: resolve_participations.own_total(info.context, where),
        )

    @strawberry.field(
        description="Events that suit them and that they can join, the best first: what begins soon nearby or online, "
        "and fits what they do, offer and lack. None of theirs, none that they registered for or gave up, and none "
        "while they have a seat elsewhere. The order holds for a day, unless something changes.",
        directives=PAGED + costs(20),
    )
    async def recommended_events(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> RecommendedEventConnection:
        asked = window(first=first, after=after, last=last, before=before, order=BEST)
        every = await resolve_recommendations.recommendations(info.context)
        page = await resolve_recommendations.recommended_events(info.context, every, asked)
        return recommended_connection(page, total=len(every))

    @strawberry.field(
        description="Their next steps, the most pressing first: five at most. Those that invite to an event name one "
        "that they can join.",
        directives=at_most(MOST_TIPS) + costs(20),
    )
    async def coaching(self, info: Info) -> list[CoachingTip]:
        return [CoachingTip.of(each) for each in await resolve_coaching.coaching(info.context)]

    @strawberry.field(description="What they were told, the newest first.", directives=PAGED)
    async def notifications(
        self,
        info: Info,
        unread_only: UnreadOnly = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Notification]:
        asked = window(first=first, after=after, last=last, before=before, order=NEWEST)
        page = await resolve_notifications.notifications(info.context, asked, unread_only=unread_only)
        return connection(
            page,
            Notification.of,
            order=NEWEST,
            total=lambda: resolve_notifications.notification_total(info.context, unread_only=unread_only),
        )

    @strawberry.field(description="How many notifications they have not read yet.")
    async def unread_notification_count(self, info: Info) -> int:
        return await resolve_notifications.notification_total(info.context, unread_only=True)

    @strawberry.field(
        description="A copy of everything that is held on them, by subject, for them to take away. What they said "
        "anonymously is nobody's, and so not in it. It needs a sign-in within the last 10 minutes: later it is "
        "UNAUTHENTICATED, until they sign in again.",
        directives=costs(500),
    )
    async def data_export(self, info: Info) -> JSON:
        return as_json(await resolve_exports.data_export(info.context))

    @classmethod
    def of(cls, account: domain.Account) -> Self:
        return cls(
            email=EmailAddress(account.email),
            email_verified=account.email_verified,
            full_name=account.full_name,
            locale=account.locale,
            visibility=account.visibility,
            discoverable=account.discoverable,
            email_notifications=account.email_notifications,
            moderator=account.moderator,
            accepted_charter_version=account.accepted_charter_version,
            key=account.citizen_id,
        )


@strawberry.type(description="The viewer after a change, or why there was none.")
class ViewerPayload:
    viewer: Viewer | None = strawberry.field(
        description="Who is signed in, as they are now; null where it was refused, or where nobody is (any more)."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


async def viewer_after(info: Info, change: Awaitable[T]) -> ViewerPayload:
    """Make a change to the viewer's own, and show them as they are then."""
    _, errors = await outcome(info, change)
    nobody = bool(errors) or info.context.viewer is None
    viewer = None if nobody else Viewer.of(await resolve.account(info.context))
    return ViewerPayload(viewer=viewer, errors=errors)


@strawberry.type
class ViewerQuery:
    @strawberry.field(
        directives=WITHHELD, description="Who is asking, and what only they may see; null when nobody is signed in."
    )
    async def viewer(self, info: Info) -> Viewer | None:
        return Viewer.of(await resolve.account(info.context)) if info.context.viewer else None
