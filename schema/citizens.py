"""Citizens: their public profile, and what their participation adds up to."""

from datetime import date
from typing import Annotated, Self

import strawberry

from domain import citizens as domain
from domain.filters import CitizenOrder, OrganizerKind
from domain.ids import CitizenId
from domain.timeline import MOST_BUCKETS, TimelineInterval, TooManyBuckets
from resolvers import citizens as resolve
from resolvers import participations as resolve_participations
from resolvers import timelines as resolve_timelines
from schema.access import PUBLIC
from schema.errors import BadUserInput
from schema.ids import GlobalId, Kind, key_of, seal
from schema.influence import Influence
from schema.info import Info
from schema.ledger import LedgerEntry
from schema.limits.declared import PAGED, at_most
from schema.nodes import found_by
from schema.organizers import Organizer
from schema.paging import After, Before, Connection, First, Last, connection, window
from schema.participations import Participation, ParticipationFilterInput, WhichParticipations
from schema.people_filters import CitizenFilterInput, CitizensBy, WhichCitizens
from schema.scalars import URL
from schema.skills import Skill
from schema.territories import Territory, territory_of
from schema.themes import Theme
from schema.timelines import TimelineBucket

HISTORY, LEDGER = "history", "ledger"


@strawberry.federation.type(shareable=True, description="Somewhere else to find a citizen.")
class ProfileLink:
    label: str = strawberry.field(description="What it is.")
    url: URL = strawberry.field(description="Where it is.")


@strawberry.type(description="What a citizen has done on a theme.")
class ThemeActivity:
    theme: Theme = strawberry.field(description="The theme.")
    participation_count: int = strawberry.field(description="Confirmed participations on it.")
    points: int = strawberry.field(description="What they brought.")
    contributions_to_skill: int = strawberry.field(
        description="How many more participations its skill takes; 0 once there are enough."
    )
    organizers_to_skill: int = strawberry.field(
        description="From how many more organisers they must come; 0 once there are enough."
    )
    citizen: strawberry.Private[CitizenId]

    @strawberry.field(description="The skill that they hold on it; null where they hold none.")
    async def skill(self, info: Info) -> Skill | None:
        held = await resolve.skills(info.context, self.citizen)
        return next((Skill.of(each) for each in held if each.theme == self.theme.code), None)

    @classmethod
    def of(cls, citizen: CitizenId, record: domain.ThemeActivity) -> Self:
        return cls(
            theme=Theme.of(record.theme),
            participation_count=record.participations,
            points=record.points,
            contributions_to_skill=record.contributions_missing,
            organizers_to_skill=record.organizers_missing,
            citizen=citizen,
        )


