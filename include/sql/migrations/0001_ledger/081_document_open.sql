-- Finished documents pile up by the hundred thousand; a run must only ever look at the open ones.
CREATE INDEX document_open ON document (tenant_id, state, id)
    WHERE state NOT IN ('confirmed', 'withdrawn', 'skipped')
