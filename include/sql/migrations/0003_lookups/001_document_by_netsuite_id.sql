-- Which record NetSuite made last is asked by every run, among the documents of all years.
-- Its ids are numbers kept as text: the longer is the greater.
CREATE INDEX document_by_netsuite_id ON document (tenant_id, document_type, length(netsuite_id), netsuite_id)
    WHERE netsuite_id IS NOT NULL
