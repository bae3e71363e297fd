SELECT d.id, d.document_type AS child_type, d.source_id, d.part,
       p.document_type, p.number, p.state, p.cause, p.sentence, p.external_id
FROM document d
JOIN dependency w ON w.document_id = d.id
JOIN document p ON p.id = w.parent_id
WHERE d.seen_run = :run_id AND d.state = 'ready'
  AND p.id = (SELECT MIN(w2.parent_id) FROM dependency w2 JOIN document p2 ON p2.id = w2.parent_id
              WHERE w2.document_id = d.id
                AND p2.state IN ('rejected', 'conflict', 'blocked', 'withdrawn', 'skipped'))
