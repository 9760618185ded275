SELECT e.id, e.title, e.starts_at, e.engagement, e.worth, e.themes, o.name, o.kind
FROM event e LEFT JOIN organization o ON o.id = e.organization_id
WHERE e.starts_at >= $1 AND e.status IN ('PUBLISHED', 'COMPLETED')
ORDER BY e.starts_at, e.id LIMIT $2
