"""What people read about a run: the queries behind the dashboard's pages. Nothing here writes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.statements import statement

PER_PAGE = 100
_MOST_ROWS = 500
OWN = "-"
"""The part of a filter that asks for documents without their further records."""
_MOST_RELATIVES = 50
_OURS = re.compile(r"st-[a-z0-9_-]+")
_NO_AMOUNT = -(2**62)
"""An amount that no document has: the bind for a search that names none."""


@dataclass(frozen=True, slots=True)
class RunPage:
    """One generation of one run; stamps are the ledger's texts, `summary` its JSON or None."""

    id: int
    tenant_id: str
    dag_id: str
    run_id: str
    generation: int
    dry_run: bool
    params: str
    started_at: str
    ended_at: str | None
    status: str | None
    summary: str | None

    @property
    def running(self) -> bool:
        """Whether the run may still change."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list of runs."""

    run_id: str
    generation: int
    dry_run: bool
    started_at: str
    ended_at: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """How far one task of a run is; `state` is running, done, failed or waiting."""

    step: str
    state: str
    done: int
    total: int
    message: str
    started_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents of one type, or further records of them (`part`), are in one state, and
    the money in them."""

    document_type: str
    state: str
    documents: int
    amount_cents: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents of a run; an empty field asks for all. `text` matches number, ids, reason,
    date, and exactly the amount when it is one (`amount_cents`). `part` is a kind of further
    records, or OWN for the documents alone."""

    state: str = ""
    document_type: str = ""
    text: str = ""
    amount_cents: int | None = None
    cause: str = ""
    key: str = ""
    part: str = ""

    @property
    def kind(self) -> str:
        """Type and part as an address says them: `invoice`, `invoice.cogs`."""
        return f"{self.document_type}.{self.part}" if self.part else self.document_type

    def binds(self) -> dict[str, Any]:
        """The named binds of `pages/count_documents` and `pages/list_documents`."""
        literal = self.text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        return {
            "state": self.state,
            "document_type": self.document_type,
            "part": self.part,
            "pattern": f"%{literal}%" if literal else "",
            "amount_cents": _NO_AMOUNT if self.amount_cents is None else self.amount_cents,
            "cause": self.cause,
            "problem_key": self.key,
        }


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document as a run left it; `state` is what the run did, else its verdict."""

    document_type: str
    source_id: str
    part: str
    number: str
    url: str | None
    version: int
    business_date: str | None
    amount_cents: int
    verdict: str
    state: str
    cause: str | None
    sentence: str | None
    advice: str | None
    external_id: str | None
    netsuite_id: str | None
    notes: str


@dataclass(frozen=True, slots=True)
class Total:
    """A count of documents and the money in them."""

    documents: int
    amount_cents: int


def latest_run(ledger: Ledger, dag_id: str) -> RunPage | None:
    """The newest run of a Dag, None when the ledger knows none."""
    found = ledger.rows("pages/read_latest_run", dag_id=dag_id)
    return _run_page(found[0]) if found else None


def find_run(ledger: Ledger, dag_id: str, run_id: str, generation: int = 0) -> RunPage | None:
    """One generation of a run of this very Dag; 0 is the newest."""
    found = ledger.rows("pages/read_run", dag_id=dag_id, run_id=run_id, generation=generation)
    return _run_page(found[0]) if found else None


def recent_runs(ledger: Ledger, dag_id: str, limit: int = 10) -> list[RunLine]:
    """The newest runs of a Dag, newest first."""
    found = ledger.rows("pages/list_runs", dag_id=dag_id, limit=limit)
    return [
        RunLine(**{**row._mapping, "dry_run": bool(row.dry_run)})  # SQLite knows no booleans
        for row in found
    ]


def generations(ledger: Ledger, page: RunPage) -> list[int]:
    """Every generation of a run, oldest first."""
    found = ledger.rows("pages/list_generations", dag_id=page.dag_id, run_id=page.run_id)
    return [row.generation for row in found]


def steps(ledger: Ledger, page: RunPage) -> dict[str, StepLine]:
    """The tasks of a run that have begun, by name."""
    found = ledger.rows("pages/list_steps", run_id=page.id)
    return {row.step: StepLine(**row._mapping) for row in found}


def tally(ledger: Ledger, page: RunPage) -> list[Tally]:
    """Counts and amounts by type and state, types in the order in which they are sent."""
    found = ledger.rows("pages/tally_documents", run_id=page.id, ended=int(not page.running))
    return [
        Tally(row.document_type, row.state, int(row.documents), int(row.amount_cents), row.part)
        for row in found
    ]


def count_documents(ledger: Ledger, page: RunPage, wanted: DocumentFilter) -> Total:
    """How many documents match, and their money."""
    row = ledger.rows("pages/count_documents", **_binds(page, wanted))[0]
    return Total(int(row.documents), int(row.amount_cents))


def documents(
    ledger: Ledger, page: RunPage, wanted: DocumentFilter, number: int
) -> list[DocumentLine]:
    """Page `number` (from 1) of the documents that match, what needs a person first."""
    found = ledger.rows(
        "pages/list_documents",
        limit=PER_PAGE,
        offset=(number - 1) * PER_PAGE,
        **_binds(page, wanted),
    )
    return [DocumentLine(**row._mapping) for row in found]


def every_document(ledger: Ledger, page: RunPage, wanted: DocumentFilter) -> Iterator[DocumentLine]:
    """All documents that match, streamed: memory stays flat however many there are."""
    binds = {"limit": 2**31 - 1, "offset": 0, **_binds(page, wanted)}
    with ledger.reading() as connection:
        streaming = connection.execution_options(yield_per=1000)
        query = statement("pages/list_documents", connection.dialect.name)
        for row in streaming.execute(query, binds):
            yield DocumentLine(**row._mapping)


def document(
    ledger: Ledger, page: RunPage, document_type: str, source_id: str, part: str
) -> Row[Any] | None:
    """One document of a run (columns of `pages/read_document`), None when the run has none such."""
    found = ledger.rows(
        "pages/read_document",
        run_id=page.id,
        document_type=document_type,
        source_id=source_id,
        part=part,
    )
    return found[0] if found else None


def document_problems(ledger: Ledger, page: RunPage, row: Row[Any]) -> list[Row[Any]]:
    """Why a document stood still in this run."""
    return list(
        ledger.rows(
            "pages/list_document_problems",
            run_id=page.id,
            document_type=row.document_type,
            source_id=row.source_id,
            part=row.part,
        )
    )


def parents(ledger: Ledger, page: RunPage, row: Row[Any]) -> list[Row[Any]]:
    """What must be in NetSuite before a document of this run (a row of `document`)."""
    names = {problem.problem_key for problem in document_problems(ledger, page, row)}
    names |= {*_OURS.findall(f"{row.path} {row.body}")}
    if row.document_id is not None:
        known = ledger.rows("pages/list_parent_names", document_id=row.document_id)
        names |= {parent.external_id for parent in known}
    return _named(ledger, page, names - {row.external_id})


def children(ledger: Ledger, page: RunPage, row: Row[Any]) -> list[Row[Any]]:
    """What needs a document of this run in NetSuite first; at most 50 of them."""
    name = row.external_id
    if not name:
        return []
    found = ledger.rows(
        "pages/list_child_names",
        run_id=page.id,
        external_id=name,
        quoted=f'%"{name}"%',
        in_path=f"%eid:{name}/%",
        limit=_MOST_RELATIVES,
    )
    return _named(ledger, page, {child.external_id for child in found})


def _named(ledger: Ledger, page: RunPage, names: Collection[str]) -> list[Row[Any]]:
    """Rows of `pages/list_named`; `here` tells whether this run has a page of the document."""
    ours = sorted(name for name in names if _OURS.fullmatch(name))
    if not ours:
        return []
    return list(
        ledger.rows(
            "pages/list_named",
            run_id=page.id,
            tenant_id=page.tenant_id,
            ended=int(not page.running),
            external_ids=ours,
        )
    )


def document_events(ledger: Ledger, document_id: int) -> list[Row[Any]]:
    """A document's history over all runs, newest first (at most 500)."""
    return list(
        ledger.rows("pages/list_document_events", document_id=document_id, limit=_MOST_ROWS)
    )


def attempts(ledger: Ledger, document_id: int) -> list[Row[Any]]:
    """What was sent to NetSuite and what came back, newest first (at most 500)."""
    return list(ledger.rows("pages/list_attempts", document_id=document_id, limit=_MOST_ROWS))


def account_names(ledger: Ledger, page: RunPage) -> dict[str, str]:
    """NetSuite's accounts by internal id, as far as the tenant's mappings name them."""
    found = ledger.rows("pages/list_account_names", tenant_id=page.tenant_id)
    return {row.target: row.name for row in found}


def _binds(page: RunPage, wanted: DocumentFilter) -> dict[str, Any]:
    return {"run_id": page.id, "ended": int(not page.running), **wanted.binds()}


def _run_page(row: Row[Any]) -> RunPage:
    return RunPage(**{**row._mapping, "dry_run": bool(row.dry_run)})
