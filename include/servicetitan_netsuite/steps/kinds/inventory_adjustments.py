"""Inventory adjustments: posted in a batch, a journal entry each; ServiceTitan takes no report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.ledger.verdicts import Decision
from servicetitan_netsuite.mapping.plain_content import (
    ADJUSTMENTS_ROLE,
    INVENTORY_ROLE,
    skus_of,
)
from servicetitan_netsuite.mapping.plain_journals import validate_adjustments
from servicetitan_netsuite.servicetitan.adjustments import ADJUSTMENTS, pending_adjustments
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds import listed
from servicetitan_netsuite.steps.kinds.kind import Kept, Kind, Known
from servicetitan_netsuite.steps.kinds.plain_journals import decisions, in_netsuite
from servicetitan_netsuite.steps.work import Work


async def judge(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> list[Decision]:
    """One decision per adjustment, the asset accounts of its SKUs read from the pricebook."""
    await checks.pricebook.prepare(sku for document in documents for sku in skus_of(document))
    found = validate_adjustments(
        documents,
        checks.mappings,
        checks.reference,
        work.context.tenant,
        checks.profile,
        checks.pricebook.skus,
        posted=in_netsuite(known),
    )
    return decisions(work, checks, documents, found, known)


async def report(work: Work, client: ServiceTitan, rows: Sequence[Any]) -> list[Kept]:
    """Nothing is told: adjustments have no place for it, so that the ledger alone remembers."""
    return ["synced"] * len(rows)


INVENTORY_ADJUSTMENTS = Kind(
    DocumentType.INVENTORY_ADJUSTMENT,
    pending=partial(listed.pending, pending_adjustments),
    withdrawn=partial(listed.withdrawn, ADJUSTMENTS),
    judge=judge,
    report=report,
    roles=(INVENTORY_ROLE, ADJUSTMENTS_ROLE),
    watermarked=True,
)
