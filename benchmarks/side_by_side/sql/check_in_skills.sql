INSERT INTO skill_holding (citizen_id, id, theme, source, acquired_at)
SELECT $1, gen_random_uuid(), earned.theme, 'REPEATED_CONTRIBUTION', now()
FROM ledger_entry a JOIN event e ON e.id = a.event_id CROSS JOIN unnest(e.themes) earned(theme)
WHERE a.citizen_id = $1 AND a.kind = 'PARTICIPATION' AND NOT a.overlapping AND earned.theme = ANY($2::text[])
    AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.citizen_id = a.citizen_id AND r.reverses_id = a.id)
GROUP BY earned.theme
HAVING count(*) >= 5 AND count(DISTINCT CASE WHEN e.by_verified THEN e.organization_id ELSE e.proposer_id END) >= 2
ON CONFLICT DO NOTHING
