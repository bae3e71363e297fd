SELECT holder, fence, expires_at,
       (julianday(expires_at) - julianday(utc_after(0))) * 86400.0 AS left_s
FROM lease
WHERE tenant_id = :tenant_id
