SELECT e.from_state, e.to_state, e.version, e.cause, e.sentence, e.person, e.happened_at,
       r.dag_id, r.run_id, r.generation
FROM document_event e
LEFT JOIN run r ON r.id = e.run_id
WHERE e.document_id = :document_id
ORDER BY e.id DESC
LIMIT :limit
