"""Organisers: citizens in their own name, and organisations."""

from collections.abc import Sequence
from functools import partial

import strawberry

from domain.citizens import Citizen
from domain.filters import OrganizerKind
from domain.organizations import Organization
from engine import Each, Shown, relation, takes
from resolvers import events as resolve
from resolvers.context import Context
from schema.event_filters import EventFilterInput, WhichEvents
from schema.event_pages import EventConnection, event_connections
from schema.limits.declared import PAGED
from schema.nodes import Node
from schema.paging import After, Before, First, Last, window

ORDER = "organized-events"


@strawberry.federation.interface(keys=["id"], description="Who organises events: a citizen or an organisation.")
class Organizer(Node):
    name: str = strawberry.field(description="What to call them.")
    kind: OrganizerKind = strawberry.field(description="What they are. Political groups are labelled as such.")

    @relation(description="The events they organise, the latest first.", directives=PAGED)
    @staticmethod
    @takes("id")
    async def organized_events(
        organizers: Sequence[Citizen | Organization],
        context: Context,
        filter: WhichEvents = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        shown: Shown = None,
    ) -> Each[EventConnection]:
        asked = window(first=first, after=after, last=last, before=before, order=ORDER, shown=shown)
        where = EventFilterInput.meant(filter)
        ids = [organizer.id for organizer in organizers]
        pages = await resolve.organized_events(context, ids, where, asked)
        return event_connections(ids, pages, where, order=ORDER, total=partial(resolve.organized_event_total, context))
