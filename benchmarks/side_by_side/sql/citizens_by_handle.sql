SELECT c.id, c.handle, c.bio, c.member_since::text, coalesce(t.points, 0) AS points,
    CASE WHEN c.visibility = 'PUBLIC' AND c.full_name <> '' THEN c.handle || ' (' || c.full_name || ')' ELSE c.handle END AS name
FROM citizen c LEFT JOIN citizen_total t ON t.citizen_id = c.id
WHERE c.handle = ANY($1::text[]) AND c.visibility <> 'HIDDEN'
