SELECT p.id, p.status, brake.closed_until > now() AS closed,
    (
        SELECT s.theme FROM skill_holding s
        WHERE s.citizen_id = $1 AND s.theme = ANY(e.themes) AND s.acquired_at < e.starts_at
            AND (s.lost_at IS NULL OR s.lost_at > e.starts_at)
        ORDER BY s.acquired_at, s.theme LIMIT 1
    ) AS skill,
    EXISTS (
        SELECT FROM ledger_entry a JOIN event o ON o.id = a.event_id
        WHERE a.citizen_id = $1 AND a.kind = 'PARTICIPATION' AND o.id <> e.id
            AND least(o.ends_at, e.ends_at) - greatest(o.starts_at, e.starts_at) > interval '15 minutes'
            AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.citizen_id = a.citizen_id AND r.reverses_id = a.id)
    ) AS overlapping
FROM participation p
    JOIN event e ON e.id = p.event_id
    LEFT JOIN check_in_brake brake ON brake.citizen_id = p.citizen_id AND brake.event_id = p.event_id
WHERE p.citizen_id = $1 AND p.event_id = $2
