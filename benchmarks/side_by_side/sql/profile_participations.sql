SELECT p.id, p.attended_at, coalesce(award.points, 0) AS points, e.id AS event_id, e.title, e.starts_at, e.themes,
    o.name, o.kind
FROM participation p
    JOIN event e ON e.id = p.event_id
    LEFT JOIN organization o ON o.id = e.organization_id
    LEFT JOIN ledger_entry award ON award.citizen_id = p.citizen_id AND award.event_id = p.event_id
        AND award.participation_id = p.id AND award.kind = 'PARTICIPATION' AND NOT EXISTS (
            SELECT FROM ledger_entry r WHERE r.citizen_id = award.citizen_id AND r.reverses_id = award.id
        )
WHERE p.citizen_id = $1 AND p.status = 'ATTENDED' AND p.listed
    AND (e.status IN ('PUBLISHED', 'COMPLETED') OR (e.status = 'CANCELLED' AND e.published_at IS NOT NULL))
ORDER BY p.attended_at DESC, p.id DESC LIMIT $2
