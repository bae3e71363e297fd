"""What Airflow gives the dashboard: its login, its per-Dag permission, its connections.

Imported by the API server's first request for a page, never by a Dag file or a task.
"""

from __future__ import annotations

from typing import Annotated

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from fastapi import FastAPI, Query, Request

from servicetitan_netsuite import tenants
from servicetitan_netsuite.dashboard.app import create_app
from servicetitan_netsuite.dashboard.links import netsuite_screens
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration import fields


def dashboard() -> FastAPI:
    """The dashboard, behind Airflow's own login and permissions."""
    return create_app(fields.ledger_url, may_read, netsuite_base)


def may_read(
    request: Request,
    user: GetUserDep,
    dag_id: Annotated[str, Query(min_length=1, max_length=250)],
) -> None:
    """Let through who may read that Dag's runs.

    Raises:
        HTTPException: 401 for a stranger, 403 for a user without that right.
    """
    # The Dag id is handed over, so that what is checked is what the page then shows.
    requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=dag_id)(request, user)


def netsuite_base(dag_id: str) -> str | None:
    """Where NetSuite's own screens are for the tenant of `dag_id`; None when nobody knows."""
    try:
        tenant = next(
            (
                tenants.read_tenant_file(path)
                for path in tenants.tenant_files()
                if dag_id in (f"netsuite_sync_{path.stem}", f"netsuite_master_data_{path.stem}")
            ),
            None,
        )
        return netsuite_screens(fields.read(tenant.netsuite.connection)) if tenant else None
    except ConfigurationError:
        return None
