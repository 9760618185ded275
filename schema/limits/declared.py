"""How a field says what it costs: by Federation's `@cost` and `@listSize`, which gateways count with too.

An object costs 1, a value nothing; `@cost` on a field or on a type says otherwise. A list costs as often as it has
items: `@listSize` says how many. A mutation that says nothing costs 10.
"""

from collections.abc import Iterable
from typing import Final

from strawberry import UNSET
from strawberry.federation.schema_directives import Cost, ListSize
from strawberry.types import get_object_definition

Declaration = tuple[object, ...]

MUTATION: Final = 10

PAGED: Final[Declaration] = (
    ListSize(
        slicing_arguments=["first", "last"],
        sized_fields=["edges"],
        require_one_slicing_argument=False,
        assumed_size=UNSET,
    ),
)
"""A connection: its `edges` are as many as `first` or `last` says."""


def at_most(size: int) -> Declaration:
    """A list that has so many items at most, or hardly ever more."""
    # Nothing but the size: some composers know no `@listSize` with more.
    return (
        ListSize(assumed_size=size, slicing_arguments=UNSET, sized_fields=UNSET, require_one_slicing_argument=UNSET),
    )


def costs(weight: int) -> Declaration:
    """A field that takes as much work as so many objects."""
    return (Cost(weight=weight),)


def price_mutations(types: Iterable[type]) -> None:
    """Declare what mutations cost that don't say so themselves."""
    for type_ in types:
        for field in get_object_definition(type_, strict=True).fields:
            if not any(isinstance(directive, Cost) for directive in field.directives):
                field.directives = [*field.directives, *costs(MUTATION)]
