SELECT f.event_id, count(*)::integer AS answers, round(avg(f.rating), 2)::float8 AS average
FROM feedback f JOIN event e ON e.id = f.event_id
WHERE f.event_id = ANY($1::uuid[]) AND e.annulled_at IS NULL GROUP BY f.event_id
