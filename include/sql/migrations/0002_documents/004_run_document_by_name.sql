-- Documents are judged by what became of their parents, which are asked for by name on the run's page.
CREATE INDEX run_document_by_name ON run_document (run_id, external_id)
