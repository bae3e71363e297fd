"""A ledger as an earlier release left it: its migrations, then the rows that its own runs wrote."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import MetaData

from servicetitan_netsuite.ledger import migrations, moving
from servicetitan_netsuite.ledger.engine import Ledger

OF_0001 = Path(__file__).parent / "ledger_at_0001.jsonl.gz"
"""Made by `fill_ledger.py` with the last code before revision 0002."""
Lines = dict[str, list[dict[str, Any]]]


def read(path: Path = OF_0001) -> Lines:
    """The rows by table, and under `landed` what NetSuite held of them, oldest first."""
    lines: Lines = {}
    with gzip.open(path, "rt", encoding="utf-8") as kept:
        for line in kept:
            table, row = json.loads(line)
            lines.setdefault(table, []).append(row)
    return lines


def make(url: str, revision: str, lines: Lines) -> None:
    """Bring an empty database to `revision` by the project's own migrations, and fill it."""
    with Ledger(url) as ledger, ledger.writing() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        found = MetaData()
        found.reflect(connection)
        for table in found.sorted_tables:
            kept = lines.get(table.name, [])
            if kept:
                assert list(kept[0]) == list(table.columns.keys()), table.name
                moving._put(connection, table, [_Row(row) for row in kept])


class _Row(tuple[Any, ...]):
    """A row as a query would give it."""

    _mapping: dict[str, Any]

    def __new__(cls, values: dict[str, Any]) -> _Row:
        made = super().__new__(cls, values.values())
        made._mapping = values
        return made
