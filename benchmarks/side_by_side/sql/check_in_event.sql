SELECT e.status, e.check_in_secret, e.worth, e.themes, e.engagement, e.effort_minutes, e.starts_at,
    now() BETWEEN e.starts_at - interval '30 minutes' AND e.ends_at + interval '2 hours' AS open
FROM event e
WHERE e.id = $1 AND (e.status IN ('PUBLISHED', 'COMPLETED') OR (e.status = 'CANCELLED' AND e.published_at IS NOT NULL))
FOR SHARE
