"""Makes operations that nobody would write: valid, nearly valid and hostile ones, for every field of a schema.

What was answered before is used again: ids, cursors, slugs and handles lead further in than anything made up.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
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
    get_named_type,
    is_leaf_type,
)

Value = Any  # Any: JSON

TEXTS = [
    "", " ", "a", "été", "nantes", "FR-44", "fr", "\n\t\r", "\x01\x7f", "\0", "a\0b", "\ud800", "\udfff",
    "\u202e\u200b\ufeff", "\U0001f469\u200d\U0001f467", "e" + "\u0301" * 500, "%", "_%\\", "'; DROP TABLE citizen; --",
    '"}{"', "$1", "{0}", "{{ x }}", "<script>alert(1)</script>", "((((", "a" * 300, "b" * 25_000, "NaN", "-1", "1e999",
    "null", "../../etc/passwd", "https://example.org/", "javascript:alert(1)", "http://[::1", "nath@example.org", "@",
    "2026-02-30", "Europe/Paris", "-", "0" * 32,
]  # fmt: skip
NUMBERS = [
    0,
    1,
    -1,
    2,
    5,
    20,
    100,
    101,
    2**31 - 1,
    2**31,
    -(2**31),
    -(2**31) - 1,
    10**20,
    0.5,
    -0.0,
    1e308,
    90.0,
    180.0,
]
MOMENTS = [
    "2026-09-08T18:00:00+02:00", "2026-09-08T22:00:00Z", "2026-09-08T18:00:00", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2199-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "2026-09-08", "1900-01-01",
    "2200-12-31", "-1", "",
]  # fmt: skip
IDS = [
    "", "_", "event_", "event_" + "0" * 32, "citizen_" + "f" * 32, "theme_CULTURE", "theme_NONE", "territory_FR-44",
    "territory_FR\0", "event_" + "0" * 31 + "g", "EVENT_" + "0" * 32, "session_" + "0" * 32, "nothing_1",
    "event_" + "\u0660" * 32, "\0", "\ud800", "x" * 5_000,
]  # fmt: skip
CURSORS = [
    "", "=", "%", "bm90aGluZw", "WyJoaXN0b3J5Il0", "W10", "WzFd", "bnVsbA", "x" * 501, "\0", "\ud800", "W1tbW1tb", "é",
]  # fmt: skip
HEADERS = [
    "Accept", "Accept-Language", "Content-Type", "Content-Encoding", "X-Request-Id", "X-Forwarded-For", "Origin",
    "Idempotency-Key", "If-None-Match", "Sec-Fetch-Site", "User-Agent", "Authorization",
    "Apollo-Federation-Include-Trace",
]  # fmt: skip
HEADER_VALUES = [
    b"", b"*/*", b"*;q=0", b"application/json;q=x", b"text/html", b"\xff\xfe", b"a" * 3_000, b"fr;q=,en;;", b"Bearer x",
    b"ftv1", b'"*"', b"multipart/form-data", b"-1", b"\x00",
]  # fmt: skip
MARKS = [b"{", b"}", b"[", b'"', b"\\", b"\x00", b"\xff", b"#", b"...", b"@", b"$"]
SECRETS = {"accessToken", "refreshToken", "secret", "token", "password"}


@dataclass
class Fuzzer:
    """Makes requests.

    Attributes:
        hostile: How often something is as nobody means it, 0 to 1.
        names, ids, cursors: What was answered: slugs, handles, codes and versions among the names.
        moments: When something may happen.
        password: The password of everybody whom the test made.
    """

    schema: GraphQLSchema
    random: Random
    password: str
    hostile: float = 0.15
    names: list[str] = field(default_factory=lambda: ["nath", "2026-1"])
    ids: list[str] = field(default_factory=lambda: ["theme_CULTURE", "territory_FR-44"])
    cursors: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=lambda: MOMENTS[:2])
    _declared: dict[str, tuple[str, Value]] = field(default_factory=dict)
    _fragments: list[str] = field(default_factory=list)
    _asked: str = ""

    def operation(self, kind: str, name: str) -> dict[str, Value]:
        """A request's body that asks for a field of `Query` or `Mutation`."""
        self._declared, self._fragments, self._asked = {}, [], name
        root = self.schema.query_type if kind == "query" else self.schema.mutation_type
        assert root is not None
        selected = self._field(name, root.fields[name], depth=self.random.randint(1, 4))
        if kind == "query" and self._sometimes(0.2):
            other = self.random.choice(list(root.fields))
            selected += " " + self._field(other, root.fields[other], depth=2)
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self._declared.items())
        head = f"{kind} Fuzz({declared})" if declared else kind
        variables = {name: value for name, (_, value) in self._declared.items()}
        body: dict[str, Value] = {
            "query": f"{head} {{ {selected} }} {' '.join(self._fragments)}",
            "variables": variables,
        }
        if self._odd(0.3):
            body[self.random.choice(["operationName", "extensions", "documentId", "variables", "query"])] = (
                self._anything()
            )
        return body

    def mutated(self, body: dict[str, Value]) -> bytes:
        """The same as bytes, now and then with some of them changed."""
        written = bytearray(json.dumps(body), "utf-8")
        if self._odd(0.5):
            for _ in range(self.random.randint(1, 4)):
                at = self.random.randrange(len(written))
                change = self.random.choice(["set", "cut", "twice", "insert"])
                if change == "set":
                    written[at] = self.random.randrange(256)
                elif change == "cut":
                    del written[at : at + self.random.randint(1, 30)]
                elif change == "twice":
                    written[at:at] = written[at : at + 100]
                else:
                    written[at:at] = self.random.choice(MARKS)
                if not written:
                    break
        return bytes(written)

    def headers(self) -> dict[str, bytes]:
        """Headers, most of them as they should be."""
        made = {"Content-Type": b"application/json"}
        if self._odd(0.5):
            made[self.random.choice(HEADERS)] = self.random.choice(HEADER_VALUES)
        return made

    def learn(self, answer: Value) -> None:
        """Remember what leads further in; secrets stay secret."""
        waiting: list[Value] = [answer]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                for name, each in value.items():
                    if isinstance(each, dict | list):
                        waiting.append(each)
                    elif isinstance(each, str) and name not in SECRETS and len(each) < 500:
                        self._keep(name, each)

    def _keep(self, name: str, value: str) -> None:
        known = {"id": self.ids, "cursor": self.cursors, "endCursor": self.cursors}.get(name)
        if name in {"slug", "handle", "code", "version", "externalId", "checkInCode"}:
            known = self.names
        if known is not None and value not in known:
            known.append(value)
            if len(known) > 100:
                del known[self.random.randrange(20, 100)]

    def _odd(self, often: float) -> bool:
        """Sometimes, the more so the more hostile this request is."""
        return self.random.random() < often * self.hostile

    def _sometimes(self, often: float) -> bool:
        return self.random.random() < often

    def _anything(self, depth: int = 2) -> Value:
        """Any JSON."""
        kinds = ["text", "number", "none", "bool", "id"] + ["list", "object"] * (depth > 0)
        match self.random.choice(kinds):
            case "text":
                return self.random.choice(TEXTS)
            case "number":
                return self.random.choice(NUMBERS)
            case "none":
                return None
            case "bool":
                return self._sometimes(0.5)
            case "id":
                return self.random.choice(self.ids)
            case "list":
                return [self._anything(depth - 1) for _ in range(self.random.randint(0, 3))]
            case _:
                keys = ["__typename", "id", "slug", "handle", "code", ""]
                return {self.random.choice(keys): self._anything(depth - 1) for _ in range(self.random.randint(0, 3))}

    def _field(self, name: str, definition: GraphQLField, *, depth: int) -> str:
        written = (
            f"{self.random.choice(['a', 'b', 'c'])}{self.random.randint(0, 999)}: " if self._sometimes(0.03) else ""
        )
        written += name if not self._odd(0.05) else name + "x"
        written += self._arguments(definition.args)
        if self._odd(0.1):
            written += self.random.choice(
                [" @skip(if: false)", " @include(if: true)", " @skip", " @nothing", " @defer"]
            )
        type_ = get_named_type(definition.type)
        if is_leaf_type(type_):
            return written if not self._odd(0.05) else written + " { id }"
        return f"{written} {{ {self._selection(type_, depth)} }}"

    def _arguments(self, arguments: dict[str, GraphQLArgument]) -> str:
        given = []
        for name, argument in arguments.items():
            required = isinstance(argument.type, GraphQLNonNull) and not self._odd(0.1)
            paging = name in {"first", "after", "last", "before"}
            if not required and self._sometimes(0.9 if paging else 0.5):
                continue
            variable = f"v{len(self._declared)}"
            value = self._cursor() if name in {"after", "before"} else self._value(argument.type, name)
            if self._sometimes(0.2) and (literal := _literal(value, get_named_type(argument.type))) is not None:
                given.append(f"{name}: {literal}")
            else:
                self._declared[variable] = (str(argument.type), value)
                given.append(f"{name}: ${variable}")
        return f"({', '.join(given)})" if given else ""

    def _cursor(self) -> Value:
        return self.random.choice(self.cursors if self.cursors and not self._odd(1) else CURSORS)

    def _selection(self, type_: GraphQLNamedType, depth: int) -> str:
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType) and self._sometimes(0.8):
            possible = self.random.choice(list(self.schema.get_possible_types(type_)))
            return f"__typename ... on {possible.name} {{ {self._selection(possible, depth)} }}"
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            return "__typename"
        fields = {
            name: each for name, each in type_.fields.items() if depth > 0 or is_leaf_type(get_named_type(each.type))
        }
        chosen = self.random.sample(list(fields), min(len(fields), self.random.randint(1, 5)))
        usual = [name for name in ("id", "edges", "node", "cursor", "errors", "slug", "handle") if name in fields]
        names = dict.fromkeys([*usual, *chosen])
        selected = " ".join(self._field(name, fields[name], depth=depth - 1) for name in names) or "__typename"
        if self._sometimes(0.05):
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {type_.name} {{ {selected} }}")
            return f"...{name}"
        return selected

    def _value(self, type_: GraphQLInputType, name: str = "", depth: int = 0) -> Value:
        if self._odd(1 / (depth + 1)):
            return self._anything()
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type, name, depth)
        if isinstance(type_, GraphQLList):
            many = 101 if self._odd(0.3) else self.random.choice([1, 1, 2, 3])
            one = self._value(type_.of_type, name, depth + 1)
            return [one] * many if many > 3 else [self._value(type_.of_type, name, depth + 1) for _ in range(many)]
        if isinstance(type_, GraphQLInputObjectType):
            return {
                each: self._value(definition.type, each, depth + 1)
                for each, definition in type_.fields.items()
                if isinstance(definition.type, GraphQLNonNull) or self._sometimes(0.4)
            }
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(list(type_.values))
        return self._scalar(type_.name, name)

    def _ids_of(self, name: str) -> list[Value]:
        """Ids of what an argument is about, where its name tells."""
        if self._odd(1):
            return list(IDS)
        about = {"attended": "citizen", "absent": "citizen", "id": self._asked.lower()}.get(name, name)
        return [each for each in self.ids if each.partition("_")[0] in about][-8:] or list(self.ids)

    def _scalar(self, type_: str, name: str) -> Value:
        pool = self._pool(type_, name)
        if type_ == "EmailAddress":
            return f"{self.random.choice(pool)}@example.org"
        if type_ in {"_Any", "JSON"}:
            named = self.random.choice(["Citizen", "Event", "Organization", "Theme", "Territory", "Organizer", "X"])
            return {"__typename": named, self.random.choice(["id", "slug", "handle", "code"]): self.random.choice(pool)}
        return self.random.choice(pool)

    def _pool(self, type_: str, name: str) -> list[Value]:
        odd = self._odd(1)
        pools: dict[str, list[Value]] = {
            "Int": NUMBERS if odd else [1, 2, 3, 5, 20],
            "Float": NUMBERS if odd else [1.5, 47.2],
            "Boolean": [False, True, True],
            "ID": self._ids_of(name),
            "DateTime": MOMENTS if odd else self.moments,
            "Date": MOMENTS if odd else [each[:10] for each in self.moments],
            "TerritoryCode": ["FR-000", "ZZ", "fr-44", "FR-4\0"] if odd else ["FR-44", "FR", "CH-GE"],
            "URL": TEXTS if odd else ["https://example.org/"],
            "EmailAddress": TEXTS if odd else self.names,
            "_Any": [*IDS, *TEXTS] if odd else [*self.ids, *self.names],
        }
        texts = TEXTS if odd else [self.password] if name in {"password", "current"} else self.names
        return pools.get(type_, texts)


def _literal(value: Value, type_: GraphQLNamedType) -> str | None:
    """A value as GraphQL writes it; None where that takes more than a line."""
    if isinstance(type_, GraphQLEnumType) and isinstance(value, str):
        return value if value in type_.values else None
    if isinstance(value, dict) or (
        isinstance(value, list) and isinstance(type_, GraphQLEnumType | GraphQLInputObjectType)
    ):
        return None
    return json.dumps(value)
