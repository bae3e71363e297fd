-- Deposits are looked at again for years: found by their attempts, not among all payments ever made.
CREATE INDEX attempt_of_deposit ON attempt (document_id) WHERE path = 'record/v1/customerDeposit'
