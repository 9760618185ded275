"""Operations that nobody wrote: a seed draws them from a schema, valid and bounded, about rows that there are.

Benchmarks draw one by a seed, so that nothing is tuned to what was written by hand; tests draw thousands, in all the
ways that GraphQL has of saying something.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse,
    specified_rules,
    validate,
)

Value = Any  # Any: JSON
Rows = Mapping[str, Sequence[Value]]
"""Values by what takes them: `citizen.handle`, an argument of one field; `search`, of any; `TerritoryCode`, a type."""
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType

PAGES: Final = ("first", "last")
ATTEMPTS: Final = 200


@dataclass(frozen=True, slots=True)
class Shape:
    """How large and how plain operations are.

    Attributes:
        depth: How deep fields lie within each other.
        width: How many fields are asked of one thing, those in fragments apart.
        page: How many items of a connection are asked for at most.
        items: How many a list has that says nothing, more or less.
        least, most: How many objects are answered, more or less.
        variables: How often an argument is a variable, 0 to 1.
        odd: How often something is said in another way than the shortest: by a fragment, a second time, with a
            directive, by a variable that is left to its default. 0 to 1.
    """

    depth: int = 7
    width: int = 6
    page: int = 20
    items: int = 3
    least: int = 1
    most: int = 2_000
    variables: float = 0.5
    odd: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """An operation: what to send, and the document that it is."""

    text: str
    variables: dict[str, Value]
    name: str | None
    document: DocumentNode = field(repr=False)


def draw(
    schema: GraphQLSchema,
    random: Random,
    rows: Rows,
    shape: Shape | None = None,
    *,
    kind: str = "query",
    without: frozenset[str] = frozenset(),
    fits: Callable[[DocumentNode, Mapping[str, Value]], bool] = lambda _document, _variables: True,
    rules: Collection[type[ASTValidationRule]] = specified_rules,
) -> Drawn:
    """A valid operation. The same for the same seed, schema and rows.

    Args:
        schema: What to ask.
        random: `Random(seed)`, or anything that draws as it does.
        rows: What arguments may be. One that is required and not here is never drawn, nor is its field.
        shape: How large and how plain it is.
        kind: `query` or `mutation`.
        without: Fields not to ask for, as `Type.field`.
        rules: What makes it valid. All but that fields can be merged holds of whatever is drawn.
        fits: What else must hold of its document and its variables: a service's limits, say.

    Raises:
        LookupError: no operation of that shape was found.
    """
    shape = shape or Shape()
    for _ in range(ATTEMPTS):
        operations = [_Operation(schema, random, rows, shape, kind, without, "A")]
        if shape.odd and random.random() < shape.odd / 4:
            operations.append(_Operation(schema, random, rows, shape, "query", without, "B"))
        texts = [each.text() for each in operations]
        drawn = operations[0]
        if not shape.least <= drawn.objects <= shape.most:
            continue
        document = parse(" ".join(texts))
        if fits(document, drawn.values) and not validate(schema, document, rules, max_errors=1):
            return Drawn(" ".join(texts), drawn.values, drawn.name if len(texts) > 1 else None, document)
    raise LookupError("nothing of that shape in that schema")


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A named fragment, and how many objects it asks of one."""

    name: str
    of: Composite
    selection: str
    objects: int


