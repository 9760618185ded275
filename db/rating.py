"""A trigger that keeps what the feedback on an event comes to, in the transaction that gives it, whoever writes.

It counts anew, so that it can't go wrong for good: what is kept is what is there, as often as it is looked at. Who
answers about one event waits for the commit of who did before. It doesn't tell when: there is no time in it.
"""

from db.functions import made_with_tables
from domain.feedback import RATINGS

_EACH = ", ".join(f"(count(*) FILTER (WHERE rating = {rating}))::integer" for rating in RATINGS)

COUNTED = f"""
CREATE OR REPLACE FUNCTION count_ratings(events uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event_rating (event_id) SELECT id FROM event WHERE id = ANY (events) ORDER BY id ON CONFLICT DO NOTHING;
    PERFORM FROM event_rating WHERE event_id = ANY (events) ORDER BY event_id FOR UPDATE;
    -- Who answered before has committed by now, and is seen; who answers from now on waits, and counts after this.
    UPDATE event_rating SET given = (SELECT ARRAY[{_EACH}] FROM feedback WHERE event_id = event_rating.event_id)
    WHERE event_id = ANY (events);
END
$$
"""  # noqa: S608 - numbers of ours

RATED = """
CREATE OR REPLACE FUNCTION rate_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_ratings(ARRAY[OLD.event_id, NEW.event_id]);
    RETURN NULL;
END
$$
"""

FUNCTIONS = (COUNTED, RATED)
TRIGGER = """
CREATE OR REPLACE TRIGGER rate_event AFTER INSERT OR DELETE OR UPDATE OF event_id, rating ON feedback
FOR EACH ROW EXECUTE FUNCTION rate_event()
"""

made_with_tables(FUNCTIONS, (TRIGGER,))