@strawberry.federation.type(keys=["id", "handle"], description="A citizen's public profile.")
class Citizen(Organizer):
    handle: str = strawberry.field(description="Their name in addresses; never given to another.")
    bio: str | None = strawberry.field(description="What they say of themselves.")
    avatar_url: URL | None = strawberry.field(description="Their picture; null where the name is withheld.")
    member_since: date = strawberry.field(description="The day they signed up.")
    links: list[ProfileLink] = strawberry.field(
        description="Where else to find them; none where the name is withheld.", directives=at_most(5)
    )
    talents: list[str] = strawberry.field(description="What they offer to lend a cause: law, design, accounting …")
    record: strawberry.Private[domain.Citizen]

    @strawberry.field(description="Where they live.")
    async def territory(self, info: Info) -> Territory | None:
        return await territory_of(info, self.record.territory)

    @strawberry.field(description="Where they stand: points, level, rank, and why.")
    async def influence(self, info: Info) -> Influence:
        return Influence.of(await resolve.citizen_influence(info.context, self.record.id))

    @strawberry.field(description="The special skills that they hold now, the oldest first.", directives=at_most(6))
    async def skills(self, info: Info) -> list[Skill]:
        return [Skill.of(each) for each in await resolve.skills(info.context, self.record.id)]

    @strawberry.field(description="Their fields of expertise, the strongest first.", directives=at_most(6))
    async def themes(self, info: Info) -> list[ThemeActivity]:
        activities = await resolve.theme_activities(info.context, self.record.id)
        return [ThemeActivity.of(self.record.id, each) for each in activities]

    @strawberry.field(description="What they have attended and list, the last confirmed first.", directives=PAGED)
    async def participations(
        self,
        info: Info,
        filter: WhichParticipations = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Participation]:
        asked = window(first=first, after=after, last=last, before=before, order=HISTORY)
        where, citizen = ParticipationFilterInput.meant(filter), self.record.id
        page = await resolve_participations.history(info.context, citizen, where, asked)
        return connection(
            page,
            Participation.of,
            order=HISTORY,
            total=lambda: resolve_participations.history_total(info.context, citizen, where),
        )

    @strawberry.field(description="Every point they have, and why, the newest entry first.", directives=PAGED)
    async def ledger(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[LedgerEntry]:
        asked = window(first=first, after=after, last=last, before=before, order=LEDGER)
        page = await resolve.ledger(info.context, self.record.id, asked)
        return connection(
            page, LedgerEntry.of, order=LEDGER, total=lambda: resolve.ledger_total(info.context, self.record.id)
        )

    @strawberry.field(
        description="Their points over time, stretch by stretch, those in which nothing happened included: 400 at "
        "most. What is not listed shows to others in months and years alone.",
        directives=at_most(100),
    )
    async def timeline(
        self,
        info: Info,
        interval: Annotated[
            TimelineInterval, strawberry.argument(description="How long a stretch is: a month unless told.")
        ] = TimelineInterval.MONTH,
        from_: Annotated[
            date | None,
            strawberry.argument(name="from", description="A day of the first one: when they signed up unless told."),
        ] = None,
        to: Annotated[date | None, strawberry.argument(description="A day of the last one: today unless told.")] = None,
        time_zone: Annotated[
            str, strawberry.argument(description="The IANA time zone in which days begin.")
        ] = "Europe/Paris",
    ) -> list[TimelineBucket]:
        try:
            found = await resolve_timelines.of_citizen(
                info.context, self.record, interval=interval, since=from_, until=to, time_zone=time_zone
            )
        except TooManyBuckets:
            raise BadUserInput("too-many-buckets", maximum=MOST_BUCKETS) from None
        return [TimelineBucket.of(each) for each in found]

    @classmethod
    def of(cls, record: domain.Citizen) -> Self:
        return cls(
            id=seal(Kind.CITIZEN, record.id),
            name=record.name,
            kind=OrganizerKind.CITIZEN,
            handle=record.handle,
            bio=record.bio,
            avatar_url=URL(record.avatar_url) if record.avatar_url else None,
            member_since=record.member_since,
            links=[ProfileLink(label=link.label, url=URL(link.url)) for link in record.links],
            talents=list(record.talents),
            record=record,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str | None = None, handle: str | None = None) -> Self | None:
        if id is not None:
            found = await resolve.citizen(info.context, CitizenId(key_of(id, Kind.CITIZEN)))
        else:
            found = await resolve.citizen_by_handle(info.context, handle or "")
        return cls.of(found) if found else None


@found_by(Kind.CITIZEN)
async def citizen_by_id(info: Info, id: GlobalId) -> Citizen | None:
    found = await resolve.citizen(info.context, CitizenId(id.uuid))
    return Citizen.of(found) if found else None


@strawberry.type
class CitizenQuery:
    @strawberry.field(
        directives=PUBLIC, description="A citizen by handle; null where there is none, or the profile is hidden."
    )
    async def citizen(
        self, info: Info, handle: Annotated[str, strawberry.argument(description="Their name in addresses.")]
    ) -> Citizen | None:
        found = await resolve.citizen_by_handle(info.context, handle)
        return Citizen.of(found) if found else None

    @strawberry.field(
        directives=PUBLIC + PAGED, description="Citizens whose profile you may see, narrowed down and ordered."
    )
    async def citizens(
        self,
        info: Info,
        filter: WhichCitizens = None,
        order_by: CitizensBy = CitizenOrder.MEMBER_SINCE_DESC,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Citizen]:
        asked = window(first=first, after=after, last=last, before=before, order=order_by.value)
        where = CitizenFilterInput.meant(filter)
        page = await resolve.citizens(info.context, where, order=order_by, window=asked)
        return connection(
            page,
            Citizen.of,
            order=order_by.value,
            total=lambda: resolve.citizen_total(info.context, where, order=order_by),
        )
