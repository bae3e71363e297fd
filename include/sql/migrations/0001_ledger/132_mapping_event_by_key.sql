CREATE INDEX mapping_event_by_key ON mapping_event (tenant_id, kind, source_key, id)
