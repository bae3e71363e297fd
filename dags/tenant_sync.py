"""One Airflow Dag per tenant file; a task start builds its own tenant's Dag only."""

from __future__ import annotations

from airflow.sdk import get_parsing_context

from servicetitan_netsuite.orchestration.dag_factory import tenant_dags

for _dag in tenant_dags(get_parsing_context().dag_id):
    _dag.fileloc = __file__
    globals()[_dag.dag_id] = _dag
