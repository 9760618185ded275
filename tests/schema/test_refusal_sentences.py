import ast as python
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

import domain
from domain.refusals import Refusal
from domain.words import Locale

ROOT = Path(domain.__file__).parent.parent
CATALOGS = ROOT / "schema" / "catalogs"


def subclasses(of: type[Refusal]) -> Iterator[type[Refusal]]:
    for subclass in of.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def refusals() -> set[type[Refusal]]:
    """Every refusal of the domain, whichever module it stands in."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)
    return {refusal for refusal in subclasses(Refusal) if refusal.__module__.startswith("domain.")}


def catalog(locale: Locale) -> ast.Resource:
    files = sorted((CATALOGS / locale).glob("*.ftl"))
    return FluentParser().parse("\n".join(path.read_text(encoding="utf-8") for path in files))


def sentences(locale: Locale) -> dict[str, ast.Message]:
    messages = [entry for entry in catalog(locale).body if isinstance(entry, ast.Message)]
    return {entry.id.name: entry for entry in messages if entry.id.name.startswith("refusal-")}


class Words(Visitor):
    """What a sentence is made of: its text, and the variables and references in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.variables: set[str] = set()

    def visit_TextElement(self, node: ast.TextElement) -> None:  # noqa: N802 - the name the visitor looks for
        self.text += node.value

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)


def words(message: ast.Message) -> Words:
    found = Words()
    found.visit(message)
    return found


def parameters_given(names: frozenset[str]) -> Iterator[tuple[str, set[str]]]:
    """Each place in the code that makes one of these refusals, and the parameters that it gives."""
    for package in ("domain", "db", "resolvers", "schema", "influents"):
        for path in (ROOT / package).rglob("*.py"):
            for node in python.walk(python.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, python.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", None))
                    given = {keyword.arg for keyword in node.keywords if keyword.arg}
                    if name in names and all(keyword.arg for keyword in node.keywords):
                        yield name, given


@pytest.mark.parametrize("locale", Locale)
def test_every_refusal_has_its_sentence_and_every_sentence_its_refusal(locale: Locale) -> None:
    needed = {refusal.sentence for refusal in refusals()}

    assert needed
    assert sentences(locale).keys() == needed


def test_no_two_refusals_share_a_sentence() -> None:
    assert len({refusal.sentence for refusal in refusals()}) == len(refusals())


@pytest.mark.parametrize("locale", Locale)
def test_the_catalog_is_well_formed_and_says_nothing_twice(locale: Locale) -> None:
    body = catalog(locale).body
    names = [entry.id.name for entry in body if isinstance(entry, ast.Message)]

    assert [entry.content for entry in body if isinstance(entry, ast.Junk)] == []
    assert sorted(names) == sorted(set(names))


def test_both_languages_ask_for_the_same_parameters() -> None:
    french, english = sentences(Locale.FR), sentences(Locale.EN)

    for key in french.keys() & english.keys():
        assert words(french[key]).variables == words(english[key]).variables, key


def test_whoever_refuses_gives_what_the_sentence_needs() -> None:
    needed = {refusal.__name__: words(sentences(Locale.FR)[refusal.sentence]).variables for refusal in refusals()}
    seen = set()
    for name, given in parameters_given(frozenset(needed)):
        seen.add(name)
        assert needed[name] <= given, name
    assert seen  # the code was found, and looked at


@pytest.mark.parametrize("locale", Locale)
def test_every_sentence_can_be_said(locale: Locale) -> None:
    bundle = FluentBundle([locale], use_isolating=False)
    for path in sorted((CATALOGS / locale).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))

    for key, message in sentences(locale).items():
        pattern = bundle.get_message(key).value
        assert pattern is not None
        given = dict.fromkeys(words(message).variables, 12) | {"question": "vote"}
        said, errors = bundle.format_pattern(pattern, given)
        assert errors == []
        assert "{" not in str(said)


def test_sentences_end_and_are_set_as_the_french_set_them() -> None:
    for key, message in sentences(Locale.FR).items():
        text = words(message).text
        assert re.search(r"[.!?]$", text), key
        assert not re.search(r"['\"]|[^\u00a0\u202f][:;?!»]|«[^\u00a0\u202f]", text), key
