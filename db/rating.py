"""Triggers that keep what the feedback on an event comes to, in the transaction that gives it, whoever writes.

Who answers about one event waits for the commit of who did before. It doesn't tell when: there is no time in it.
"""

from db.functions import made_with_tables

RATED = """
CREATE OR REPLACE FUNCTION rate_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE event_rating SET given[OLD.rating] = given[OLD.rating] - 1 WHERE event_id = OLD.event_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO event_rating (event_id) VALUES (NEW.event_id) ON CONFLICT DO NOTHING;
        UPDATE event_rating SET given[NEW.rating] = given[NEW.rating] + 1 WHERE event_id = NEW.event_id;
    END IF;
    RETURN NULL;
END
$$
"""

COUNTED = """
CREATE OR REPLACE FUNCTION count_ratings(events uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event_rating (event_id) SELECT unnest(events) ON CONFLICT DO NOTHING;
    PERFORM FROM event_rating WHERE event_id = ANY (events) ORDER BY event_id FOR UPDATE;
    -- Who answered before has committed by now, and is seen; who answers from now on waits, and adds to this.
    UPDATE event_rating SET given = ARRAY(
        SELECT count(feedback.id)::integer
        FROM generate_series(1, 5) each
            LEFT JOIN feedback ON feedback.event_id = event_rating.event_id AND feedback.rating = each
        GROUP BY each ORDER BY each)
    WHERE event_id = ANY (events);
END
$$
"""
"""Counts anew: for what there was before the triggers, and where they were turned off."""

FUNCTIONS = (RATED, COUNTED)
TRIGGER = """
CREATE OR REPLACE TRIGGER rate_event AFTER INSERT OR DELETE OR UPDATE OF event_id, rating ON feedback
FOR EACH ROW EXECUTE FUNCTION rate_event()
"""

made_with_tables(FUNCTIONS, (TRIGGER,))
