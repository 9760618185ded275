INSERT INTO citizen_total AS total (citizen_id, points, earned_points, entries) VALUES ($1, 0, 0, 0)
ON CONFLICT (citizen_id) DO UPDATE SET entries = total.entries RETURNING points, entries
