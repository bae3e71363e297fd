-- Unsent: the newest version replaces what was known.
UPDATE document
SET number = :number, url = :url, business_date = :business_date, amount_cents = :amount_cents,
    version = :version, seen_version = :version, seen_run = :run_id
WHERE id = :id AND state IN ('pending', 'ready', 'blocked', 'skipped', 'withdrawn', 'rejected', 'posted', 'confirmed')
