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

TRIGGERS = (
    "CREATE TRIGGER keep_activity AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION keep_activity()",
    """
    CREATE TRIGGER list_activity AFTER UPDATE ON participation
    FOR EACH ROW WHEN (OLD.listed IS DISTINCT FROM NEW.listed) EXECUTE FUNCTION list_activity()
    """,
)

made_with_tables((AWARDED, LISTED), TRIGGERS)
