"""Webhooks: what an organisation's systems are told of its events, and when they are tried again."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain import fields
from domain.ids import EventId, OrganizationId
from domain.refusals import Refusal, RefusalCode

WebhookId = NewType("WebhookId", UUID)
WebhookDeliveryId = NewType("WebhookDeliveryId", UUID)

MOST_WEBHOOKS = 10
SECRET_PREFIX = "whsec_"  # noqa: S105 - what Standard Webhooks begins secrets with
SECRET_BYTES = 32
BOTH_SIGN = timedelta(days=1)
"""How long the secret before the last also signs: long enough to give the new one to whoever verifies."""

SECONDS = 5.0
"""How long a delivery may take in all: finding the address, connecting, and the head of the answer."""
LEASE = timedelta(seconds=30)
"""How long a delivery belongs to who took it. Longer than it may take: nobody else sends it meanwhile."""
AT_ONCE = 4
"""How many deliveries of one webhook may be under way together, by however many workers."""
PATIENCE = 5
"""After so many failures in a row one delivery at a time is tried, and the webhook rests in between."""
ATTEMPTS = 32
"""A delivery that fails so often, for about a day, while others arrive is given up: the next of its subject follows."""
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_REST = timedelta(minutes=5)
DISABLED_AFTER = timedelta(days=1)
"""A webhook that has failed for so long without a single success is disabled. What waits is kept."""
KEPT = timedelta(days=30)
"""How long a delivery is kept, whatever became of it."""


class WebhookTopic(StrEnum):
    """What a webhook can be told of."""

    EVENT_PUBLISHED = "EVENT_PUBLISHED"
    EVENT_UPDATED = "EVENT_UPDATED"
    EVENT_CANCELLED = "EVENT_CANCELLED"
    EVENT_COMPLETED = "EVENT_COMPLETED"
    OUTCOME_PUBLISHED = "OUTCOME_PUBLISHED"
    REGISTRATION_MADE = "REGISTRATION_MADE"
    REGISTRATION_CANCELLED = "REGISTRATION_CANCELLED"
    ATTENDANCE_CONFIRMED = "ATTENDANCE_CONFIRMED"
    ATTENDANCE_WITHDRAWN = "ATTENDANCE_WITHDRAWN"
    FEEDBACK_RECEIVED = "FEEDBACK_RECEIVED"
    PING = "PING"

    @property
    def type(self) -> str:
        """What a message calls it: `event.published`."""
        return self.value.lower().replace("_", ".", 1)


class WebhookDeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    GIVEN_UP = "GIVEN_UP"
    OBSOLETE = "OBSOLETE"


class WebhookFailure(StrEnum):
    """Why an attempt failed."""

    NOT_ALLOWED = "NOT_ALLOWED"
    UNKNOWN_HOST = "UNKNOWN_HOST"
    UNREACHABLE = "UNREACHABLE"
    TLS = "TLS"
    TIMEOUT = "TIMEOUT"
    PROTOCOL = "PROTOCOL"
    STATUS = "STATUS"


class DisabledBecause(StrEnum):
    """Why a webhook is disabled."""

    FAILING = "FAILING"
    GONE = "GONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address of an organisation's that is told what happens, without the secrets that sign.

    Attributes:
        failing_since: Since when nothing has arrived; None where the last attempt succeeded.
        previous_until: Until when the secret before the last signs as well.
    """

    id: WebhookId
    organization_id: OrganizationId
    url: str
    topics: tuple[WebhookTopic, ...]
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_because: DisabledBecause | None = None
    previous_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAttempt:
    """One try: when, how long it took, and what came of it."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None = None
    failure: WebhookFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """A message for one webhook. It holds ids alone: what it says is read when it is sent."""

    id: WebhookDeliveryId
    webhook_id: WebhookId
    organization_id: OrganizationId
    topic: WebhookTopic
    subject: UUID
    event_id: EventId | None
    created_at: datetime
    state: WebhookDeliveryState
    due_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A delivery that somebody has taken, with all that is needed to send it, and how often that was tried by now."""

    id: WebhookDeliveryId
    webhook_id: WebhookId
    organization_id: OrganizationId
    topic: WebhookTopic
    subject: UUID
    event_id: EventId | None
    created_at: datetime
    attempts: int
    url: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AfterFailure:
    """What follows a failure: for the delivery when to try again, None to give it up; for the webhook a rest or an end.

    A webhook that is disabled keeps what waits: it goes out once it is enabled again.
    """

    again_at: datetime | None
    resting_until: datetime | None = None
    disabled: DisabledBecause | None = None


