"""Who takes part: registering, the window of check-in, and the code."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.check_in_codes import ALPHABET, RENEWED_EVERY, code_at, is_good, shown
from domain.events import EventFormat, EventStatus
from domain.ids import ParticipationId
from domain.participations import (
    CheckInIsOver,
    CheckInNotOpenYet,
    EventIsOver,
    EventNotOpen,
    NotRegistered,
    OwnEvent,
    Participation,
    ParticipationStatus,
    check_may_check_in,
    check_may_register,
    status_on_registering,
)
from domain.refusals import Refusal
from tests.clock import START
from tests.samples import NATH, event

INSTANT, MINUTE, HOUR = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1)
END = START + 4 * HOUR + 30 * MINUTE
SECRET = bytes(range(32))

moments = st.timedeltas(timedelta(days=-40_000), timedelta(days=40_000)).map(lambda after: START + after)
secrets = st.binary(min_size=32, max_size=32)


def taking_part(status: ParticipationStatus = ParticipationStatus.REGISTERED) -> Participation:
    kept = event()
    return Participation(
        id=ParticipationId(kept.id),
        citizen_id=NATH,
        event_id=kept.id,
        status=status,
        registered_at=START - HOUR,
        queued_at=START - HOUR,
    )


def test_one_registers_until_the_end() -> None:
    check_may_register(event(), organizes=False, now=END - INSTANT)
    with pytest.raises(EventIsOver):
        check_may_register(event(), organizes=False, now=END)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (EventStatus.DRAFT, EventNotOpen),
        (EventStatus.SUBMITTED, EventNotOpen),
        (EventStatus.REJECTED, EventNotOpen),
        (EventStatus.CANCELLED, EventNotOpen),
        (EventStatus.COMPLETED, EventIsOver),
    ],
)
def test_only_a_published_event_takes_registrations(status: EventStatus, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_may_register(event(status), organizes=False, now=START)


def test_nobody_registers_for_their_own_event() -> None:
    with pytest.raises(OwnEvent):
        check_may_register(event(), organizes=True, now=START)


@given(st.integers(0, 200), st.none() | st.integers(1, 100))
def test_there_is_a_seat_exactly_while_fewer_are_taken_than_there_are(taken: int, capacity: int | None) -> None:
    status = status_on_registering(taken=taken, capacity=capacity)

    assert (status is ParticipationStatus.REGISTERED) == (capacity is None or taken < capacity)
    assert status in (ParticipationStatus.REGISTERED, ParticipationStatus.WAITLISTED)


def test_one_checks_in_from_half_an_hour_before_the_start_until_two_hours_after_the_end() -> None:
    opens, closes = START - 30 * MINUTE, END + 2 * HOUR

    for now in (opens, START, END, closes):
        check_may_check_in(event(), taking_part(), now=now)
    with pytest.raises(CheckInNotOpenYet) as refusal:
        check_may_check_in(event(), taking_part(), now=opens - INSTANT)
    assert refusal.value.parameters == {"opens": opens}
    with pytest.raises(CheckInIsOver):
        check_may_check_in(event(), taking_part(), now=closes + INSTANT)


@pytest.mark.parametrize(
    "status", [None, *(status for status in ParticipationStatus if status is not ParticipationStatus.REGISTERED)]
)
def test_only_who_is_registered_checks_in(status: ParticipationStatus | None) -> None:
    with pytest.raises(NotRegistered):
        check_may_check_in(event(), None if status is None else taking_part(status), now=START)


@pytest.mark.parametrize("status", EventStatus)
def test_one_checks_in_to_what_is_published_or_completed(status: EventStatus) -> None:
    if status in (EventStatus.PUBLISHED, EventStatus.COMPLETED):
        check_may_check_in(event(status), taking_part(), now=START)
        return
    with pytest.raises(EventNotOpen):
        check_may_check_in(event(status), taking_part(), now=START)


@given(secrets, moments)
def test_a_code_is_eight_characters_that_cannot_be_misread(secret: bytes, now: datetime) -> None:
    code = code_at(secret, now)

    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert len(ALPHABET) == 32
    assert not set("01IO") & set(ALPHABET)


def test_codes_are_renewed_every_ten_minutes_on_the_clock() -> None:
    codes = [code_at(SECRET, START + minute * MINUTE) for minute in range(60)]

    assert len(set(codes)) == 6
    assert all(codes[minute] == codes[minute - minute % 10] for minute in range(60))
    assert code_at(SECRET, START + 10 * MINUTE - INSTANT) == codes[0]


def test_the_code_before_is_still_good_and_no_other() -> None:
    shown_at_start = code_at(SECRET, START)

    for now in (START, START + 10 * MINUTE, START + 20 * MINUTE - INSTANT):
        assert is_good(shown_at_start, secret=SECRET, now=now)
    assert not is_good(shown_at_start, secret=SECRET, now=START + 20 * MINUTE)
    assert not is_good(shown_at_start, secret=SECRET, now=START - INSTANT)
    assert not is_good(shown_at_start, secret=SECRET[::-1], now=START)


def test_how_a_code_is_typed_does_not_matter() -> None:
    code = code_at(SECRET, START)

    for typed in (code.lower(), f" {code[:4]} {code[4:]}\n", f"{code[:4]}-{code[4:]}", f"\u00a0{code}"):
        assert is_good(typed, secret=SECRET, now=START)


@given(st.text(st.characters()))
def test_whatever_else_is_typed_is_no_code(typed: str) -> None:
    letters = "".join(typed.split()).replace("-", "").upper()
    good = {code_at(SECRET, START), code_at(SECRET, START - RENEWED_EVERY)}

    assert is_good(typed, secret=SECRET, now=START) == (letters in good)


@pytest.mark.parametrize("typed", ["", "\ud800", "É" * 8, "\x00" * 8, "A" * 100_000])
def test_no_string_breaks_the_reading_of_codes(typed: str) -> None:
    assert not is_good(typed, secret=SECRET, now=START)


@pytest.mark.parametrize("format", [EventFormat.IN_PERSON, EventFormat.HYBRID])
def test_the_code_is_shown_as_long_as_it_is_looked_at(format: EventFormat) -> None:
    opens, closes = START - 30 * MINUTE, END + 2 * HOUR

    assert [shown(event(format=format), now=now) for now in (opens - INSTANT, opens, closes, closes + INSTANT)] == [
        False,
        True,
        True,
        False,
    ]


def test_online_the_code_is_shown_at_the_end() -> None:
    online = event(format=EventFormat.ONLINE)
    short = event(format=EventFormat.ONLINE, ends_at=START + 5 * MINUTE)

    assert not shown(online, now=END - 10 * MINUTE - INSTANT)
    assert shown(online, now=END - 10 * MINUTE)
    assert shown(online, now=END + 2 * HOUR)
    assert shown(short, now=START - 5 * MINUTE)
    assert not shown(short, now=START - 5 * MINUTE - INSTANT)


@pytest.mark.parametrize("status", EventStatus)
def test_no_code_is_shown_for_what_takes_no_check_ins(status: EventStatus) -> None:
    assert shown(event(status), now=START) == (status in (EventStatus.PUBLISHED, EventStatus.COMPLETED))
