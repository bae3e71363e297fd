"""What it takes to talk to one tenant's ServiceTitan, read from its connection."""

from __future__ import annotations

from dataclasses import dataclass, field

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.errors import ConfigurationError

_HOSTS = {
    "production": ("https://api.servicetitan.io", "https://auth.servicetitan.io"),
    "integration": (
        "https://api-integration.servicetitan.io",
        "https://auth-integration.servicetitan.io",
    ),
}
_TOKEN_PATH = "/connect/token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where ServiceTitan answers for one tenant, and what proves who asks.

    `auth_url` is the token endpoint's full address; `calls_per_second` what ServiceTitan allows an
    app and tenant; `timeout_s` the longest that one call may take.
    """

    api_url: str
    auth_url: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    app_key: str = field(repr=False)
    calls_per_second: int = 60
    timeout_s: float = 100.0


def credentials(connection: ConnectionFields, tenant_id: str) -> Credentials:
    """The credentials that `connection` holds.

    Raises:
        ConfigurationError: naming the connection and the field that is missing or wrong.
    """
    extra = connection.extra
    missing = [
        name
        for name, value in (
            ("client id (login)", connection.login),
            ("client secret (password)", connection.password),
            ("app key (extra app_key)", extra.get("app_key")),
        )
        if not value
    ]
    if missing:
        raise _wrong(connection, f"has no {', no '.join(missing)}")
    environment = str(extra.get("environment") or "production").lower()
    if environment not in _HOSTS:
        raise _wrong(
            connection, f"names the environment {environment!r}; it is production or integration"
        )
    api_url, auth_url = _HOSTS[environment]
    if connection.host:
        api_url = _address(connection, "host", connection.url())
        # A host of one's own answers for both, unless auth_url says otherwise.
        auth_url = api_url if api_url not in _known_hosts() else _auth_of(api_url)
    if extra.get("auth_url"):
        auth_url = _address(connection, "auth_url", str(extra["auth_url"]))
    return Credentials(
        api_url=api_url,
        auth_url=auth_url if auth_url.endswith(_TOKEN_PATH) else auth_url + _TOKEN_PATH,
        tenant_id=tenant_id,
        client_id=connection.login,
        client_secret=connection.password,
        app_key=str(extra["app_key"]),
        calls_per_second=int(_positive(connection, "calls_per_second", 60)),
        timeout_s=_positive(connection, "timeout_s", 100.0),
    )


def _wrong(connection: ConnectionFields, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"The ServiceTitan connection {connection.id!r} {what}. Set it right in the connection."
    )


def _known_hosts() -> dict[str, str]:
    return dict(_HOSTS.values())


def _auth_of(api_url: str) -> str:
    return _known_hosts()[api_url]


def _address(connection: ConnectionFields, name: str, value: str) -> str:
    url = value.strip().rstrip("/")
    if not url.startswith(("https://", "http://")) or any(c.isspace() for c in url):
        raise _wrong(connection, f"has a {name} that is no web address")
    return url


def _positive(connection: ConnectionFields, name: str, default: float) -> float:
    value = connection.extra.get(name)
    if value in (None, ""):
        return default
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if not 1 <= number <= 3600:
        raise _wrong(connection, f"has {name} {value!r}; it must be a number from 1 to 3600")
    return number
