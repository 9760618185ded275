"""What the fields of a made-up schema answer: values, nulls, errors and nonsense, decided by where they are asked.

Nothing here is drawn twice: the same place in the same schema answers the same, whoever asks and in whatever order.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, NewType
from zlib import crc32

import strawberry
from aiodataloader import DataLoader
from strawberry.permission import BasePermission
from strawberry.types.scalar import ScalarDefinition

from engine.entities import Find

Value = Any  # Any: whatever a resolver may answer, right or wrong
LEAVES = ("Int", "Float", "String", "Boolean", "ID", "Colour", "Even", "DateTime")

UNDER_WAY: list[tuple[object, ...]] = []
"""What resolvers are waiting for."""


class Refused(Exception):  # noqa: N818
    """What fields fail with."""


@strawberry.enum
class Colour(Enum):
    RED = "r"
    GREEN = "g"
    BLUE = 3


def _even(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value % 2:
        raise ValueError(f"{value!r} is odd")
    return value


Even = NewType("Even", int)
SCALARS: dict[object, ScalarDefinition] = {
    Even: strawberry.scalar(name="Even", serialize=_even, parse_value=_even),
}


@strawberry.input
class Pick:
    """An input object with something of everything."""

    must: int
    word: str | None = "usual"
    colour: Colour | None = None
    evens: list[Even] | None = strawberry.UNSET
    within: "Pick | None" = None


class Chosen(BasePermission):
    """Lets half of all parents pass."""

    message = "not chosen"

    def has_permission(self, source: Any, info: strawberry.Info, **_: object) -> bool:
        return dice("permission", getattr(source, "seed", 0), info.field_name) < 0.5


@dataclass
class Asking:
    """The context of one operation.

    Attributes:
        closed: Whether guarded fields refuse.
        effects: What mutations did, in order.
        batches: How many keys each batch of the loader had.
    """

    closed: bool = False
    effects: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    _loader: "DataLoader[tuple[Any, ...], Value] | None" = None

    def check(self) -> None:
        if self.closed:
            raise Refused("closed")

    @property
    def loader(self) -> "DataLoader[tuple[Any, ...], Value]":
        if self._loader is None:
            self._loader = DataLoader(self._load, cache=True)
        return self._loader

    async def _load(self, keys: list[tuple[Any, ...]]) -> list[Value]:
        self.batches.append(len(keys))
        await asyncio.sleep(0)
        # Who asks for the same gets the same: nothing that can be read or awaited but once.
        return [_or_error(world, form, *of, once=False) for world, form, *of in keys]


def dice(*of: object) -> float:
    """A number from 0 to 1, the same for the same."""
    return crc32(repr(of).encode()) / 2**32


@dataclass(frozen=True, slots=True)
class Form:
    """A type as GraphQL writes it: `[Int!]` is a nullable list of `Int!`."""

    of: "Form | str"
    null: bool

    @staticmethod
    @cache
    def read(text: str) -> "Form":
        null = not text.endswith("!")
        bare = text.removesuffix("!")
        return Form(Form.read(bare[1:-1]) if bare.startswith("[") else bare, null)


class World:
    """A schema's types by name, and how things of them are made."""

    def __init__(self, seed: int, possible: dict[str, list[str]], plain: dict[str, dict[str, str]]) -> None:
        self.seed = seed
        self.possible = possible
        self.plain = plain
        self.classes: dict[str, type] = {}

    def thing(self, name: str, *of: object) -> Value:
        """A thing of an object type, or of one that an abstract type may be; now and then of another."""
        kinds = self.possible[name] if dice("stranger", *of) > 0.02 else sorted(self.classes)
        kind = self.classes[kinds[int(dice("kind", *of) * len(kinds))]]
        made: Value = object.__new__(kind)
        object.__setattr__(made, "seed", crc32(repr(of).encode()))
        return made

    def attribute(self, type_: str, thing: Value, name: str) -> Value:
        """A field that is read directly."""
        form = self.plain[type_].get(name)
        if form is None:
            raise AttributeError(name)
        return self.answer(form, thing, name, awaitable=False)

    def answer(self, form: str, thing: Value, *of: object, awaitable: bool = True) -> Value:
        """What a field answers of a thing, or fails with."""
        place = (getattr(thing, "seed", self.seed), *of)
        if dice("refused", *place) < 0.02:
            raise Refused(f"refused {place}")
        if dice("returned", *place) < 0.01:
            return Refused(f"returned {place}")
        return self._value(Form.read(form), place, awaitable=awaitable)

    def _value(self, form: Form, place: tuple[object, ...], *, awaitable: bool) -> Value:
        chance = dice("value", *place)
        if chance < 0.03:
            return None
        if chance < 0.04:
            return _nonsense(dice("nonsense", *place))
        if isinstance(form.of, Form):
            items = [
                self._item(form.of, (*place, index), awaitable=awaitable)
                for index in range(int(dice("length", *place) * 4))
            ]
            return _container(items, place, awaitable=awaitable)
        if form.of in LEAVES:
            return _leaf(form.of, place)
        return self.thing(form.of, *place)

    def _item(self, form: Form, place: tuple[object, ...], *, awaitable: bool) -> Value:
        chance = dice("item", *place)
        if chance < 0.01:
            return Refused(f"item {place}")
        if chance < 0.08 and awaitable:
            return Later(self, form, place)
        return self._value(form, place, awaitable=awaitable)

    async def later(self, form: Form, place: tuple[object, ...]) -> Value:
        """An item that is awaited."""
        await wait(*place)
        if dice("late", *place) < 0.1:
            raise Refused(f"late {place}")
        return self._value(form, place, awaitable=True)

    async def loaded(self, asking: Asking, form: str, thing: Value, *of: object) -> Value:
        """What a field answers through a data loader."""
        return await asking.loader.load((self, form, getattr(thing, "seed", self.seed), *of))

    def finder(self, name: str) -> Find:
        """What finds things of a type by their representations."""

        async def find(representations: Sequence[Any], _context: object) -> list[Value]:
            await wait(name)
            return [_or_error(self, name, None, "entity", repr(each)) for each in representations]

        return find

    def column(self, form: str, parents: Sequence[Value], *of: object) -> list[Value]:
        """What a relation answers: a value or an error for each parent; now and then it fails altogether."""
        if dice("column", *of) < 0.02:
            raise Refused(f"column {of}")
        return [_or_error(self, form, each, *of) for each in parents]

    def at_hand(self, form: str, *of: object) -> Callable[[Value], Value] | None:
        """What tells a relation's values one by one, as far as they are at hand."""
        if dice("column", *of) < 0.02:
            return None
        return lambda thing: (
            None if dice("hand", getattr(thing, "seed", 0), *of) < 0.05 else _or_error(self, form, thing, *of)
        )


