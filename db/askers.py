"""Who asks, as statements have it that are written once for all of their kind."""

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, Final, cast

import sqlalchemy as sa

from domain.api_tokens import ApiTokenId, Partner, TokenScope
from domain.citizens import NO_SESSION, Viewer
from domain.ids import CitizenId, OrganizationId
from domain.organizations import MemberRole
from domain.permissions import Caller
from domain.words import Locale

_KEY: Final = sa.Uuid()
_CITIZEN = sa.bindparam("asker", type_=_KEY)
_ORGANIZATION = sa.bindparam("asker_organization", type_=_KEY)
_ORGANIZATIONS = sa.bindparam("asker_organizations", type_=sa.ARRAY(_KEY))


def kind_of(caller: Caller) -> Hashable:
    """Callers of one kind are shown the same by the same statement, but for who they are."""
    if isinstance(caller, Viewer):
        return caller.moderator
    return caller.scopes if isinstance(caller, Partner) else None


def standing_in(caller: Caller) -> Caller:
    """A caller of the same kind, whose ids are places in a statement: `values_of` says what is put into them."""
    if isinstance(caller, Viewer):
        return _viewer(moderator=caller.moderator)
    return _partner(caller.scopes) if isinstance(caller, Partner) else None


def values_of(caller: Caller) -> Mapping[str, Any]:  # Any: ids, and lists of them
    """What is put into the places for a caller."""
    if isinstance(caller, Viewer):
        return {_CITIZEN.key: caller.citizen_id, _ORGANIZATIONS.key: list(caller.organizations)}
    return {_ORGANIZATION.key: caller.organization_id} if isinstance(caller, Partner) else {}


def organizations_of(asker: Viewer) -> sa.ColumnElement[Any]:  # Any: an array, which SQLAlchemy's types don't know
    """The organisations that an asker belongs to, as an array."""
    theirs: object = asker.organizations
    if theirs is _ORGANIZATIONS:
        return _ORGANIZATIONS
    return sa.literal(list(asker.organizations), sa.ARRAY(_KEY))


@cache
def _viewer(*, moderator: bool) -> Viewer:
    return Viewer(
        citizen_id=cast("CitizenId", _CITIZEN),
        session_id=NO_SESSION,
        locale=Locale.FR,
        moderator=moderator,
        organizations=cast("Mapping[OrganizationId, MemberRole]", _ORGANIZATIONS),
    )


@cache
def _partner(scopes: frozenset[TokenScope]) -> Partner:
    return Partner(
        token_id=ApiTokenId(NO_SESSION), organization_id=cast("OrganizationId", _ORGANIZATION), scopes=scopes
    )
