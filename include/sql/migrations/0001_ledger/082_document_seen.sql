CREATE INDEX document_seen ON document (seen_run, state)
