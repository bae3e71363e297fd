"""What a connection holds, however it is kept: Airflow's store, or `AIRFLOW_CONN_<ID>`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from servicetitan_netsuite.errors import ConfigurationError

LEDGER_ID = "sync_ledger"


@dataclass(frozen=True, slots=True)
class ConnectionFields:
    """The fields of one connection; secrets stay out of its repr."""

    id: str
    kind: str = ""
    host: str = ""
    port: int | None = None
    schema: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def url(self, default_scheme: str = "https") -> str:
        """Base url without a trailing slash; a host may carry its own scheme."""
        base = self.host if "://" in self.host else f"{self.schema or default_scheme}://{self.host}"
        if self.port and urlsplit(base).port is None:
            base = f"{base.rstrip('/')}:{self.port}"
        return base.rstrip("/")


_keepers: list[Callable[[str], ConnectionFields]] = []


def ask(keeper: Callable[[str], ConnectionFields]) -> None:
    """From here on, ask `keeper` for a connection that the environment does not name."""
    _keepers[:] = [keeper]


def find(connection_id: str) -> ConnectionFields:
    """The connection in `AIRFLOW_CONN_<ID>`, else as the keeper has it.

    Raises:
        ConfigurationError: it is not known or cannot be read.
    """
    if _keepers and f"AIRFLOW_CONN_{connection_id.upper()}" not in os.environ:
        return _keepers[0](connection_id)
    return from_environment(connection_id)


def from_environment(connection_id: str) -> ConnectionFields:
    """The connection in `AIRFLOW_CONN_<ID>`, JSON or URI, as Airflow itself reads it.

    Raises:
        ConfigurationError: the variable is not set or cannot be read.
    """
    variable = f"AIRFLOW_CONN_{connection_id.upper()}"
    text = os.environ.get(variable, "")
    if not text:
        raise ConfigurationError(
            f"Connection {connection_id!r} is not known: set {variable}, or run "
            "servicetitan-netsuite-airflow, which takes it from Airflow."
        )
    try:
        return (
            _from_json(connection_id, text)
            if text.lstrip().startswith("{")
            else _from_uri(connection_id, text)
        )
    except ValueError as error:
        # The value holds secrets: name the variable, never its text.
        raise ConfigurationError(
            f"{variable} is neither a JSON connection nor a connection URI."
        ) from error


def ledger_url() -> str:
    """Where the ledger is for whoever runs outside Airflow, as SQLAlchemy's url.

    `SYNC_LEDGER_URL` as it stands, else connection `sync_ledger` of the environment or the keeper,
    else `.run/ledger.db` beside the folder that `SYNC_HOME` names.

    Raises:
        ConfigurationError: the connection cannot be read or names no database.
    """
    from servicetitan_netsuite.tenants import home

    own = os.environ.get("SYNC_LEDGER_URL", "")
    if own:
        return own
    variable = os.environ.get(f"AIRFLOW_CONN_{LEDGER_ID.upper()}", "")
    if variable.startswith("sqlite:///"):
        return variable
    if variable or _keepers:
        return url_of_ledger(find(LEDGER_ID))
    return f"sqlite:///{home().resolve().parent / '.run' / 'ledger.db'}"


def url_of_ledger(fields: ConnectionFields) -> str:
    """SQLAlchemy's url for a ledger connection; a host that is a path means SQLite.

    Raises:
        ConfigurationError: neither a file nor a server and database.
    """
    if fields.kind == "sqlite" or fields.host.startswith("/"):
        path = fields.host or f"/{fields.schema}"
        if path in ("", "/"):
            raise ConfigurationError(f"Connection {fields.id!r} names no file for the ledger.")
        return f"sqlite:///{path}"
    if not fields.host or not fields.schema:
        raise ConfigurationError(
            f"Connection {fields.id!r} needs a host and a database, or the path of a file as host."
        )
    password = f":{quote(fields.password, safe='')}" if fields.password else ""
    login = f"{quote(fields.login, safe='')}{password}@" if fields.login else ""
    port = f":{fields.port}" if fields.port else ""
    return f"postgresql+psycopg://{login}{fields.host}{port}/{fields.schema}"


def _from_json(connection_id: str, text: str) -> ConnectionFields:
    raw = json.loads(text)
    extra = raw.get("extra") or {}
    return ConnectionFields(
        id=connection_id,
        kind=raw.get("conn_type") or "",
        host=raw.get("host") or "",
        port=int(raw["port"]) if raw.get("port") else None,
        schema=raw.get("schema") or "",
        login=raw.get("login") or "",
        password=raw.get("password") or "",
        extra=json.loads(extra) if isinstance(extra, str) else extra,
    )


def _from_uri(connection_id: str, text: str) -> ConnectionFields:
    parts = urlsplit(text)
    if not parts.scheme:
        raise ValueError("no scheme")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    extra = json.loads(query["__extra__"]) if "__extra__" in query else query
    return ConnectionFields(
        id=connection_id,
        kind=parts.scheme.replace("-", "_"),
        host=unquote(parts.hostname or ""),
        port=parts.port,
        schema=unquote(parts.path.lstrip("/")),
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        extra=extra,
    )
