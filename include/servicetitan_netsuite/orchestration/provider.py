"""What Airflow's provider discovery reads; imported in every Airflow process, so it stays light."""

from __future__ import annotations

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """The package as an Airflow provider, in the form of `provider_info.schema.json`."""
    return {
        "package-name": "servicetitan-netsuite",
        "name": "ServiceTitan to NetSuite",
        "description": "Accounting documents from ServiceTitan to NetSuite, exactly once.",
    }
