SELECT e.id, e.title, e.starts_at, e.engagement, e.worth, e.themes, o.name, o.kind
FROM event e LEFT JOIN organization o ON o.id = e.organization_id
WHERE e.id = ANY($1::uuid[])
    AND (e.status IN ('PUBLISHED', 'COMPLETED') OR (e.status = 'CANCELLED' AND e.published_at IS NOT NULL))
