INSERT INTO document_type (name, sort, tells_success, tells_failure) VALUES
    ('customer', 1, false, false), ('item', 2, false, false),
    ('journal_entry', 10, true, true),
    ('invoice', 20, true, false), ('credit_memo', 21, true, false)
