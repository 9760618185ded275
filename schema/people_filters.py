"""What lists of citizens and of organisations can be narrowed down to, and ordered by."""

from typing import Annotated, Optional

import strawberry

from domain.filters import CitizenFilter, CitizenOrder, OrganizationFilter
from domain.ids import TerritoryCode as Code
from domain.organizations import OrganizationKind
from schema import searches
from schema.enums import described
from schema.event_filters import IntRange
from schema.scalars import TerritoryCode
from schema.words import ThemeCode

described(
    CitizenOrder,
    description="How citizens are ordered.",
    MEMBER_SINCE_DESC="Who came last first.",
    EARNED_POINTS_DESC="Who has earned most first, self-assessments left out; of those who agree to be found.",
    HANDLE_ASC="By handle.",
)
described(
    OrganizationKind,
    description="What an organisation is.",
    ASSOCIATION="An association.",
    PUBLIC_INSTITUTION="A town, a department, a school …",
    COMPANY="A company with a civic side.",
    POLITICAL_GROUP="A political group: it may propose, and is labelled as such.",
)


@strawberry.input(
    name="CitizenFilter",
    description="Narrows a list of citizens down. All but `search` finds those alone who agree to be found.",
)
class CitizenFilterInput:
    search: str | None = strawberry.field(
        default=None,
        description="Words of their handle, of their name where it shows, and of what they say of themselves.",
    )
    territory: TerritoryCode | None = strawberry.field(
        default=None, description="Living there, what it contains included."
    )
    skill: ThemeCode | None = strawberry.field(default=None, description="Holding the skill on this theme now.")
    talents: list[str] | None = strawberry.field(
        default=None, description="Offering any of these talents; accents and case do not matter."
    )
    level: IntRange | None = strawberry.field(
        default=None, description="Of these levels, as `earnedLevel` has them: without the self-assessment."
    )

    @staticmethod
    def meant(given: Optional["CitizenFilterInput"]) -> CitizenFilter:
        """What a client's filter means; no filter is an empty one."""
        if given is None:
            return CitizenFilter()
        level = given.level or IntRange()
        return CitizenFilter(
            search=searches.words(given.search),
            territory=Code(given.territory) if given.territory else None,
            skill=given.skill,
            talents=None if given.talents is None else tuple(given.talents),
            minimum_level=level.min,
            maximum_level=level.max,
        )


@strawberry.input(name="OrganizationFilter", description="Narrows a list of organisations down.")
class OrganizationFilterInput:
    search: str | None = strawberry.field(
        default=None, description="Words of its name and of what it says of itself; accents and case do not matter."
    )
    kind: OrganizationKind | None = strawberry.field(default=None, description="Of this kind.")
    territory: TerritoryCode | None = strawberry.field(
        default=None, description="At home there, what it contains included."
    )
    verified: bool | None = strawberry.field(default=None, description="Verified by a moderator, or not.")

    @staticmethod
    def meant(given: Optional["OrganizationFilterInput"]) -> OrganizationFilter:
        """What a client's filter means; no filter is an empty one."""
        if given is None:
            return OrganizationFilter()
        territory = Code(given.territory) if given.territory else None
        return OrganizationFilter(
            search=searches.words(given.search), kind=given.kind, territory=territory, verified=given.verified
        )


WhichCitizens = Annotated[CitizenFilterInput | None, strawberry.argument(description="Which citizens.")]
CitizensBy = Annotated[
    CitizenOrder, strawberry.argument(description="How they are ordered: who came last first, unless told.")
]
WhichOrganizations = Annotated[OrganizationFilterInput | None, strawberry.argument(description="Which organisations.")]
