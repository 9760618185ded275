INSERT INTO ledger_entry (citizen_id, id, number, kind, attempt, occurred_at, base_points, multiplier, points, balance,
    event_id, participation_id, theme, stars, minutes, skill_factor, repeat_factor, repeats, overlapping, policy_version)
VALUES ($1, gen_random_uuid(), $2, 'PARTICIPATION', 1, now(), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, 0, $13, $14)
