"""A columnar executor for Strawberry schemas.

An operation is planned once. A plan executes each place of an operation for all parents at once, breadth first: plain
fields in one loop, and a *relation* by one function for the whole column, so that no list can ask once for each of its
items. What a plan can't be made for (introspection, `@defer`, subscriptions, whatever is unknown) is left to
graphql-core before anything has happened, and answered the same.

    engine = Engine(schema, declined=count)
    result = await engine.execute(text, variables={"handle": "nath"}, context=context)

A schema says a few things, and without saying any it is executed all the same, resolver by resolver:

`relation(function)`
    A field that is answered for all parents at once: `(parents, context, **arguments)`, one value a parent or an
    exception in its place, sync or async. `Each[T]` is what such a function returns.

`takes(attributes)`
    What a function takes off its parents. With that, whoever reads these is told by `shown(info)`, or a relation by its
    parameter `shown`, what of them an operation shows.

`@reads(kind, field=…)`
    The things of a type are domain values or rows: their fields are read off them as they are. `@reads_through` says it
    of what only holds such things, as pages do.

`Guarded(resolve, check)`
    A resolver that may only be asked for where a check of the context raises nothing.

`find_entities(representations, finds, context, unknown=…)`
    What a federation's representations stand for, found by one function for all of a type.

graphql-core is answered by the same functions, so both come to the same, and one can check the other.
"""

from engine.entities import find_entities
from engine.executing import Engine
from engine.guards import Guarded
from engine.planning import Prepared
from engine.reading import itself, reads, reads_through
from engine.relations import Each, relation
from engine.showing import Shown, shown, takes

__all__ = [
    "Each",
    "Engine",
    "Guarded",
    "Prepared",
    "Shown",
    "find_entities",
    "itself",
    "reads",
    "reads_through",
    "relation",
    "shown",
    "takes",
]
