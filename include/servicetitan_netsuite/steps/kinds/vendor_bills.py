"""Vendor bills: made of their order where orders are synced, marked exported one by one."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.mapping.purchases_content import PAYABLE_ROLE, SHIPPING_ROLE, TAX_ROLE
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.vendor_bills import (
    as_posted,
    mark_bills,
    pending_bills,
    still_pending,
)
from servicetitan_netsuite.steps.kinds import listed
from servicetitan_netsuite.steps.kinds.kind import Asked, Kind
from servicetitan_netsuite.steps.kinds.marking import report_exported
from servicetitan_netsuite.steps.kinds.purchasing import judge
from servicetitan_netsuite.steps.work import Work


def pending(client: ServiceTitan, work: Work, asked: Asked) -> AsyncGenerator[Found, None]:
    """Every bill that waits; one posted from the other list of bills at its version there."""
    found = listed.pending(pending_bills, client, work, asked)
    return listed.in_groups(found, partial(_as_posted, work))


async def _as_posted(work: Work, bills: Sequence[SourceDocument]) -> list[SourceDocument]:
    ids = [bill.source_id for bill in bills]
    known = {
        row.source_id: row
        for row in await listed.read_posted(work, DocumentType.VENDOR_BILL, ids)
        if row.netsuite_id and row.content and not row.part
    }
    return [
        as_posted(bill, json.loads(row.content), row.posted_version)
        if (row := known.get(bill.source_id)) and row.posted_version != bill.version
        else bill
        for bill in bills
    ]


async def withdrawn(client: ServiceTitan, work: Work, rows: Sequence[Any]) -> set[int]:
    """The rows whose bill was unposted, canceled, exported by somebody else, or is gone."""
    del work
    waiting = await still_pending(client, [row.source_id for row in rows])
    return {row.id for row in rows if row.source_id not in waiting}


VENDOR_BILLS = Kind(
    DocumentType.VENDOR_BILL,
    pending=pending,
    withdrawn=withdrawn,
    judge=judge,
    report=partial(report_exported, pending, mark_bills),
    roles=(PAYABLE_ROLE, SHIPPING_ROLE, TAX_ROLE),
    vendors=True,
)
