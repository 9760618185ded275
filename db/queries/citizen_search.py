"""Citizens in lists: found by what they are called, and, where they want to be found, by what they do."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.citizens import CALLED
from db.paging import Order
from db.queries.citizens import CitizenRow, read_citizen, shown_citizens, sums_columns
from db.queries.filters import Filters, codes_within
from db.queries.word_search import Searchable, page_found, total_found
from db.questions import Listing, Select, listing
from db.reading import Reader
from db.tables import citizen, citizen_total, skill_holding
from db.visibility import Condition
from domain.citizens import Citizen
from domain.filters import CitizenFilter, CitizenOrder
from domain.ids import TerritoryCode
from domain.paging import Page, Window
from domain.permissions import Caller, person
from domain.policy import Policy
from domain.words import ThemeCode

WORDS = Searchable(citizen.c.id, citizen.c.words, sa.literal_column(CALLED, sa.Text))
_EARNED = citizen_total.c.earned_points


def _holds_skill(theme: sa.ColumnElement[str]) -> Condition:
    held = skill_holding.c
    return sa.exists().where(held.citizen_id == citizen.c.id, held.theme == theme, held.lost_at.is_(None))


def _offers(talents: sa.ColumnElement[Any]) -> Condition:  # Any: an array of texts
    """One of some talents, however they are written."""
    return sa.func.plain_texts(citizen.c.talents).op("&&", is_comparison=True)(sa.func.plain_texts(talents))


FILTERS = Filters(
    territory=(sa.Text(), lambda code: citizen.c.territory_code.in_(codes_within(code))),
    skill=(sa.Text(), _holds_skill),
    talents=(sa.ARRAY(sa.Text()), _offers),
    least=(sa.Integer(), lambda points: points <= _EARNED),
    below=(sa.Integer(), lambda points: points > _EARNED),
)
ORDERS = {
    CitizenOrder.MEMBER_SINCE_DESC: Order((citizen.c.member_since, citizen.c.id), descending=True),
    CitizenOrder.EARNED_POINTS_DESC: Order((_EARNED, citizen_total.c.citizen_id), descending=True),
    CitizenOrder.HANDLE_ASC: Order((sa.type_coerce(citizen.c.handle, sa.Text),)),
}


async def listed(
    session: AsyncSession,
    asker: Caller,
    where: CitizenFilter,
    *,
    order: CitizenOrder,
    window: Window,
    policy: Policy,
) -> Page[Citizen]:
    """One page of citizens; `policy` says from how many points on a level is reached."""

    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return _found(asker, where, order, policy, among=among)

    return await page_found(session, WORDS, where.words, rows, order=ORDERS[order], window=window, read=read_citizen)


async def total(
    session: AsyncSession, asker: Caller, where: CitizenFilter, *, order: CitizenOrder, policy: Policy
) -> int:
    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return _found(asker, where, order, policy, among=among)

    return await total_found(session, WORDS, where.words, rows)


def _often(asker: Caller, discoverable: bool, *fields: str) -> Select:
    """What is found with the sums of their ledgers."""
    return _people(asker, discoverable=discoverable).add_columns(*sums_columns()).where(*FILTERS.by(fields))


_LISTS: Mapping[CitizenOrder, Listing[None, Citizen]] = {
    order: listing(CitizenRow, order=by)(_often) for order, by in ORDERS.items()
}


async def often_listed(
    reader: Reader, asker: Caller, where: CitizenFilter, *, order: CitizenOrder, window: Window, policy: Policy
) -> Page[Citizen] | None:
    """The same, where no words are looked for; None where some are."""
    if where.words is not None:
        return None
    given, discoverable = _given(where, policy), where.sorts_people(order)
    return await _LISTS[order].page(reader, asker, window, discoverable, *given, values=given)


async def often_total(
    reader: Reader, asker: Caller, where: CitizenFilter, *, order: CitizenOrder, policy: Policy
) -> int | None:
    if where.words is not None:
        return None
    given, discoverable = _given(where, policy), where.sorts_people(order)
    return await _LISTS[order].total(reader, asker, discoverable, *given, values=given)


def _people(asker: Caller, *, discoverable: bool) -> Select:
    """Citizens and their totals: those alone who agree to be found by what they do, or all."""
    joined = citizen.join(citizen_total, citizen_total.c.citizen_id == citizen.c.id)
    rows = shown_citizens(person(asker)).select_from(joined)
    return rows.where(citizen.c.discoverable) if discoverable else rows


def _found(
    asker: Caller, where: CitizenFilter, order: CitizenOrder, policy: Policy, *, among: Sequence[UUID] | None
) -> sa.Select[Any]:
    rows = _people(asker, discoverable=where.sorts_people(order)).where(*FILTERS.of(_given(where, policy)))
    return rows if where.words is None else rows.where(WORDS.holds(where.words, among=among))


class _Sought(NamedTuple):
    """What a filter narrows down to but for its words."""

    territory: TerritoryCode | None
    skill: ThemeCode | None
    talents: tuple[str, ...] | None
    least: int | None
    below: int | None


def _given(where: CitizenFilter, policy: Policy) -> dict[str, Any]:  # Any: what each field holds
    """What a filter gives; of levels the points that they begin at."""
    least, below = policy.points_of_levels(where.minimum_level, where.maximum_level)
    return FILTERS.given(_Sought(where.territory, where.skill, where.talents, least, below))
