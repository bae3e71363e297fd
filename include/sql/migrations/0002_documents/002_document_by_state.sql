-- What is open, whose outcome is unknown, what is to be verified: asked for by state, whatever the years have piled up.
-- An index on the open ones alone would be smaller, but SQLite takes it for no query that names a state.
CREATE INDEX document_by_state ON document (tenant_id, state, id)
