"""The engine and graphql-core answer the same of the service itself, and the engine opens no road that is closed.

`INFLUENTS_ORACLE_SERVICE=2000` draws so many operations instead of fifty.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from graphql import GraphQLObjectType, OverlappingFieldsCanBeMergedRule, get_named_type, is_leaf_type, parse

from benchmarks.drawing import Shape, draw
from resolvers.context import Context
from schema.build import InfluentsSchema, build
from schema.limits.bounds import Bounds
from tests.asking import Ask
from tests.engine.comparing import Answer, difference, possible_errors
from tests.engine.service import GHOST, SECRETS, Hidden, all_of, guarded, hidden, reached
from tests.every_kind import Everything

pytestmark = [
    pytest.mark.xdist_group("everything-executors"),
    # graphql-core leaves coroutines unawaited where it breaks off.
    pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

OPERATIONS = int(os.environ.get("INFLUENTS_ORACLE_SERVICE", "50"))
WIDE = Bounds(depth=50, aliases=10**6, directives=10**6, tokens=10**6, cost=10**9, nodes=10**9, introspection=True)
SHAPE = Shape(depth=5, width=4, page=5, most=150, least=2, odd=0.5)
RULES = (OverlappingFieldsCanBeMergedRule,)
OTHERWISE_EACH_TIME = frozenset(
    {
        "Query._service",  # long, and the same
        "Query.evaluateInfluence",  # a token that says when
        "Query.emergingCitizens",  # notes who looked, which the second would see
        "Viewer.dataExport",  # long, and holds that too
    }
)


@dataclass
class Both:
    """The service's schema twice: by the engine, and by graphql-core."""

    engine: InfluentsSchema
    core: InfluentsSchema
    town: Hidden
    declined: Counter[str] = field(default_factory=Counter)
    asked: int = 0

    async def ask(self, caller: str, text: str, variables: dict[str, Any], name: str | None = None) -> Answer:
        """What the engine answers, once it was held against graphql-core. Asked again, it does what it has seen in
        another way.
        """
        ctx = self.town.callers[caller]
        expected = Answer.of(await self._by(self.core, ctx, text, variables, name))
        self.asked += 1
        first, again = [Answer.of(await self._by(self.engine, ctx, text, variables, name)) for _ in range(2)]
        for answered in (first, again):
            if expected != answered:
                possible: list[Any] = []  # Any: errors as told
                if expected.data == answered.data:
                    ctx.look_again()
                    possible = await possible_errors(self.core, parse(text), variables, name, ctx)
                what = difference(expected, answered, possible)
                assert what is None, (what, caller, text, variables, expected, answered)
        return again

    async def _by(
        self, schema: InfluentsSchema, ctx: Context, text: str, variables: dict[str, Any], name: str | None
    ) -> Any:  # Any: a result
        ctx.look_again()
        return await schema.execute(text, variable_values=variables, context_value=ctx, operation_name=name)


@pytest.fixture(scope="module")
async def both(everything: Everything) -> Both:
    declined: Counter[str] = Counter()
    core = build(WIDE, executor="graphql-core")
    engine = build(WIDE, declined=lambda why: declined.update([why]))
    clock: Any = everything.services.clock  # Any: a clock that can be set
    return Both(engine, core, await hidden(everything, clock, Ask(core)), declined)


@pytest.mark.timeout(max(300, OPERATIONS))
async def test_whatever_is_asked_of_the_service_is_answered_as_graphql_core_does(both: Both) -> None:
    for number in range(OPERATIONS):
        random = Random(number)
        caller = random.choice(list(both.town.callers))
        drawn = draw(both.core.core, random, both.town.names, SHAPE, without=OTHERWISE_EACH_TIME, rules=RULES)
        await both.ask(caller, drawn.text, drawn.variables, drawn.name)

    assert both.asked >= OPERATIONS
    assert not both.declined, both.declined


def roads(schema: InfluentsSchema) -> str:
    """Every road to a thing by its id, and all that there is to read of it there."""
    core = schema.core
    everything = all_of(core, core.type_map["Node"], 1)
    return f"""query($id: ID!, $of: _Any!) {{
      node(id: $id) {{ ...All }}
      other: node(id: $id) {{ id ... on Organizer {{ name ...All }} }}
      nodes(ids: [$id, "nonsense", $id]) {{ ... on Node {{ ...All }} }}
      _entities(representations: [$of, {{__typename: "Nothing"}}, $of]) {{ __typename ... on Node {{ ...All }} }}
    }} fragment All on Node {everything}"""


CALLERS = ("nobody", "a citizen", "a hidden citizen", "an organiser", "a moderator", "a partner")


@pytest.mark.parametrize("caller", CALLERS)
async def test_by_every_road_to_a_thing_one_sees_the_same(both: Both, caller: str) -> None:
    road = roads(both.core)
    for what, id_ in both.town.ids.items():
        kind = id_.partition("_")[0].capitalize()
        answer = await both.ask(caller, road, {"id": id_, "of": {"__typename": kind, "id": id_}})
        if caller == "nobody":
            assert not any(secret in answer.data for secret in SECRETS), what


