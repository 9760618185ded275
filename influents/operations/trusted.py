"""Trusted documents: those that front ends of ours were built with, by their ids, from a manifest.

A manifest is what the build of a front end leaves: Apollo's (`generate-persisted-query-manifest`), or an object of ids
and documents, as graphql-codegen's client preset and Relay's compiler write it.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import structlog
from graphql import GraphQLError, validate

from schema.build import InfluentsSchema

APOLLO = "apollo-persisted-query-manifest"
log = structlog.get_logger()


class BadManifest(Exception):  # noqa: N818
    """A manifest that can't be read; its message is one line for a person."""


def trusted_documents(manifest: Path) -> dict[str, str]:
    """The documents of a manifest, by their ids.

    Raises:
        BadManifest: it is none.
    """
    try:
        held = json.loads(manifest.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise BadManifest(f"{manifest} can't be read ({wrong.strerror})") from None
    except ValueError:
        raise BadManifest(f"{manifest} is not JSON") from None
    documents = _documents(held) if isinstance(held, dict) else None
    if not documents:
        raise BadManifest(f"{manifest} is no manifest: an object of ids and documents, or Apollo's")
    return documents


def tell_of_unfit(documents: Mapping[str, str], schema: InfluentsSchema) -> list[str]:
    """The ids of documents that the schema can't answer (any more), logged too; asked for, they are refused."""
    unfit = []
    for key, text in documents.items():
        try:
            errors = validate(schema.core, schema.documents.parsed(text))
        except GraphQLError as error:
            errors = [error]
        if errors:
            unfit.append(key)
            log.warning("a trusted document does not fit the schema", id=key, error=errors[0].message)
    return unfit


def _documents(held: dict[str, object]) -> dict[str, str] | None:
    if held.get("format") == APOLLO:
        operations = held.get("operations")
        entries = operations if isinstance(operations, list) else []
        found = [(each.get("id"), each.get("body")) for each in entries if isinstance(each, dict)]
    else:
        found = list(held.items())
    texts = {key: text for key, text in found if isinstance(key, str) and isinstance(text, str)}
    return texts if len(texts) == len(found) else None
