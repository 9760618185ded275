"""The one loop that a selection takes over its parents: plain fields are read in it, and the answer's objects made.

It is the one place where source is written. A closure would call something for each field of each object; the loop
reads an attribute, looks at its class and goes on (docs/decisions/0028 tells what that is worth). It has an answer for
values that are what they should be, and raises `Unusual` at any other: then `selections.py` takes the careful way.

For `{ title startsAt themes { … } }` it is, with the column of themes resolved before:

    def loop(parents, c0):
        made = []
        add = made.append
        for o, c0 in zip(parents, c0):
            v0 = o.title
            if v0.__class__ is not str: unusual()
            v1 = o.starts_at
            if v1.__class__ not in ok1: check1(v1)
            v1 = coerce1(v1)
            if v1 is None or v1 is Undefined: unusual()
            add({"title": v0, "startsAt": v1, "themes": c0})
        return made

Nothing of a client's is written into it but names of fields and aliases, which are words, as string literals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from operator import attrgetter
from typing import Any, NoReturn, cast

from graphql import GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLScalarType, GraphQLString, Undefined

from engine.leaves import LARGEST, SMALLEST, Leaf
from engine.running import Values, all_plain

Loop = Callable[..., Values]


class Unusual(Exception):  # noqa: N818
    """Something that the loop has no answer for: null where it may not be, another class, an exception."""


@dataclass(frozen=True, slots=True)
class TypeName:
    """`__typename`."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """A plain field: how it is read off a parent, and what it holds.

    Attributes:
        key: Its name in the answer.
        leaf: Its scalar or enum.
        nullable: Whether null may stand there.
        attribute, item: By which name it is read, one or the other; an attribute's may be a way, `details.title`.
        function: What it is made by otherwise.
        on: Which attribute has the item, where that isn't the parent itself.
    """

    key: str
    leaf: Leaf
    nullable: bool
    attribute: str | None = None
    item: str | None = None
    function: Callable[[Any], object] | None = None  # Any: a parent
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A field that was resolved before, for all parents."""

    key: str


def loop(entries: Sequence[TypeName | Read | Column]) -> Loop:
    """The loop that makes the objects of a selection: `(parents, *columns)`, the columns in their order."""
    known: dict[str, object] = {"unusual": _unusual, "Undefined": Undefined}
    body: list[str] = []
    shown: list[str] = []
    columns: list[str] = []
    for number, entry in enumerate(entries):
        if isinstance(entry, TypeName):
            shown.append(f"{entry.key!r}: {entry.name!r}")
        elif isinstance(entry, Column):
            columns.append(f"c{number}")
            shown.append(f"{entry.key!r}: c{number}")
        else:
            body.append(f"v{number} = {_reading(entry, number, known)}")
            body += _checking(entry.leaf, number, known, nullable=entry.nullable)
            shown.append(f"{entry.key!r}: v{number}")
    each = f"o, {', '.join(columns)} in zip(parents, {', '.join(columns)})" if columns else "o in parents"
    source = "\n".join(
        [
            f"def loop({', '.join(['parents', *columns])}):",
            "    made = []",
            "    add = made.append",
            f"    for {each}:",
            *(f"        {line}" for line in body),
            f"        add({{{', '.join(shown)}}})",
            "    return made",
        ]
    )
    exec(compile(source, "<loop>", "exec"), known)  # noqa: S102 - see above: it holds words of the schema alone
    made: Loop = known["loop"]  # type: ignore[assignment]
    return made


def _reading(entry: Read, number: int, known: dict[str, object]) -> str:
    if entry.attribute is not None and all(map(_is_name, entry.attribute.split("."))):
        return f"o.{entry.attribute}"
    if entry.item is not None and entry.on is None:
        return f"o[{entry.item!r}]"
    if entry.item is not None and entry.on is not None and _is_name(entry.on):
        return f"o.{entry.on}[{entry.item!r}]"
    known[f"read{number}"] = entry.function or attrgetter(entry.attribute or "")
    return f"read{number}(o)"


def _is_name(word: str) -> bool:
    return word.isidentifier() and not iskeyword(word)


def _checking(leaf: Leaf, number: int, known: dict[str, object], *, nullable: bool) -> list[str]:
    """Lines that make of a value what is answered, if it is what it should be."""
    value = f"v{number}"
    wrong = {
        GraphQLString: f"{value}.__class__ is not str",
        GraphQLID: f"{value}.__class__ is not str",
        GraphQLInt: f"{value}.__class__ is not int or not {SMALLEST} <= {value} <= {LARGEST}",
        GraphQLFloat: f"{value}.__class__ is not float or {value} - {value} != 0.0",  # neither NaN nor infinite
        GraphQLBoolean: f"{value} is not True and {value} is not False",
    }.get(cast("GraphQLScalarType", leaf.type))
    if wrong is not None:
        known |= {"plain": _plain, f"coerce{number}": leaf.coerce}
        when = f"{value} is not None and ({wrong})" if nullable else wrong
        return [f"if {when}: {value} = coerce{number}({value}) if plain({value}) else unusual()"]
    if leaf.members is not None:
        known |= {f"members{number}": leaf.members, f"names{number}": leaf.names, f"raw{number}": leaf.raw}
        lines = [
            f"if {value}.__class__ is members{number}: {value} = names{number}[{value}._name_]",
            f"elif {value}.__class__ is str: {value} = raw{number}[{value}]",
            "else: unusual()",
        ]
        return _unless_null(value, lines) if nullable else lines
    classes: set[type] = set()
    known |= {
        f"classes{number}": classes,
        f"check{number}": _class_check(classes),
        f"coerce{number}": leaf.type.coerce_output_value,
    }
    lines = [
        f"if {value}.__class__ not in classes{number}: check{number}({value})",
        f"{value} = coerce{number}({value})",
        f"if {value} is None or {value} is Undefined: unusual()",
    ]
    return _unless_null(value, lines) if nullable else lines


def _unless_null(value: str, lines: list[str]) -> list[str]:
    return [f"if {value} is not None:", *(f"    {line}" for line in lines)]


def _class_check(classes: set[type]) -> Callable[[object], None]:
    """Remembers the classes that are values: neither exceptions nor to be awaited."""

    def check(value: object) -> None:
        if not _plain(value):
            _unusual()
        classes.add(type(value))

    return check


def _plain(value: object) -> bool:
    return all_plain([value], {type(value)})


def _unusual() -> NoReturn:
    raise Unusual
