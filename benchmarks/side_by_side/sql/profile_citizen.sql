SELECT c.id, c.handle, c.bio, c.member_since::text, coalesce(t.points, 0) AS points,
    CASE WHEN c.visibility = 'PUBLIC' AND c.full_name <> '' THEN c.handle || ' (' || c.full_name || ')' ELSE c.handle END AS name,
    ARRAY(
        SELECT s.theme::text FROM skill_holding s
        WHERE s.citizen_id = c.id AND s.lost_at IS NULL ORDER BY s.told_at, s.theme
    ) AS skills
FROM citizen c LEFT JOIN citizen_total t ON t.citizen_id = c.id
WHERE c.handle = $1 AND c.visibility <> 'HIDDEN'
