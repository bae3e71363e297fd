UPDATE run SET ended_at = utc_after(0), status = :status, summary = :summary
WHERE id = :id
