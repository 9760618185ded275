SELECT e.status, e.capacity, e.ends_at > now() AS open FROM event e
WHERE e.id = $1 AND (e.status IN ('PUBLISHED', 'COMPLETED') OR (e.status = 'CANCELLED' AND e.published_at IS NOT NULL))
FOR UPDATE
