"""What was seen once is made in one loop the next time, and answered the same."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
import strawberry
from strawberry.types import ExecutionResult

from engine import Each, Engine, itself, reads, relation
from engine.shapes import LEFT_OUT


@dataclass
class Room:
    name: str | None
    next: "Room | None" = None


class Cellar(Room):
    """A room as well, but of another class."""


@dataclass
class House:
    number: int
    rooms: Sequence[Room | None] = ()
    kept: str | None = None


@dataclass
class Context:
    """What is asked for, and what is known without that."""

    houses: list[House]
    known: dict[int, Room] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)


@reads(Room, whole=itself)
@strawberry.type
class Place:
    name: str
    next: "Place | None"
    whole: "Place"


def owners(houses: Sequence[House], context: Context) -> Each[str]:
    context.asked["owner"] += 1
    return [house.kept or "nobody" for house in houses]


def largest_known(context: Context, called: str = "") -> Callable[[House], Room | None]:
    return lambda house: Room(called) if called else context.known.get(house.number)


@reads(House)
@strawberry.type
class Building:
    number: int
    rooms: list[Place | None]
    owner: str = relation(owners, at_hand="kept", description="Whose it is.")

    @relation(at_hand=largest_known, description="Its largest room.")
    @staticmethod
    async def largest(houses: Sequence[House], context: Context, called: str = "") -> Each[Place | None]:
        context.asked["largest"] += 1
        return [Room(called) if called else context.known.get(house.number, Room("the hall")) for house in houses]  # type: ignore[misc]  # rooms are places


@strawberry.type
class Query:
    @strawberry.field
    def houses(self, info: strawberry.Info[Context]) -> list[Building]:
        return info.context.houses  # type: ignore[return-value]  # houses are buildings


SCHEMA = strawberry.Schema(Query)


class Asked:
    """An operation that is asked for again and again."""

    def __init__(self, text: str) -> None:
        self.engine, self.text = Engine(SCHEMA), text

    async def of(self, context: Context) -> ExecutionResult:
        """What is answered, as graphql-core does."""
        answered = await self.engine.execute(self.text, context=context)
        core = await SCHEMA.execute(self.text, context_value=Context(context.houses, context.known))
        assert answered.data == core.data
        assert Counter(map(str, answered.errors or ())) == Counter(map(str, core.errors or ()))
        return answered


def house(number: int, *rooms: Room | None, kept: str | None = "Ada") -> House:
    return House(number, list(rooms), kept)


async def test_what_is_at_hand_is_not_asked_for_once_something_was_seen() -> None:
    asked = Asked("{ houses { number owner largest { name } } }")
    context = Context([house(1), house(2)], {1: Room("attic"), 2: Room("barn")})
    await asked.of(context)
    context.asked.clear()

    answered = await asked.of(context)

    assert answered.data == {
        "houses": [
            {"number": 1, "owner": "Ada", "largest": {"name": "attic"}},
            {"number": 2, "owner": "Ada", "largest": {"name": "barn"}},
        ]
    }
    assert not context.asked


async def test_what_is_not_at_hand_is_asked_for_of_all_and_then_tried_again() -> None:
    asked = Asked("{ houses { owner largest { name } } }")
    there = Context([house(1)], {1: Room("attic")})
    lacking = Context([house(1), house(2, kept=None)], {1: Room("attic")})
    await asked.of(there)
    await asked.of(there)
    lacking.asked.clear()

    answered = await asked.of(lacking)

    assert answered.data is not None
    assert answered.data["houses"][1] == {"owner": "nobody", "largest": {"name": "the hall"}}
    assert lacking.asked == {"owner": 1, "largest": 1}
    there.asked.clear()
    for _ in range(LEFT_OUT + 1):
        await asked.of(there)
    assert there.asked == {"owner": LEFT_OUT, "largest": LEFT_OUT}


async def test_arguments_are_told_to_what_is_at_hand() -> None:
    text = 'query($called: String = "den") { houses { a: largest(called: $called) { name } b: largest { name } } }'
    asked = Asked(text)
    context = Context([house(1)], {1: Room("attic")})
    await asked.of(context)

    answered = await asked.of(context)

    assert answered.data == {"houses": [{"a": {"name": "den"}, "b": {"name": "attic"}}]}


@pytest.mark.parametrize(
    ("rooms", "errors"),
    [
        ([], 0),
        ([Room("hall", Room("study")), None], 0),
        ([Room("hall", Room(None))], 1),
        ([Room(None), Room("hall")], 1),
        ([Room("hall"), Cellar("cellar", Room("vault"))], 0),
        ([Cellar("cellar", Cellar("vault"))], 0),
    ],
)
async def test_another_class_a_null_or_an_error_below_is_answered_at_its_place(
    rooms: list[Room | None], errors: int
) -> None:
    asked = Asked("{ houses { rooms { __typename name next { name } whole { whole { name } } } } }")
    seen = Context([house(1, Room("hall", Room("study")))])
    await asked.of(seen)
    await asked.of(seen)

    for _ in range(LEFT_OUT + 2):
        answered = await asked.of(Context([house(1, Room("attic")), house(2, *rooms)]))
        assert len(answered.errors or ()) == errors


async def test_what_nothing_was_seen_of_is_made_in_the_loop_as_soon_as_something_is() -> None:
    asked = Asked("{ houses { rooms { name next { name } } } }")
    for houses in ([house(1)], [house(1, Room("hall"))], [house(1, Room("hall", Room("study")))], [house(1, None)]):
        for _ in range(2):
            await asked.of(Context(houses))


async def test_objects_in_objects_are_made_however_deep_they_are() -> None:
    deep, text = Room("0"), "name"
    for number in range(1, 30):
        deep, text = Room(str(number), deep), f"name next {{ {text} }}"
    asked = Asked(f"{{ houses {{ rooms {{ {text} }} }} }}")
    for _ in range(3):
        answered = await asked.of(Context([house(1, deep)]))
        assert not answered.errors
