"""What a NetSuite connection holds, checked: where to go, how to log in, how long to wait."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.netsuite.private_key import normalise, signing_algorithm

_ACCOUNT_ID = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*")
_MOST_SLOTS = 500


class Auth(StrEnum):
    """How a connection logs in: OAuth 2.0 machine-to-machine, or token-based (OAuth 1.0a)."""

    OAUTH2 = "oauth2"
    TBA = "tba"


@dataclass(frozen=True, slots=True)
class Credentials:
    """One account and one way in; every secret stays out of its repr.

    `url` is the base without a trailing slash; `connection` names the source in messages. OAuth 2.0
    fills `client_id`, `certificate_id` and `private_key` (PEM); TBA the four token fields.
    """

    url: str
    account_id: str
    auth: Auth = Auth.OAUTH2
    client_id: str = ""
    certificate_id: str = ""
    private_key: str = field(default="", repr=False)
    consumer_key: str = field(default="", repr=False)
    consumer_secret: str = field(default="", repr=False)
    token_id: str = field(default="", repr=False)
    token_secret: str = field(default="", repr=False)
    connection: str = "netsuite"
    proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: how long an unknown outcome settles, one request may take, a lease lasts.

    `backoff_s` is the first pause before a read is tried again; later ones double.
    """

    settle_s: float = 900.0
    timeout_s: float = 120.0
    lease_s: float = 60.0
    renew_s: float = 15.0
    backoff_s: float = 0.5


def credentials(connection: ConnectionFields) -> Credentials:
    """The checked way into the account that `connection` names.

    Raises:
        ConfigurationError: naming the connection, the field and what is wrong with it.
    """
    account_id = _account_id(connection)
    url = _url(connection, account_id)
    auth = _text(connection, "auth") or Auth.OAUTH2
    proxy = _text(connection, "proxy") or None
    if auth == Auth.TBA:
        return Credentials(
            url=url,
            account_id=account_id,
            auth=Auth.TBA,
            consumer_key=_login(connection, "the consumer key"),
            consumer_secret=_text(connection, "consumer_secret")
            or connection.password
            or _required(connection, "consumer_secret"),
            token_id=_required(connection, "token_id"),
            token_secret=_required(connection, "token_secret"),
            connection=connection.id,
            proxy=proxy,
        )
    if auth != Auth.OAUTH2:
        raise _wrong(connection, "auth", 'must be "oauth2" or "tba"')
    return Credentials(
        url=url,
        account_id=account_id,
        client_id=_login(connection, "the integration's client id"),
        certificate_id=_required(connection, "certificate_id"),
        private_key=_private_key(connection),
        connection=connection.id,
        proxy=proxy,
    )


def times(connection: ConnectionFields) -> Times:
    """The connection's times, with defaults for what it does not set.

    Raises:
        ConfigurationError: a value is no positive number, or the times do not fit each other: a
            request must end before an outcome settles, a lease be renewed before it lapses.
    """
    usual = Times()
    made = Times(
        settle_s=_seconds(connection, "settle_s", usual.settle_s),
        timeout_s=_seconds(connection, "timeout_s", usual.timeout_s),
        lease_s=_seconds(connection, "lease_s", usual.lease_s),
        renew_s=_seconds(connection, "renew_s", usual.renew_s),
        backoff_s=_seconds(connection, "backoff_s", usual.backoff_s),
    )
    if made.timeout_s >= made.settle_s:
        raise _wrong(
            connection,
            "timeout_s",
            f"({made.timeout_s:g}) must be less than settle_s ({made.settle_s:g}): "
            "a request still under way must not count as settled",
        )
    if made.renew_s * 2 > made.lease_s:
        raise _wrong(
            connection,
            "renew_s",
            f"({made.renew_s:g}) must be at most half of lease_s ({made.lease_s:g}): "
            "one late renewal must not lose the lease",
        )
    return made


def concurrency_limit(connection: ConnectionFields) -> int:
    """How many requests at once the account allows, for all tenants together; 5 unless set.

    Raises:
        ConfigurationError: not a whole number from 1 to 500.
    """
    raw = connection.extra.get("concurrency_limit")
    if raw is None or raw == "":
        return 5
    try:
        limit = int(str(raw))
    except ValueError:
        limit = 0
    if isinstance(raw, bool) or not 1 <= limit <= _MOST_SLOTS:
        raise _wrong(
            connection, "concurrency_limit", f"must be a whole number from 1 to {_MOST_SLOTS}"
        )
    return limit


def _account_id(connection: ConnectionFields) -> str:
    account_id = _required(connection, "account_id").upper().replace("-", "_")
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise _wrong(connection, "account_id", "must look like 1234567 or 1234567_SB1")
    return account_id


def _url(connection: ConnectionFields, account_id: str) -> str:
    if not connection.host:
        return f"https://{account_id.lower().replace('_', '-')}.suitetalk.api.netsuite.com"
    url = connection.url()
    if not url.startswith("https://") and url.split(":")[1].endswith("netsuite.com"):
        raise _wrong(connection, "host", "must be https: tokens never travel in the clear")
    return url


def _private_key(connection: ConnectionFields) -> str:
    raw = connection.password or _text(connection, "private_key")
    if not raw:
        raise _wrong(connection, "password", "is empty: it must hold the private key (PEM)")
    try:
        pem = normalise(raw)
        signing_algorithm(pem)
    except ValueError as error:
        raise _wrong(connection, "password", f"(the private key) {error}") from None
    return pem


def _login(connection: ConnectionFields, meaning: str) -> str:
    if not connection.login.strip():
        raise _wrong(connection, "login", f"is empty: it must hold {meaning}")
    return connection.login.strip()


def _text(connection: ConnectionFields, name: str) -> str:
    value = connection.extra.get(name)
    return "" if value is None else str(value).strip()


def _required(connection: ConnectionFields, name: str) -> str:
    value = _text(connection, name)
    if not value:
        raise _wrong(connection, name, "is missing from the connection's extra fields")
    return value


def _seconds(connection: ConnectionFields, name: str, usual: float) -> float:
    raw = connection.extra.get(name)
    if raw is None or raw == "":
        return usual
    try:
        value = math.nan if isinstance(raw, bool) else float(str(raw))
    except ValueError:
        value = math.nan
    if not 0 < value <= 86_400:
        raise _wrong(connection, name, "must be a number of seconds above 0, at most a day")
    return value


def _wrong(connection: ConnectionFields, name: str, problem: str) -> ConfigurationError:
    return ConfigurationError(f"NetSuite connection {connection.id!r}: {name} {problem}.")
