UPDATE lease SET expires_at = utc_after(0)
WHERE tenant_id = :tenant_id AND fence = :fence
