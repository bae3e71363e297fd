"""The Integration Run Controller: one Airflow Dag that runs every tenant's."""

from __future__ import annotations

from servicetitan_netsuite.orchestration.controller import execute_all_dag

dag = execute_all_dag()
dag.fileloc = __file__
