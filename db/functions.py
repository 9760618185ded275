"""Functions and triggers of the database, said once: the migrations and `create_all` both use them."""

from collections.abc import Sequence

import sqlalchemy as sa

from db.models import metadata

PLAIN_WORDS = r"""
CREATE FUNCTION plain_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        normalize(replace(replace(replace(lower($1), 'œ', 'oe'), 'æ', 'ae'), '’', ''''), NFD),
        '[\u0300-\u036f]', '', 'g'
    )
$$
"""
"""Text without accents, ligatures or capitals, and with plain apostrophes: what words are compared by."""

PLAIN_TEXTS = """
CREATE FUNCTION plain_texts(text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT plain_words(regexp_replace(btrim(each), '\\s+', ' ', 'g')) FROM unnest($1) each)
"""
"""Talents as they are compared: « Comptabilité » and « comptabilite » are one."""

NEAR_SPELLINGS = """
CREATE FUNCTION near_spellings(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
RETURN ARRAY(
    SELECT word FROM regexp_split_to_table(plain_words($1), '[^a-z0-9]+') word WHERE length(word) BETWEEN 4 AND 30
    UNION
    SELECT overlay(word PLACING '' FROM place FOR 1)
    FROM regexp_split_to_table(plain_words($1), '[^a-z0-9]+') word, generate_series(1, length(word)) place
    WHERE length(word) BETWEEN 4 AND 30
)
"""
"""The words of a text, whole and with each letter left out in turn. Two words of which one is the other with a letter
wrong, missing, added, or changed places with its neighbour share one of these: that is how misspelt words are found.
Its price is told, so that the index is asked, and not each row."""

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

POLICIES_NEVER_CHANGE = """
CREATE FUNCTION policies_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a scoring policy is never changed: give a new one a new version'
        USING ERRCODE = 'restrict_violation';
END
$$
"""

POLICY_TRIGGER = """
CREATE TRIGGER policies_never_change BEFORE UPDATE OR DELETE ON scoring_policy
FOR EACH ROW EXECUTE FUNCTION policies_never_change()
"""


def made_with_tables(functions: Sequence[str], triggers: Sequence[str]) -> None:
    """Let `create_all` make functions before the tables, which may use them, and triggers after."""
    for moment, statements in (("before_create", functions), ("after_create", triggers)):
        for statement in statements:
            sa.event.listen(metadata, moment, sa.DDL(statement))  # type: ignore[no-untyped-call]  # SQLAlchemy's own


made_with_tables(
    (PLAIN_WORDS, PLAIN_TEXTS, NEAR_SPELLINGS, LEDGER_IS_APPEND_ONLY, POLICIES_NEVER_CHANGE),
    (LEDGER_TRIGGER, POLICY_TRIGGER),
)
