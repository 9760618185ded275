"""Schemas that a seed makes: every way of answering a field, for every kind and nesting of types.

A schema is written as Python, as people would write it, so that one that shows a mistake can be read: `written(seed)`.
"""

import sys
from functools import cache
from random import Random
from types import ModuleType

import strawberry
from graphql import GraphQLObjectType
from strawberry.schema.config import StrawberryConfig

from engine.guards import Guarded
from tests.engine.making import LEAVES, SCALARS, Asking, World, dice

OBJECTS = ("Apple", "Bread", "Cheese", "Drink")
INTERFACES = {"Named": ("Apple", "Bread", "Cheese"), "Priced": ("Bread", "Cheese", "Drink")}
UNIONS = {"Snack": ("Apple", "Drink"), "Meal": ("Bread", "Cheese", "Drink")}
MADE_BY = {"Apple": "made", "Bread": "read", "Cheese": "row", "Drink": "made"}
"""Apples and drinks are objects of their Strawberry types; bread is a value, and cheese a row, that is read."""
ARGUMENTS = (
    "",
    "",
    "k: int = 2",
    "up: Optional[str] = None",
    "pick: Optional[Pick] = None",
    "colour: Colour = Colour.RED, ids: Optional[list[strawberry.ID]] = None",
    "even: Optional[Even] = None, ratio: Optional[float] = strawberry.UNSET",
    "must: int, many: Optional[list[list[Optional[int]]]] = None",
    "at: Annotated[Optional[str], strawberry.argument(name='from')] = 'there'",
)
RESOLVED = ("sync", "async", "loaded", "column", "asynccolumn", "told", "permitted")
HEAD = """
from __future__ import annotations
from typing import Annotated, Optional, Sequence, Union
import strawberry
from datetime import datetime as DateTime
from strawberry.scalars import JSON
from engine.entities import find_entities
from engine.reading import reads
from engine.relations import Each, relation
from tests.engine.making import Chosen, Colour, Even, Pick, told, wait
"""
ENTITIES = """
    @strawberry.field
    async def entities(self, info: strawberry.Info, representations: list[JSON]) -> list[Optional[Meal]]:
        finds = {name: WORLD.finder(name) for name in ("Bread", "Cheese", "Drink")}
        return await find_entities(representations, finds, info.context, unknown=LookupError("representation"))
"""
PYTHON = {"Int": "int", "Float": "float", "String": "str", "Boolean": "bool", "ID": "strawberry.ID"}


class Quiet(strawberry.Schema):
    """Errors are what is looked for here: none is logged."""

    def process_errors(self, errors: object, execution_context: object = None) -> None:
        pass


class Made:
    """A world and its schema."""

    def __init__(self, seed: int) -> None:
        self.source, self.world = written(seed)
        module = ModuleType(f"tests.engine.world_{seed}")
        sys.modules[module.__name__] = module  # where Strawberry looks names up
        vars(module)["WORLD"] = self.world
        exec(compile(self.source, module.__name__, "exec"), vars(module))  # noqa: S102 - it was written above
        self.world.classes = {
            name: vars(module)[name if MADE_BY[name] == "made" else f"{name}Value"] for name in OBJECTS
        }
        self.schema = Quiet(
            query=vars(module)["Query"],
            mutation=vars(module)["Mutation"],
            types=[vars(module)[name] for name in OBJECTS],
            config=StrawberryConfig(scalar_map=SCALARS),
        )
        _guard(self.schema, seed)


made = cache(Made)


def _guard(schema: strawberry.Schema, seed: int) -> None:
    """Guard some fields, as `schema.access` does."""

    def check(context: Asking) -> None:
        context.check()

    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                if field.resolve is not None and dice("guard", seed, type_.name, name) < 0.1:
                    field.resolve = Guarded(field.resolve, check)


def written(seed: int) -> tuple[str, World]:
    """A schema's source, and what its fields answer by."""
    random = Random(seed)
    plain: dict[str, dict[str, str]] = {name: {} for name in (*OBJECTS, *INTERFACES)}
    parts = [HEAD]
    for name in INTERFACES:
        fields = "\n".join(_fields(random, plain[name], name.lower(), 2, 2))
        parts.append(f"@strawberry.interface\nclass {name}:\n{fields}\n")
    for name in OBJECTS:
        implements = [each for each, by in INTERFACES.items() if name in by]
        for each in implements:
            plain[name] |= plain[each]
        fields = "\n".join(_fields(random, plain[name], name.lower(), 7, 9))
        parts.append(_class(name, implements, fields, by_value=name == "Drink" and seed % 2 == 1))
    for name, members in UNIONS.items():
        parts.append(f"{name} = Annotated[Union[{', '.join(members)}], strawberry.union('{name}')]\n")
    for name in ("Query", "Mutation"):
        fields = "\n".join(_fields(random, {}, name.lower(), 0, 14, root=True, related=seed > 0))
        fields += ENTITIES if name == "Query" else ""
        parts.append(f"@strawberry.type\nclass {name}:\n{fields}\n")
    possible = {each: [each] for each in OBJECTS}
    possible |= {name: list(members) for name, members in (INTERFACES | UNIONS).items()}
    return "\n".join(parts), World(seed, possible, plain)


