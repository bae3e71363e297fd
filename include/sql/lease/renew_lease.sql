UPDATE lease SET expires_at = utc_after(:lease_s)
WHERE tenant_id = :tenant_id AND fence = :fence
