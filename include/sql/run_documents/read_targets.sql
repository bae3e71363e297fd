-- What a run itself makes of documents that others of it refer to.
SELECT rd.document_type, rd.source_id, rd.part, rd.external_id, rd.number, rd.verdict AS state, rd.cause, rd.sentence,
       rd.canonical
FROM run_document rd
WHERE rd.run_id = :run_id AND rd.document_type IN :types AND rd.source_id IN :source_ids
