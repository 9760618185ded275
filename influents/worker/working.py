"""Duties, each done again and again until the worker is told to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from domain.ids import CitizenId
from influents.mail.addresses import SmtpServer
from influents.mail.carrying import Carrier, FolderCarrier, SmtpCarrier
from influents.mail.composing import Letterhead, host_of
from influents.settings import Settings
from influents.telemetry import metrics, spans
from influents.webhooks.sending import Sender
from influents.worker.courier import Courier
from influents.worker.relay import Relay
from resolvers.announcing import pass_on
from resolvers.context import Context, Services
from resolvers.deliveries import still_here
from resolvers.event_endings import complete_overdue
from resolvers.failures import unavailable
from resolvers.forgetting import forget
from resolvers.local_actors import look_for_all
from resolvers.statistics import count

GRACE_SECONDS = 10
"""How long what is under way may take to end. What takes longer is cut short, and done again when its lease is over."""
STUMBLED_SECONDS = 5
TRACED_SECONDS = 60

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do every so many seconds; at once again where it answers that there is more.

    `end` brings to its end what it leaves under way.
    """

    name: str
    seconds: float
    do: Callable[[], Awaitable[bool]]
    end: Callable[[], Awaitable[None]] | None = None


async def work(duties: list[Duty], stop: asyncio.Event) -> None:
    """Do one's duties until `stop` is set; what is under way then is brought to its end."""
    async with asyncio.TaskGroup() as group:
        for duty in duties:
            group.create_task(_repeat(duty, stop), name=duty.name)


@asynccontextmanager
async def working(duties: list[Duty], stop: asyncio.Event | None = None) -> AsyncIterator[None]:
    """Work for as long as the block lasts, or until `stop` is set before, then come to an end."""
    stop = stop or asyncio.Event()
    task = asyncio.create_task(work(duties, stop))
    try:
        yield
    finally:
        stop.set()
        try:
            await asyncio.wait({task}, timeout=GRACE_SECONDS)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def duties_of(settings: Settings, services: Services) -> list[Duty]:
    """All that a worker does."""
    address = settings.issuer or settings.address
    host = host_of(address)
    head = Letterhead(
        sender=settings.mail_from or f"Influents <noreply@{host}>", host=host, web_url=settings.web_url or address
    )
    carrier: Carrier
    if settings.smtp_url is not None:
        carrier = SmtpCarrier(SmtpServer.at(settings.smtp_url.get_secret_value()), host)
        tidying = []
    else:
        carrier = folder = FolderCarrier(mail_folder(settings))
        tidying = [Duty("drop the mail of who has gone", 60, lambda: _drop_mail(services, folder))]
    relay = Relay(services=services, carrier=carrier, head=head)
    courier = Courier(services, Sender(services.webhooks))
    return [
        Duty("deliver", 1, relay.deliver_due),
        Duty("tell webhooks", 1, courier.round, courier.end),
        Duty("pass on what changed", 0.5, lambda: pass_on(services)),
        Duty("complete what was left open", 300, lambda: _complete(services)),
        Duty("look where organisations watch", 600, lambda: _look(services)),
        Duty("count territories", 600, lambda: _count(services)),
        Duty("forget what has expired", 3600, lambda: _forget(services)),
        *tidying,
    ]


def mail_folder(settings: Settings) -> Path:
    """Where mail is kept as files, without a server to hand it to."""
    return settings.data_dir / "mail"


async def _complete(services: Services) -> bool:
    if completed := await complete_overdue(Context(services)):
        log.info("events completed", number=completed)
    return False


async def _look(services: Services) -> bool:
    await look_for_all(services)
    return False


async def _count(services: Services) -> bool:
    await count(services)
    return False


async def _forget(services: Services) -> bool:
    if forgotten := await forget(services):
        log.info("rows forgotten", number=forgotten)
    return False


async def _drop_mail(services: Services, folder: FolderCarrier) -> bool:
    """Files are no place for what was to be forgotten with an account."""
    names = {CitizenId(UUID(name)): name for name in await asyncio.to_thread(folder.readers)}
    for gone in names.keys() - await still_here(services, names.keys()):
        await asyncio.to_thread(folder.drop, names[gone])
    return False


async def _repeat(duty: Duty, stop: asyncio.Event) -> None:
    while not stop.is_set():
        seconds = duty.seconds
        try:
            if await _done(duty):
                continue
        except Exception as wrong:  # noqa: BLE001 - a worker doesn't stop because of one duty
            _stumbled(duty, wrong)
            seconds = max(seconds, STUMBLED_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
    if duty.end is not None:
        await duty.end()


async def _done(duty: Duty) -> bool:
    outcome = "stumbled"
    # What is asked every second would be nothing but noise: each delivery has a span of its own.
    traced = spans.span("duty", influents_duty=duty.name) if duty.seconds >= TRACED_SECONDS else nullcontext()
    with metrics.DUTIES.labels(duty.name).time(), traced:
        try:
            more = await duty.do()
            outcome = "done"
        finally:
            metrics.DUTIES_DONE.labels(duty.name, outcome).inc()
    metrics.DUTY_AT.labels(duty.name).set_to_current_time()
    return more


def _stumbled(duty: Duty, wrong: Exception) -> None:
    """Log what went wrong without its words, which may hold what people wrote: kinds, and the place of each."""
    causes = list(wrong.exceptions) if isinstance(wrong, ExceptionGroup) else [wrong]
    if all(map(unavailable, causes)):
        log.warning("the worker waits for the database", duty=duty.name, error=type(causes[0]).__name__)
        return
    for cause in causes:
        log.error("the worker stumbled", duty=duty.name, error=type(cause).__name__, at=_place(cause))


def _place(wrong: BaseException) -> str:
    trace, place = wrong.__traceback__, "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
