"""What front ends and gateways ask most, of the rows that `benchmarks.side_by_side.rows` makes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import md5
from uuid import UUID

from schema.ids import Kind, seal

PLACE = "attendedAt pointsAwarded event { slug title organizer { name } }"
CITIZEN = f"""
    handle name territory {{ name }} influence {{ level points }} skills {{ theme {{ code }} }}
    themes {{ theme {{ code }} participationCount }}
    participations(first: 20) {{ edges {{ node {{ {PLACE} }} }} pageInfo {{ hasNextPage endCursor }} }}
    organizedEvents(first: 10) {{ edges {{ node {{ slug }} }} }}
    timeline {{ points }}"""
EVENT = """
    slug title startsAt organizer { name } registeredCount attendedCount remainingSeats viewerActions
    viewerParticipation { status } viewerReward { points }"""
EVENTS = f"""
query($filter: EventFilter, $by: EventOrder!) {{
    events(first: 20, filter: $filter, orderBy: $by) {{ edges {{ node {{ {EVENT} }} }} }} }}"""
AN_EVENT = f"""
query($slug: String!) {{ event(slug: $slug) {{ {EVENT} description
    feedbackSummary {{ count }} participations(first: 20) {{
    totalCount edges {{ node {{ citizen {{ handle influence {{ level }} }} }} }} }} }} }}"""
PROFILE = f"query($handle: String!) {{ citizen(handle: $handle) {{ {CITIZEN} }} }}"
HISTORY = f"""
query($handle: String!) {{ citizen(handle: $handle) {{ participations(first: 5, filter: {{theme: CULTURE}}) {{
    totalCount edges {{ node {{ {PLACE} }} }} pageInfo {{ endCursor }} }} }} }}"""
OWN = f"""
query {{ viewer {{
    citizen {{ {CITIZEN} ledger(first: 20) {{ totalCount edges {{ node {{ points explanation }} }} }} }}
    participations(first: 20) {{ totalCount edges {{ node {{ {PLACE} }} }} }}
    notifications(first: 20) {{ edges {{ node {{ message createdAt }} }} }}
    sessions {{ createdAt }} }} }}"""
CITIZENS = """
query($by: CitizenOrder!, $filter: CitizenFilter) {
    citizens(first: 20, orderBy: $by, filter: $filter) { edges { node { handle influence { level points } } } } }"""
ORGANIZATION = """
query($slug: String!) { organization(slug: $slug) { name
    organizedEvents(first: 20) { totalCount edges { node { slug } } } } }"""
ORGANIZATIONS = """
query($filter: OrganizationFilter) { organizations(first: 20, filter: $filter) { edges { node { name } } } }"""
ENTITIES = """
query($of: [_Any!]!) { _entities(representations: $of) {
    ... on Citizen { handle influence { points } }
    ... on Event { title registeredCount }
    ... on Organization { name }
    ... on Participation { status pointsAwarded } } }"""

Variables = dict[str, object]


def key(kind: str, number: int) -> UUID:
    """The key of a row, as `benchmarks.side_by_side.rows.key` makes it in SQL."""
    return UUID(f"{number:012x}" + md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest()[:20])


def pages() -> Iterator[tuple[str, tuple[str, Variables]]]:
    """Each by a name: the document and its variables."""
    soon = {"startsAfter": datetime.now(UTC).isoformat()}
    near = {"latitude": 47.2, "longitude": -1.5, "radiusKm": 10}
    yield "all events", (EVENTS, {"by": "STARTS_AT_ASC"})
    yield "events to come", (EVENTS, {"by": "STARTS_AT_ASC", "filter": soon})
    yield "events by change", (EVENTS, {"by": "UPDATED_AT_ASC"})
    yield "events by worth", (EVENTS, {"by": "POINTS_DESC", "filter": soon})
    yield "events of a territory", (EVENTS, {"by": "STARTS_AT_ASC", "filter": {"territory": "FR-44"}})
    yield "events of a theme", (EVENTS, {"by": "STARTS_AT_ASC", "filter": soon | {"themes": ["CULTURE"]}})
    yield "events by words", (EVENTS, {"by": "RELEVANCE", "filter": {"search": "jardin partagé"}})
    yield "events near", (EVENTS, {"by": "DISTANCE_ASC", "filter": {"near": near}})
    yield "an event", (AN_EVENT, {"slug": "event-2000"})
    yield "a profile", (PROFILE, {"handle": "citizen-1230"})
    yield "a page of a history", (HISTORY, {"handle": "citizen-1230"})
    yield "one's own desk", (OWN, {})
    yield "the board", (CITIZENS, {"by": "EARNED_POINTS_DESC"})
    yield "the newest citizens", (CITIZENS, {"by": "MEMBER_SINCE_DESC"})
    yield "citizens by words", (CITIZENS, {"by": "HANDLE_ASC", "filter": {"search": "jardin"}})
    yield "citizens of a territory", (CITIZENS, {"by": "MEMBER_SINCE_DESC", "filter": {"territory": "FR-44"}})
    yield "an organisation", (ORGANIZATION, {"slug": "organization-12"})
    yield "organisations by words", (ORGANIZATIONS, {"filter": {"search": "forum"}})
    yield "entities", (ENTITIES, {"of": list(_representations())})


def _representations() -> Iterator[Variables]:
    yield {"__typename": "Citizen", "id": seal(Kind.CITIZEN, key("citizen", 12))}
    yield {"__typename": "Citizen", "handle": "citizen-13"}
    yield {"__typename": "Event", "id": seal(Kind.EVENT, key("event", 2000))}
    yield {"__typename": "Event", "slug": "event-77"}
    yield {"__typename": "Organization", "id": seal(Kind.ORGANIZATION, key("organization", 3))}
    yield {"__typename": "Participation", "id": seal(Kind.PARTICIPATION, key("participation", 12))}
