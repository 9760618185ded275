"""The one loop that a selection takes over its parents: plain fields are read in it, and the answer's objects made.

It is the one place where source is written. A closure would call something for each field of each object; the loop
reads an attribute, looks at its class and goes on (docs/decisions/0028 tells what that is worth). It has an answer for
values that are what they should be, and raises at any other: then `selections.py` takes the careful way.

For `{ title startsAt themes { … } place { city } tags { word } }` it is, with the column of themes resolved before:

    def loop(parents, run, c0):
        made = []
        for o, c0 in zip(parents, c0):
            v1 = o.title
            if v1.__class__ is not str: unusual()
            v2 = o.starts_at
            if v2.__class__ not in ok2: check2(v2)
            v2 = coerce2(v2)
            if v2 is None or v2 is Undefined: unusual()
            v3 = o.place
            if v3.__class__ is not kind3: unusual()
            v4 = v3.city
            if v4.__class__ is not str: unusual()
            v3 = {"city": v4}
            v5 = o.tags
            if v5.__class__ not in lists: unusual()
            m5 = []
            for o5 in v5:
                if o5.__class__ is not kind5: unusual()
                v6 = o5.word
                if v6.__class__ is not str: unusual()
                m5.append({"word": v6})
            made.append({"title": v1, "startsAt": v2, "themes": c0, "place": v3, "tags": m5})
        return made

Nothing of a client's is written into it but names of fields and aliases, which are words, as string literals.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import Final, NoReturn, TypeAlias, cast

from graphql import GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLScalarType, GraphQLString, Undefined

from engine.leaves import LARGEST, SMALLEST, Leaf
from engine.reading import ITSELF, Way
from engine.running import LISTS, Values, all_plain

Loop = Callable[..., Values]
DEEPEST: Final = 8
"""How many objects may be made in one another. Python has a limit of 20 for loops in loops."""


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
        way: How it is read.
        nullable: Whether null may stand there.
        leaf: Its scalar or enum.
    """

    key: str
    way: Way
    nullable: bool
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Within:
    """A plain field that holds an object, or a list of them, of which plain fields alone are shown.

    Attributes:
        key, way, nullable: As of `Read`.
        listed: Whether it is a list.
        items_nullable: Whether null may stand in that.
        kind: The class that the objects must be of.
        entries: What is shown of them.
    """

    key: str
    way: Way
    nullable: bool
    listed: bool
    items_nullable: bool
    kind: type
    entries: Sequence["TypeName | Read | Within"]


@dataclass(frozen=True, slots=True)
class Column:
    """A field that was resolved before, for all parents."""

    key: str


Entry: TypeAlias = TypeName | Read | Within | Column


def loop(entries: Sequence[Entry]) -> Loop:
    """The loop that makes the objects of a selection: `(parents, run, *columns)`, the columns in their order."""
    source = _Source()
    lines, shown = source.object("o", entries)
    each = f"o, {', '.join(source.columns)} in zip(parents, {', '.join(source.columns)})"
    return source.compiled(
        [
            f"def loop({', '.join(['parents', 'run', *source.columns])}):",
            *_indented(source.bound),
            "    made = []",
            f"    for {each if source.columns else 'o in parents'}:",
            *_indented(_indented([*lines, f"made.append({shown})"])),
            "    return made",
        ]
    )