def _class(name: str, implements: list[str], fields: str, *, by_value: bool) -> str:
    """A type, and where its things are something else, the class of those."""
    bases = f"({', '.join(implements)})" if implements else ""
    attribute = f"    def __getattr__(self, name): return WORLD.attribute('{name}', self, name)\n"
    attribute += f"    def __repr__(self): return f'<{name} {{self.seed}}>'\n"
    if by_value:  # its class doesn't tell all
        attribute += "    @classmethod\n    def is_type_of(cls, thing, info):\n"
        attribute += f"        return isinstance(thing, {name}) and thing.seed % 3 > 0\n"
    if MADE_BY[name] == "made":
        return f"@strawberry.type\nclass {name}{bases}:\n{fields}\n{attribute}"
    keys = (
        f"    def keys(self): return WORLD.plain['{name}'].keys()\n"
        f"    def __getitem__(self, name): return WORLD.attribute('{name}', self, name)\n"
    )
    value = f"class {name}Value:\n{attribute}{keys if MADE_BY[name] == 'row' else ''}"
    return f"{value}\n@reads({name}Value)\n@strawberry.type\nclass {name}{bases}:\n{fields}\n"


def _fields(
    random: Random,
    plain: dict[str, str],
    prefix: str,
    read: int,
    resolved: int,
    *,
    root: bool = False,
    related: bool = True,
) -> list[str]:
    """Fields of a type: so many that are read, and so many that are resolved."""
    lines = []
    for number in range(read):
        name, form = f"{prefix}{chr(97 + number)}", _form(random, random.choice(LEAVES) if number else "Int")
        if random.random() < 0.4:
            form = _form(random)
        plain[name] = form
        lines.append(f"    {name}: {_annotation(form)}")
    for number in range(resolved):
        name = f"{prefix}{chr(110 + number) if number < 13 else 'zz'}"
        form = _form(random, random.choice((*OBJECTS, *INTERFACES, *UNIONS)) if root else None)
        how = random.choice(RESOLVED if related else RESOLVED[:3])
        lines.append(_resolved(name, form, how, random.choice(ARGUMENTS), effect=prefix == "mutation"))
    return lines


def _form(random: Random, named: str | None = None) -> str:
    """A type as GraphQL writes it."""
    if named is None:
        named = random.choice(LEAVES if random.random() < 0.5 else (*OBJECTS, *INTERFACES, *UNIONS))
    form = named
    for _ in range(random.choice([0, 0, 0, 1, 1, 2])):
        form = f"[{form}{random.choice(['', '!'])}]"
    return form + random.choice(["", "", "!"])


def _annotation(form: str) -> str:
    """The same as Python writes it."""
    if not form.endswith("!"):
        return f"Optional[{_annotation(form + '!')}]"
    bare = form.removesuffix("!")
    return f"list[{_annotation(bare[1:-1])}]" if bare.startswith("[") else PYTHON.get(bare, bare)


def _resolved(name: str, form: str, how: str, arguments: str, *, effect: bool) -> str:
    """A field with a resolver."""
    given = "".join(f", {each.split(':')[0].strip()}" for each in _parts(arguments))
    answer, returned = f"'{form}', self, '{name}'{given}", _annotation(form)
    with_info = ", ".join(filter(None, ("self", "info: strawberry.Info", arguments)))
    note = f"        info.context.effects.append('{name} begins')\n" if effect else ""
    done = f"        info.context.effects.append('{name} ends')\n" if effect else ""
    match how:
        case "sync":
            return (
                f"    @strawberry.field\n    def {name}({with_info}) -> {returned}:\n{note}"
                f"        return WORLD.answer({answer})"
            )
        case "async":
            return (
                f"    @strawberry.field\n    async def {name}({with_info}) -> {returned}:\n{note}"
                f"        await wait(getattr(self, 'seed', 0), '{name}')\n{done}        return WORLD.answer({answer})"
            )
        case "loaded":
            return (
                f"    @strawberry.field\n    async def {name}({with_info}) -> {returned}:\n{note}"
                f"        return await WORLD.loaded(info.context, {answer})"
            )
        case "permitted":
            return (
                f"    @strawberry.field(permission_classes=[Chosen])\n    def {name}(self) -> {returned}:\n"
                f"        return WORLD.answer('{form}', self, '{name}')"
            )
        case "told":
            return (
                f"    @strawberry.field\n    def {name}(self, info: strawberry.Info) -> Optional[str]:\n"
                "        return told(info)"
            )
    columns = ", ".join(filter(None, ("parents: Sequence[object]", "context: object", arguments)))
    prefix, pause = ("async ", f"        await wait('{name}')\n") if how == "asynccolumn" else ("", "")
    taken = "".join(f", {_untyped(each)}" for each in _parts(arguments))
    tell = f"at_hand=lambda _{taken}: WORLD.at_hand('{form}', '{name}'{given})"
    hand = tell if dice("at hand", form, name) < 0.6 else ""
    return (
        f"    @relation({hand})\n    @staticmethod\n    {prefix}def {name}({columns}) -> Each[{returned}]:\n{pause}"
        f"        return WORLD.column('{form}', parents, '{name}'{given})"
    )


def _untyped(argument: str) -> str:
    """An argument as a lambda has it: `k=2` of `k: int = 2`."""
    name, _, rest = argument.partition(":")
    _, has_default, default = rest.rpartition(" = ")
    return f"{name.strip()}={default}" if has_default else name.strip()


def _parts(arguments: str) -> list[str]:
    """Arguments one by one: commas within brackets part nothing."""
    parts, depth = [""], 0
    for mark in arguments:
        depth += (mark in "[(") - (mark in "])")
        if mark == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += mark
    return [each for each in parts if each.strip()]
