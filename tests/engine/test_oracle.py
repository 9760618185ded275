"""graphql-core is the oracle: whatever is asked of whatever schema, the engine answers the same.

2,000 operations unless told: `INFLUENTS_ORACLE_OPERATIONS=50000` looks further.
"""

import asyncio
import gc
import os
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from graphql import DocumentNode, OverlappingFieldsCanBeMergedRule, parse, validate
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from benchmarks.drawing import Rows, Shape, draw
from engine import Engine
from engine.internals import executed_by_core
from tests.engine.awkward import AWKWARD, Awkward
from tests.engine.comparing import Answer, difference, possible_errors
from tests.engine.making import Asking
from tests.engine.reducing import reduced
from tests.engine.worlds import made

OPERATIONS = int(os.environ.get("INFLUENTS_ORACLE_OPERATIONS", "2000"))
WORLDS = 12 if OPERATIONS <= 2000 else 100
TIMES = 3
"""How often the engine is asked the same: what it has seen once it does otherwise the next time."""
SHAPE = Shape(depth=3, width=3, most=40, odd=0.6, items=2)
ROWS: Rows = {
    "Int": [0, 1, 2, -1, 7],
    "Float": [0.5, 3, -1e9],
    "String": ["", "a", "é\n\"'"],
    "ID": ["x", "7"],
    "Even": [0, 2, -4],
    "entities.representations": [
        *({"__typename": name, "id": key} for name in ("Bread", "Cheese", "Drink") for key in ("x", "y", "z")),
        {"__typename": "Nothing"},
        {},
        "no object",
    ],
    "DateTime": ["2026-01-01T00:00:00+00:00"],
}
RULES = (OverlappingFieldsCanBeMergedRule,)
"""The rest is valid as it is drawn, and takes long to validate: one of fifty is."""
LIKE = {0: 2, 1: 7, 2: 4, "": "a", "a": "b", "x": "7", "7": "y", "RED": "BLUE", "BLUE": "GREEN", "GREEN": "RED", 0.5: 1}
WRONG: tuple[Any, ...] = ("wrong", 3, 2**40, None, [], {"must": 1}, {"must": 2, "evens": [2, 3]}, True, 1.5)


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation to a world, by somebody to whom its guarded fields are closed or not."""

    world: int
    document: DocumentNode
    variables: dict[str, Any]  # Any: JSON
    name: str | None = None
    closed: bool = False


@dataclass
class Oracle:
    """Both executors of the same worlds, and what became of what they were asked."""

    loop: asyncio.AbstractEventLoop
    asked: int = 0
    with_errors: int = 0
    chosen: int = 0
    declined: Counter[str] = field(default_factory=Counter)
    engines: dict[int, Engine] = field(default_factory=dict)

    def difference(self, asked: Asked) -> str | None:
        """What the engine answers otherwise, in words; None where nothing is."""
        return self.loop.run_until_complete(self._difference(asked))

    async def _difference(self, asked: Asked) -> str | None:
        schema, context = made(asked.world).schema, Asking(asked.closed)
        if asked.world not in self.engines:
            declined = self.declined
            self.engines[asked.world] = Engine(
                schema, validate=lambda _: [], declined=lambda why: declined.update([why])
            )
        core = await executed_by_core(
            schema, asked.document, variables=asked.variables, operation_name=asked.name, context=context, root=None
        )
        expected = Answer.of(core, context.effects)
        self.asked += 1
        self.with_errors += bool(expected.errors)
        chosen = False
        for _ in range(TIMES):
            again = Asking(asked.closed)
            engine = await self.engines[asked.world].execute(
                asked.document, variables=asked.variables, operation_name=asked.name, context=again
            )
            answered = Answer.of(engine, again.effects)
            if expected == answered:
                continue
            possible = await possible_errors(schema, asked.document, asked.variables, asked.name, Asking(asked.closed))
            if what := difference(expected, answered, possible):
                return f"{what}: graphql-core answers\n{expected}\nand the engine\n{answered}"
            chosen |= Counter(expected.errors) != Counter(answered.errors)
        self.chosen += chosen
        return None

    def check(self, asked: Asked) -> None:
        """Fail by the smallest operation that shows what is different."""
        different = self.difference(asked)
        if different is None:
            return
        what = different.partition(":")[0]

        def shows(document: DocumentNode) -> bool:
            smaller = Asked(asked.world, document, asked.variables, asked.name, asked.closed)
            return (self.difference(smaller) or "").partition(":")[0] == what

        text = reduced(made(asked.world).schema._schema, asked.document, shows)
        last = self.difference(Asked(asked.world, parse(text), asked.variables, asked.name, asked.closed))
        pytest.fail(f"{last or different}\nto {text}\nwith {asked.variables} in world {asked.world}", pytrace=False)


pytestmark = [
    pytest.mark.xdist_group("oracle"),
    # graphql-core leaves coroutines unawaited where it breaks off; the engine has a test of its own for that.
    pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    loop = asyncio.new_event_loop()
    yield Oracle(loop)
    loop.close()
    with warnings.catch_warnings():  # graphql-core leaves coroutines unawaited where it breaks off
        warnings.simplefilter("ignore", RuntimeWarning)
        gc.collect()


def otherwise(asked: Asked, random: Random) -> Asked:
    """The same operation with other variables: what was planned or kept for the ones may not serve for the others."""
    variables = {name: _otherwise(value, random) for name, value in asked.variables.items() if random.random() < 0.9}
    return replace(asked, variables=variables, closed=random.random() < 0.2)


def _otherwise(value: Any, random: Random) -> Any:  # Any: JSON
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [_otherwise(each, random) for each in value]
    if isinstance(value, dict):
        return {key: _otherwise(each, random) for key, each in value.items()}
    if value in LIKE:
        return LIKE[value]
    return value


def drawn(number: int) -> Asked:
    """What to ask by a number: any schema, any operation, now and then variables that are wrong."""
    random = Random(number)
    world, kind = random.randrange(WORLDS), random.choice(["query"] * 4 + ["mutation"])
    core = made(world).schema._schema
    found = draw(core, random, ROWS, SHAPE, kind=kind, rules=RULES)
    if number % 50 == 0:
        assert validate(core, found.document) == []
    if found.variables and random.random() < 0.15:
        found.variables[random.choice(sorted(found.variables))] = random.choice(WRONG)
    return Asked(world, found.document, found.variables, found.name, closed=random.random() < 0.2)


@seed(20261126)
@settings(
    max_examples=2 * OPERATIONS // 3,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a number can't be shrunk, but what it draws is reduced
)
@given(number=st.integers(0, 2**32))
def _look(oracle: Oracle, number: int) -> None:
    asked = drawn(number)
    oracle.check(asked)
    if asked.variables:
        oracle.check(otherwise(asked, Random(number)))
        oracle.check(asked)


@pytest.mark.timeout(max(600, OPERATIONS // 10))
def test_whatever_is_asked_is_answered_as_graphql_core_does(oracle: Oracle) -> None:
    _look(oracle)

    told = f"of {oracle.asked} operations, {oracle.with_errors} with errors, {oracle.chosen} told other ones"
    assert oracle.asked >= OPERATIONS, told
    assert not oracle.declined, (told, oracle.declined)  # nothing here is beyond it: else this proves nothing
    assert 0.3 < oracle.with_errors / oracle.asked < 0.8, told
    assert oracle.chosen < oracle.asked / 5, told


@pytest.mark.parametrize("awkward", AWKWARD, ids=lambda awkward: awkward.about)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_was_awkward_once_is_answered_as_graphql_core_does(oracle: Oracle, awkward: Awkward) -> None:
    document = parse(awkward.text)
    assert validate(made(awkward.world).schema._schema, document) == []

    oracle.check(Asked(awkward.world, document, dict(awkward.variables), awkward.name))
