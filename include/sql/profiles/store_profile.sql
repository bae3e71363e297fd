INSERT INTO account_profile (connection_id, profile, read_at)
VALUES (:connection_id, :profile, utc_after(0))
ON CONFLICT (connection_id) DO UPDATE SET profile = excluded.profile, read_at = excluded.read_at
