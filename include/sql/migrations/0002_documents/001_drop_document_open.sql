DROP INDEX document_open
