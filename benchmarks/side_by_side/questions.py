"""What is asked: documents by the service's names and by PostGraphile's, and the bodies that are sent, each another."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import md5
from random import Random
from typing import Any, Literal  # Any: JSON
from uuid import UUID

from graphql import (
    DocumentNode,
    InterfaceTypeDefinitionNode,
    IntValueNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    StringValueNode,
    parse,
)

from benchmarks.drawing import Rows, Shape, draw
from benchmarks.side_by_side.rows import CANCELLED_OR_DRAFT, OPEN_EVENTS, SECRET, Size
from domain.check_in_codes import code_at
from domain.ids import CitizenId, SessionId
from resolvers.tokens import Tokens
from schema.build import build, sdl
from schema.errors import QueryTooComplex
from schema.limits.bounds import Bounds
from schema.limits.checking import check
from schema.limits.measuring import measure

Dialect = Literal["influents", "postgraphile"]
VARIETY = 400
"""How many different bodies are sent in turn."""
ENTITIES = 100
MUTATION = "mutation"
DRAWN = "drawn"

PROFILE = """
query Profile($handle: String!) {
  citizen(handle: $handle) {
    handle name bio memberSince
    influence { level points rank { label } }
    skills { theme { code label } }
    participations(first: 20) {
      edges {
        cursor
        node {
          id pointsAwarded attendedAt
          event { id title startsAt themes { code label } organizer { name kind } }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
EVENTS = """
query Events($from: DateTime!) {
  events(filter: { startsAfter: $from }, first: 50) {
    edges {
      node {
        id title startsAt engagement points
        themes { code label }
        organizer { name }
        participations(first: 5) { edges { node { citizen { handle influence { level } } } } }
        feedbackSummary { count averageRating }
      }
    }
  }
}
"""
ENTITIES_BY_HANDLE = """
query Entities($of: [_Any!]!) {
  _entities(representations: $of) {
    ... on Citizen { handle influence { level points } skills { theme { code } } }
  }
}
"""
FEW_FIELDS = """
query Entities($of: [_Any!]!) {
  _entities(representations: $of) { ... on Citizen { handle name influence { level } } }
}
"""
TAKE_PART = """
mutation TakePart($event: ID!, $code: String!) {
  register(input: { event: $event }) { participation { status } errors { code } }
  checkIn(input: { event: $event, code: $code }) { participation { status pointsAwarded } errors { code } }
}
"""
POSTGRAPHILE_PROFILE = """
query Profile($handle: String!) {
  citizen: citizenByHandle(handle: $handle) {
    handle name bio memberSince level points rank
    skills: skillsByCitizenIdList(orderBy: [ACQUIRED_AT_ASC, THEME_ASC]) { theme: themeByTheme { code label } }
    participations: participationsByCitizenId(first: 20, orderBy: [ATTENDED_AT_DESC, ROW_ID_DESC]) {
      edges {
        cursor
        node {
          id: rowId pointsAwarded attendedAt
          event: eventByEventId {
            id: rowId title startsAt themes: topicsList { code label }
            organizer: organizationByOrganizationId { name kind }
          }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
POSTGRAPHILE_EVENTS = """
query Events($from: Datetime!) {
  events: eventsFromList(startsAfter: $from, first: 50) {
    id: rowId title startsAt engagement points
    themes: topicsList { code label }
    organizer: organizationByOrganizationId { name }
    participations: participationsByEventIdList(first: 5, orderBy: [ATTENDED_AT_DESC, ROW_ID_DESC]) {
      citizen: citizenByCitizenId { handle level }
    }
    count: answers averageRating: average
  }
}
"""
POSTGRAPHILE_ENTITIES = """
query Entities($of: [String!]!) {
  _entities: citizensByHandleList(handles: $of) {
    handle level points
    skills: skillsByCitizenIdList(orderBy: [ACQUIRED_AT_ASC, THEME_ASC]) { theme: themeByTheme { code } }
  }
}
"""
DOCUMENTS: Mapping[str, Mapping[Dialect, str]] = {
    "profile": {"influents": PROFILE, "postgraphile": POSTGRAPHILE_PROFILE},
    "events": {"influents": EVENTS, "postgraphile": POSTGRAPHILE_EVENTS},
    "entities": {"influents": ENTITIES_BY_HANDLE, "postgraphile": POSTGRAPHILE_ENTITIES},
}
OPERATIONS = {"profile": "Profile", "events": "Events", "entities": "Entities"}


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body, and who asks: a token, and whose it is."""

    text: bytes
    token: str | None = None
    citizen: UUID | None = None


def reading(question: str, dialect: Dialect, size: Size, *, many: int = VARIETY) -> list[Body]:
    """Bodies of a question, the same ones in both dialects."""
    random = Random(7)
    document = " ".join(DOCUMENTS[question][dialect].split())
    return [
        Body(_body(document, variables, OPERATIONS[question]))
        for variables in (_variables(question, dialect, size, random) for _ in range(many))
    ]


def by_handle(size: Size, many: int) -> list[Body]:
    """So many citizens at once, with little of each: what a gateway asks for a list."""
    random = Random(7)
    document = " ".join(FEW_FIELDS.split())
    bodies = []
    for _ in range(VARIETY // 10):
        numbers = random.sample(range(1, size.citizens + 1), min(many * 2, size.citizens))
        handles = list(dict.fromkeys(map(_visible, numbers)))[:many]
        variables = {"of": [{"__typename": "Citizen", "handle": handle} for handle in handles]}
        bodies.append(Body(_body(document, variables, "Entities")))
    return bodies


def _body(document: str, variables: dict[str, Any], operation: str | None) -> bytes:
    named = {"operationName": operation} if operation else {}
    return json.dumps({"query": document, "variables": variables, **named}, ensure_ascii=False).encode()


def _variables(question: str, dialect: Dialect, size: Size, random: Random) -> dict[str, Any]:
    if question == "profile":
        return {"handle": _visible(random.randrange(size.active) + 1)}
    if question == "events":
        days = 10 + random.randrange(230)  # what takes place on that day and after it fills a page
        return {"from": datetime.combine(date.today() - timedelta(days=301 - days), time(), UTC).isoformat()}  # noqa: DTZ011
    handles = list(dict.fromkeys(_visible(random.randrange(size.citizens) + 1) for _ in range(2 * ENTITIES)))
    asked = handles[: min(ENTITIES, size.citizens // 2)]
    if dialect == "postgraphile":
        return {"of": asked}
    return {"of": [{"__typename": "Citizen", "handle": handle} for handle in asked]}


def _visible(number: int) -> str:
    """Every tenth citizen is hidden: then the one before."""
    return f"citizen-{number - (number % 10 == 9)}"  # noqa: PLR2004


def taking_part(size: Size, tokens: Tokens, numbers: Iterable[int]) -> list[Body]:
    """Citizens by their numbers, each with an event that is under way: good for ten minutes, and once."""
    document = " ".join(TAKE_PART.split())
    first = size.events + 2 * (size.events // CANCELLED_OR_DRAFT) + 1
    now = datetime.now(UTC)
    code = code_at(SECRET, now)
    bodies = []
    for number in numbers:
        citizen = CitizenId(key_of("citizen", number))
        access = tokens.access(citizen=citizen, session=SessionId(key_of("session", number)), now=now)
        variables = {"event": f"event_{key_of('event', first + number % OPEN_EVENTS).hex}", "code": code}
        bodies.append(Body(_body(document, variables, "TakePart"), access.token, citizen))
    return bodies


def key_of(kind: str, number: int) -> UUID:
    """What `rows.key` makes in SQL."""
    return UUID(f"{number:012x}{md5(f'{kind}{number}'.encode(), usedforsecurity=False).hexdigest()[:20]}")


def drawn(seed: int, size: Size) -> list[Body]:
    """One query that a seed draws from the schema, within all limits, and without what only few may ask."""
    built = build()

    def fits(document: DocumentNode, variables: Mapping[str, Any]) -> bool:
        operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
        try:
            check(measure(built.core, built.prices, document, operation, variables), Bounds())
        except QueryTooComplex:
            return False
        return True

    handles = [_visible(number) for number in range(1, size.active, max(1, size.active // 50))]
    rows: Rows = {
        "citizen.handle": handles,
        "event.slug": [f"event-{number}" for number in range(1, size.events, max(1, size.events // 50))],
        "organization.slug": [f"organization-{number}" for number in range(1, max(2, size.events // 20))],
        "node.id": [f"citizen_{key_of('citizen', 1).hex}"],
        "nodes.ids": [f"event_{key_of('event', number).hex}" for number in range(1, 30)],
        "TerritoryCode": ["FR-44", "FR-35", "FR-75"],
        "_Any": [{"__typename": "Citizen", "handle": handle} for handle in handles],
    }
    shape = Shape(depth=5, width=6, least=150, most=600)
    operation = draw(built.core, Random(seed), rows, shape, without=_not_to_draw(parse(sdl(built))), fits=fits)
    return [Body(_body(operation.text, operation.variables, None))]


NOT_ABOUT_ROWS = frozenset(
    {"guides", "questionnaire", "charter", "scoringPolicy", "evaluateInfluence", "_service", "node", "nodes", "stats"}
)
DEAR = 20
"""From what `@cost` on a field is about what the database counts, not about what a server does."""


def _not_to_draw(document: DocumentNode) -> frozenset[str]:
    """Fields that only some may ask for, that count whole lists, or that aren't about rows, as `Type.field`."""
    found = set()
    for type_ in document.definitions:
        if not isinstance(type_, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            continue
        for each in type_.fields or ():
            says = {node.name.value: node.arguments[0].value for node in each.directives or () if node.arguments}
            tag, cost = says.get("tag"), says.get("cost")
            private = isinstance(tag, StringValueNode) and tag.value != "public"
            dear = isinstance(cost, IntValueNode) and int(cost.value) >= DEAR
            other = type_.name.value == "Query" and each.name.value in NOT_ABOUT_ROWS
            if private or dear or other or each.name.value in ("totalCount", "citizenCount"):
                found.add(f"{type_.name.value}.{each.name.value}")
    return frozenset(found)
