-- A customer without a target is one to be created, told by its name alone.
SELECT kind, source_key, source_name, target, target_name
FROM run_would
WHERE run_id = :run_id AND kind <> 'customer_candidate' AND (kind <> 'customer' OR target IS NOT NULL)
ORDER BY kind, source_name, source_key
LIMIT :limit
