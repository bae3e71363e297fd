-- Left in sending by a worker whose fence is older than the lease now held.
SELECT d.id
FROM document d
JOIN attempt a ON a.document_id = d.id
 AND a.number = (SELECT MAX(number) FROM attempt WHERE document_id = d.id)
WHERE d.tenant_id = :tenant_id AND d.state = 'sending' AND a.fence < :fence
