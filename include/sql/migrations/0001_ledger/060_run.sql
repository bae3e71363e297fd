-- One generation of one integration run. A cleared run starts a new generation.
CREATE TABLE run (
    id {identity},
    tenant_id text NOT NULL,
    dag_id text NOT NULL,
    run_id text NOT NULL,
    generation integer NOT NULL,
    dry_run boolean NOT NULL,
    params text NOT NULL,
    started_at text NOT NULL,
    ended_at text,
    status text CHECK (status IN ('success', 'completed_with_errors', 'failed', 'dry_run')),
    summary text,
    UNIQUE (dag_id, run_id, generation)
)
