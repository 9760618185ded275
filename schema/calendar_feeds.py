"""One's own calendar: an address that calendars subscribe to."""

import strawberry

from resolvers import calendar_feeds as resolve
from schema.access import CITIZENS, WITHHELD
from schema.errors import UserError, outcome
from schema.info import Info
from schema.scalars import URL
from schema.viewer import ViewerPayload, viewer_after


@strawberry.type(
    directives=WITHHELD,
    description="What the calendar's address is from now on, or why it isn't another.",
)
class RenewCalendarFeedPayload:
    secret_url: URL | None = strawberry.field(
        description="The address, for calendars to subscribe to; null where it was refused. Whoever has it sees what "
        "one registered for: it is shown this once, and kept nowhere."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class CalendarFeedMutation:
    @strawberry.mutation(
        directives=CITIZENS,
        description="Have a calendar of what one registers for, at an address that only oneself has; where there was "
        "one, at another address from now on. It needs a sign-in within the last 10 minutes: later it is "
        "UNAUTHENTICATED, until one signs in again. Another password ends the address.",
    )
    async def renew_calendar_feed(self, info: Info) -> RenewCalendarFeedPayload | None:
        secret, errors = await outcome(info, resolve.renew_calendar_feed(info.context))
        address = info.context.services.tokens.issuer.rstrip("/")
        url = None if secret is None else URL(f"{address}/calendars/{secret}.ics")
        return RenewCalendarFeedPayload(secret_url=url, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS,
        description="Have no such calendar any more: its address leads nowhere, at once.",
    )
    async def delete_calendar_feed(self, info: Info) -> ViewerPayload | None:
        return await viewer_after(info, resolve.delete_calendar_feed(info.context))
