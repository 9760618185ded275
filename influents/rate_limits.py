"""How much a caller may have done in a minute: requests and what their operations cost, by the schema's `@cost`."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from domain.refusals import RateLimited
from resolvers.context import Context

REQUEST: Final = 10
"""What any request costs, whatever becomes of it."""
SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What callers may have done: each person, each partner's token, and each address of those who are neither.

    Attributes:
        most: How much there is for a minute; None for no limit.
        proxies: How many proxies stand in front.
    """

    most: int | None
    proxies: int = 0

    def address_of(self, request: HTTPConnection) -> str | None:
        """Where a request comes from: a whole network where that is IPv6, of which anybody has many addresses.

        Each proxy adds to `X-Forwarded-For` whom it was asked by. What a client wrote there itself stands further
        left, and isn't believed.
        """
        passed_on = self.proxies and ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        named = passed_on[-self.proxies].strip() if passed_on and self.proxies <= len(passed_on) else None
        client = request.scope.get("client")
        return (_network(named) if named else None) or (_network(client[0]) if client else None)

    async def admit(self, ctx: Context) -> None:
        """Count a request before it is read, and its operation before that is executed, for whoever asks.

        Raises:
            RateLimited: it is one too many.
        """
        counter, caller, most = ctx.services.counter, _named(ctx), self.most
        if most is None:
            return

        async def spend(amount: int) -> None:
            wait = await counter.add(caller, amount, most=most, seconds=SECONDS) if amount else None
            if wait is not None:
                raise RateLimited(wait)

        ctx.before_execution = spend
        await spend(REQUEST)

    async def pace(self, ctx: Context) -> None:
        """Count what somebody who watches was just told, and wait where that is too much for a minute.

        What changes meanwhile they are told of together. It is counted apart, so that they may go on asking.
        """
        if self.most is None or not ctx.cost:
            return
        counter, watcher = ctx.services.counter, f"watching:{_named(ctx)}"
        wait = await counter.add(watcher, ctx.cost, most=self.most, seconds=SECONDS)
        while wait is not None:
            await asyncio.sleep(wait)
            wait = await counter.add(watcher, ctx.cost, most=self.most, seconds=SECONDS)

    async def tell(self, answer: Response, ctx: Context) -> Response:
        """Say on an answer what its operation cost, and where the caller stands, as the IETF's draft has it."""
        if b"public" in dict(answer.raw_headers).get(b"cache-control", b""):
            return answer  # a cache gives it to others
        if ctx.cost is not None:
            answer.raw_headers.append((b"x-query-cost", b"%d" % ctx.cost))
        if self.most is not None and ctx.before_execution is not None:
            standing = await ctx.services.counter.standing(_named(ctx), most=self.most, seconds=SECONDS)
            answer.raw_headers += (
                (b"ratelimit-policy", b'"minute";q=%d;w=%d' % (self.most, SECONDS)),
                (b"ratelimit", b'"minute";r=%d;t=%d' % standing),
            )
        return answer


def _named(ctx: Context) -> str:
    if ctx.viewer is not None:
        return f"citizen:{ctx.viewer.citizen_id}"
    if ctx.partner is not None:
        return f"token:{ctx.partner.token_id}"
    return f"address:{ctx.address}"


@lru_cache(maxsize=1_000)
def _network(written: str) -> str | None:
    host = written.partition(":")[0] if written.count(":") == 1 else written.removeprefix("[").partition("]")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
