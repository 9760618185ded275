SELECT asked.id AS event_id, shown.handle, coalesce(t.points, 0) AS points
FROM unnest($1::uuid[]) WITH ORDINALITY asked(id, place)
    CROSS JOIN LATERAL (
        SELECT c.id, c.handle, p.attended_at, p.id AS participation_id
        FROM participation p JOIN citizen c ON c.id = p.citizen_id
        WHERE p.event_id = asked.id AND p.status = 'ATTENDED' AND p.listed AND c.visibility <> 'HIDDEN'
        ORDER BY p.attended_at DESC, p.id DESC LIMIT $2
    ) shown
    LEFT JOIN citizen_total t ON t.citizen_id = shown.id
ORDER BY asked.place, shown.attended_at DESC, shown.participation_id DESC
