-- Free, expired, or never taken: the new holder gets a higher fence than anyone before.
INSERT INTO lease (tenant_id, holder, fence, expires_at)
VALUES (:tenant_id, :holder, 1, utc_after(:lease_s))
ON CONFLICT (tenant_id) DO UPDATE
SET holder = excluded.holder, fence = lease.fence + 1, expires_at = excluded.expires_at
WHERE lease.expires_at <= utc_after(0)
