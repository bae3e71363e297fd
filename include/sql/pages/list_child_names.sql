-- What needs a document in NetSuite first: by the truth, by what this run blocked, and in a dry run, which
-- leaves no truth behind, by the bodies that name it.
SELECT c.external_id
FROM document p
JOIN dependency w ON w.parent_id = p.id
JOIN document c ON c.id = w.document_id
WHERE p.external_id = :external_id
UNION
SELECT rd.external_id
FROM run_problem p
JOIN run_document rd ON rd.run_id = p.run_id AND rd.document_type = p.document_type
 AND rd.source_id = p.source_id AND rd.part = p.part
WHERE p.run_id = :run_id AND p.cause = 'parent_blocked' AND p.problem_key = :external_id
UNION
SELECT rd.external_id
FROM run_document rd
JOIN run r ON r.id = rd.run_id AND r.dry_run
WHERE rd.run_id = :run_id AND rd.external_id <> :external_id
  AND (rd.body LIKE :quoted OR rd.path LIKE :in_path)
ORDER BY 1
LIMIT :limit
