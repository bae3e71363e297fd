INSERT INTO document_type (name, sort) VALUES ('customer', 1), ('journal_entry', 10)
