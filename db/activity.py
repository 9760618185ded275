"""Triggers that keep the copy of standing awards by place and theme, in the transaction of what they copy."""

from db.functions import made_with_tables

AWARDED = """
CREATE FUNCTION keep_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'PARTICIPATION' THEN
        INSERT INTO activity
            (citizen_id, entry_id, theme, participation_id, territory_code, occurred_at, points, listed)
        SELECT NEW.citizen_id, NEW.id, each_theme, NEW.participation_id,
            coalesce(event.territory_code, citizen.territory_code), NEW.occurred_at, NEW.points, participation.listed
        FROM event
        JOIN citizen ON citizen.id = NEW.citizen_id
        JOIN participation ON participation.citizen_id = NEW.citizen_id AND participation.id = NEW.participation_id
        CROSS JOIN unnest(array_append(event.themes, '')) AS each_theme
        WHERE event.id = NEW.event_id AND coalesce(event.territory_code, citizen.territory_code) IS NOT NULL;
    ELSIF NEW.kind = 'REVERSAL' THEN
        DELETE FROM activity WHERE citizen_id = NEW.citizen_id AND entry_id = NEW.reverses_id;
        DELETE FROM activity_board WHERE citizen_id = NEW.citizen_id;
    END IF;
    RETURN NULL;
END
$$
"""

LISTED = """
CREATE FUNCTION list_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE activity SET listed = NEW.listed WHERE citizen_id = NEW.citizen_id AND participation_id = NEW.id;
    DELETE FROM activity_board WHERE citizen_id = NEW.citizen_id;
    RETURN NULL;
END
$$
"""
"""What was counted of somebody on a whole country's board is dropped with what it may have held: it is counted anew."""

MOVED = """
CREATE FUNCTION move_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM activity USING ledger_entry entry, event
    WHERE activity.citizen_id = NEW.id AND entry.citizen_id = NEW.id AND entry.id = activity.entry_id
        AND event.id = entry.event_id AND event.territory_code IS NULL;
    INSERT INTO activity (citizen_id, entry_id, theme, participation_id, territory_code, occurred_at, points, listed)
    SELECT NEW.id, entry.id, each_theme, entry.participation_id, NEW.territory_code, entry.occurred_at, entry.points,
        participation.listed
    FROM ledger_entry entry
    JOIN event ON event.id = entry.event_id
    JOIN participation ON participation.citizen_id = NEW.id AND participation.id = entry.participation_id
    CROSS JOIN unnest(array_append(event.themes, '')) AS each_theme
    WHERE entry.citizen_id = NEW.id AND entry.kind = 'PARTICIPATION' AND event.territory_code IS NULL
        AND NEW.territory_code IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM ledger_entry reversal
            WHERE reversal.citizen_id = NEW.id AND reversal.reverses_id = entry.id)
    ON CONFLICT DO NOTHING;
    DELETE FROM activity_board WHERE citizen_id = NEW.id;
    RETURN NULL;
END
$$
"""
"""What was attended online is where its citizen lives: there, and nowhere else, once they say so."""

TRIGGERS = (
    "CREATE TRIGGER keep_activity AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION keep_activity()",
    """
    CREATE TRIGGER list_activity AFTER UPDATE ON participation
    FOR EACH ROW WHEN (OLD.listed IS DISTINCT FROM NEW.listed) EXECUTE FUNCTION list_activity()
    """,
)
MOVED_TRIGGER = """
CREATE TRIGGER move_activity AFTER UPDATE ON citizen
FOR EACH ROW WHEN (OLD.territory_code IS DISTINCT FROM NEW.territory_code) EXECUTE FUNCTION move_activity()
"""
"""Apart from the others: their migration makes those, a later one this."""

made_with_tables((AWARDED, LISTED, MOVED), (*TRIGGERS, MOVED_TRIGGER))
