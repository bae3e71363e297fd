"""What went from NetSuite to ServiceTitan: each record's last state, and what each run did."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import Json, canonical
from servicetitan_netsuite.ledger.engine import Ledger, change, moment, stamp
from servicetitan_netsuite.ledger.runs import Run

SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """NetSuite's content as ServiceTitan was last told, None where it never was.

    Since `creating_since` a creation with that content is under way whose outcome is not known.
    """

    content: Json | None
    creating_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did with one record of NetSuite; `source_id` names ServiceTitan's."""

    kind: str
    netsuite_id: str
    name: str
    action: str
    source_id: str = ""
    sentence: str = ""
    advice: str = ""


def taken(ledger: Ledger, tenant_id: str, kind: str) -> dict[str, Taken]:
    """What is known of a tenant's records of `kind` (vendor, gl_account), by NetSuite's id."""
    rows = ledger.rows("master_data/read_records", tenant_id=tenant_id, kind=kind)
    return {
        row.netsuite_id: Taken(
            json.loads(row.content) if row.content else None,
            moment(row.creating_since) if row.creating_since else None,
        )
        for row in rows
    }


def put_taken(
    connection: Connection, tenant_id: str, kind: str, netsuite_id: str, now: Taken
) -> None:
    """Keep what a record of ServiceTitan was made or changed to."""
    values: dict[str, Any] = {
        "tenant_id": tenant_id,
        "kind": kind,
        "netsuite_id": netsuite_id,
        "content": None if now.content is None else canonical(now.content),
        "creating_since": stamp(now.creating_since) if now.creating_since else None,
    }
    change(connection, "master_data/put_record", values)


def put_result(connection: Connection, of: Run, result: Result) -> None:
    """Note on the run's page what became of one record."""
    change(connection, "master_data/put_result", {"run_id": of.id, **asdict(result)})


def results(ledger: Ledger, run_id: int, limit: int = SHOWN) -> list[Result]:
    """What a run did, by kind, what needs a person first."""
    rows = ledger.rows("master_data/read_results", run_id=run_id, limit=limit)
    return [Result(**row._mapping) for row in rows]


def counts(ledger: Ledger, run_id: int) -> dict[str, dict[str, int]]:
    """How many records of each kind a run dealt with in each way."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in ledger.rows("master_data/count_results", run_id=run_id):
        found[row.kind][row.action] = int(row.n)
    return dict(found)
