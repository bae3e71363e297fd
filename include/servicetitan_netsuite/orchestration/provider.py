"""What Airflow's provider discovery reads; imported in every Airflow process, so it stays light."""

from __future__ import annotations

from typing import Any

_ROOM = "servicetitan_netsuite.orchestration"
# Airflow's Test button sends an empty port as 0 and then finds it changed: so it is asked for.
_PORT = "Port (443; Test needs it)"


def get_provider_info() -> dict[str, Any]:
    """The package as an Airflow provider, in the form of `provider_info.schema.json`."""
    return {
        "package-name": "servicetitan-netsuite",
        "name": "ServiceTitan to NetSuite",
        "description": "Accounting documents from ServiceTitan to NetSuite, exactly once.",
        "connection-types": [_SERVICETITAN, _NETSUITE, _LEDGER],
    }


def _text(label: str, description: str, *, secret: bool = False, **schema: Any) -> dict[str, Any]:
    """One form field that may stay empty; `schema` narrows or presets it."""
    shape = {"type": ["string", "null"], **({"format": "password"} if secret else {}), **schema}
    return {"label": label, "description": description, "schema": shape}


def _number(label: str, description: str, default: float | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": ["number", "null"]}
    if default is not None:
        schema["default"] = default
    return {"label": label, "description": description, "schema": schema}


_SERVICETITAN: dict[str, Any] = {
    "connection-type": "servicetitan",
    "hook-class-name": f"{_ROOM}.hooks.ServiceTitanHook",
    "hook-name": "ServiceTitan",
    "ui-field-behaviour": {
        "hidden-fields": ["schema"],
        "relabeling": {"login": "Client ID", "password": "Client secret", "port": _PORT},
        "placeholders": {
            "host": "empty: ServiceTitan's own address for the environment",
            "port": "443",
        },
    },
    "conn-fields": {
        "app_key": _text("App key", "From the developer portal; sent always.", secret=True),
        "environment": _text(
            "Environment",
            "production or integration.",
            enum=["production", "integration"],
            default="production",
        ),
        "auth_url": _text("Token address", "Only where it differs from the environment's own."),
        "calls_per_second": _number(
            "Calls per second", "What ServiceTitan allows an app and tenant; 60 unless agreed."
        ),
    },
}

_NETSUITE: dict[str, Any] = {
    "connection-type": "netsuite",
    "hook-class-name": f"{_ROOM}.hooks.NetSuiteHook",
    "hook-name": "NetSuite",
    "ui-field-behaviour": {
        "hidden-fields": ["schema"],
        "relabeling": {
            "port": _PORT,
            "login": "Client ID (OAuth 2.0) or consumer key (TBA)",
            "password": "Private key in PEM (OAuth 2.0) or consumer secret (TBA)",
        },
        "placeholders": {"host": "empty: the account's own address", "port": "443"},
    },
    "conn-fields": {
        "account_id": _text("Account ID", "As in Setup > Company: 1234567 or 1234567_SB1."),
        "auth": _text(
            "Log in by",
            "oauth2: machine-to-machine with a certificate. tba: tokens (OAuth 1.0a).",
            enum=["oauth2", "tba"],
            default="oauth2",
        ),
        "app_url": _text("Address of its screens", "Only where links must lead elsewhere."),
        "certificate_id": _text("Certificate ID", "OAuth 2.0: of the certificate's mapping."),
        "token_id": _text("Token ID", "TBA only.", secret=True),
        "token_secret": _text("Token secret", "TBA only.", secret=True),
        "concurrency_limit": _number(
            "Concurrency limit", "Requests at once for the whole account; sizes its pool."
        ),
        "settle_s": _number("Settle", "Seconds until an unknown outcome is decided; 900 if empty."),
        "timeout_s": _number("Time-out", "Seconds that one request may take; 120 if empty."),
    },
}

_LEDGER: dict[str, Any] = {
    "connection-type": "ledger",
    "hook-class-name": f"{_ROOM}.hooks.LedgerHook",
    "hook-name": "Sync ledger",
    "ui-field-behaviour": {
        "hidden-fields": [],
        "relabeling": {
            "host": "Host (PostgreSQL) or file (SQLite)",
            "schema": "Database (PostgreSQL)",
        },
        "placeholders": {"host": "/var/lib/sync/ledger.db or ledger.example.com"},
    },
}
