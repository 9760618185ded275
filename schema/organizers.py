"""Organisers: citizens in their own name, and organisations."""

import strawberry

from domain.citizens import Citizen
from domain.filters import OrganizerKind
from domain.organizations import Organization
from engine import takes
from resolvers import events as resolve
from schema.event_filters import EventFilterInput, WhichEvents
from schema.event_pages import EventConnection, event_connection
from schema.info import Info
from schema.limits.declared import PAGED
from schema.nodes import Node
from schema.paging import After, Before, First, Last, window

ORDER = "organized-events"


@strawberry.federation.interface(keys=["id"], description="Who organises events: a citizen or an organisation.")
class Organizer(Node):
    name: str = strawberry.field(description="What to call them.")
    kind: OrganizerKind = strawberry.field(description="What they are. Political groups are labelled as such.")

    @strawberry.field(description="The events they organise, the latest first.", directives=PAGED)
    @staticmethod
    @takes("id")
    async def organized_events(
        organizer: strawberry.Parent[Citizen | Organization],
        info: Info,
        filter: WhichEvents = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> EventConnection:
        asked = window(first=first, after=after, last=last, before=before, order=ORDER)
        where = EventFilterInput.meant(filter)
        page = await resolve.organized_events(info.context, organizer.id, where, asked)
        return event_connection(
            page,
            where,
            order=ORDER,
            total=lambda: resolve.organized_event_total(info.context, organizer.id, where),
        )
