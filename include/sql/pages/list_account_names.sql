SELECT target, MIN(CASE WHEN target_name = '' THEN source_name ELSE target_name END) AS name
FROM mapping
WHERE tenant_id = :tenant_id AND kind = 'gl_account' AND target IS NOT NULL
GROUP BY target
