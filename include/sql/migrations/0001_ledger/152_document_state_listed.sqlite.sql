-- Even a change made past the code must be one of the listed transitions.
CREATE TRIGGER document_state_listed BEFORE UPDATE OF state ON document
WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM transition WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'transition not listed'); END
