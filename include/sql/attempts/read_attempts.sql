-- Only attempts that may have landed: not those that were refused or never taken.
SELECT a.id, a.number, a.operation, a.version, a.body, a.canonical, a.sent_at, COALESCE(r.outcome, 'unknown') AS outcome
FROM attempt a
LEFT JOIN attempt_result r ON r.attempt_id = a.id
WHERE a.document_id = :document_id AND COALESCE(r.outcome, 'unknown') NOT IN ('not_sent', 'rejected', 'stop')
ORDER BY a.number DESC
