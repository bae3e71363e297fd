"""Vendor bills: made of their order where orders are synced, marked exported one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.mapping.purchases_content import PAYABLE_ROLE, SHIPPING_ROLE, TAX_ROLE
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.vendor_bills import mark_bills, pending_bills, still_pending
from servicetitan_netsuite.steps.kinds import listed
from servicetitan_netsuite.steps.kinds.kind import Kind
from servicetitan_netsuite.steps.kinds.marking import report_exported
from servicetitan_netsuite.steps.kinds.purchasing import judge
from servicetitan_netsuite.steps.work import Work

_pending = partial(listed.pending, pending_bills)


async def withdrawn(client: ServiceTitan, work: Work, rows: Sequence[Any]) -> set[int]:
    """The rows whose bill was unposted, canceled, exported by somebody else, or is gone."""
    del work
    waiting = await still_pending(client, [row.source_id for row in rows])
    return {row.id for row in rows if row.source_id not in waiting}


VENDOR_BILLS = Kind(
    DocumentType.VENDOR_BILL,
    pending=_pending,
    withdrawn=withdrawn,
    judge=judge,
    report=partial(report_exported, _pending, mark_bills),
    roles=(PAYABLE_ROLE, SHIPPING_ROLE, TAX_ROLE),
    vendors=True,
)
