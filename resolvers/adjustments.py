"""Corrections of points, by moderators."""

from db.writes import awards as writes
from db.writes import ledger
from domain.adjustments import OwnInfluence, check_adjustment
from domain.ids import CitizenId
from domain.ledger import LedgerEntry, LedgerKind
from domain.membership import UnknownCitizen
from domain.permissions import moderator
from domain.points import adjustment_award
from domain.refusals import refuse_if_any
from resolvers import awards
from resolvers.context import Context


async def adjust_influence(ctx: Context, citizen_id: CitizenId, *, points: int, reason: str) -> LedgerEntry:
    """Give points to a citizen or take some, for a reason that everybody reads; never to oneself.

    Each call is an entry of its own: nothing tells a second one from a repetition.
    """
    viewer = moderator(ctx.caller)
    refuse_if_any(check_adjustment(points, reason))
    if citizen_id == viewer.citizen_id:
        raise OwnInfluence("citizen")
    async with ctx.unit_of_work() as work:
        if not await writes.has_account(work, citizen_id):
            raise UnknownCitizen("citizen")
        books = awards.Books(await ledger.lock_all(work, [citizen_id]), frozenset())
        now = ctx.now()  # after the wait for the books: what is recorded later is never dated before
        award = adjustment_award(points, reason=reason.strip(), policy=ctx.policies.in_force_at(now))
        await awards.record(ctx, work, citizen_id, award, LedgerKind.ADJUSTMENT, books=books, now=now)
        return await writes.numbered(work, citizen_id, books.totals[citizen_id].entries)
