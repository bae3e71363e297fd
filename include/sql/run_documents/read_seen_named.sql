-- Documents of one type that a run has seen and that are to be judged, by ServiceTitan's ids.
SELECT rd.source_id, rd.part, rd.number, rd.version, rd.business_date, rd.amount_cents, rd.url, c.body AS content
FROM run_document rd
JOIN content c ON c.hash = rd.content_hash
WHERE rd.run_id = :run_id AND rd.document_type = :document_type AND rd.source_id IN :source_ids
  AND rd.verdict NOT IN ('held', 'withdrawn', 'unreadable')
