"""`importEvents`: who may bring events in for an organisation, and what they are answered."""

from collections.abc import Sequence

from db.queries import events as queries
from domain.charter import check_accepted
from domain.events import Event
from domain.fields import TooMany
from domain.ids import OrganizationId
from domain.imports import ImportedEvent
from domain.organizations import UnknownOrganization
from domain.permissions import may_import
from resolvers.context import Context
from resolvers.imports import ImportReport, import_events
from resolvers.organizations import organization

MOST_ROWS = 100


async def import_for_caller(
    ctx: Context, id: OrganizationId, rows: Sequence[ImportedEvent], *, dry_run: bool
) -> tuple[ImportReport, list[Event | None]]:
    """Bring events in, for a member or a token of their organisation; then each row's event, None where refused."""
    check_accepted(may_import(ctx.caller, id))
    if len(rows) > MOST_ROWS:
        raise TooMany("events", maximum=MOST_ROWS)
    owner = await organization(ctx, id)
    if owner is None:
        raise UnknownOrganization("organization")
    report = await import_events(ctx, owner, rows, dry_run=dry_run)
    refused = {row.row for row in report.refused}
    if dry_run:
        return report, [None] * len(rows)
    async with ctx.reading() as session:
        found = await queries.by_external_id(session, ctx.caller, id, [row.external_id for row in rows])
    return report, [None if row in refused else found.get(each.external_id) for row, each in enumerate(rows)]
