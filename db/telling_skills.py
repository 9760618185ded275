"""Triggers that keep of each skill since when others are told that it is held, in the transaction of what decides that.

That is when it was acquired; but the first of its month, where what completed it isn't listed: an award of the same
moment, for a participation that its citizen doesn't list. The skill's own trigger says which, whatever is written; the
others have it look again.
"""

from db.functions import made_with_tables

_COMPLETED_BY = """
            FROM ledger_entry entry
            JOIN participation
                ON participation.citizen_id = entry.citizen_id AND participation.id = entry.participation_id
            WHERE entry.citizen_id = NEW.citizen_id AND entry.occurred_at = NEW.acquired_at"""

TOLD = f"""
CREATE OR REPLACE FUNCTION tell_skill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.acquired_at IS DISTINCT FROM OLD.acquired_at THEN
        -- Whoever changes their mind about these meanwhile doesn't see this row of theirs yet: one waits for the other.
        PERFORM {_COMPLETED_BY} ORDER BY participation.id FOR SHARE OF participation;
    END IF;
    NEW.told_at := NEW.acquired_at;
    IF EXISTS (SELECT {_COMPLETED_BY} AND NOT participation.listed) THEN
        NEW.told_at := date_trunc('month', NEW.acquired_at, 'Europe/Paris');
    END IF;
    RETURN NEW;
END
$$
"""
"""A row that is changed is locked by then, and what is looked at is as it was committed last: of two who change what
one skill rests on, the later sees what the earlier did."""

COMPLETED = """
CREATE OR REPLACE FUNCTION tell_completed_skills() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM skill_holding WHERE citizen_id = NEW.citizen_id AND acquired_at = NEW.occurred_at) THEN
        PERFORM FROM participation WHERE citizen_id = NEW.citizen_id AND id = NEW.participation_id FOR SHARE;
        UPDATE skill_holding SET told_at = told_at WHERE citizen_id = NEW.citizen_id AND acquired_at = NEW.occurred_at;
    END IF;
    RETURN NULL;
END
$$
"""

LISTED = """
CREATE OR REPLACE FUNCTION tell_listed_skills() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE skill_holding SET told_at = told_at WHERE citizen_id = NEW.citizen_id AND acquired_at IN (
        SELECT occurred_at FROM ledger_entry WHERE citizen_id = NEW.citizen_id AND participation_id = NEW.id);
    RETURN NULL;
END
$$
"""

FUNCTIONS = (TOLD, COMPLETED, LISTED)
TRIGGERS = (
    """
    CREATE OR REPLACE TRIGGER tell_completed_skills AFTER INSERT ON ledger_entry
    FOR EACH ROW WHEN (NEW.participation_id IS NOT NULL) EXECUTE FUNCTION tell_completed_skills()
    """,
    """
    CREATE OR REPLACE TRIGGER tell_listed_skills AFTER UPDATE ON participation
    FOR EACH ROW WHEN (OLD.listed IS DISTINCT FROM NEW.listed) EXECUTE FUNCTION tell_listed_skills()
    """,
    """
    CREATE OR REPLACE TRIGGER tell_skill BEFORE INSERT OR UPDATE OF acquired_at, told_at ON skill_holding
    FOR EACH ROW EXECUTE FUNCTION tell_skill()
    """,
)
"""The skill's own is made last: of what it has looked at, the others have it look again from the beginning."""

made_with_tables(FUNCTIONS, TRIGGERS)
