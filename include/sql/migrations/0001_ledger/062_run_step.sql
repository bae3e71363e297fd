-- How far each task of a run is: what the dashboard shows while it works.
CREATE TABLE run_step (
    run_id bigint NOT NULL REFERENCES run (id),
    step text NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'waiting')),
    done integer NOT NULL DEFAULT 0,
    total integer NOT NULL DEFAULT 0,
    message text NOT NULL DEFAULT '',
    started_at text NOT NULL,
    updated_at text NOT NULL,
    PRIMARY KEY (run_id, step)
)
