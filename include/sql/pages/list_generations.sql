SELECT generation FROM run WHERE dag_id = :dag_id AND run_id = :run_id ORDER BY generation
