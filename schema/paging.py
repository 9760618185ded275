"""Relay connections. A cursor is a place in a list, in an opaque envelope."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeVar

import strawberry

from domain.paging import Page, Place, Window
from schema.errors import BadUserInput
from schema.limits.declared import costs

T = TypeVar("T")
D = TypeVar("D")

UNLESS_TOLD = 20
MAXIMUM = 100
LONGEST_CURSOR = 500

First = Annotated[
    int | None, strawberry.argument(description="How many, from the start or `after` on: 1 to 100, 20 unless told.")
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description="How many, up to the end or `before`: 1 to 100. Not with `first`.")
]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@strawberry.federation.type(shareable=True, description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item; null on an empty page.")


@strawberry.type(description="An item of a page, and its place.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="The place of this item, for `after` and `before`.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")
    total: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(
        description="How many items the whole list has for you. Counted only when it is asked for.", directives=costs(5)
    )
    async def total_count(self) -> int:
        return await self.total()


def connection(
    page: Page[D], show: Callable[[D], T], *, order: str, total: Callable[[], Awaitable[int]]
) -> Connection[T]:
    """A page as a connection.

    Args:
        page: What was found.
        show: Makes a schema type of an item.
        order: The name of the list's order: a cursor is good for no other.
        total: Counts the whole list, when it is asked for.
    """
    edges = [Edge(cursor=seal(order, placed.place), node=show(placed.item)) for placed in page.items]
    info = PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info, total=total)


def window(*, first: int | None, after: str | None, last: int | None, before: str | None, order: str) -> Window:
    """The part of a list that was asked for.

    Raises:
        BadUserInput: a size out of bounds, both directions at once, or a cursor of another list.
    """
    if first is not None and last is not None:
        raise BadUserInput("first-and-last")
    limit = first if first is not None else last if last is not None else UNLESS_TOLD
    if not 1 <= limit <= MAXIMUM:
        raise BadUserInput("page-size", maximum=MAXIMUM)
    return Window(
        limit,
        after=None if after is None else unseal(order, after),
        before=None if before is None else unseal(order, before),
        backward=last is not None,
    )


def seal(order: str, place: Place) -> str:
    """A place as a cursor."""
    text = json.dumps([order, *place], separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unseal(order: str, cursor: str) -> Place:
    """The place of a cursor.

    Raises:
        BadUserInput: it is none of ours, or of a list in another order.
    """
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise BadUserInput("bad-cursor")
        padded = cursor + "=" * (-len(cursor) % 4)
        named, *place = json.loads(urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, TypeError, RecursionError):
        raise BadUserInput("bad-cursor") from None
    if named != order or not all(isinstance(value, str | int | float) for value in place):
        raise BadUserInput("bad-cursor")
    return tuple(place)
