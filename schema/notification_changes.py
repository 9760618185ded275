"""Marking notifications as read."""

from typing import Annotated

import strawberry

from domain.ids import NotificationId
from resolvers import notifications as resolve
from schema.access import CITIZENS
from schema.errors import BadUserInput
from schema.ids import Kind, key_of
from schema.info import Info
from schema.nodes import MOST_IDS
from schema.viewer import ViewerPayload, viewer_after


@strawberry.input(description="Which notifications were read.")
class MarkNotificationsReadInput:
    ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="100 at most; left out: all that there are."
    )


@strawberry.type
class NotificationMutation:
    @strawberry.mutation(
        directives=CITIZENS, description="Mark notifications as read. Those that were, stay read since then."
    )
    async def mark_notifications_read(
        self,
        info: Info,
        input: Annotated[MarkNotificationsReadInput, strawberry.argument(description="Which ones.")],
    ) -> ViewerPayload | None:
        if input.ids is not None and len(input.ids) > MOST_IDS:
            raise BadUserInput("too-many-ids", maximum=MOST_IDS)
        ids = None if input.ids is None else [NotificationId(key_of(each, Kind.NOTIFICATION)) for each in input.ids]
        return await viewer_after(info, resolve.mark_notifications_read(info.context, ids))
