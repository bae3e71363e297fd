"""What the ledger knows of documents that others refer to: open deposits, what is applied to."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from servicetitan_netsuite.documents import UNRESOLVED, Cause, DocumentType, Json, State
from servicetitan_netsuite.ledger.engine import Ledger, Rows, run
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.ledger.verdicts import root_problems
from servicetitan_netsuite.plans.payments import Target

SENT = (State.POSTED, State.CONFIRMED, State.CONFLICT, *UNRESOLVED)
"""In NetSuite, or perhaps so: what was sent counts more than what would be sent now."""


@dataclass(slots=True)
class Settled:
    """A payment of which something is in the ledger.

    `posted` tells whether the payment itself is in NetSuite, `content` what it was posted with,
    where that is known; `parts` its further records with the version each was posted at, if it was.
    """

    posted: bool = False
    content: Json | None = None
    parts: dict[str, int | None] = field(default_factory=dict)


def open_deposits(ledger: Ledger, tenant_id: str) -> Iterator[list[str]]:
    """Source ids of payments to which something may have been added in ServiceTitan, in pieces."""
    after = ""
    while rows := ledger.rows("documents/read_open_deposits", tenant_id=tenant_id, after=after):
        yield [row.source_id for row in rows]
        after = rows[-1].source_id


def settled(ledger: Ledger, tenant_id: str, source_ids: Sequence[str]) -> dict[str, Settled]:
    """What is known of these payments, by source id."""
    found: dict[str, Settled] = {}
    if not source_ids:
        return found
    for row in ledger.rows(
        "documents/read_posted_contents",
        tenant_id=tenant_id,
        document_type=DocumentType.PAYMENT,
        source_ids=list(source_ids),
    ):
        known = found.setdefault(row.source_id, Settled())
        if row.part:
            known.parts[row.part] = row.posted_version
        elif row.netsuite_id:
            known.posted = True
            known.content = json.loads(row.content) if row.content else None
    return found


def targets(
    ledger: Ledger, of: Run, types: Collection[DocumentType], source_ids: Collection[str]
) -> list[Target]:
    """The documents of these types and source ids: what this run makes of them, else the truth.

    What was sent already counts more than what the run would send now.
    """
    if not source_ids:
        return []
    where = {"types": list(types), "source_ids": sorted(source_ids)}
    with ledger.reading() as connection:
        known = run(connection, "documents/read_targets", {"tenant_id": of.tenant_id, **where})
        seen = run(connection, "run_documents/read_targets", {"run_id": of.id, **where})
        made = {row.external_id: _target(row) for row in seen if row.external_id}
        for row in known:
            if row.state in SENT or row.external_id not in made:
                made[row.external_id] = _target(row)
        waiting = [name for name, one in made.items() if one.cause == Cause.PARENT_BLOCKED]
        roots = root_problems(connection, of, waiting)
    return [replace(one, waits=tuple(roots.get(one.external_id, ()))) for one in made.values()]


def seen(ledger: Ledger, of: Run, kind: DocumentType, source_ids: Collection[str]) -> Rows:
    """The run's own rows of these documents that are to be judged, with their content."""
    if not source_ids:
        return []
    return ledger.rows(
        "run_documents/read_seen_named",
        run_id=of.id,
        document_type=kind,
        source_ids=sorted(source_ids),
    )


def _target(row: object) -> Target:
    made = {name: getattr(row, name) for name in ("source_id", "part", "external_id", "number")}
    text, sentence = getattr(row, "canonical", None), getattr(row, "sentence", None)
    return Target(
        **made,
        type=DocumentType(getattr(row, "document_type", "")),
        state=str(getattr(row, "state", "")),
        cause=getattr(row, "cause", None),
        sentence=str(sentence or ""),
        form=json.loads(text) if text else None,
    )
