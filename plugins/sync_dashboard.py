"""Shows the sync's results in Airflow: *Latest run* on a Dag, *Sync results* on a run.

Every Airflow process imports this file, so the pages themselves are imported by the first request
for one, and whatever is wrong with them is that request's trouble alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from airflow.plugins_manager import AirflowPlugin

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_BROKEN = b"The sync's pages cannot be shown. The API server's log says why; schedules go on."


class DashboardOnDemand:
    """ASGI application that builds the dashboard when it is first asked for a page."""

    def __init__(self) -> None:
        self._app: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the dashboard, or say in one sentence that it cannot be built."""
        if self._app is None:
            try:
                self._app = await asyncio.to_thread(_build)
            except Exception:
                log.exception("The sync's dashboard cannot be built")
                await _apologise(scope, send)
                return
        await self._app(scope, receive, send)


def _build() -> App:
    from servicetitan_netsuite.orchestration.dashboard_access import dashboard

    return dashboard()


async def _apologise(scope: Scope, send: Send) -> None:
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": _BROKEN})


class SyncDashboardPlugin(AirflowPlugin):
    """Registers the pages and their two tabs."""

    name = "servicetitan_netsuite_dashboard"
    fastapi_apps: list[Any] = [  # noqa: RUF012 - as the base class has it
        {"app": DashboardOnDemand(), "url_prefix": "/sync", "name": "Sync results"}
    ]
    # Relative: resolved against the base address that Airflow's own page names.
    external_views: list[Any] = [  # noqa: RUF012 - as the base class has it
        {
            "name": "Latest run",
            "href": "sync/latest?dag_id={DAG_ID}",
            "url_route": "latest-run",
            "destination": "dag",
        },
        {
            "name": "Sync results",
            "href": "sync/run?dag_id={DAG_ID}&run_id={RUN_ID}",
            "url_route": "sync-results",
            "destination": "dag_run",
        },
    ]