@dataclass(frozen=True, slots=True)
class Later:
    """An item to await: not a coroutine, since what comes after an error in a list need not be awaited."""

    world: World
    form: Form
    place: tuple[object, ...]

    def __await__(self) -> Generator[Any, None, Value]:
        return self.world.later(self.form, self.place).__await__()


def _or_error(world: World, form: str, thing: Value, *of: object, once: bool = True) -> Value:
    try:
        return world.answer(form, thing, *of, awaitable=once)
    except Refused as refused:
        return refused


async def wait(*of: object) -> None:
    """Let others go first, a few times."""
    UNDER_WAY.append(of)
    try:
        for _ in range(int(dice("wait", *of) * 3)):
            await asyncio.sleep(0)
    finally:
        UNDER_WAY.remove(of)


def told(info: strawberry.Info) -> str:
    """What a resolver is told of where it is."""
    raw = info._raw_info
    return (
        f"{info.field_name} {info.python_name} {info.path.as_list()} {raw.parent_type} {raw.return_type} "
        f"{len(info.selected_fields)} {len(raw.field_nodes)} {raw.operation.operation.value} "
        f"{sorted(info.variable_values)} {sorted(raw.fragments)}"
    )


def _nonsense(chance: float) -> Value:
    """Values of which most fit nowhere."""
    values: list[Value] = [
        "wrong",
        -1,
        3.5,
        {"a": 1},
        [],
        [1, "b"],
        True,
        float("nan"),
        2**31,
        b"bytes",
        Colour.RED,
        (),
    ]
    return values[int(chance * len(values))]


def _leaf(name: str, place: tuple[object, ...]) -> Value:
    chance = dice("leaf", *place)
    match name:
        case "Int":
            return [int(chance * 1000), True, 7.0, 2**40, "12"][0 if chance < 0.95 else int(chance * 100) % 5]
        case "Float":
            return chance if chance < 0.9 else int(chance * 100)
        case "Boolean":
            return chance < 0.5 if chance < 0.9 else 1
        case "ID":
            return f"id-{chance:.3f}" if chance < 0.7 else int(chance * 100)
        case "Colour":
            return [Colour.RED, Colour.GREEN, Colour.BLUE, "r"][int(chance * 3.05)]
        case "Even":
            return int(chance * 50) * 2 + (chance > 0.97)
        case "DateTime":
            return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=int(chance * 1000))
        case _:
            return f"word {place}" if chance < 0.98 else 5


def _container(items: list[Value], place: tuple[object, ...], *, awaitable: bool) -> Value:
    """A list, most of the time."""
    chance = dice("container", *place)
    if chance < 0.04:
        return tuple(items)
    if chance < 0.07 and awaitable:
        return _one_by_one(items, place)
    if chance < 0.09 and awaitable:
        return _streamed(items)
    return items


def _one_by_one(items: list[Value], place: tuple[object, ...]) -> Iterator[Value]:
    yield from items
    if dice("ends", *place) < 0.3:
        raise Refused(f"ends {place}")


async def _streamed(items: list[Value]) -> AsyncIterator[Value]:
    for item in items:
        await asyncio.sleep(0)
        yield item