@dataclass(slots=True)
class _Operation:
    """One operation in the making, with its fragments and its variables."""

    schema: GraphQLSchema
    random: Random
    rows: Rows
    shape: Shape
    kind: str
    without: frozenset[str]
    name: str
    objects: int = 0
    values: dict[str, Value] = field(default_factory=dict)
    _declared: list[str] = field(default_factory=list)
    _fragments: list["_Fragment"] = field(default_factory=list)
    _asked: dict[str, str] = field(default_factory=dict)
    _aliases: int = 0

    def text(self) -> str:
        root = self.schema.mutation_type if self.kind == "mutation" else self.schema.query_type
        if root is None:
            raise LookupError(f"no {self.kind} in that schema")
        selected = self._selection(root, self.shape.depth, times=1)
        head = f"{self.kind} {self.name}" + (f"({', '.join(self._declared)})" if self._declared else "")
        fragments = (f"fragment {each.name} on {each.of.name} {each.selection}" for each in self._fragments)
        return " ".join((head, selected, *fragments))

    def _now_and_then(self, often: float) -> bool:
        return self.random.random() < often

    def _odd(self, often: float = 1) -> bool:
        return self._now_and_then(self.shape.odd * often)

    def _selection(self, type_: Composite, depth: int, *, times: int, page: int | None = None) -> str:
        """`{ … }` of a type, `times` of which are answered."""
        selected = self._fields(type_, depth, times=times, page=page)
        possible = self._possible(type_)
        if not isinstance(type_, GraphQLObjectType):
            if not selected or self._odd():
                selected.append("__typename")
            for one in self.random.sample(possible, min(len(possible), self.random.randint(0, 3))):
                within = self._fields(one, depth, times=times, page=page)
                selected.append(f"... on {one.name}{self._directives()} {{ {' '.join(within) or '__typename'} }}")
        if self._odd(0.3):
            selected.append(self._apart(type_, depth, times=times, page=page))
        for each in self._fragments:
            fits = not set(self._possible(each.of)).isdisjoint(possible)
            if fits and self._odd(0.1) and self.objects + each.objects * times <= self.shape.most:
                self.objects += each.objects * times
                selected.append(f"...{each.name}{self._directives()}")
        if self._odd(0.2):
            selected.append(self.random.choice(["__typename", "t: __typename"]) + self._directives())
        if selected and self._odd(0.1):
            selected.append(self.random.choice(selected))
        if self._odd(0.3):
            self.random.shuffle(selected)
        return f"{{ {' '.join(selected) or '__typename'} }}"

    def _possible(self, type_: Composite) -> list[GraphQLObjectType]:
        return [type_] if isinstance(type_, GraphQLObjectType) else list(self.schema.get_possible_types(type_))

    def _apart(self, type_: Composite, depth: int, *, times: int, page: int | None) -> str:
        """More of a type by a fragment: on itself, or on what it is a kind of."""
        on: list[Composite] = [type_]
        if not isinstance(type_, GraphQLUnionType):
            on += type_.interfaces
        of = self.random.choice(on)
        before = self.objects
        selection = self._selection(of, depth - 1, times=times, page=page)
        if self._now_and_then(0.5):
            condition = f" on {of.name}" if of is not type_ or self._now_and_then(0.5) else ""
            return f"...{condition}{self._directives()} {selection}"
        name = f"{self.name}{len(self._fragments)}"
        self._fragments.append(_Fragment(name, of, selection, objects=(self.objects - before) // times))
        return f"...{name}{self._directives()}"

    def _fields(self, type_: Composite, depth: int, *, times: int, page: int | None) -> list[str]:
        """Some fields of a type, leaves before what goes deeper."""
        if isinstance(type_, GraphQLUnionType):
            return []
        known = {
            name: each
            for name, each in type_.fields.items()
            if f"{type_.name}.{name}" not in self.without and self._can_be_asked(name, each)
        }
        leaves = [name for name, each in known.items() if is_leaf_type(get_named_type(each.type))]
        deeper = [name for name in known if name not in leaves] if depth > 0 else []
        few = self.random.sample(leaves, min(len(leaves), self.random.randint(1, self.shape.width)))
        few += self.random.sample(deeper, min(len(deeper), self.random.randint(1, max(1, self.shape.width // 2))))
        return [written for name in few if (written := self._field(name, known[name], depth, times, page))]

    def _can_be_asked(self, name: str, definition: GraphQLField) -> bool:
        return all(
            self._known(argument.type, f"{name}.{key}", key)
            for key, argument in definition.args.items()
            if is_required_argument(argument)
        )

    def _field(self, name: str, definition: GraphQLField, depth: int, times: int, page: int | None) -> str | None:
        """One field with all within it; None where that would be more than may be answered."""
        returned = get_named_type(definition.type)
        listed = isinstance(get_nullable_type(definition.type), GraphQLList)
        many = times * ((page or self.shape.items) if listed else 1)
        if not is_leaf_type(returned):
            if self.objects + many > self.shape.most:
                return None
            self.objects += many
        size = min(self.random.randint(1, self.shape.page), max(1, (self.shape.most - self.objects) // max(1, many)))
        alias, before = "", self._asked.get(name)
        arguments = before if before is not None and self._now_and_then(0.5) else None
        arguments = self._arguments(name, definition, size) if arguments is None else arguments
        before = self._asked.setdefault(name, arguments)
        if before != arguments or self._odd(0.1):  # two fields of one name can't be merged where arguments differ
            self._aliases += 1
            alias = f"{self.random.choice(['a', name])}{self._aliases}: "
        written = f"{alias}{name}{arguments}{self._directives()}"
        if is_leaf_type(returned):
            return written
        paged = any(key in definition.args for key in PAGES)
        assert isinstance(returned, Composite)
        return f"{written} {self._selection(returned, depth - 1, times=many, page=size if paged else None)}"

    def _directives(self) -> str:
        if not self._odd(0.12):
            return ""
        name, on = self.random.choice([("skip", False), ("include", True)])
        if self._odd(0.3):
            on = not on
        if self._now_and_then(0.5):
            return f" @{name}(if: {json.dumps(on)})"
        return f" @{name}(if: {self._variable('Boolean!', on, default=json.dumps(on))})"

    def _arguments(self, name: str, definition: GraphQLField, size: int) -> str:
        given = []
        pages = [key for key in PAGES if key in definition.args]
        paged_by = pages[int(len(pages) > 1 and self._odd(0.2))] if pages else None
        for key, argument in definition.args.items():
            if key in pages:
                value = size if key == paged_by else Undefined
            elif is_required_argument(argument) or self._now_and_then(0.3):
                value = self._value(argument.type, f"{name}.{key}", key)
            else:
                value = Undefined
            if value is not Undefined:
                given.append(f"{key}: {self._said(argument, value)}")
            elif key not in pages and not isinstance(argument.type, GraphQLNonNull) and self._odd(0.1):
                given.append(f"{key}: null")
        return f"({', '.join(given)})" if given else ""

    def _said(self, argument: GraphQLArgument, value: Value) -> str:
        """A value as an argument: written out, or by a variable."""
        type_, literal = argument.type, _literal(value, argument.type)
        if self.random.random() >= self.shape.variables:
            return literal
        if self._odd(0.1) and not is_required_argument(argument):
            return self._variable(str(get_nullable_type(type_)), Undefined)  # left to the argument's default
        if self._odd(0.1) and not isinstance(type_, GraphQLNonNull):
            return self._variable(str(type_), None)
        return self._variable(str(type_), value, default=literal)

    def _variable(self, type_: str, value: Value, *, default: str | None = None) -> str:
        """Declare a variable and give it a value; now and then the default says it."""
        name = f"v{len(self._declared)}"
        with_default = default is not None and self._odd(0.3)
        self._declared.append(f"${name}: {type_}" + (f" = {default}" if with_default else ""))
        if value is not Undefined and not (with_default and self._odd(0.6)):
            self.values[name] = value
        return f"${name}"

    def _known(self, type_: GraphQLInputType, *keys: str) -> bool:
        """Whether there is a value for what is required."""
        inner = get_named_type(type_)
        if any(key in self.rows for key in (*keys, inner.name)) or inner.name == "Boolean":
            return True
        if isinstance(inner, GraphQLInputObjectType):
            return all(
                self._known(each.type, f"{inner.name}.{name}", name)
                for name, each in inner.fields.items()
                if is_required_input_field(each)
            )
        return isinstance(inner, GraphQLEnumType)

    def _value(self, type_: GraphQLInputType, *keys: str) -> Value:
        """A value of a type; Undefined where none is known."""
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type, *keys)
        if isinstance(type_, GraphQLList):
            drawn = [self._value(type_.of_type, *keys) for _ in range(self.random.randint(1, self.shape.items))]
            return Undefined if Undefined in drawn else drawn
        for key in (*keys, type_.name):
            if key in self.rows:
                return self.random.choice(self.rows[key])
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_) if self._known(type_) else Undefined
        return self._now_and_then(0.5) if type_.name == "Boolean" else Undefined

    def _object(self, type_: GraphQLInputObjectType) -> Value:
        made = {
            name: self._value(each.type, f"{type_.name}.{name}", name)
            for name, each in type_.fields.items()
            if is_required_input_field(each) or self._now_and_then(0.3)
        }
        return {name: value for name, value in made.items() if value is not Undefined}


def _literal(value: Value, type_: GraphQLInputType | GraphQLNamedType) -> str:
    """A value as GraphQL writes it."""
    if isinstance(type_, GraphQLNonNull):
        return _literal(value, type_.of_type)
    if isinstance(type_, GraphQLList) and isinstance(value, list):
        return f"[{', '.join(_literal(each, type_.of_type) for each in value)}]"
    if isinstance(type_, GraphQLList):
        return _literal(value, type_.of_type)
    if isinstance(type_, GraphQLEnumType) and isinstance(value, str):
        return value
    if isinstance(value, dict):
        fields = type_.fields if isinstance(type_, GraphQLInputObjectType) else {}
        written = (
            f"{key}: {_literal(each, fields[key].type) if key in fields else _literal(each, type_)}"
            for key, each in value.items()
        )
        return f"{{{', '.join(written)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_literal(each, type_) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)
