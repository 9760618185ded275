"""A trigger that revokes a credential when attendance is withdrawn, and takes that back where it is established again.

Whoever changes a participation, however: a list that others go by can't be forgotten.
"""

from db.functions import made_with_tables

REVOKE = """
CREATE FUNCTION revoke_badge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE badge_status SET revoked = NEW.status <> 'ATTENDED'
    WHERE citizen_id = NEW.citizen_id AND participation_id = NEW.id;
    RETURN NULL;
END
$$
"""
REVOKE_TRIGGER = """
CREATE TRIGGER revoke_badge AFTER UPDATE ON participation
FOR EACH ROW WHEN ((OLD.status = 'ATTENDED') IS DISTINCT FROM (NEW.status = 'ATTENDED')) EXECUTE FUNCTION revoke_badge()
"""

made_with_tables((REVOKE,), (REVOKE_TRIGGER,))
