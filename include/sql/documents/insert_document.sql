INSERT INTO document (tenant_id, document_type, source_id, part, external_id, number, url, business_date,
                      amount_cents, state, state_since, version, seen_version, seen_run, first_seen_at)
VALUES (:tenant_id, :document_type, :source_id, :part, :external_id, :number, :url, :business_date,
        :amount_cents, 'pending', utc_after(0), :version, :version, :run_id, utc_after(0))
RETURNING id
