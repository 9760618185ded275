"""Points over time."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from db.queries import timelines as queries
from db.queries.timelines import TimelineOf
from domain.citizens import Citizen
from domain.events import UnknownTimeZone, is_time_zone
from domain.permissions import person
from domain.timeline import Bucket, TimelineInterval, TooManyBuckets, timeline
from resolvers.context import Context


async def of_citizens(
    ctx: Context,
    citizens: Sequence[Citizen],
    *,
    interval: TimelineInterval,
    since: date | None,
    until: date | None,
    time_zone: str,
) -> list[Sequence[Bucket] | Exception]:
    """Of each, from the day they signed up until today, in a time zone, unless told. A span that is too long for so
    fine an interval is `TooManyBuckets` in its place.

    Raises:
        UnknownTimeZone: there is no such time zone.
    """
    if not is_time_zone(time_zone):
        raise UnknownTimeZone("timeZone")
    today = ctx.now().astimezone(ZoneInfo(time_zone)).date()
    policy = ctx.policies.in_force_at(ctx.now())
    keys = [TimelineOf(citizen.id, interval, time_zone) for citizen in citizens]
    sums = await queries.bucket_sums(ctx.reader, person(ctx.caller), keys)

    def buckets(citizen: Citizen, key: TimelineOf) -> Sequence[Bucket] | Exception:
        begin, end = since or citizen.member_since, until or today
        try:
            return timeline(sums.get(key, ()), since=begin, until=end, interval=interval, policy=policy)
        except TooManyBuckets as wrong:
            return wrong

    return list(map(buckets, citizens, keys))


async def of_citizen(
    ctx: Context,
    citizen: Citizen,
    *,
    interval: TimelineInterval,
    since: date | None,
    until: date | None,
    time_zone: str,
) -> Sequence[Bucket]:
    """The same of one.

    Raises:
        UnknownTimeZone: there is no such time zone.
        TooManyBuckets: the span is too long for so fine an interval.
    """
    [found] = await of_citizens(ctx, [citizen], interval=interval, since=since, until=until, time_zone=time_zone)
    if isinstance(found, Exception):
        raise found
    return found
