SELECT c.handle, coalesce(t.points, 0) AS points,
    ARRAY(
        SELECT s.theme::text FROM skill_holding s
        WHERE s.citizen_id = c.id AND s.lost_at IS NULL ORDER BY s.told_at, s.theme
    ) AS skills
FROM citizen c LEFT JOIN citizen_total t ON t.citizen_id = c.id
WHERE c.handle = ANY($1::text[]) AND c.visibility <> 'HIDDEN'
