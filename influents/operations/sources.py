"""Where a request's document is: in the request, or kept here by its SHA-256 or an id."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from graphql import GraphQLError

from engine.cache import Recent
from influents.operations.asking import Asked, Source
from influents.operations.refusing import BadRequest

MOST: Final = 1_000
CHARACTERS: Final = 2_000_000
PREFIX: Final = "sha256:"
_HASH = re.compile(r"[0-9a-f]{64}")


class Sources:
    """The documents that are known: trusted ones, and those that clients sent with their hash (APQ)."""

    def __init__(self, trusted: Mapping[str, str] = {}, *, nothing_else: bool = False) -> None:
        self.trusted = {key.removeprefix(PREFIX): text for key, text in trusted.items()}
        self.texts = frozenset(trusted.values())
        self.nothing_else = nothing_else
        self._sent: Recent[str] = Recent(most=MOST, characters=CHARACTERS)

    def of(self, asked: Asked, *, any_document: bool = False) -> Source:
        """The document that is asked for.

        Args:
            asked: What the request says.
            any_document: Whether the caller may send one of their own where trusted ones alone are taken.

        Raises:
            BadRequest: the request doesn't say which, or one that isn't taken.
            GraphQLError: it isn't known by its hash or id, or isn't what its hash says.
        """
        sha256 = _hash_of(asked)
        if asked.document_id is not None:
            if asked.query is not None:
                raise BadRequest(400, "BAD_REQUEST", "Send `documentId` or `query`, not both.")
            return self._known(asked.document_id)
        if asked.query is not None and asked.query.strip():
            return self._given(asked.query, sha256, any_document=any_document)
        if sha256 is not None:
            return self._known(sha256)
        raise BadRequest(400, "BAD_REQUEST", "`query` is missing, a GraphQL document; or `documentId`, or a hash.")

    def keep(self, sha256: str, text: str) -> None:
        """Know a document by its hash from now on."""
        self._sent.put(sha256, text, length=len(text))

    def _known(self, id: str) -> Source:
        key = id.removeprefix(PREFIX)
        text = self.trusted.get(key)
        if text is None and not self.nothing_else:
            text = self._sent.get(key)
        if text is None:
            # In these words clients know that they may send the document itself.
            raise GraphQLError("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})
        return Source(text, kept=True)

    def _given(self, text: str, sha256: str | None, *, any_document: bool) -> Source:
        if sha256 is not None and sha256 != _sha256(text):
            raise _bad_input("The document's SHA-256 is another.")
        if self.nothing_else and not any_document and text not in self.texts:
            raise BadRequest(403, "FORBIDDEN", "Documents are taken by `documentId` alone, of those that are trusted.")
        return Source(text, sha256=sha256)


def _hash_of(asked: Asked) -> str | None:
    persisted = asked.extensions.get("persistedQuery")
    if persisted is None:
        return None
    sha256 = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(sha256, str) or persisted.get("version") != 1:
        raise _bad_input("`persistedQuery` has `version` 1 and `sha256Hash`.")
    if asked.query is not None and not _HASH.fullmatch(sha256):
        raise _bad_input("`sha256Hash` is a SHA-256, in hexadecimal.")
    return sha256


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _bad_input(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})
