"""Citizens: their public profile, and what their participation adds up to."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Annotated, Self, cast

import strawberry

from domain import citizens as domain
from domain.filters import CitizenOrder, OrganizerKind
from domain.ids import CitizenId
from domain.timeline import MOST_BUCKETS, TimelineInterval
from domain.words import ThemeCode
from engine import Each, Shown, reads, relation, shown, takes
from resolvers import citizens as resolve
from resolvers import participations as resolve_participations
from resolvers import timelines as resolve_timelines
from resolvers.context import Context
from schema.access import PUBLIC
from schema.errors import BadUserInput
from schema.ids import GlobalId, Kind, sealed
from schema.influence import Influence
from schema.info import Info
from schema.ledger import LedgerEntry
from schema.limits.declared import PAGED, at_most
from schema.nodes import found_by
from schema.organizers import Organizer
from schema.paging import After, Before, Connection, First, Last, connection, connections, window
from schema.participations import Participation, ParticipationFilterInput, WhichParticipations
from schema.people_filters import CitizenFilterInput, CitizensBy, WhichCitizens
from schema.scalars import URL
from schema.skills import Skill
from schema.territories import Territory, places
from schema.themes import Theme
from schema.timelines import TimelineBucket

HISTORY, LEDGER = "history", "ledger"


@reads(domain.ProfileLink)
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
    code: strawberry.Private[ThemeCode]

    @relation(description="The skill that they hold on it; null where they hold none.")
    @staticmethod
    async def skill(activities: Sequence["ThemeActivity"], context: Context) -> Each[Skill | None]:
        held = await resolve.held(context, [(each.citizen, each.code) for each in activities])
        return [Skill.of(each) if each else None for each in held]

    @classmethod
    def of(cls, citizen: CitizenId, record: domain.ThemeActivity) -> Self:
        return cls(
            theme=Theme.of(record.theme),
            participation_count=record.participations,
            points=record.points,
            contributions_to_skill=record.contributions_missing,
            organizers_to_skill=record.organizers_missing,
            citizen=citizen,
            code=record.theme,
        )


def _themes_do(shown: Shown) -> bool:
    """Whether nothing is looked at of skills but their themes: these are read with who they are of."""
    return shown is not None and shown <= {"theme"}


def _skills_at_hand(_: Context, shown: Shown = None) -> Callable[[domain.Citizen], object] | None:
    return attrgetter("skills_by_theme") if _themes_do(shown) else None


@reads(
    domain.Citizen,
    id=sealed(Kind.CITIZEN),
    kind=takes()(lambda _: OrganizerKind.CITIZEN),
    avatar_url=takes("avatar_url")(lambda citizen: citizen.avatar_url or None),
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

    @relation(description="Where they live.")
    @staticmethod
    @takes("territory")
    async def territory(citizens: Sequence[domain.Citizen], context: Context) -> Each[Territory | None]:
        return await places(context, [citizen.territory for citizen in citizens])

    @relation(description="Where they stand: points, level, rank, and why.")
    @staticmethod
    @takes("id", "totals.points", "totals.earned_points")
    def influence(citizens: Sequence[domain.Citizen], context: Context) -> Each[Influence]:
        return cast("Each[Influence]", resolve.influences(context, citizens))

    @relation(
        at_hand=_skills_at_hand,
        description="The special skills that they hold now, the oldest first.",
        directives=at_most(6),
    )
    @staticmethod
    @takes("id", "skills_by_theme")
    def skills(citizens: Sequence[domain.Citizen], context: Context, shown: Shown = None) -> Each[list[Skill]]:
        known = resolve.skills_by_theme(citizens) if _themes_do(shown) else None
        return cast("Each[list[Skill]]", known or resolve.skills_of_each(context, citizens))

    @relation(description="Their fields of expertise, the strongest first.", directives=at_most(6))
    @staticmethod
    @takes("id")
    async def themes(citizens: Sequence[domain.Citizen], context: Context) -> Each[list[ThemeActivity]]:
        ids = [citizen.id for citizen in citizens]
        found = await resolve.theme_activities(context, ids)
        return [[ThemeActivity.of(of, each) for each in theirs] for of, theirs in zip(ids, found, strict=True)]

    @relation(description="What they have attended and list, the last confirmed first.", directives=PAGED)
    @staticmethod
    @takes("id")
    async def participations(
        citizens: Sequence[domain.Citizen],
        context: Context,
        filter: WhichParticipations = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        shown: Shown = None,
    ) -> Each[Connection[Participation]]:
        asked = window(first=first, after=after, last=last, before=before, order=HISTORY, shown=shown)
        where, ids = ParticipationFilterInput.meant(filter), [citizen.id for citizen in citizens]
        pages = await resolve_participations.histories(context, ids, where, asked)
        return connections(
            ids,
            pages,
            Participation,
            order=HISTORY,
            total=lambda of: resolve_participations.history_total(context, of, where),
        )

    @relation(description="Every point they have, and why, the newest entry first.", directives=PAGED)
    @staticmethod
    @takes("id")
    async def ledger(
        citizens: Sequence[domain.Citizen],
        context: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        shown: Shown = None,
    ) -> Each[Connection[LedgerEntry]]:
        asked = window(first=first, after=after, last=last, before=before, order=LEDGER, shown=shown)
        ids = [citizen.id for citizen in citizens]
        pages = await resolve.ledgers(context, ids, asked)
        return connections(ids, pages, LedgerEntry, order=LEDGER, total=partial(resolve.ledger_total, context))

    @relation(
        description="Their points over time, stretch by stretch, those in which nothing happened included: 400 at "
        "most. What is not listed shows to others in months and years alone.",
        directives=at_most(100),
    )
    @staticmethod
    async def timeline(
        citizens: Sequence[domain.Citizen],
        context: Context,
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
    ) -> Each[list[TimelineBucket]]:
        found = await resolve_timelines.of_citizens(
            context, citizens, interval=interval, since=from_, until=to, time_zone=time_zone
        )
        return [
            BadUserInput("too-many-buckets", maximum=MOST_BUCKETS)
            if isinstance(each, Exception)
            else cast("list[TimelineBucket]", each)
            for each in found
        ]

    @classmethod
    def of(cls, record: domain.Citizen) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


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
        found = await resolve.citizen_by_handle(info.context, handle, shown(info))
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
        asked = window(first=first, after=after, last=last, before=before, order=order_by.value, shown=shown(info))
        where = CitizenFilterInput.meant(filter)
        page = await resolve.citizens(info.context, where, order=order_by, window=asked)
        return connection(
            page,
            Citizen,
            order=order_by.value,
            total=lambda: resolve.citizen_total(info.context, where, order=order_by),
        )
