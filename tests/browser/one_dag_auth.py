"""Airflow's simple login with one right taken away, to see that the pages ask for it."""

from __future__ import annotations

from typing import Any

from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

HIDDEN_DAG = "netsuite_sync_boi"
HIDDEN_FROM = "val"


class OneDagHidden(SimpleAuthManager):
    """Nobody named `val` may read the runs of BOI's Dag."""

    def is_authorized_dag(self, *, user: Any, details: Any = None, **rest: Any) -> bool:
        if user.get_name() == HIDDEN_FROM and details is not None and details.id == HIDDEN_DAG:
            return False
        return super().is_authorized_dag(user=user, details=details, **rest)
