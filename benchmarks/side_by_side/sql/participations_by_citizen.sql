SELECT p.citizen_id, p.id, p.event_id, p.attended_at, coalesce(award.points, 0) AS points
FROM unnest($1::uuid[]) asked(id)
    CROSS JOIN LATERAL (
        SELECT p.citizen_id, p.id, p.event_id, p.attended_at FROM participation p
        WHERE p.citizen_id = asked.id AND p.status = 'ATTENDED' AND p.listed
        ORDER BY p.attended_at DESC, p.id DESC LIMIT $2
    ) p
    LEFT JOIN ledger_entry award ON award.citizen_id = p.citizen_id AND award.event_id = p.event_id
        AND award.participation_id = p.id AND award.kind = 'PARTICIPATION' AND NOT EXISTS (
            SELECT FROM ledger_entry r WHERE r.citizen_id = award.citizen_id AND r.reverses_id = award.id
        )
ORDER BY p.citizen_id, p.attended_at DESC, p.id DESC
