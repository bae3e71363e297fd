"""Receipts: posted in ServiceTitan and never reported back, so that the ledger is the memory."""

from __future__ import annotations

from functools import partial

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.servicetitan.receipts import RECEIPTS as LISTING
from servicetitan_netsuite.servicetitan.receipts import pending_receipts
from servicetitan_netsuite.steps.kinds import listed, purchase_orders
from servicetitan_netsuite.steps.kinds.kind import Kind
from servicetitan_netsuite.steps.kinds.purchasing import judge

RECEIPTS = Kind(
    DocumentType.RECEIPT,
    pending=partial(listed.pending, pending_receipts),
    withdrawn=partial(listed.withdrawn, LISTING),
    judge=judge,
    report=purchase_orders.report,
    vendors=True,
    watermarked=True,
)
