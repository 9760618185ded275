"""What follows a failure, and what a webhook may be told of."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import Refusal
from domain.webhooks import (
    ATTEMPTS,
    DISABLED_AFTER,
    LONGEST_REST,
    LONGEST_WAIT,
    PATIENCE,
    AfterFailure,
    DisabledBecause,
    WebhookTopic,
    after_failure,
    check_topics,
)

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after(
    *,
    attempts: int = 1,
    in_a_row: int = 1,
    failing_for: timedelta = MINUTE,
    gone: bool = False,
    luck: float = 0.5,
    asked: timedelta = timedelta(),
) -> AfterFailure:
    return after_failure(
        attempts=attempts,
        in_a_row=in_a_row,
        failing_since=NOW - failing_for,
        gone=gone,
        now=NOW,
        luck=luck,
        asked=asked,
    )


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (31, 3600), (10_000, 3600)]
)
def test_waits_double_from_ten_seconds_to_an_hour(attempts: int, seconds: int) -> None:
    assert after(attempts=attempts, in_a_row=attempts).again_at == NOW + timedelta(seconds=seconds)


@given(attempts=st.integers(0, 10**6), in_a_row=st.integers(1, 10**6), luck=st.floats(0, 1))
def test_nobody_waits_or_rests_for_longer_than_is_said(attempts: int, in_a_row: int, luck: float) -> None:
    found = after(attempts=attempts, in_a_row=in_a_row, luck=luck)

    assert found.again_at is None or NOW < found.again_at <= NOW + LONGEST_WAIT * 1.25
    assert found.resting_until is None or NOW < found.resting_until <= NOW + LONGEST_REST * 1.25
    assert (found.resting_until is None) == (in_a_row < PATIENCE)
    assert found.disabled is None


@pytest.mark.parametrize(
    ("asked", "again", "rest"),
    [
        (timedelta(seconds=1), timedelta(seconds=10), timedelta(seconds=1)),
        (2 * MINUTE, 2 * MINUTE, 2 * MINUTE),
        (timedelta(days=400), LONGEST_WAIT, LONGEST_REST),
    ],
)
def test_who_asks_for_time_gets_it_within_bounds(asked: timedelta, again: timedelta, rest: timedelta) -> None:
    found = after(asked=asked)

    assert (found.again_at, found.resting_until) == (NOW + again, NOW + rest)
    assert after(asked=asked, in_a_row=100).resting_until == NOW + LONGEST_REST


def test_a_day_of_trying_is_about_a_day() -> None:
    waits = [after(attempts=number, in_a_row=number).again_at for number in range(1, ATTEMPTS)]
    assert timedelta(hours=20) < sum((each - NOW for each in waits if each), timedelta()) < timedelta(hours=28)


def test_what_fails_while_others_arrive_is_given_up_and_in_an_outage_nothing_is() -> None:
    assert after(attempts=ATTEMPTS, in_a_row=1).again_at is None
    assert after(attempts=ATTEMPTS - 1, in_a_row=1).again_at is not None
    assert after(attempts=ATTEMPTS, in_a_row=ATTEMPTS).again_at is not None


def test_a_day_of_nothing_else_disables_and_keeps_what_waits() -> None:
    found = after(attempts=ATTEMPTS, in_a_row=40, failing_for=DISABLED_AFTER)
    assert (found.disabled, found.again_at is None) == (DisabledBecause.FAILING, False)
    assert after(in_a_row=40, failing_for=DISABLED_AFTER - MINUTE).disabled is None


def test_gone_disables_at_once() -> None:
    assert after(gone=True).disabled is DisabledBecause.GONE


def test_types_are_named_as_standard_webhooks_names_them() -> None:
    assert WebhookTopic.EVENT_PUBLISHED.type == "event.published"
    assert WebhookTopic.PING.type == "ping"
    assert len({topic.type for topic in WebhookTopic}) == len(WebhookTopic)


@pytest.mark.parametrize("topics", [(), (WebhookTopic.PING,), (WebhookTopic.EVENT_UPDATED,) * 2])
def test_topics_are_some_each_once_and_never_a_ping(topics: tuple[WebhookTopic, ...]) -> None:
    assert [type(each).__mro__[1] for each in check_topics(topics)] == [Refusal]


def test_any_others_are_fine() -> None:
    assert list(check_topics([topic for topic in WebhookTopic if topic is not WebhookTopic.PING])) == []
