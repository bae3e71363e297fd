"""An Airflow connection as the sync reads it, its secrets masked in every log."""

from __future__ import annotations

from typing import Any, Protocol

from servicetitan_netsuite.connections import LEDGER_ID, ConnectionFields, url_of_ledger
from servicetitan_netsuite.errors import ConfigurationError

_SECRETS = (
    "app_key",
    "client_secret",
    "consumer_key",
    "consumer_secret",
    "private_key",
    "token_id",
    "token_secret",
)


class AirflowConnection(Protocol):
    """What Airflow's two classes of connection have in common."""

    conn_id: str
    conn_type: str | None
    host: str | None
    port: int | None
    schema: str | None
    login: str | None

    @property
    def password(self) -> str | None:
        """Decrypted."""
        ...

    @property
    def extra_dejson(self) -> dict[str, Any]:
        """The extra fields."""
        ...


def mask(secret: str) -> None:
    """Hide `secret` from the logs of this process and its supervisor."""
    from airflow.sdk.log import mask_secret

    if secret:
        mask_secret(secret)


def connection_fields(connection: AirflowConnection) -> ConnectionFields:
    """The fields of an Airflow connection; everything secret in them is masked from here on."""
    extra: dict[str, Any] = connection.extra_dejson
    for secret in (connection.password or "", *(str(extra.get(name) or "") for name in _SECRETS)):
        mask(secret)
        # A key pasted over several lines reaches a log line by line.
        for line in secret.splitlines():
            if not line.startswith("-----"):
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
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return connection_fields(Connection.get(connection_id))
    except AirflowNotFoundException as error:
        raise ConfigurationError(
            f"Airflow has no connection {connection_id!r}. "
            "Create it under Admin > Connections, or run the set-up again."
        ) from error


def ledger_url() -> str:
    """Where the ledger is: connection `sync_ledger`.

    There is no default here. Airflow answers "no such connection" for a moment's trouble too, and
    a run that quietly took another ledger would not know what was posted.

    Raises:
        ConfigurationError: there is no such connection, or it names no database.
    """
    return url_of_ledger(read(LEDGER_ID))
