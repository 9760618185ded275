-- What PostGraphile makes its schema of: views that show what anybody may see, told of their keys by smart tags, and
-- functions for what isn't a column or a relation. {thresholds} and {ranks} are the policy's.
CREATE VIEW peers.citizen AS
SELECT c.id, c.handle::text, c.bio::text, c.member_since,
    CASE WHEN c.visibility = 'PUBLIC' AND c.full_name <> '' THEN c.handle || ' (' || c.full_name || ')' ELSE c.handle END AS name,
    coalesce(t.points, 0) AS points,
    width_bucket(coalesce(t.points, 0), {thresholds}) AS level,
    ({ranks})[width_bucket(coalesce(t.points, 0), {thresholds})] AS rank
FROM citizen c LEFT JOIN citizen_total t ON t.citizen_id = c.id
WHERE c.visibility <> 'HIDDEN';
COMMENT ON VIEW peers.citizen IS E'@primaryKey id\n@unique handle';

CREATE VIEW peers.organization AS SELECT o.id, o.name::text, o.kind::text FROM organization o;
COMMENT ON VIEW peers.organization IS E'@primaryKey id';

CREATE VIEW peers.event AS
SELECT e.id, e.title::text, e.starts_at, e.engagement, e.worth AS points, e.themes, e.status::text, e.organization_id,
    coalesce(r.answers, 0) AS answers,
    CASE WHEN r.answers >= 3 THEN round(r.stars::numeric / r.answers, 2)::float8 END AS average
FROM event e LEFT JOIN event_rating r ON r.event_id = e.id AND e.annulled_at IS NULL
WHERE e.status IN ('PUBLISHED', 'COMPLETED') OR (e.status = 'CANCELLED' AND e.published_at IS NOT NULL);
COMMENT ON VIEW peers.event IS E'@primaryKey id\n@foreignKey (organization_id) references organization (id)';

CREATE VIEW peers.participation AS
SELECT p.id, p.citizen_id, p.event_id, p.attended_at,
    coalesce((
        SELECT award.points FROM ledger_entry award
        WHERE award.citizen_id = p.citizen_id AND award.event_id = p.event_id AND award.participation_id = p.id
            AND award.kind = 'PARTICIPATION' AND NOT EXISTS (
                SELECT FROM ledger_entry r WHERE r.citizen_id = award.citizen_id AND r.reverses_id = award.id
            )
    ), 0) AS points_awarded
FROM participation p JOIN citizen c ON c.id = p.citizen_id
WHERE p.status = 'ATTENDED' AND p.listed AND c.visibility <> 'HIDDEN';
COMMENT ON VIEW peers.participation IS
    E'@primaryKey id\n@foreignKey (citizen_id) references citizen (id)\n@foreignKey (event_id) references event (id)';

CREATE VIEW peers.skill AS
SELECT s.citizen_id, s.theme::text, s.told_at AS acquired_at FROM skill_holding s WHERE s.lost_at IS NULL;
COMMENT ON VIEW peers.skill IS
    E'@primaryKey citizen_id,theme\n@foreignKey (citizen_id) references citizen (id)\n@foreignKey (theme) references theme (code)';

CREATE FUNCTION peers.event_topics(event peers.event) RETURNS SETOF peers.theme LANGUAGE sql STABLE AS $$
    SELECT theme.* FROM unnest(event.themes) WITH ORDINALITY each(code, place) JOIN peers.theme ON theme.code = each.code
    ORDER BY each.place
$$;

CREATE FUNCTION peers.events_from(starts_after timestamptz) RETURNS SETOF peers.event LANGUAGE sql STABLE AS $$
    SELECT event.* FROM peers.event WHERE starts_at >= starts_after AND status IN ('PUBLISHED', 'COMPLETED')
    ORDER BY starts_at, id
$$;

CREATE FUNCTION peers.citizens_by_handle(handles text[]) RETURNS SETOF peers.citizen LANGUAGE sql STABLE AS $$
    SELECT citizen.* FROM peers.citizen WHERE handle = ANY(handles)
$$;
