UPDATE document SET operation = 'update', verified_at = NULL, report = NULL, reported_at = NULL
WHERE id = :id AND netsuite_id IS NOT NULL
