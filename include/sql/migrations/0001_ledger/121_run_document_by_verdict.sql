CREATE INDEX run_document_by_verdict ON run_document (run_id, verdict)
