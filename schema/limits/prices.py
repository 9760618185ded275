"""What each field costs, as it is declared in the schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from strawberry.federation.schema_directives import Cost, ListSize

from schema.access import declared
from schema.paging import MAXIMUM, UNLESS_TOLD

SENT: Final = {("Query", "nodes"): "ids", ("Query", "_entities"): "representations"}
"""Lists that have as many items as were sent: known exactly, where `@listSize` can only say how many at most."""
INTROSPECTED: Final = {
    "types": 200, "directives": 20, "fields": 8, "args": 4, "inputFields": 8, "enumValues": 6,
    "interfaces": 2, "possibleTypes": 6,
}  # fmt: skip
"""How many there are of each, typically: introspection declares nothing."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one field costs.

    Attributes:
        weight: What it costs for each item.
        node: Whether it returns objects.
        size: How many items, where nothing is told; None where the page says it that the list is of.
        slicing: Arguments that tell how many.
        sent: An argument that is a list, and is answered item by item.
        page: Whether its size is that of a list within it.
    """

    weight: int = 1
    node: bool = True
    size: int | None = 1
    slicing: tuple[str, ...] = ()
    sent: str | None = None
    page: bool = False


Prices = Mapping[tuple[str, str], Price]


def prices(schema: GraphQLSchema) -> Prices:
    """Every field's price, by the names of its type and its own."""
    return {
        (name, field): _price(name, field, definition)
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for field, definition in type_.fields.items()
    }


def _price(type_: str, name: str, field: GraphQLField) -> Price:
    returned = get_named_type(field.type)
    costs = (each.weight for each in (*declared(field), *declared(returned)) if isinstance(each, Cost))
    cost = next(costs, None)
    list_size = next((each for each in declared(field) if isinstance(each, ListSize)), None)
    node = not is_leaf_type(returned)
    weight = cost if cost is not None else int(node)
    if list_size is not None and list_size.slicing_arguments:
        return Price(weight, node, UNLESS_TOLD, tuple(list_size.slicing_arguments), page=bool(list_size.sized_fields))
    if not is_list_type(get_nullable_type(field.type)) or not node:
        return Price(weight, node)
    if type_.startswith("__"):
        return Price(weight, node, INTROSPECTED[name])
    sent = SENT.get((type_, name))
    return Price(
        weight, node, (list_size.assumed_size if list_size else None) or (MAXIMUM if sent else None), sent=sent
    )
