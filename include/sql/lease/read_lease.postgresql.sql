SELECT holder, fence, expires_at,
       extract(epoch FROM expires_at::timestamptz - clock_timestamp()) AS left_s
FROM lease
WHERE tenant_id = :tenant_id
