INSERT INTO run_document (run_id, document_type, source_id, part, number, url, version, business_date, amount_cents,
                          content_hash, verdict, outcome, cause, sentence, advice, external_id, netsuite_id, updated_at)
VALUES (:run_id, :document_type, :source_id, :part, :number, :url, :version, :business_date, :amount_cents,
        :content_hash, :verdict, :outcome, :cause, :sentence, :advice, :external_id, :netsuite_id, utc_after(0))
ON CONFLICT (run_id, document_type, source_id, part) DO UPDATE
SET number = excluded.number, url = excluded.url, version = excluded.version, business_date = excluded.business_date,
    amount_cents = excluded.amount_cents, content_hash = excluded.content_hash, verdict = excluded.verdict,
    outcome = excluded.outcome, cause = excluded.cause, sentence = excluded.sentence, advice = excluded.advice,
    external_id = excluded.external_id, netsuite_id = excluded.netsuite_id, updated_at = excluded.updated_at
