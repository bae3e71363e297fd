-- NetSuite's customers that those to be created may be.
SELECT source_name, target, target_name
FROM run_would
WHERE run_id = :run_id AND kind = 'customer_candidate'
ORDER BY source_name, source_key
LIMIT :limit
