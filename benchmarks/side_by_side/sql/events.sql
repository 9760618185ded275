SELECT e.id, e.title, e.starts_at, e.engagement, e.worth, e.themes, o.name, coalesce(r.answers, 0) AS answers,
    CASE WHEN r.answers > 0 THEN round(r.stars::numeric / r.answers, 2)::float8 END AS average
FROM event e
    LEFT JOIN organization o ON o.id = e.organization_id
    LEFT JOIN event_rating r ON r.event_id = e.id AND e.annulled_at IS NULL
WHERE e.starts_at >= $1 AND e.status IN ('PUBLISHED', 'COMPLETED')
ORDER BY e.starts_at, e.id LIMIT $2
