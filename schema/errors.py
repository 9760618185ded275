"""What goes wrong, as clients see it: user errors in payloads, and typed top-level errors."""

import re
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar
from uuid import uuid4

import strawberry
import structlog
from graphql import GraphQLError, GraphQLSyntaxError

from domain.account_changes import SignInAgain
from domain.paging import BadPlace
from domain.refusals import Forbidden, RateLimited, Refusal, RefusalCode, Refusals, Unauthenticated
from domain.words import Locale, Sentence
from resolvers.context import TurnLost
from resolvers.failures import unavailable
from schema.enums import described
from schema.info import Info
from schema.limits.declared import costs
from schema.wording import say

T = TypeVar("T")
log = structlog.get_logger()

PLACES = 10
"""How many places of a document one error names."""
LONGEST_MESSAGE = 500
"""GraphQL may list everything it found: an answer is no longer than that."""

UserErrorCode = described(
    RefusalCode,
    name="UserErrorCode",
    description="Why something was refused, for programs. `message` says it for people.",
    REQUIRED="It is missing.",
    INVALID="It can't be meant.",
    TOO_SHORT="It has too few characters.",
    TOO_LONG="It has too many characters.",
    OUT_OF_RANGE="It is too small, too large, or too many.",
    TAKEN="Somebody else has it.",
    NOT_FOUND="There is none, or none that you may see.",
    NOT_ALLOWED="Not in this case.",
    EVENT_CLOSED="The event's state doesn't allow it.",
    EVENT_OVER="The event has ended.",
    TOO_EARLY="Not yet.",
    TOO_LATE="Not any more.",
    ALREADY_DONE="It was done before, and can be done once only.",
    WRONG_CODE="That isn't the code.",
    WRONG_CREDENTIALS="The address or the password is wrong; which of them isn't told.",
    TOKEN_EXPIRED="The token is no longer good: get a new one.",  # noqa: S106 - a description
    EMAIL_NOT_VERIFIED="The e-mail address must be verified first.",
    CHARTER_NOT_ACCEPTED="The charter in force must be accepted first.",
    TOO_YOUNG="One must be older for that.",
    CONFLICT="It contradicts something else.",
)


@strawberry.federation.type(shareable=True, description="Something that a person can put right.", directives=costs(0))
class UserError:
    code: RefusalCode = strawberry.field(description="Why, for programs.")
    message: str = strawberry.field(description="Why, in a sentence to show, in the viewer's language.")
    field: list[str] | None = strawberry.field(
        description="The way to what is wrong within the input, list places as numbers; null where it is no one field."
    )


class BadUserInput(Exception):  # noqa: N818
    """What a program got wrong: an id or a cursor that isn't ours, a page size out of bounds."""

    def __init__(self, sentence: str, **parameters: object) -> None:
        super().__init__(sentence)
        self.sentence = Sentence(f"error-{sentence}", parameters)


class QueryTooComplex(Exception):  # noqa: N818
    """An operation that asks for more than one may.

    Args:
        what: What there is too much of: the end of a key in the catalogs.
        found: How much there is.
        limit: How much there may be.
    """

    def __init__(self, what: str, *, found: int, limit: int) -> None:
        super().__init__(what)
        self.sentence = Sentence(f"error-too-complex-{what}", {"found": found, "limit": limit})


class IntrospectionClosed(Exception):  # noqa: N818
    """The schema was asked for, where it isn't told."""

    sentence = Sentence("error-introspection-closed")


async def outcome(info: Info, change: Awaitable[T]) -> tuple[T | None, list[UserError]]:
    """What a change came to: its result, or why it was refused. Everything else passes through."""
    try:
        return await change, []
    except Refusal as refusal:
        return None, user_errors(info, [refusal])
    except Refusals as several:
        return None, user_errors(info, several.refusals)


