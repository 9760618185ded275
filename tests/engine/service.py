"""The service's own schema over a town that has something to hide, asked by everybody who may see more or less."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    visit,
)
from strawberry.federation.schema_directives import Authenticated, RequiresScopes, Tag

from benchmarks.drawing import Rows
from domain.accounts import ProfileVisibility
from domain.api_tokens import TokenScope
from domain.permissions import signed_in
from resolvers.context import Context
from resolvers.participations import set_listed
from schema.access import declared
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.every_kind import Everything
from tests.factories import Town

LEAVE = """mutation($e: ID!, $t: String!) {
  leaveFeedback(input: {event: $e, rating: 2, highlights: $t, anonymous: true}) {
  feedback { id } errors { code } } }"""
REPORT = 'mutation($s: ID!) { report(input: {subject: $s, reason: "Faux profil"}) { errors { code } } }'
GHOST, DRAFT, SAID = "ghost-of-nantes", "Brouillon du printemps", "Dit en confidence"
SECRETS = (GHOST, DRAFT, SAID)
"""What nobody who isn't signed in may read, by whatever road."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A town.

    Attributes:
        callers: Who may ask, by what they are.
        ids: Ids by what they are of, what isn't for everybody among them.
        names: Values for arguments, by what takes them.
    """

    callers: dict[str, Context]
    ids: dict[str, str]
    names: Rows


async def hidden(everything: Everything, clock: Clock, ask: Ask) -> Hidden:
    """Add to a town what isn't for everybody."""
    town, nath = Town(everything.services), everything.nath
    moderator, owner = await town.moderator(), await town.citizen("owner")
    organization = await town.organization(owner, "La Fabrique discrète")
    event = await town.event(
        owner, organization.id, title="Atelier discret", starts_at=clock() + timedelta(days=1), capacity=3
    )
    ghost = await town.citizen(GHOST, visibility=ProfileVisibility.HIDDEN)
    quiet, late = await town.citizen("quiet", level=1), await town.citizen("late")
    attended = [await town.attend(each, event) for each in (nath, ghost, quiet)]
    await set_listed(quiet, event.id, listed=False)
    clock.now = event.details.ends_at
    feedback = await ask(ghost, LEAVE, e=seal(Kind.EVENT, event.id), t=SAID)
    draft = await town.event(owner, organization.id, submit=False, title=DRAFT, starts_at=clock() + timedelta(days=9))
    waits = await town.event(late, title="Attend un modérateur", starts_at=clock() + timedelta(days=12))
    token, _ = await town.token(owner, organization.id, TokenScope.FEEDBACK_READ)
    partner = await town.partner(owner, organization.id, TokenScope.ATTENDANCE_WRITE, TokenScope.FEEDBACK_READ)
    await ask(late, REPORT, s=seal(Kind.CITIZEN, signed_in(quiet.viewer).citizen_id))
    await town.look_again(owner)
    known = await ask(moderator, "{ reports { edges { node { id } } } }")
    own = await ask(nath, "{ viewer { sessions { id } notifications(first: 1) { edges { node { id } } } } }")
    entries = await ask(
        nath, "{ viewer { citizen { handle ledger(first: 2) { edges { node { id } } } skills { id } } } }"
    )
    nath_sees = entries["viewer"]["citizen"]
    ids = {
        "a citizen": seal(Kind.CITIZEN, signed_in(nath.viewer).citizen_id),
        "a hidden citizen": seal(Kind.CITIZEN, signed_in(ghost.viewer).citizen_id),
        "an organisation": seal(Kind.ORGANIZATION, organization.id),
        "an event": seal(Kind.EVENT, event.id),
        "a draft": seal(Kind.EVENT, draft.id),
        "an event that waits": seal(Kind.EVENT, waits.id),
        "a participation": seal(Kind.PARTICIPATION, attended[0].id),
        "a hidden citizen's participation": seal(Kind.PARTICIPATION, attended[1].id),
        "an unlisted participation": seal(Kind.PARTICIPATION, attended[2].id),
        "feedback": feedback["leaveFeedback"]["feedback"]["id"],
        "a token": seal(Kind.API_TOKEN, token.id),
        "a report": known["reports"]["edges"][0]["node"]["id"],
        "a session": own["viewer"]["sessions"][0]["id"],
        "a notification": own["viewer"]["notifications"]["edges"][0]["node"]["id"],
        "an entry": nath_sees["ledger"]["edges"][0]["node"]["id"],
        "a skill": nath_sees["skills"][0]["id"],
        "a theme": "theme_CULTURE",
        "a territory": "territory_FR-44",
        "nothing": f"event_{'0' * 32}",
        "nonsense": "é",
    }
    handles, slugs = (
        [nath_sees["handle"], GHOST, "quiet", "nobody-at-all"],
        [event.slug, draft.slug, waits.slug, "none"],
    )
    every_id = list(ids.values())
    names: Rows = {
        "citizen.handle": handles,
        "event.slug": slugs,
        "organization.slug": [organization.slug, "none"],
        "node.id": every_id,
        "nodes.ids": every_id,
        "search": ["discret", "brouillon", "barcamp", "ghost", "quiet"],
        "TerritoryCode": ["FR-44", "FR-PDL", "ZZ"],
        "after": ["x"],
        "IntRange.min": [0, 1],
        "_Any": [
            *({"__typename": "Citizen", "handle": each} for each in handles),
            *({"__typename": "Event", "slug": each} for each in slugs),
            *({"__typename": kind, "id": each} for kind in ("Citizen", "Event", "Participation") for each in every_id),
            {"__typename": "Theme", "code": "CULTURE"},
            {"__typename": "Nothing", "id": "x"},
            {"id": "x"},
            "no object",
        ],
    }
    callers = {
        "nobody": Context(everything.services),
        "a citizen": nath,
        "a hidden citizen": ghost,
        "an organiser": owner,
        "a moderator": moderator,
        "a partner": partner,
    }
    return Hidden(callers, ids, names)


