UPDATE document SET netsuite_number = :netsuite_number, verified_at = utc_after(0)
WHERE id = :id AND state = 'posted'
