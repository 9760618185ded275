SELECT s.citizen_id, s.theme FROM skill_holding s
WHERE s.citizen_id = ANY($1::uuid[]) AND s.lost_at IS NULL ORDER BY s.citizen_id, s.told_at, s.theme
