-- In a dry run the run's own page is the only place that knows what would become of a parent.
SELECT document_type, number, state, cause, sentence, external_id
FROM document
WHERE external_id IN :external_ids AND state IN ('rejected', 'conflict', 'blocked', 'skipped', 'withdrawn')
UNION
SELECT rd.document_type, rd.number, rd.verdict AS state, rd.cause, rd.sentence, rd.external_id
FROM run_document rd
JOIN run r ON r.id = rd.run_id AND r.dry_run
WHERE rd.run_id = :run_id AND rd.external_id IN :external_ids AND rd.verdict IN ('blocked', 'skipped', 'withdrawn')