LISTS = """query($handle: String!, $search: String, $of: [_Any!]!) {
  citizen(handle: $handle) %(citizen)s
  citizens(filter: {search: $search}) { totalCount edges { node %(citizen)s } }
  event(slug: "atelier-discret") %(event)s
  events(filter: {search: $search}) { totalCount edges { node %(event)s } }
  organizations { edges { node { name organizedEvents { edges { node { title } } } members { role } } } }
  territory(code: "FR-44") { events { edges { node { title participations { edges { node { handle } } } } } } }
  themes { events { totalCount edges { node { slug checkInCode rejectionReason } } } }
  _entities(representations: $of) { ... on Citizen %(citizen)s ... on Event %(event)s }
}"""
CITIZEN = """{ handle name bio a: participations { edges { node { handle listed event { title } } } }
  ledger { edges { node { points explanation event { title } participation { listed } } } } timeline { points } }"""
EVENT = """{ title status checkInCode rejectionReason viewerParticipation { status }
  registrations { edges { node { handle status citizen { handle } waitlistPosition } } }
  feedback { edges { node { highlights author { handle } } } }
  participations { edges { node { handle citizen { handle } feedback { highlights } } } } }"""


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("search", ["brouillon", "ghost", "discret", None])
async def test_by_every_list_and_search_one_sees_the_same(both: Both, caller: str, search: str | None) -> None:
    of = [{"__typename": "Citizen", "handle": GHOST}, {"__typename": "Event", "slug": "atelier-discret"}]

    text = LISTS % {"citizen": CITIZEN, "event": EVENT}
    answer = await both.ask(caller, text, {"handle": GHOST, "search": search, "of": of})

    if caller == "nobody":
        assert not any(secret in answer.data for secret in SECRETS)


ROOTS = {
    "viewer": "viewer",
    "moderationQueue": "moderationQueue",
    "reports": "reports",
    "emergingCitizens": 'emergingCitizens(territory: "FR-44")',
}


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("root", ROOTS)
async def test_what_only_some_may_ask_for_is_refused_the_same(both: Both, caller: str, root: str) -> None:
    query = both.core.core.query_type
    assert query is not None
    type_: Any = query.fields[root].type  # Any: a type, maybe one that isn't null
    within = all_of(both.core.core, getattr(type_, "of_type", type_), 1)

    answer = await both.ask(caller, f"{{ before: __typename {ROOTS[root]} {within} }}", {})

    if caller == "nobody":
        assert f'"{root}": null' in answer.data or '"data": null' in answer.data or answer.data == "null"


def test_the_roads_lead_to_every_field_that_is_not_for_everybody(both: Both) -> None:
    core = both.core.core
    texts = [roads(both.core), f"{{ viewer {all_of(core, core.type_map['Viewer'], 1)} }}"]
    passed = set().union(*(reached(core, parse(text)) for text in texts), {f"Query.{root}" for root in ROOTS})

    left = {each for each in guarded(core) if not each.startswith("Mutation.")} - passed

    payloads = {each for each in left if each.partition(".")[0].endswith("Payload")}
    assert left == payloads, left - payloads  # what mutations answer is held to by who may do them
    assert isinstance(core.mutation_type, GraphQLObjectType)


WAYS = {
    "Citizen": (
        'citizen(handle: "HANDLE") %s',
        "_entities(representations: $of) { ... on Citizen %s }",
        'event(slug: "atelier-discret") { participations(first: 3) { edges { node { citizen %s } } } }',
    ),
    "Event": (
        'event(slug: "atelier-discret") %s',
        "events(first: 3) { totalCount edges { cursor node %s } }",
        "_entities(representations: $of) { ... on Event %s }",
        'citizen(handle: "HANDLE") { participations(first: 3) { pageInfo { endCursor } edges { node { event %s } } } }',
    ),
    "Participation": (
        'citizen(handle: "HANDLE") { participations(first: 3) { totalCount edges { node %s } } }',
        'event(slug: "atelier-discret") { participations(first: 3) { edges { node %s } } }',
    ),
}
"""Ways to things of which no more is read than what is shown."""


@pytest.mark.parametrize(("kind", "way"), [(kind, way) for kind, ways in WAYS.items() for way in ways])
async def test_each_field_is_answered_where_nothing_else_is_shown(both: Both, kind: str, way: str) -> None:
    core = both.core.core
    type_ = core.type_map[kind]
    assert isinstance(type_, GraphQLObjectType)
    handle: Any = both.town.names["citizen.handle"][0]  # Any: names may be of many kinds
    of = [
        {"__typename": "Citizen", "handle": handle},
        {"__typename": "Citizen", "id": both.town.ids["a citizen"]},
        {"__typename": "Event", "slug": "atelier-discret"},
        {"__typename": "Event", "id": both.town.ids["an event"]},
    ]

    takes = "query($of: [_Any!]!)" if "$of" in way else ""
    for name, field_ in type_.fields.items():
        returned = get_named_type(field_.type)
        within = "" if is_leaf_type(returned) else all_of(core, returned, 0)
        for caller in ("nobody", "an organiser", "a moderator"):
            text = f"{takes} {{ {way.replace('HANDLE', handle) % f'{{ {name} {within} }}'} }}"
            answer = await both.ask(caller, text, {"of": of} if takes else {})
            assert f'"{name}": ' in answer.data
