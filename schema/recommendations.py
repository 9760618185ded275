"""Pages of events that suit the viewer, each with why."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.events import Event as EventRecord
from domain.paging import Page
from domain.words import Sentence
from schema.info import Info
from schema.limits.declared import costs
from schema.paging import Listed, PageInfo, seal
from schema.wording import speak
from schema.words import InLocale

if TYPE_CHECKING:
    from schema.events import Event

BEST = "recommended"


@strawberry.type(description="An event that suits the viewer, and why.")
class RecommendedEventEdge:
    cursor: str = strawberry.field(description="The place of this event, for `after` and `before`.")
    node: Annotated["Event", strawberry.lazy("schema.events")] = strawberry.field(description="The event.")
    ground: strawberry.Private[Sentence]

    @strawberry.field(description="What speaks for it most, in a sentence.")
    def reason(self, info: Info, locale: InLocale = None) -> str:
        return speak(info, self.ground, locale)


@strawberry.type(description="A page of events that suit the viewer.")
class RecommendedEventConnection:
    edges: list[RecommendedEventEdge] = strawberry.field(description="The events of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")
    total: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many were found worth recommending: some hundreds at most.", directives=costs(5))
    async def total_count(self) -> int:
        return await self.total()


def recommended_connection(page: Page[tuple[EventRecord, Sentence]], *, total: int) -> RecommendedEventConnection:
    """A page of recommendations as a connection."""
    from schema.events import Event

    async def every() -> int:
        return total

    edges = [
        RecommendedEventEdge(cursor=seal(BEST, each.place), node=Event.of(each.item[0]), ground=each.item[1])
        for each in page.items
    ]
    return RecommendedEventConnection(edges=edges, page_info=PageInfo.of(Listed(page, BEST, every)), total=every)
