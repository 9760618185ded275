"""Triggers that write down what webhooks are to be told, in the transaction of what happens, whoever writes.

Ids alone: what a message says is read when it is sent. Messages about one thing are numbered under the lock of its row,
so that their order is the order in which it changed. Of feedback, what is signed alone is told: when an anonymous
answer came would say whose it is.
"""

from db.functions import made_with_tables

TELL = """
CREATE FUNCTION tell_webhooks(organization uuid, told text, about uuid, of_event uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO webhook_delivery (webhook_id, topic, subject, event_id, number)
    SELECT webhook.id, told, about, of_event, 1 + coalesce(
        (SELECT max(number) FROM webhook_delivery WHERE webhook_id = webhook.id AND subject = about), 0)
    FROM webhook
    WHERE organization_id = organization AND told = ANY (topics) AND deleted_at IS NULL;
END
$$
"""

EVENTS_ADDED = """
CREATE FUNCTION tell_of_events_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_webhooks(added.organization_id, 'EVENT_' || added.status, added.id, added.id)
    FROM added
    WHERE added.status IN ('PUBLISHED', 'COMPLETED')
        AND added.organization_id IN (SELECT organization_id FROM webhook);
    RETURN NULL;
END
$$
"""

EVENTS_CHANGED = """
CREATE FUNCTION tell_of_events_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_webhooks(after.organization_id, topic, after.id, after.id)
    FROM after JOIN before USING (id) CROSS JOIN LATERAL (SELECT CASE
        WHEN before.status = 'DRAFT' AND after.status <> 'PUBLISHED' THEN NULL
        WHEN after.status <> before.status AND after.status IN ('PUBLISHED', 'CANCELLED', 'COMPLETED')
            THEN 'EVENT_' || after.status
        WHEN (after.outcome_summary, after.outcome_decisions, after.outcome_document_url, after.outcome_published_at)
            IS DISTINCT FROM
            (before.outcome_summary, before.outcome_decisions, before.outcome_document_url, before.outcome_published_at)
            THEN 'OUTCOME_PUBLISHED'
        WHEN after.updated_at <> before.updated_at OR after.status <> before.status THEN 'EVENT_UPDATED'
    END AS topic) happened
    WHERE topic IS NOT NULL AND after.organization_id IN (SELECT organization_id FROM webhook);
    RETURN NULL;
END
$$
"""

PARTICIPATIONS_ADDED = """
CREATE FUNCTION tell_of_participations_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_webhooks(event.organization_id, 'REGISTRATION_MADE', added.id, added.event_id)
    FROM added JOIN event ON event.id = added.event_id
    WHERE added.status IN ('REGISTERED', 'WAITLISTED')
        AND event.organization_id IN (SELECT organization_id FROM webhook);
    RETURN NULL;
END
$$
"""

PARTICIPATIONS_CHANGED = """
CREATE FUNCTION tell_of_participations_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_webhooks(event.organization_id, topic, after.id, after.event_id)
    FROM after JOIN before USING (id) JOIN event ON event.id = after.event_id CROSS JOIN LATERAL (SELECT CASE
        WHEN after.status = before.status THEN NULL
        WHEN after.status = 'ATTENDED' THEN 'ATTENDANCE_CONFIRMED'
        WHEN before.status = 'ATTENDED' THEN 'ATTENDANCE_WITHDRAWN'
        WHEN after.status = 'CANCELLED' THEN 'REGISTRATION_CANCELLED'
        WHEN after.status IN ('REGISTERED', 'WAITLISTED') THEN 'REGISTRATION_MADE'
    END AS topic) happened
    WHERE topic IS NOT NULL AND event.organization_id IN (SELECT organization_id FROM webhook);
    RETURN NULL;
END
$$
"""

FEEDBACK_ADDED = """
CREATE FUNCTION tell_of_feedback_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_webhooks(event.organization_id, 'FEEDBACK_RECEIVED', added.id, added.event_id)
    FROM added JOIN event ON event.id = added.event_id
    WHERE added.author_id IS NOT NULL AND event.organization_id IN (SELECT organization_id FROM webhook);
    RETURN NULL;
END
$$
"""

FUNCTIONS = (TELL, EVENTS_ADDED, EVENTS_CHANGED, PARTICIPATIONS_ADDED, PARTICIPATIONS_CHANGED, FEEDBACK_ADDED)


def _added(table: str, function: str) -> str:
    return f"""
CREATE TRIGGER tell_webhooks_added AFTER INSERT ON {table}
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""


def _changed(table: str, function: str) -> str:
    return f"""
CREATE TRIGGER tell_webhooks_changed AFTER UPDATE ON {table}
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION {function}()
"""


TRIGGERS = (
    _added("event", "tell_of_events_added"),
    _changed("event", "tell_of_events_changed"),
    _added("participation", "tell_of_participations_added"),
    _changed("participation", "tell_of_participations_changed"),
    _added("feedback", "tell_of_feedback_added"),
)

made_with_tables(FUNCTIONS, TRIGGERS)
