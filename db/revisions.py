"""Triggers that number the versions of what is shown, whoever writes: calendars take the highest for the latest."""

from db.functions import made_with_tables

SHOWN = (
    "slug",
    "title",
    "description",
    "how_to_take_part",
    "status",
    "format",
    "starts_at",
    "ends_at",
    "time_zone",
    "effort_minutes",
    "venue_name",
    "venue_address",
    "venue_postal_code",
    "venue_city",
    "latitude",
    "longitude",
    "territory_code",
    "website_url",
    "image_url",
    "themes",
    "engagement",
    "capacity",
    "sought_talents",
    "proposer_id",
    "organization_id",
    "cancellation_reason",
    "annulled_at",
    "outcome_summary",
    "outcome_decisions",
    "outcome_document_url",
)
"""What anybody may see of an event."""


def _row(which: str) -> str:
    return ", ".join(f"{which}.{column}" for column in SHOWN)


EVENTS_REVISED = f"""
CREATE FUNCTION number_event_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + (ROW({_row("NEW")}) IS DISTINCT FROM ROW({_row("OLD")}))::integer;
    RETURN NEW;
END
$$
"""
"""Whatever is written there itself is overruled: the number never falls."""

EVENTS_TRIGGER = """
CREATE TRIGGER number_revision BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION number_event_revision()
"""

PARTICIPATIONS_REVISED = """
CREATE FUNCTION number_participation_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + (NEW.status <> OLD.status)::integer;
    RETURN NEW;
END
$$
"""

PARTICIPATIONS_TRIGGER = """
CREATE TRIGGER number_revision BEFORE UPDATE ON participation
FOR EACH ROW EXECUTE FUNCTION number_participation_revision()
"""

made_with_tables((EVENTS_REVISED, PARTICIPATIONS_REVISED), (EVENTS_TRIGGER, PARTICIPATIONS_TRIGGER))
