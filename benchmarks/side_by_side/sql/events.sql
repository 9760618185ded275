SELECT e.id, e.title, e.starts_at, e.engagement, e.worth, e.themes, o.name, f.answers, f.average
FROM event e
    LEFT JOIN organization o ON o.id = e.organization_id
    CROSS JOIN LATERAL (
        SELECT count(*)::integer AS answers, round(avg(f.rating), 2)::float8 AS average
        FROM feedback f WHERE f.event_id = e.id AND e.annulled_at IS NULL
    ) f
WHERE e.starts_at >= $1 AND e.status IN ('PUBLISHED', 'COMPLETED')
ORDER BY e.starts_at, e.id LIMIT $2
