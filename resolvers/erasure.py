"""Leaving for good (product.md, section 5): what was to come is cancelled, everything personal goes, sums stay."""

from db.work import Work
from db.writes import awards as award_writes
from db.writes import credentials, ledger
from db.writes import erasure as writes
from domain.account_changes import WrongPassword
from domain.guessing import PASSWORD
from domain.ids import EventId
from domain.permissions import signed_in
from resolvers.context import Context
from resolvers.event_endings import call_off
from resolvers.guessing import count_try
from resolvers.waiting_list import promote

TRIES = 10


class _MoreAhead(Exception):  # noqa: N818
    """Something was begun in the citizen's name while their events were being locked."""


async def delete_account(ctx: Context, *, password: str) -> None:
    """Erase the viewer's account, with the password. Whoever asks twice at once is told twice that it is gone.

    All of it is one unit of work. An event that the viewer alone could hold is cancelled, and those who had a place
    in it are told; a last owner leaves the organisation to its longest-standing manager.
    """
    viewer = signed_in(ctx.caller)
    await count_try(ctx, PASSWORD, account=str(viewer.citizen_id))
    async with ctx.reading() as session:
        known = await credentials.credentials_of(session, viewer.citizen_id)
    right = await ctx.services.passwords.verify(known.password_hash if known else None, password)
    if known is not None and not right:
        raise WrongPassword("password")
    for _ in range(TRIES):
        try:
            async with ctx.unit_of_work() as work:
                await _erase(ctx, work, known)
        except _MoreAhead:
            continue
        return ctx.become(None)
    raise TimeoutError("an account that is too busy to be erased")


async def _erase(ctx: Context, work: Work, before: credentials.Credentials | None) -> None:
    """Lock the account, its organisations, events, totals and citizen, in this order, and let go of all of it."""
    known = before and await credentials.lock_account(work, before.citizen_id)
    if before is None or known is None:
        return
    if known.password_hash != before.password_hash:
        raise WrongPassword("password")
    citizen_id, now = known.citizen_id, ctx.now()
    deserted = await writes.leave_organizations(work, citizen_id, now=now)
    places, held = await writes.events_ahead(work, citizen_id, deserted, now=now)
    events = await writes.lock_events(work, places | held | await writes.proposed(work, citizen_id))
    awarded = [each for event_id in sorted(held) for each in await award_writes.awarded(work, event_id)]
    await ledger.lock_all(work, {citizen_id, *awarded})
    await writes.lock_citizen(work, citizen_id)
    again = await writes.events_ahead(work, citizen_id, deserted, now=now)
    if not set[EventId]().union(*again) <= places | held:
        raise _MoreAhead
    now = ctx.now()  # after the wait for the books: what is recorded later is never dated before
    await writes.cancel_places(work, citizen_id)
    for event in events:
        if event.id in held:
            await call_off(ctx, work, event, reason=None, annulled=False, now=now)
        elif event.id in places:
            await promote(ctx, work, event, now=now)
    await writes.erase(work, citizen_id, handle=known.handle, now=now)
