SELECT r.id, r.tenant_id, r.generation, r.dry_run, r.ended_at,
       (SELECT COUNT(*) FROM run_step s WHERE s.run_id = r.id AND s.step <> 'extract_pending') AS later_steps
FROM run r
WHERE r.dag_id = :dag_id AND r.run_id = :run_id
ORDER BY r.generation DESC
LIMIT 1
