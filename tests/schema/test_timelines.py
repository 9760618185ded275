"""Points over time: each stretch, in the right zone, and nothing of what isn't listed in days and weeks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from db.engine import Database
from domain.events import is_time_zone
from domain.timeline import BucketSums, TimelineInterval, bucket_of, timeline
from resolvers import participations
from resolvers.context import Context
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.samples import POLICY

TIMELINE = """query(
  $handle: String!, $interval: TimelineInterval!, $from: Date, $to: Date, $zone: String! = "Europe/Paris") {
  citizen(handle: $handle) { timeline(interval: $interval, from: $from, to: $to, timeZone: $zone) {
    start participationCount points totalPoints level } influence { points } } }"""
days = st.dates(date(2024, 1, 1), date(2024, 12, 31))
sums = st.lists(st.builds(BucketSums, days, st.integers(-50, 400), st.integers(0, 3), st.booleans()), max_size=30)


@given(sums, days, days, st.sampled_from(TimelineInterval))
def test_buckets_follow_each_other_and_their_total_is_the_sum_of_all_before(
    told: list[BucketSums], one: date, other: date, interval: TimelineInterval
) -> None:
    since, until = sorted((one, other))
    buckets = timeline(told, since=since, until=until, interval=interval, policy=POLICY)

    starts = [bucket.start for bucket in buckets]
    every = {bucket_of(since + timedelta(days=n), interval) for n in range((until - since).days + 1)}
    assert starts == sorted(every)
    for bucket in buckets:
        so_far = sum(each.points for each in told if bucket_of(each.start, interval) <= bucket.start)
        assert bucket.total == so_far
        assert bucket.level == POLICY.level_at(so_far)
    if interval in (TimelineInterval.MONTH, TimelineInterval.YEAR) or not any(each.withheld for each in told):
        inside = [each for each in told if starts[0] <= bucket_of(each.start, interval) <= starts[-1]]
        assert sum(bucket.points for bucket in buckets) == sum(each.points for each in inside)


@pytest.fixture
async def nath(town: Town, clock: Clock) -> Context:
    """200 points recorded on the first of October at half past midnight in Paris, and 200 unlisted ones on the 20th."""
    owner = await town.citizen("owner")
    organization = await town.organization(owner)
    nath = await town.citizen("nath")
    clock.now = datetime(2026, 9, 30, 12, tzinfo=UTC)
    night = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
    await town.attend(nath, await town.event(owner, organization.id, starts_at=night))
    clock.now = datetime(2026, 10, 19, tzinfo=UTC)
    other = await town.event(owner, organization.id, starts_at=datetime(2026, 10, 20, 18, tzinfo=UTC))
    await town.attend(nath, other)
    await participations.set_listed(nath, other.id, listed=False)
    clock.now = datetime(2026, 11, 10, tzinfo=UTC)
    return nath


async def told(ask: Ask, ctx: Context, interval: str, **more: Any) -> list[Any]:
    citizen = (await ask(ctx, TIMELINE, handle="nath", interval=interval, **more))["citizen"]
    columns = ("start", "participationCount", "points", "totalPoints")
    shown = [tuple(each[column] for column in columns) for each in citizen["timeline"]]
    assert shown[-1][3] == citizen["influence"]["points"]
    return shown


async def test_months_show_all_points_in_the_zone_that_is_asked_for(ask: Ask, nath: Context, nobody: Context) -> None:
    assert await told(ask, nobody, "MONTH") == [
        ("2026-09-01", 0, 0, 0),
        ("2026-10-01", 1, 400, 400),
        ("2026-11-01", 0, 0, 400),
    ]
    assert await told(ask, nobody, "MONTH", zone="America/Montreal") == [
        ("2026-09-01", 1, 200, 200),
        ("2026-10-01", 0, 200, 400),
        ("2026-11-01", 0, 0, 400),
    ]
    assert await told(ask, nobody, "YEAR") == [("2026-01-01", 1, 400, 400)]


async def test_days_and_weeks_tell_nothing_of_what_is_not_listed_but_to_oneself(
    ask: Ask, nath: Context, nobody: Context
) -> None:
    span = {"from": "2026-10-01", "to": "2026-10-31"}
    others, own = await told(ask, nobody, "DAY", **span), await told(ask, nath, "DAY", **span)

    assert len(others) == len(own) == 31
    assert [each for each in others if each[1] or each[2]] == [("2026-10-01", 1, 200, 400)]
    assert {each[3] for each in others} == {400}  # the rest counts from the first of its month on, as in the ledger
    assert [each for each in own if each[1] or each[2]] == [
        ("2026-10-01", 1, 200, 200),
        ("2026-10-20", 1, 200, 400),
    ]
    weeks = await told(ask, nobody, "WEEK", **span)
    assert weeks[0] == ("2026-09-28", 1, 200, 400)
    assert all(points == 0 for _, _, points, _ in weeks[1:])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"interval": "DAY", "from": "2000-01-01"}, "BAD_USER_INPUT"),
        ({"interval": "YEAR", "from": "0001-01-01"}, "BAD_USER_INPUT"),
        ({"interval": "MONTH", "zone": "Mars/Olympus"}, "BAD_USER_INPUT"),
        ({"interval": "MONTH", "zone": "UTC'; --"}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_drawn_is_refused(ask: Ask, nath: Context, asked: dict[str, Any], code: str) -> None:
    assert (await ask(nath, TIMELINE, handle="nath", **asked)).codes == [code]


async def test_a_span_that_ends_before_it_begins_is_empty(ask: Ask, nath: Context) -> None:
    span = {"from": "2026-11-01", "to": "2026-10-01"}
    shown = (await ask(nath, TIMELINE, handle="nath", interval="DAY", **span))["citizen"]["timeline"]

    assert shown == []


async def test_the_database_knows_every_time_zone_that_we_take(database: Database) -> None:
    async with database.reading() as session:
        known = set(await session.scalars(sa.text("SELECT name FROM pg_timezone_names")))

    assert {zone for zone in available_timezones() if is_time_zone(zone)} - known == set()
