SELECT a.citizen_id, a.locale, a.moderator
FROM account a JOIN session s ON s.citizen_id = a.citizen_id JOIN citizen c ON c.id = a.citizen_id
WHERE a.citizen_id = $1 AND s.id = $2 AND s.ended_at IS NULL AND s.expires_at > now() AND a.suspended_at IS NULL
