-- In a dry run the run's own page is the only place that knows what would become of a parent: it counts, not how
-- the parent stood before.
SELECT d.document_type, d.number, d.state, d.cause, d.sentence, d.external_id
FROM document d
WHERE d.external_id IN :external_ids AND d.state IN ('rejected', 'conflict', 'blocked', 'skipped', 'withdrawn')
  AND NOT EXISTS (
    SELECT 1 FROM run_document rd JOIN run r ON r.id = rd.run_id AND r.dry_run
    WHERE rd.run_id = :run_id AND rd.external_id = d.external_id
      AND rd.verdict IN ('seen', 'ready', 'blocked', 'skipped', 'withdrawn'))
UNION ALL
SELECT rd.document_type, rd.number, rd.verdict AS state, rd.cause, rd.sentence, rd.external_id
FROM run_document rd
JOIN run r ON r.id = rd.run_id AND r.dry_run
WHERE rd.run_id = :run_id AND rd.external_id IN :external_ids AND rd.verdict IN ('blocked', 'skipped', 'withdrawn')
