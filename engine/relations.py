"""Relations: fields that one function answers for a whole column of parents."""

import inspect
from asyncio import AbstractEventLoop, Future, get_running_loop
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias, TypeVar, cast

import strawberry
from strawberry.types.field import StrawberryField

T = TypeVar("T")

SHOWN: Final = "shown"
"""The parameter of a relation that is told what is shown (`engine/showing.py`); None unless told. It is no argument."""
Column = Callable[..., Any]  # Any: `Each` of what the field answers, or that awaited
"""`(parents, context, **arguments)`: one value a parent, or an exception in its place."""
AtHand = str | Callable[..., Callable[[Any], object] | None]  # Any: a parent
"""The attribute of a parent that has the value already, or `(context, **arguments)` that makes what tells it."""

if TYPE_CHECKING:
    Each: TypeAlias = Sequence[T | Exception]
else:

    class Each:
        """`Each[T]`: one T for each parent, or an exception in its place. To GraphQL the field is a T."""

        def __class_getitem__(cls, item: object) -> object:
            return item


class WrongLength(Exception):  # noqa: N818
    """A relation answered more or fewer values than it was given parents."""


class Relation(StrawberryField):
    """A field of a Strawberry type that is resolved for a whole column of parents at once.

    Attributes:
        column: The function that answers it.
        at_hand: How its values are had where nobody has to be asked for them.
    """

    column: Column
    at_hand: AtHand | None = None

    def __call__(self, resolver: object) -> Self:
        """Say which function answers the field."""
        self.column = cast("Column", resolver.__func__ if isinstance(resolver, staticmethod) else resolver)
        super().__call__(_one_at_a_time(self.column))
        return self

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.column, copied.at_hand = self.column, self.at_hand
        return copied


def is_told_what_is_shown(function: Callable[..., object]) -> bool:
    """Whether what answers a relation wants to know what an operation shows of the things that it answers."""
    return SHOWN in inspect.signature(function).parameters


def relation(
    column: Column | None = None,
    *,
    at_hand: AtHand | None = None,
    description: str | None = None,
    directives: Iterable[object] = (),
    name: str | None = None,
    deprecation_reason: str | None = None,
) -> Any:  # Any: as `strawberry.field`, so that a type may say what the field is
    """A field that one function answers for all parents at once, so that nothing is asked once for each of them.

    The function gets the parents, the context, and the field's arguments by their names; it answers one value a
    parent, in their order, where an exception is an error at that parent alone. It may be async. Either the type says
    what the field is, or the function does, which then has the field's arguments too:

        skills: list[Skill] = relation(skills_of, description="The skills that they hold.")

        @relation(description="What they have attended.")
        @staticmethod
        async def participations(
            citizens: Sequence[domain.Citizen], context: Context, first: First = None
        ) -> Each[Connection[Participation]]: ...

    Often a value is there already: it came with its parent, or is known to the process. Then `at_hand` tells it, by the
    name of an attribute, or by a function that is made for the context and the arguments:

        organizer: Organizer | None = relation(organizers_of, at_hand=lambda context: context.known.organizer)

    None is what it tells where it doesn't know, whatever the field may be: then the column is asked for, of all
    parents. It has to come to what the column does, and may be left out altogether.

    graphql-core, which resolves one parent at a time, is answered by the same function: what it asks in one turn of
    the event loop goes into one call.
    """
    field = Relation(
        python_name=None,
        graphql_name=name,
        description=description,
        directives=tuple(directives),
        deprecation_reason=deprecation_reason,
    )
    field.at_hand = at_hand
    return field if column is None else field(column)


def in_order(values: object, parents: Sequence[object]) -> list[Any]:  # Any: whatever the field answers
    """What a relation answered, as a list.

    Raises:
        WrongLength: it isn't one value a parent.
    """
    listed = values if isinstance(values, list) else list(cast("Iterable[Any]", values))
    if len(listed) != len(parents):
        raise WrongLength(f"{len(listed)} values for {len(parents)} parents")
    return listed


def _one_at_a_time(column: Column) -> Callable[..., Any]:  # Any: what the field answers
    """The resolver that Strawberry and graphql-core see."""
    if inspect.iscoroutinefunction(column):

        async def resolve(self: object, info: strawberry.Info, **arguments: object) -> object:
            return await _gathered(column, self, info, arguments)

    else:

        def resolve(self: object, info: strawberry.Info, **arguments: object) -> Any:  # type: ignore[misc]
            answered = column([self], info.context, **arguments)
            if not inspect.isawaitable(answered):
                return _only(answered)
            if inspect.iscoroutine(answered):  # nothing has begun: it is asked with the others
                answered.close()
                return _gathered(column, self, info, arguments)
            return _only_awaited(answered)

    _, _, *parameters = inspect.signature(column).parameters.values()
    mine = list(inspect.signature(resolve).parameters.values())[:2]
    named = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters if each.name != SHOWN]
    returned = inspect.signature(column).return_annotation
    resolve.__signature__ = inspect.Signature([*mine, *named], return_annotation=returned)  # type: ignore[attr-defined]
    resolve.__name__, resolve.__module__ = getattr(column, "__name__", "relation"), column.__module__
    return resolve


def _only(answered: object) -> object:
    [value] = in_order(answered, [None])
    if isinstance(value, Exception):
        raise value
    return value


async def _only_awaited(answered: Awaitable[object]) -> object:
    return _only(await answered)


class _Gathering:
    """Parents that are asked about in one turn of the event loop."""

    def __init__(self, column: Column, context: object, arguments: dict[str, object]) -> None:
        self.column, self.context, self.arguments = column, context, arguments
        self.parents: list[object] = []
        self.answers: list[Future[object]] = []

    def ask(self, parent: object, loop: AbstractEventLoop) -> Future[object]:
        self.parents.append(parent)
        self.answers.append(loop.create_future())
        return self.answers[-1]

    async def answer(self) -> None:
        try:
            answered = self.column(self.parents, self.context, **self.arguments)
            values = in_order(await answered if inspect.isawaitable(answered) else answered, self.parents)
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            values = [error] * len(self.parents)
        for future, value in zip(self.answers, values, strict=True):
            if future.done():
                continue
            if isinstance(value, Exception):
                future.set_exception(value)
            else:
                future.set_result(value)


_UNDER_WAY: dict[tuple[int, int, int], _Gathering] = {}


async def _gathered(column: Column, parent: object, info: strawberry.Info, arguments: dict[str, object]) -> object:
    """A parent's value, from one call for all that are asked for by the same words of the same operation."""
    loop = get_running_loop()
    key = (id(loop), id(info.context), id(info._raw_info.field_nodes[0]))
    gathering = _UNDER_WAY.get(key)
    if gathering is None:
        gathering = _UNDER_WAY[key] = _Gathering(column, info.context, arguments)
        begun = gathering

        def begin() -> None:
            _UNDER_WAY.pop(key, None)
            task = loop.create_task(begun.answer())
            _TASKS.add(task)
            task.add_done_callback(_TASKS.discard)

        loop.call_soon(begin)
    return await gathering.ask(parent, loop)


_TASKS: set[Any] = set()  # Any: tasks, which the event loop knows only weakly
