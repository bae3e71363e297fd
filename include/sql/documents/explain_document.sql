UPDATE document SET cause = :cause, sentence = :sentence, advice = :advice
WHERE id = :id AND state = :state
