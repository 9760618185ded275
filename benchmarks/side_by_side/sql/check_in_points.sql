UPDATE citizen_total SET points = points + $2, earned_points = earned_points + $2, entries = entries + 1
WHERE citizen_id = $1
