"""Decisions on documents that become a journal entry as they are: bank deposits, adjustments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from servicetitan_netsuite.documents import Draft, SourceDocument, State, external_id
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.netsuite import canonical, journal
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds.kind import Known
from servicetitan_netsuite.steps.work import Work


def in_netsuite(known: Known, part: str = "") -> set[str]:
    """Source ids of the documents whose `part` has a record in NetSuite already."""
    return {source_id for (source_id, own), row in known.items() if own == part and row.netsuite_id}


def decisions(
    work: Work,
    checks: Checks,
    documents: Sequence[SourceDocument],
    found: Sequence[Verdict],
    known: Known,
) -> list[Decision]:
    """One decision per document, in order, its journal entry built."""
    return [
        _decision(work, checks, document, verdict, known.get((document.source_id, document.part)))
        for document, verdict in zip(documents, found, strict=True)
    ]


def stopped(work: Work, document: SourceDocument, verdict: Verdict, name: str) -> Decision:
    """The decision on a document that is not ready."""
    return Decision(
        document.type,
        document.source_id,
        verdict.state,
        name,
        verdict.problems,
        notes="; ".join(verdict.notes),
        tell=work.context.tenant.sync.mark_zero_exported and verdict.comes_to_nothing,
    )


def name_of(work: Work, document: SourceDocument, known: Any) -> str:
    """The external id: the one the ledger knows, or the first."""
    if known is not None:
        return str(known.external_id)
    return external_id(work.tenant_id, document.type, document.source_id, document.part)


def _decision(
    work: Work, checks: Checks, document: SourceDocument, verdict: Verdict, known: Any
) -> Decision:
    name = name_of(work, document, known)
    if verdict.state is not State.READY:
        return stopped(work, document, verdict, name)
    body = journal.body(replace(verdict.plan, external_id=name))
    gl = checks.named(journal.gl_effect(body))
    return Decision(
        document.type,
        document.source_id,
        State.READY,
        name,
        draft=Draft(journal.PATH, body, canonical.journal(body), gl),
        notes="; ".join(verdict.notes),
    )
