"""What a run knows of purchase orders: who names them, what they hold, and their lines' keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import DocumentType, Json
from servicetitan_netsuite.ledger.engine import Ledger, change, run
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.ledger.verdicts import seen_chunk

CHUNK = 500


def named(ledger: Ledger, of: Run, kinds: Sequence[DocumentType]) -> Iterator[str]:
    """Ids of the orders that this run's documents of these types belong to; some come twice."""
    for kind in kinds:
        after = ("", "")
        while True:
            with ledger.reading() as connection:
                rows = seen_chunk(connection, of, kind, after, CHUNK)
            for row in rows:
                order = order_in(json.loads(row.content))
                if order:
                    yield order
            if len(rows) < CHUNK:
                break
            after = (rows[-1].source_id, rows[-1].part)


def contents(
    connection: Connection, of: Run, kind: DocumentType, source_ids: Sequence[str]
) -> dict[str, Json]:
    """Contents of documents as this run saw them, by source id."""
    if not source_ids:
        return {}
    params = {"run_id": of.id, "document_type": kind, "source_ids": list(source_ids)}
    rows = run(connection, "run_documents/read_contents", params)
    return {row.source_id: json.loads(row.content) for row in rows}


def order_of(connection: Connection, of: Run, kind: DocumentType, source_id: str) -> Json | None:
    """Content of the order that a receipt or bill of this run belongs to."""
    own = contents(connection, of, kind, [source_id]).get(source_id)
    order = order_in(own) if own else None
    return contents(connection, of, DocumentType.PURCHASE_ORDER, [order or ""]).get(order or "")


def order_named(connection: Connection, external_id: str) -> Any:
    """The ledger's row (id, source_id, number) of the order of that name, None if it has none."""
    rows = run(connection, "order_lines/read_order", {"external_id": external_id})
    return rows[0] if rows else None


def line_keys(connection: Connection, order: int) -> dict[str, int]:
    """Which line of NetSuite's order each of its lines is, by ServiceTitan's id."""
    rows = run(connection, "order_lines/read_lines", {"document_id": order})
    return {row.source_line: int(row.line) for row in rows}


def keep_line_keys(connection: Connection, order: int, keys: Mapping[str, int]) -> None:
    """Remember the lines' keys; what is known already stays."""
    rows = [
        {"document_id": order, "source_line": source, "line": str(line)}
        for source, line in keys.items()
    ]
    if rows:
        change(connection, "order_lines/insert_line", rows)


def order_in(content: Any) -> str | None:
    """The order that the content of a receipt or bill names, whatever else it holds."""
    header = content.get("header") if isinstance(content, dict) else None
    order = header.get("order") if isinstance(header, dict) else None
    return order if isinstance(order, str) else None
