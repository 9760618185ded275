"""What every thing with an id has in common, and where each kind is looked up."""

from asyncio import gather
from collections.abc import Awaitable, Callable
from typing import Annotated, cast

import strawberry

from schema.access import PUBLIC
from schema.errors import BadUserInput
from schema.ids import GlobalId, Kind, read
from schema.info import Info
from schema.limits.declared import at_most

MOST_IDS = 100


@strawberry.interface(description="Something with an id, which `node` finds again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, and the same for ever.")


Lookup = Callable[[Info, GlobalId], Awaitable[Node | None]]
LOOKUPS: dict[Kind, Lookup] = {}
"""How each kind of thing is found by its id; each subject's file adds its own."""


def found_by(kind: Kind) -> Callable[[Lookup], Lookup]:
    """Say how things of a kind are found by their id."""

    def add(lookup: Lookup) -> Lookup:
        LOOKUPS[kind] = lookup
        return lookup

    return add


async def look_up(info: Info, id: str) -> Node | None:
    """A thing by its id; None where there is none, or none that the viewer may see."""
    known = read(id)
    lookup = LOOKUPS.get(known.kind)
    return await lookup(info, known) if lookup else None


@strawberry.type
class NodeQuery:
    @strawberry.field(
        directives=PUBLIC, description="Anything by its id; null where there is none, or none that you may see."
    )
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The id of any thing.")]
    ) -> Node | None:
        return await look_up(info, id)

    @strawberry.field(
        directives=PUBLIC + at_most(100),
        description="Many things by their ids, in the same order; null where there is none to see.",
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="100 ids at most.")],
    ) -> list[Node | None]:
        if len(ids) > MOST_IDS:
            raise BadUserInput("too-many-ids", maximum=MOST_IDS)
        # An exception is an error at its own place, and takes nothing from the others.
        found = await gather(*(look_up(info, each) for each in ids), return_exceptions=True)
        return cast("list[Node | None]", found)
