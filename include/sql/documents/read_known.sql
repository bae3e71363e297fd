SELECT id, source_id, part, state, state_since, version, seen_version, seen_run, posted_version, operation, report, reported_at,
       cause, sentence, advice, netsuite_id, posted_canonical, external_id
FROM document
WHERE tenant_id = :tenant_id AND document_type = :document_type AND source_id IN :source_ids
