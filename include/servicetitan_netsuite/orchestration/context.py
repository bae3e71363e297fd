"""What a step needs, gathered inside a running task."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration import fields
from servicetitan_netsuite.orchestration.params import chosen, only_dry_run
from servicetitan_netsuite.steps.context import Progress, RunContext
from servicetitan_netsuite.tenants import read_tenant

if TYPE_CHECKING:
    from airflow.sdk import Context

_log = logging.getLogger(__name__)


def run_context(
    context: Context, tenant_key: str, *, must_connect: bool = True, master_data: bool = False
) -> RunContext:
    """The run that a task belongs to; nothing is read from either server yet.

    `master_data` tells a run of the tenant's master data Dag, which takes no param but dry_run.

    Without `must_connect` a connection that is missing is left empty: a run that failed for want
    of one is summed up all the same.

    Raises:
        ConfigurationError: the conf, the tenant file or a connection is not as it must be.
    """
    params = (only_dry_run if master_data else chosen)(context["dag_run"].conf)
    tenant = read_tenant(tenant_key)
    read = fields.read if must_connect else _read_if_there
    return RunContext(
        tenant=tenant,
        params=params,
        dag_id=tenant.master_data_dag_id if master_data else tenant.dag_id,
        run_id=context["run_id"],
        ledger_url=fields.ledger_url(),
        servicetitan=read(tenant.servicetitan.connection),
        netsuite=read(tenant.netsuite.connection),
        on_secret=fields.mask,
        on_progress=_log_progress,
    )


def _read_if_there(connection_id: str) -> ConnectionFields:
    try:
        return fields.read(connection_id)
    except ConfigurationError:
        return ConnectionFields(id=connection_id)


def _log_progress(progress: Progress) -> None:
    left = f", {progress.left_s:.0f} s left" if progress.left_s is not None else ""
    _log.info(
        "%s: %d of %d (%.1f a second%s)",
        progress.step,
        progress.done,
        progress.total,
        progress.rate,
        left,
    )
