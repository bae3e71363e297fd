SELECT MAX(updated_at) AS changed_at FROM mapping WHERE tenant_id = :tenant_id AND kind NOT IN ('customer', 'vendor')
