"""Bank deposits: posted in a batch, a journal entry each, marked exported."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.plain_journals import validate_deposits
from servicetitan_netsuite.servicetitan.bank_deposits import BANK_DEPOSITS as LISTING
from servicetitan_netsuite.servicetitan.bank_deposits import pending_bank_deposits
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds import listed
from servicetitan_netsuite.steps.kinds.kind import Kind, Known
from servicetitan_netsuite.steps.kinds.marking import report_exported
from servicetitan_netsuite.steps.kinds.plain_journals import decisions, in_netsuite
from servicetitan_netsuite.steps.work import Work

UNDEPOSITED_ROLE = "UndepositedFunds"
"""Told apart in the tie-out; the deposits themselves name the account."""


async def judge(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per deposit; its payments need not be in NetSuite first."""
    found = validate_deposits(
        documents,
        checks.mappings,
        checks.reference,
        work.context.tenant,
        checks.profile,
        posted=in_netsuite(known),
    )
    return decisions(work, checks, documents, found, known)


_pending = partial(listed.pending, pending_bank_deposits)
BANK_DEPOSITS = Kind(
    DocumentType.BANK_DEPOSIT,
    pending=_pending,
    withdrawn=partial(listed.withdrawn, LISTING),
    judge=judge,
    report=partial(report_exported, _pending, partial(listed.mark, LISTING)),
    roles=(UNDEPOSITED_ROLE,),
)
