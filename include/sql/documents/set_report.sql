-- Only a journal entry has a sync status that can be set.
UPDATE document SET report = :report, reported_at = NULL
WHERE id = :id AND document_type = 'journal_entry'