class UnknownWebhook(Refusal):
    """There is none, or none of an organisation of theirs."""

    code = RefusalCode.NOT_FOUND


class UnknownWebhookDelivery(Refusal):
    """There is none, or none of an organisation of theirs."""

    code = RefusalCode.NOT_FOUND


class TooManyWebhooks(Refusal):
    """So many for an organisation, and no more."""

    code = RefusalCode.OUT_OF_RANGE


class NotATopic(Refusal):
    """A ping is asked for, and not waited for."""

    code = RefusalCode.INVALID


class WebhookDisabled(Refusal):
    """Nothing is sent until it is enabled again."""

    code = RefusalCode.NOT_ALLOWED


class StillWaiting(Refusal):
    """What hasn't been sent yet can't be sent again."""

    code = RefusalCode.TOO_EARLY


def check_topics(topics: Sequence[WebhookTopic]) -> Iterator[Refusal]:
    """What is wrong with the topics that a webhook is to be told of."""
    yield from fields.items(topics, "topics", minimum=1, maximum=len(WebhookTopic) - 1)
    if WebhookTopic.PING in topics:
        yield NotATopic("topics")


def check_number(existing: Collection[Webhook]) -> Iterator[Refusal]:
    """What speaks against one more webhook of an organisation that has some."""
    if len(existing) >= MOST_WEBHOOKS:
        yield TooManyWebhooks("organization", maximum=MOST_WEBHOOKS)


def after_failure(
    *,
    attempts: int,
    in_a_row: int,
    failing_since: datetime,
    gone: bool,
    now: datetime,
    luck: float,
    asked: timedelta = timedelta(),
) -> AfterFailure:
    """What follows a delivery's failure.

    Waits double from 10 seconds to an hour, a quarter more or less by luck (0 to 1), so that what failed together
    doesn't come back together. After 5 failures in a row the webhook rests as a whole, 5 minutes at most; so it does
    where its receiver asks for time.

    Args:
        attempts: How often the delivery was tried.
        in_a_row: How many attempts of the webhook have failed since the last success.
        failing_since: When the first of them failed.
        gone: Whether the receiver said that it is gone for good.
        now: The time.
        luck: Between 0 and 1.
        asked: For how long the receiver asks to be left alone; it gets an hour for the delivery, at most.
    """
    spread = 0.75 + luck / 2
    wait = max(min(FIRST_WAIT * (1 << min(max(attempts - 1, 0), 20)), LONGEST_WAIT) * spread, min(asked, LONGEST_WAIT))
    again = now + wait
    if gone:
        return AfterFailure(again, disabled=DisabledBecause.GONE)
    if now - failing_since >= DISABLED_AFTER:
        return AfterFailure(again, disabled=DisabledBecause.FAILING)
    rest = min(asked, LONGEST_REST)
    if in_a_row >= PATIENCE:
        rest = max(rest, min(FIRST_WAIT * (1 << min(in_a_row - PATIENCE, 20)), LONGEST_REST) * spread)
    only_this = in_a_row < attempts  # others have arrived since it was first tried
    return AfterFailure(None if attempts >= ATTEMPTS and only_this else again, now + rest if rest else None)
