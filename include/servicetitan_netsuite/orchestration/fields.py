"""An Airflow connection as the sync reads it, its secrets masked in every log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.tenants import home

if TYPE_CHECKING:
    from airflow.sdk import Connection

LEDGER_ID = "sync_ledger"
_SECRETS = (
    "app_key",
    "client_secret",
    "consumer_key",
    "consumer_secret",
    "private_key",
    "token_id",
    "token_secret",
)


def mask(secret: str) -> None:
    """Hide `secret` from the logs of this process and its supervisor."""
    from airflow.sdk.log import mask_secret

    if secret:
        mask_secret(secret)


def connection_fields(connection: Connection) -> ConnectionFields:
    """The fields of an Airflow connection; everything secret in them is masked from here on."""
    extra: dict[str, Any] = connection.extra_dejson
    for secret in (connection.password or "", *(str(extra.get(name) or "") for name in _SECRETS)):
        mask(secret)
        # A key pasted over several lines reaches a log line by line.
        for line in secret.splitlines():
            if len(line) > len("-----BEGIN"):
                mask(line)
    return ConnectionFields(
        id=connection.conn_id,
        kind=connection.conn_type or "",
        host=connection.host or "",
        port=connection.port,
        schema=connection.schema or "",
        login=connection.login or "",
        password=connection.password or "",
        extra=extra,
    )


def read(connection_id: str) -> ConnectionFields:
    """The connection named `connection_id`, from wherever Airflow keeps it.

    Raises:
        ConfigurationError: there is none.
    """
    found = _find(connection_id)
    if found is None:
        raise ConfigurationError(
            f"Airflow has no connection {connection_id!r}. Create it under Admin > Connections; "
            "the tenant file names it."
        )
    return found


def ledger_url() -> str:
    """Where the ledger is: connection `sync_ledger`, else a file beside the source tree."""
    found = _find(LEDGER_ID)
    return url_of_ledger(found) if found else f"sqlite:///{home().parent / '.run' / 'ledger.db'}"


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


def _find(connection_id: str) -> ConnectionFields | None:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return connection_fields(Connection.get(connection_id))
    except AirflowNotFoundException:
        return None
