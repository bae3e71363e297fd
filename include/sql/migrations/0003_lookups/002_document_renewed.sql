-- What people had posted again is named by its renewal; every run asks for these few among all.
CREATE INDEX document_renewed ON document (tenant_id)
    WHERE external_id LIKE '%-r_' OR external_id LIKE '%-r__'
