"""Relay connections. A cursor is a place in a list, in an opaque envelope."""

import json
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, repeat
from operator import attrgetter, concat
from typing import Annotated, Any, Generic, NamedTuple, Self, TypeVar, cast

import orjson
import strawberry

from domain.paging import Page, Place, Placed, Window
from engine import Shown, itself, reads_through, takes
from schema.errors import BadUserInput
from schema.limits.declared import costs

_URLSAFE = bytes.maketrans(b"+/", b"-_")
T = TypeVar("T")
D = TypeVar("D")
K = TypeVar("K")

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


class Listed(NamedTuple, Generic[D]):
    """A page as a connection shows it.

    Attributes:
        page: What was found.
        order: The name of the list's order: a cursor is good for no other.
        total: Counts the whole list, when it is asked for.
        edges: Its items with what is shown of them.
    """

    page: Page[D]
    order: str
    total: Callable[[], Awaitable[int]]
    edges: Sequence[object] = ()

    def cursor(self, number: int) -> str | None:
        """The cursor of the first item, or of the last one."""
        return seal(self.order, self.page.items[number].place) if self.page.items else None


class Edged(NamedTuple):
    """What is shown of an item, and its cursor: None where nobody looks at cursors."""

    node: object
    cursor: str | None


MakesEdge = Callable[[tuple[Any, ...]], object]
"""Makes an edge of a node, its cursor, and what else it has. Any: these."""
_listed = cast("Callable[[tuple[Page[Any], str, object, object]], Any]", partial(tuple.__new__, Listed))
"""Any: whatever is listed."""
_edged = cast("MakesEdge", partial(tuple.__new__, Edged))


def edges(
    pages: Iterable[Page[D]],
    order: str,
    show: Callable[[D], object] | None = None,
    *,
    edge: MakesEdge = _edged,
    besides: Sequence[object] = (),
) -> Iterator[Sequence[object]]:
    """The items of each page. An answer has hundreds: nothing written in Python is called for each, nor for a page."""
    lists = list(map(attrgetter("items"), pages))
    items = list(chain.from_iterable(lists))
    of_all = map(edge, zip(_nodes(items, show), _cursors(order, items), *map(repeat, besides), strict=False))
    return map(list, map(islice, repeat(of_all), map(len, lists)))


def _nodes(items: Sequence[Placed[D]], show: Callable[[D], object] | None) -> Iterable[object]:
    """What is shown of each item: what `show` makes of it, or itself."""
    if show is not None:
        return [show(each.item) for each in items]
    # a row is an item as well as its place
    return [each.item for each in items] if items and type(items[0]) is Placed else items


def _cursors(order: str, items: Sequence[Placed[D]]) -> Iterable[str | None]:
    places = type(items[0]).places(items) if items else ()
    return repeat(None) if places is None else _sealed(order, places)


@reads_through(
    Listed,
    has_next_page=takes("more")(lambda listed: listed.page.has_next),
    has_previous_page=takes("more")(lambda listed: listed.page.has_previous),
    start_cursor=takes("place")(lambda listed: listed.cursor(0)),
    end_cursor=takes("place")(lambda listed: listed.cursor(-1)),
)
@strawberry.federation.type(shareable=True, description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item; null on an empty page.")

    @classmethod
    def of(cls, listed: Listed[D]) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", listed)


@reads_through(Edged, cursor=takes("place")("cursor"))
@strawberry.type(description="An item of a page, and its place.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="The place of this item, for `after` and `before`.")
    node: T = strawberry.field(description="The item.")


@reads_through(Listed, page_info=itself)
@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")

    @strawberry.field(
        description="How many items the whole list has for you. Counted only when it is asked for.", directives=costs(5)
    )
    @staticmethod
    @takes()
    async def total_count(listed: strawberry.Parent[Listed[object]]) -> int:
        return await listed.total()


def connection(
    page: Page[D], show: Callable[[D], T] | type[T], *, order: str, total: Callable[[], Awaitable[int]]
) -> Connection[T]:
    """A page as a connection.

    Args:
        page: What was found.
        show: Makes a schema type of an item; or the type, where an item is read like it.
        order: The name of the list's order: a cursor is good for no other.
        total: Counts the whole list, when it is asked for.
    """
    [made] = connections([None], [page], show, order=order, total=lambda _: total())
    return made


def connections(
    owners: Iterable[K],
    pages: Sequence[Page[D]],
    show: Callable[[D], T] | type[T],
    *,
    order: str,
    total: Callable[[K], Awaitable[int]],
    edge: MakesEdge = _edged,
    besides: Sequence[object] = (),
) -> list[Connection[T]]:
    """The same of each of many owners; `total` counts the list of one.

    Where edges have more than a node and a cursor, `edge` makes them of these and of what they have `besides`.
    """
    edged = edges(pages, order, None if isinstance(show, type) else show, edge=edge, besides=besides)
    return list(map(_listed, zip(pages, repeat(order), map(partial, repeat(total), owners), edged, strict=False)))


def window(
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    order: str,
    shown: Shown = None,
) -> Window:
    """The part of a list that was asked for, and what is shown of it.

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
        shown=shown,
    )


def seal(order: str, place: Place) -> str:
    """A place as a cursor."""
    [sealed] = _sealed(order, [place])
    return sealed


def _sealed(order: str, places: Iterable[Place]) -> Iterator[str]:
    """The same of many, without calling anything written in Python for each."""
    written = map(partial(orjson.dumps, default=str), map(partial(concat, (order,)), places))
    return map(bytes.decode, map(bytes.translate, map(b2a_base64, written), repeat(_URLSAFE), repeat(b"=\n")))


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
