SELECT a.number, a.operation, a.version, a.body, a.canonical_hash, a.sent_at, r.dag_id, r.run_id, r.generation,
       x.outcome, x.http_status, x.error_code, x.detail, x.operation_id, x.answered_at
FROM attempt a
JOIN run r ON r.id = a.run_id
LEFT JOIN attempt_result x ON x.attempt_id = a.id
WHERE a.document_id = :document_id
ORDER BY a.number DESC
LIMIT :limit
