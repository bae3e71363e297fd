"""Airflow connections to the stand-in servers, from the file that they write."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from servicetitan_netsuite.errors import ConfigurationError

# The stand-ins answer within a second: what is unknown settles soon, so that a demo never waits.
_TIMES = {"settle_s": 20, "timeout_s": 10, "lease_s": 20, "renew_s": 5}


def connections_of(sandbox: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The arguments of an Airflow connection for each tenant and account in `sandbox`.

    Raises:
        ConfigurationError: it is not what the stand-ins write.
    """
    try:
        yield from _servicetitan(sandbox["servicetitan"])
        for name in ("netsuite", "netsuite_single"):
            yield _netsuite(name, sandbox[name])
    except (KeyError, TypeError) as error:
        raise ConfigurationError(f"The stand-ins' file lacks {error}; start them again.") from error


def _servicetitan(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for tenant in part["tenants"]:
        yield {
            "conn_id": f"servicetitan_{tenant['short_name'].lower()}",
            "conn_type": "servicetitan",
            **_address(part["url"]),
            "login": tenant["client_id"],
            "password": tenant["client_secret"],
            "extra": json.dumps({"app_key": part["app_key"], "auth_url": part["auth_url"]}),
        }


def _netsuite(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    extra = {"account_id": part["account_id"], "certificate_id": part["certificate_id"], **_TIMES}
    return {
        "conn_id": name,
        "conn_type": "netsuite",
        **_address(part["url"]),
        "login": part["client_id"],
        "password": Path(part["private_key_path"]).read_text(encoding="utf-8"),
        "extra": json.dumps(extra),
    }


def _address(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {"schema": parts.scheme, "host": parts.hostname, "port": parts.port}