def user_errors(info: Info, refusals: Iterable[Refusal]) -> list[UserError]:
    return [
        UserError(
            code=refusal.code,
            message=say(Sentence(refusal.sentence, refusal.parameters), info.context.locale),
            field=list(refusal.path) or None,
        )
        for refusal in refusals
    ]


def presented(error: GraphQLError, locale: Locale) -> dict[str, Any]:  # Any: JSON
    """A top-level error as it is answered: with a code, in a person's words, and with nothing of the inside.

    What nobody expected is masked, and logged under an id that the client gets.
    """
    code, message, more = _told(error, locale)
    shown: dict[str, Any] = {"message": message, "extensions": {"code": code, **more}}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations[:PLACES]]
    if error.path:
        shown["path"] = error.path
    return shown


def _told(error: GraphQLError, locale: Locale) -> tuple[str, str, dict[str, Any]]:
    """The code, the message and what else is told of an error."""
    cause = _cause(error)
    if cause is None:
        return _graphqls_own(error), _without_values(error.message)[:LONGEST_MESSAGE], {}
    if isinstance(cause, Refusal | Refusals):
        refusals = [cause] if isinstance(cause, Refusal) else cause.refusals
        listed = _listed(refusals, locale)
        return "BAD_USER_INPUT", " ".join(each["message"] for each in listed), {"errors": listed}
    if isinstance(cause, RateLimited):
        more = {"retryAfter": cause.seconds}
        return "RATE_LIMITED", say(Sentence("error-rate-limited", {"seconds": cause.seconds}), locale), more
    if expected := _EXPECTED.get(type(cause)):
        code, sentence = expected
        return code, say(getattr(cause, "sentence", None) or Sentence(sentence), locale), {}
    if isinstance(cause, TurnLost) or unavailable(cause):
        log.error("unavailable for now", error=type(cause).__name__)
        return "SERVICE_UNAVAILABLE", say(Sentence("error-service-unavailable"), locale), {}
    reference = uuid4().hex
    log.error("unexpected error", id=reference, path=error.path, exc_info=cause)
    return "INTERNAL", say(Sentence("error-internal", {"id": reference}), locale), {"id": reference}


def _graphqls_own(error: GraphQLError) -> str:
    """The code of an error that GraphQL itself found."""
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    # Variables are looked at once the document is known to be valid: their errors wrap another.
    found = "GRAPHQL_VALIDATION_FAILED" if error.original_error is None else "BAD_USER_INPUT"
    return str((error.extensions or {}).get("code", found))


def _without_values(message: str) -> str:
    """GraphQL's words without what the client sent, and without what it might have meant: both may tell too much."""
    message = re.sub(r"( cannot represent [^:]*): .*", r"\1.", message, flags=re.DOTALL)
    message = re.sub(r"Value .* does not exist", "That value does not exist", message, flags=re.DOTALL)
    return re.sub(r" Did you mean .*", "", message, flags=re.DOTALL)


def _cause(error: GraphQLError) -> Exception | None:
    """What was raised; None where it was GraphQL's own: a document or variables that don't fit the schema."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


_EXPECTED: dict[type[Exception], tuple[str, str]] = {
    Unauthenticated: ("UNAUTHENTICATED", "error-unauthenticated"),
    SignInAgain: ("UNAUTHENTICATED", "error-sign-in-again"),
    Forbidden: ("FORBIDDEN", "error-forbidden"),
    BadPlace: ("BAD_USER_INPUT", "error-bad-cursor"),
    BadUserInput: ("BAD_USER_INPUT", ""),
    QueryTooComplex: ("QUERY_TOO_COMPLEX", ""),
    IntrospectionClosed: ("FORBIDDEN", ""),
}


def _listed(refusals: Iterable[Refusal], locale: Locale) -> list[dict[str, Any]]:
    return [
        {
            "code": refusal.code.value,
            "message": say(Sentence(refusal.sentence, refusal.parameters), locale),
            "field": list(refusal.path) or None,
        }
        for refusal in refusals
    ]
