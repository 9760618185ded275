"""Functions and triggers of the database, said once: the migrations and `create_all` both use them."""

import sqlalchemy as sa

from db.models import metadata

PLAIN_WORDS = r"""
CREATE FUNCTION plain_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        normalize(lower(replace(replace(replace($1, 'œ', 'oe'), 'Œ', 'oe'), '’', '''')), NFD),
        '[\u0300-\u036f]', '', 'g'
    )
$$
"""
"""Text without accents, ligatures or capitals, and with plain apostrophes: what words are compared by."""

LEDGER_IS_APPEND_ONLY = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Erasing an account moves its entries to an id that no road reads, and empties the free text: nothing else.
    IF TG_OP = 'UPDATE' AND current_setting('influents.erasing', true) = 'on'
        AND to_jsonb(NEW) - 'citizen_id' - 'reason' = to_jsonb(OLD) - 'citizen_id' - 'reason'
        AND (NEW.reason IS NULL OR NEW.reason = OLD.reason)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger entries are never changed: reverse them' USING ERRCODE = 'restrict_violation';
END
$$
"""

LEDGER_TRIGGER = """
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()
"""

for _statement in (PLAIN_WORDS, LEDGER_IS_APPEND_ONLY):
    sa.event.listen(metadata, "before_create", sa.DDL(_statement))  # type: ignore[no-untyped-call]
sa.event.listen(metadata, "after_create", sa.DDL(LEDGER_TRIGGER))  # type: ignore[no-untyped-call]
