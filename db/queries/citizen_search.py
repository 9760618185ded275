"""Citizens in lists: found by what they are called, and, where they want to be found, by what they do."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.citizens import CALLED
from db.paging import Order
from db.queries.citizens import CitizenRow, read_citizen, shown_citizens, sums_columns
from db.queries.word_search import Searchable, page_found, total_found
from db.questions import Listing, Select, listing
from db.reading import Reader
from db.tables import citizen, citizen_total, skill_holding, territory_within
from db.visibility import Condition
from domain.citizens import Citizen
from domain.filters import CitizenFilter, CitizenOrder
from domain.paging import Page, Window
from domain.permissions import Caller, person
from domain.policy import Policy

WORDS = Searchable(citizen.c.id, citizen.c.words, sa.literal_column(CALLED, sa.Text))
_EARNED = citizen_total.c.earned_points
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


def _people(asker: Caller, *fields: str, order: CitizenOrder) -> Select:
    """What is found with the sums of their ledgers, for those who may be asked for often."""
    joined = citizen.join(citizen_total, citizen_total.c.citizen_id == citizen.c.id)
    rows = shown_citizens(person(asker)).add_columns(*sums_columns()).select_from(joined)
    if "territory" in fields:
        rows = rows.where(_lives_in(sa.bindparam("territory", type_=sa.Text())))
    return rows.where(citizen.c.discoverable) if fields or CitizenFilter().sorts_people(order) else rows


_LISTS: Mapping[CitizenOrder, Listing[None, Citizen]] = {
    order: listing(CitizenRow, order=by)(partial(_people, order=order)) for order, by in ORDERS.items()
}


async def often_listed(
    reader: Reader, asker: Caller, where: CitizenFilter, *, order: CitizenOrder, window: Window
) -> Page[Citizen] | None:
    """The same, where nothing is narrowed down but to a territory; None where anything else is."""
    if where != CitizenFilter(territory=where.territory):
        return None
    given = {} if where.territory is None else {"territory": where.territory}
    return await _LISTS[order].page(reader, asker, window, *given, values=given)


async def total(
    session: AsyncSession, asker: Caller, where: CitizenFilter, *, order: CitizenOrder, policy: Policy
) -> int:
    def rows(among: Sequence[UUID] | None) -> sa.Select[Any]:
        return _found(asker, where, order, policy, among=among)

    return await total_found(session, WORDS, where.words, rows)


def _found(
    asker: Caller, where: CitizenFilter, order: CitizenOrder, policy: Policy, *, among: Sequence[UUID] | None
) -> sa.Select[Any]:
    joined = citizen.join(citizen_total, citizen_total.c.citizen_id == citizen.c.id)
    rows = shown_citizens(person(asker)).select_from(joined).where(*_matches(where, policy, among=among))
    return rows.where(citizen.c.discoverable) if where.sorts_people(order) else rows


def _matches(where: CitizenFilter, policy: Policy, *, among: Sequence[UUID] | None) -> Iterator[Condition]:
    if where.words is not None:
        yield WORDS.holds(where.words, among=among)
    if where.territory is not None:
        yield _lives_in(where.territory)
    if where.skill is not None:
        held = skill_holding.c
        yield sa.exists().where(held.citizen_id == citizen.c.id, held.theme == where.skill, held.lost_at.is_(None))
    if where.talents is not None:
        asked = sa.cast(array(list(where.talents), type_=sa.Text), sa.ARRAY(sa.Text))
        yield sa.func.plain_texts(citizen.c.talents).op("&&", is_comparison=True)(sa.func.plain_texts(asked))
    least, below = policy.points_of_levels(where.minimum_level, where.maximum_level)
    if least is not None:
        yield least <= _EARNED
    if below is not None:
        yield below > _EARNED


def _lives_in(territory: str | sa.ColumnElement[str]) -> Condition:
    """Within a territory: what it contains counts."""
    inside = sa.select(territory_within.c.code).where(territory_within.c.container_code == territory)
    return citizen.c.territory_code.in_(inside)
