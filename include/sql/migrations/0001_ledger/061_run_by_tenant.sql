CREATE INDEX run_by_tenant ON run (tenant_id, id)