def guarded(schema: GraphQLSchema) -> Iterator[str]:
    """The fields that aren't for everybody, as `Type.field`."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and type_ is not schema.subscription_type:
            for name, field in type_.fields.items():
                if any(map(_withholds, (*declared(field), *declared(type_)))):
                    yield f"{type_.name}.{name}"


def _withholds(directive: object) -> bool:
    if isinstance(directive, Tag):
        return directive.name != "public"
    return isinstance(directive, Authenticated | RequiresScopes)


def reached(schema: GraphQLSchema, document: DocumentNode) -> set[str]:
    """The fields that a document asks for, as `Type.field`."""
    types, found = TypeInfo(schema), set()

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = types.get_parent_type()
            if parent is not None:
                found.add(f"{parent.name}.{node.name.value}")

    visit(document, TypeInfoVisitor(types, Fields()))
    return found


def all_of(schema: GraphQLSchema, type_: GraphQLNamedType, depth: int, within: frozenset[str] = frozenset()) -> str:
    """`{ … }` with every field of a type that needs no argument, `depth` types deep and no type within itself."""
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        possible = schema.get_possible_types(type_)
        parts = [f"... on {each.name} {all_of(schema, each, depth, within)}" for each in possible]
        return f"{{ __typename {' '.join(parts)} }}"
    assert isinstance(type_, GraphQLObjectType)
    parts = [_field(schema, type_, name, depth, within | {type_.name}) for name in type_.fields]
    return f"{{ __typename {' '.join(filter(None, parts))} }}"


def _field(schema: GraphQLSchema, parent: GraphQLObjectType, name: str, depth: int, within: frozenset[str]) -> str:
    field = parent.fields[name]
    returned = get_named_type(field.type)
    if any(is_required_argument(each) for each in field.args.values()):
        return ""
    # Fields of one name may be of several kinds, so that they can't be merged.
    said = f"{parent.name}_{name}: {name}"
    if is_leaf_type(returned):
        return said
    if depth == 0 or returned.name in within:
        return ""
    passed = returned.name.endswith(("Connection", "Edge"))
    return f"{said} {all_of(schema, returned, depth if passed else depth - 1, within)}"
