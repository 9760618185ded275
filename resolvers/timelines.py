"""Points over time."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from db.queries.timelines import TimelineOf
from domain.citizens import Citizen
from domain.events import UnknownTimeZone, is_time_zone
from domain.timeline import Bucket, TimelineInterval, timeline
from resolvers.context import Context


async def of_citizen(
    ctx: Context,
    citizen: Citizen,
    *,
    interval: TimelineInterval,
    since: date | None,
    until: date | None,
    time_zone: str,
) -> Sequence[Bucket]:
    """From the day they signed up until today, in a time zone, unless told.

    Raises:
        UnknownTimeZone: there is no such time zone.
        TooManyBuckets: the span is too long for so fine an interval.
    """
    if not is_time_zone(time_zone):
        raise UnknownTimeZone("timeZone")
    today = ctx.now().astimezone(ZoneInfo(time_zone)).date()
    return timeline(
        await ctx.loaders.bucket_sums.load(TimelineOf(citizen.id, interval, time_zone)),
        since=since or citizen.member_since,
        until=until or today,
        interval=interval,
        policy=ctx.policies.in_force_at(ctx.now()),
    )
