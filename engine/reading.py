"""Reading domain values and rows as they are, without making a schema object of each."""

from collections.abc import Callable, Mapping
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple, Self, TypeVar, cast

from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField

T = TypeVar("T")
D = TypeVar("D", bound=type)

How = str | Callable[[Any], object]  # Any: the value that is read
Read = Callable[[Any], Any]  # Any: the same, and what the field holds


class Way(NamedTuple):
    """A way to read a value off a thing: one of these, and for an item which attribute has it, if not the thing.

    An attribute without a name is the thing itself. `bound` makes the function that reads it, for one execution.
    """

    attribute: str | None = None
    item: str | None = None
    function: Read | None = None
    on: str | None = None
    bound: Callable[[Any], Read] | None = None  # Any: an execution

    def reader(self) -> Read:
        if self.attribute == ITSELF:
            return itself
        if self.attribute is not None:
            return attrgetter(self.attribute)
        if self.item is None:
            return cast("Read", self.function)
        if self.on is None:
            return itemgetter(self.item)
        key, where = self.item, attrgetter(self.on)
        return lambda thing: where(thing)[key]


ITSELF: Final = ""


def itself(thing: T) -> T:
    """How a field is read that is the thing itself."""
    return thing


class Plain(StrawberryField):
    """A field without a resolver, of a type whose things are not made by it.

    Attributes:
        how: The name that its values have, or a function that makes them of the thing.
        made: The type itself: what a resolver makes of it all the same is read as ever.
        wraps: Whether it is of a type that wraps the things that matter, as pages do.
    """

    how: How
    made: type
    wraps: bool

    @classmethod
    def of(cls, field: StrawberryField, how: How, made: type, *, wraps: bool) -> Self:
        plain = cls(
            python_name=field.python_name,
            graphql_name=field.graphql_name,
            type_annotation=field.type_annotation,
            origin=field.origin,
            description=field.description,
            default=field.default,
            default_factory=field.default_factory,
            metadata=field.metadata,
            deprecation_reason=field.deprecation_reason,
            directives=field.directives,
        )
        plain.how, plain.made, plain.wraps = how, made, wraps
        return plain

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.how, copied.made, copied.wraps = self.how, self.made, self.wraps
        return copied

    def way(self, kind: type) -> Way:
        """How this field is read off things of a kind."""
        if issubclass(kind, self.made):
            return Way(attribute=self.python_name)
        return way_to(self.how, kind)

    def get_result(self, source: Any, info: object, args: object, kwargs: object) -> Any:  # noqa: ARG002
        """The field's value, as graphql-core asks for it."""
        return self.way(type(source)).reader()(source)


def way_to(how: How, kind: type) -> Way:
    """How what has a name, or is made by a function, is read off things of a kind."""
    if how is itself:
        return Way(attribute=ITSELF)
    if callable(how):
        return Way(function=how)
    columns: Mapping[str, str] | None = getattr(kind, "column_of", None)
    if columns is None:
        return Way(item=how) if keyed(kind) else Way(attribute=how)
    key = columns.get(how)
    return Way(attribute=how) if key is None else Way(item=key, on=cast("Any", kind).read_from)  # Any: a row


def keyed(kind: type) -> bool:
    """Whether things of a kind are read by keys, as mappings and database rows are."""
    return hasattr(kind, "keys") and hasattr(kind, "__getitem__")


def reads(*kinds: type, **fields: How) -> Callable[[D], D]:
    """Say that a type's things are, when the program runs, something else: domain values, or rows.

    A field that has no resolver is read by its own name, as an attribute, or by key where the thing has keys. Where
    that isn't it, `fields` says by which name (`details.title` for an attribute of an attribute), or by which function
    of the thing. A class of rows may say itself which attributes are columns: in `column_of`, key by name, and in
    `read_from` which attribute of theirs has these keys, where they haven't themselves.

        @reads(domain.Citizen, id=lambda citizen: seal(Kind.CITIZEN, citizen.id))
        @strawberry.type(description="A citizen's public profile.")
        class Citizen(Node):
            handle: str = strawberry.field(description="Their name in addresses.")

    Resolvers and relations of the type get the thing itself as their parent. Objects that are made of the type are
    read as ever. `kinds` may be abstract classes that others are registered with.
    """
    return _declare(kinds, fields, wraps=False)


def reads_through(*kinds: type, **fields: How) -> Callable[[D], D]:
    """The same, of things that only hold those that matter, as pages do: what is shown of these is shown through them
    (`engine/showing.py`).
    """
    return _declare(kinds, fields, wraps=True)


def _declare(kinds: tuple[type, ...], fields: Mapping[str, How], *, wraps: bool) -> Callable[[D], D]:
    def declare(type_: D) -> D:
        definition = get_object_definition(type_, strict=True)
        known = {field.python_name for field in definition.fields}
        if unknown := fields.keys() - known:
            raise TypeError(f"{type_.__name__} has no {', '.join(sorted(unknown))}")
        definition.fields = [
            Plain.of(field, fields.get(field.python_name, field.python_name), type_, wraps=wraps)
            if field.is_basic_field
            else field
            for field in definition.fields
        ]
        definition.is_type_of = Reads((type_, *kinds))
        return type_

    return declare


class Reads:
    """Whether a thing is of a type that reads things of some kinds: by its class alone."""

    def __init__(self, kinds: tuple[type, ...]) -> None:
        self.kinds = kinds

    def __call__(self, thing: object, _info: object) -> bool:
        return isinstance(thing, self.kinds)
