-- Compare-and-set: whoever comes second changes nothing and is told so by the row count.
UPDATE document
SET state = :to_state, state_since = utc_after(0), cause = :cause, sentence = :sentence, advice = :advice,
    check_after = :check_after
WHERE id = :id AND state = :from_state
