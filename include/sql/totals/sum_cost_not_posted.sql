SELECT COUNT(*) AS n, COALESCE(SUM(amount_cents), 0) AS cents
FROM run_result
WHERE run_id = :run_id AND cause = 'cost_not_posted'
