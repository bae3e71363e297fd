"""Which saved connections a connection under test stands for.

Airflow's Test button runs on a nameless copy of the form, so its name has to be found again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from servicetitan_netsuite.connections import ConnectionFields, from_environment
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration.fields import connection_fields

_PREFIX = "AIRFLOW_CONN_"


def ids_like(fields: ConnectionFields, same: Callable[[ConnectionFields], bool]) -> tuple[str, ...]:
    """Ids of the saved connections of the same kind for which `same` holds, sorted.

    Read from Airflow's database and environment: for the API server and the command line only.
    """
    saved = {other.id: other for other in (*_in_database(fields.kind), *_in_environment(fields))}
    if fields.id in saved:
        return (fields.id,)
    return tuple(sorted(id_ for id_, other in saved.items() if same(other)))


def _in_database(kind: str) -> Iterator[ConnectionFields]:
    from airflow.models import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        for found in session.scalars(select(Connection).where(Connection.conn_type == kind)):
            yield connection_fields(found)


def _in_environment(fields: ConnectionFields) -> Iterator[ConnectionFields]:
    for variable in sorted(os.environ):
        connection_id = variable.removeprefix(_PREFIX).lower()
        if not variable.startswith(_PREFIX) or connection_id == fields.id.lower():
            continue
        try:
            other = from_environment(connection_id)
        except ConfigurationError:
            continue
        if other.kind == fields.kind:
            yield other
