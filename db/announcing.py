"""Triggers that announce what changed, in the transaction that changes it, whoever writes.

Statement triggers where many rows change at once; row triggers, with their conditions, where one does. Feedback is not
announced: that would tell the time of what is kept without one.
"""

from db.functions import made_with_tables

EVENTS_ADDED = """
CREATE FUNCTION announce_events_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO announcement (topic, subject)
    SELECT 'PUBLISHED', added.id FROM added WHERE added.status = 'PUBLISHED';
    RETURN NULL;
END
$$
"""

EVENTS_CHANGED = """
CREATE FUNCTION announce_events_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO announcement (topic, subject)
    SELECT 'EVENT', after.id FROM after JOIN before USING (id) WHERE after.* IS DISTINCT FROM before.*
    UNION ALL
    SELECT 'PUBLISHED', after.id FROM after JOIN before USING (id)
    WHERE after.status = 'PUBLISHED' AND before.status <> 'PUBLISHED';
    RETURN NULL;
END
$$
"""

PARTICIPATIONS_ADDED = """
CREATE FUNCTION announce_participations_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO announcement (topic, subject, event_id)
    SELECT 'PARTICIPATION', added.id, added.event_id FROM added;
    RETURN NULL;
END
$$
"""

PARTICIPATIONS_CHANGED = """
CREATE FUNCTION announce_participations_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO announcement (topic, subject, event_id)
    SELECT 'PARTICIPATION', after.id, after.event_id FROM after JOIN before USING (id)
    WHERE (after.status, after.registered_at, after.attended_at)
        IS DISTINCT FROM (before.status, before.registered_at, before.attended_at);
    -- What its citizen lists shows in the event's own list of who attended.
    INSERT INTO announcement (topic, subject)
    SELECT DISTINCT 'EVENT', after.event_id FROM after JOIN before USING (id) WHERE after.listed <> before.listed;
    RETURN NULL;
END
$$
"""

INFLUENCE_CHANGED = """
CREATE FUNCTION announce_influence_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO announcement (topic, subject) SELECT DISTINCT 'INFLUENCE', added.citizen_id FROM added;
    RETURN NULL;
END
$$
"""

ACCESS_CHANGED = """
CREATE FUNCTION announce_access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO announcement (topic, subject) VALUES ('ACCESS', coalesce(NEW.citizen_id, OLD.citizen_id));
    RETURN NULL;
END
$$
"""

REVOKED = """
CREATE FUNCTION announce_token_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO announcement (topic, subject) VALUES ('ACCESS', NEW.id);
    RETURN NULL;
END
$$
"""

ORGANIZATION_CHANGED = """
CREATE FUNCTION announce_organization_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- No row to be passed on: organisations change so seldom that commits needn't wait for each other because of it.
    PERFORM pg_notify('influents', 'ORGANIZATION ' || replace(OLD.id::text, '-', ''));
    RETURN NULL;
END
$$
"""

ORGANIZATION_TRIGGER = """
CREATE TRIGGER announce_changed AFTER UPDATE OR DELETE ON organization
FOR EACH ROW EXECUTE FUNCTION announce_organization_changed()
"""

FUNCTIONS = (
    EVENTS_ADDED,
    EVENTS_CHANGED,
    PARTICIPATIONS_ADDED,
    PARTICIPATIONS_CHANGED,
    INFLUENCE_CHANGED,
    ACCESS_CHANGED,
    REVOKED,
)


def _added(table: str, function: str) -> str:
    return f"""
CREATE TRIGGER announce_added AFTER INSERT ON {table}
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""


def _changed(table: str, function: str) -> str:
    return f"""
CREATE TRIGGER announce_changed AFTER UPDATE ON {table}
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""


def _access(name: str, event: str, table: str, when: str = "true", function: str = "announce_access_changed") -> str:
    return f"""
CREATE TRIGGER announce_access_{name} AFTER {event} ON {table}
FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}()
"""


TRIGGERS = (
    _added("event", "announce_events_added"),
    _changed("event", "announce_events_changed"),
    _added("participation", "announce_participations_added"),
    _changed("participation", "announce_participations_changed"),
    _added("ledger_entry", "announce_influence_changed"),
    _access("ended", "UPDATE", "session", "OLD.ended_at IS DISTINCT FROM NEW.ended_at"),
    _access("gone", "DELETE", "session", "OLD.ended_at IS NULL"),
    _access(
        "changed",
        "UPDATE",
        "account",
        "(OLD.suspended_at, OLD.moderator) IS DISTINCT FROM (NEW.suspended_at, NEW.moderator)",
    ),
    _access("changed", "INSERT OR UPDATE OR DELETE", "organization_member"),
    _access("ended", "UPDATE", "api_token", "OLD.revoked_at IS DISTINCT FROM NEW.revoked_at", "announce_token_changed"),
)

made_with_tables((*FUNCTIONS, ORGANIZATION_CHANGED), (*TRIGGERS, ORGANIZATION_TRIGGER))
