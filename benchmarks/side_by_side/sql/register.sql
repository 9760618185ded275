INSERT INTO participation (citizen_id, id, event_id, status, registered_at, queued_at, listed)
VALUES ($1, gen_random_uuid(), $2, $3, now(), now(), true)
