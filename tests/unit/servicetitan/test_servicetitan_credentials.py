from __future__ import annotations

from typing import Any

import pytest

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.servicetitan.credentials import credentials


def connection(**changes: Any) -> ConnectionFields:
    fields: dict[str, Any] = {
        "id": "servicetitan_alb",
        "login": "cid.1",
        "password": "cs1.very-secret",
        "extra": {"app_key": "ak1.app-key"},
    }
    return ConnectionFields(**{**fields, **changes})


@pytest.mark.parametrize(
    ("environment", "api", "auth"),
    [
        (None, "https://api.servicetitan.io", "https://auth.servicetitan.io/connect/token"),
        ("production", "https://api.servicetitan.io", "https://auth.servicetitan.io/connect/token"),
        (
            "integration",
            "https://api-integration.servicetitan.io",
            "https://auth-integration.servicetitan.io/connect/token",
        ),
    ],
)
def test_without_a_host_the_environment_names_both_addresses(
    environment: str | None, api: str, auth: str
) -> None:
    own = credentials(connection(extra={"app_key": "k", "environment": environment}), "1001")
    assert (own.api_url, own.auth_url) == (api, auth)


def test_a_host_of_ones_own_gives_tokens_too_unless_auth_url_says_otherwise() -> None:
    assert (
        credentials(connection(host="http://127.0.0.1:8100/"), "1").auth_url
        == "http://127.0.0.1:8100/connect/token"
    )
    other = {"app_key": "k", "auth_url": "http://127.0.0.1:8101/connect/token"}
    own = credentials(connection(host="http://127.0.0.1:8100", extra=other), "1")
    assert own.api_url == "http://127.0.0.1:8100"
    assert own.auth_url == "http://127.0.0.1:8101/connect/token"


def test_the_real_api_host_written_out_still_asks_the_real_auth_host() -> None:
    own = credentials(connection(host="api-integration.servicetitan.io"), "1")
    assert own.auth_url == "https://auth-integration.servicetitan.io/connect/token"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": ""}, "client id"),
        ({"password": ""}, "client secret"),
        ({"extra": {}}, "app key"),
        ({"extra": {"app_key": "k", "environment": "staging"}}, "staging"),
        ({"extra": {"app_key": "k", "auth_url": "ftp://x"}}, "auth_url"),
        ({"extra": {"app_key": "k", "timeout_s": "soon"}}, "timeout_s"),
        ({"host": "api servicetitan"}, "host"),
    ],
)
def test_a_faulty_connection_is_named_with_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigurationError, match="servicetitan_alb") as error:
        credentials(connection(**changes), "1001")
    assert field in str(error.value)
    assert "very-secret" not in str(error.value)


def test_secrets_stay_out_of_the_repr() -> None:
    shown = repr(credentials(connection(), "1001"))
    assert "very-secret" not in shown
    assert "app-key" not in shown