class _Source:
    """What is written, and what it knows by name."""

    def __init__(self) -> None:
        self.known: dict[str, object] = {"unusual": _unusual, "Undefined": Undefined, "lists": LISTS, "plain": _plain}
        self.columns: list[str] = []
        self.bound: list[str] = []
        self.number = 0

    def compiled(self, lines: Iterable[str]) -> Loop:
        exec(compile("\n".join(lines), "<loop>", "exec"), self.known)  # noqa: S102 - see above: words of the schema alone
        return cast("Loop", self.known["loop"])

    def object(self, thing: str, entries: Iterable[Entry]) -> tuple[list[str], str]:
        """Lines that read what is shown of a thing, and the expression that makes an object of it."""
        lines: list[str] = []
        shown: list[str] = []
        for entry in entries:
            if isinstance(entry, TypeName):
                shown.append(f"{entry.key!r}: {entry.name!r}")
                continue
            self.number += 1
            if isinstance(entry, Column):
                self.columns.append(f"c{self.number}")
                shown.append(f"{entry.key!r}: {self.columns[-1]}")
                continue
            value, number = f"v{self.number}", self.number
            lines.append(f"{value} = {self._reading(entry.way, thing, number)}")
            if isinstance(entry, Within):
                made = self._within(entry, value, number)
                lines += _unless_null(value, made) if entry.nullable else made
            else:
                lines += self._checking(entry.leaf, value, number, nullable=entry.nullable)
            shown.append(f"{entry.key!r}: {value}")
        return lines, f"{{{', '.join(shown)}}}"

    def _within(self, entry: Within, value: str, number: int) -> list[str]:
        """Lines that make objects of what was read."""
        self.known[f"kind{number}"] = entry.kind
        thing = f"o{number}" if entry.listed else value
        lines, shown = self.object(thing, entry.entries)
        lines.insert(0, f"if {thing}.__class__ is not kind{number}: unusual()")
        if not entry.listed:
            return [*lines, f"{value} = {shown}"]
        made = f"m{number}"
        null = [f"if {thing} is None:", f"    {made}.append(None)", "    continue"] if entry.items_nullable else []
        return [
            f"if {value}.__class__ not in lists: unusual()",
            f"{made} = []",
            f"for {thing} in {value}:",
            *_indented([*null, *lines, f"{made}.append({shown})"]),
            f"{value} = {made}",
        ]

    def _reading(self, way: Way, thing: str, number: int) -> str:
        if way.attribute == ITSELF:
            return thing
        if way.attribute is not None and all(map(_is_name, way.attribute.split("."))):
            return f"{thing}.{way.attribute}"
        if way.item is not None and way.on is None:
            return f"{thing}[{way.item!r}]"
        if way.item is not None and way.on is not None and _is_name(way.on):
            return f"{thing}.{way.on}[{way.item!r}]"
        if way.bound is None:
            self.known[f"read{number}"] = way.reader()
        else:
            self.known[f"bind{number}"] = way.bound
            self.bound.append(f"read{number} = bind{number}(run) or unusual()")
        return f"read{number}({thing})"

    def _checking(self, leaf: Leaf, value: str, number: int, *, nullable: bool) -> list[str]:
        """Lines that make of a value what is answered, if it is what it should be."""
        wrong = {
            GraphQLString: f"{value}.__class__ is not str",
            GraphQLID: f"{value}.__class__ is not str",
            GraphQLInt: f"{value}.__class__ is not int or not {SMALLEST} <= {value} <= {LARGEST}",
            GraphQLFloat: f"{value}.__class__ is not float or {value} - {value} != 0.0",  # neither NaN nor infinite
            GraphQLBoolean: f"{value} is not True and {value} is not False",
        }.get(cast("GraphQLScalarType", leaf.type))
        if wrong is not None:
            self.known[f"coerce{number}"] = leaf.coerce
            when = f"{value} is not None and ({wrong})" if nullable else wrong
            return [f"if {when}: {value} = coerce{number}({value}) if plain({value}) else unusual()"]
        lines = self._member(leaf, value, number) if leaf.members is not None else self._custom(leaf, value, number)
        return _unless_null(value, lines) if nullable else lines

    def _member(self, leaf: Leaf, value: str, number: int) -> list[str]:
        """The same of an enum's member."""
        self.known |= {f"members{number}": leaf.members, f"names{number}": leaf.names, f"raw{number}": leaf.raw}
        return [
            f"if {value}.__class__ is members{number}: {value} = names{number}[{value}._name_]",
            f"elif {value}.__class__ is str: {value} = raw{number}[{value}]",
            "else: unusual()",
        ]

    def _custom(self, leaf: Leaf, value: str, number: int) -> list[str]:
        """The same of another scalar's value."""
        classes: set[type] = set()
        self.known |= {
            f"ok{number}": classes,
            f"check{number}": _class_check(classes),
            f"coerce{number}": leaf.type.coerce_output_value,
        }
        return [
            f"if {value}.__class__ not in ok{number}: check{number}({value})",
            f"{value} = coerce{number}({value})",
            f"if {value} is None or {value} is Undefined: unusual()",
        ]


def _is_name(word: str) -> bool:
    return word.isidentifier() and not iskeyword(word)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _unless_null(value: str, lines: list[str]) -> list[str]:
    return [f"if {value} is not None:", *_indented(lines)]


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
