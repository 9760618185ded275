SELECT
    (SELECT p.status FROM participation p WHERE p.citizen_id = $1 AND p.event_id = $2) AS status,
    EXISTS (
        SELECT FROM event e LEFT JOIN organization_member m
            ON m.organization_id = e.organization_id AND m.citizen_id = $1 AND m.accepted_at IS NOT NULL
        WHERE e.id = $2 AND (e.proposer_id = $1 OR m.citizen_id IS NOT NULL)
    ) AS organizes,
    (
        SELECT count(*)::integer FROM participation p
        WHERE p.event_id = $2 AND p.status IN ('REGISTERED', 'ATTENDED')
    ) AS taken
