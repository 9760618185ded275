SELECT r.event_id, r.answers, round(r.stars::numeric / r.answers, 2)::float8 AS average
FROM event_rating r JOIN event e ON e.id = r.event_id
WHERE r.event_id = ANY($1::uuid[]) AND r.answers > 0 AND e.annulled_at IS NULL
