"""How much an operation may ask for."""

from dataclasses import dataclass
from typing import Final

INTROSPECTION_DEPTH: Final = 20
"""The standard introspection query is 15 deep."""
INTROSPECTION_NODES: Final = 200_000
"""The standard introspection query comes to some 120,000."""
OPERATIONS: Final = 20
"""GraphQL looks at every fragment once for each operation of a document."""
COMPARISONS: Final = 10_000
"""How often two fields are compared, to see whether they can be merged: a busy page takes some hundreds."""
REPORTED: Final = 10
"""How many errors of a document are told."""
ITEMS: Final = 1_000
"""How long any list may be that a client sends. Where a field says so, it is shorter."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What can be set.

    Attributes:
        depth: How deep fields lie within each other.
        aliases: How many fields are renamed, wherever fragments bring them.
        directives: How many directives are used, wherever fragments bring them.
        tokens: How many words and marks a document has.
        cost: What everything may cost together.
        nodes: How many objects may be answered, whatever they cost.
        introspection: Whether the schema may be asked for.
    """

    depth: int = 12
    aliases: int = 30
    directives: int = 30
    tokens: int = 2_000
    cost: int = 5_000
    nodes: int = 500_000
    introspection: bool = True
