UPDATE participation SET status = 'ATTENDED', attended_at = now(), evidence = 'CHECK_IN_CODE'
WHERE citizen_id = $1 AND id = $2
