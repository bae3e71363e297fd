"""Purchase orders: never listed, read once a receipt or bill of the run names them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger import orders as known_orders
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.found import Found
from servicetitan_netsuite.servicetitan.purchase_orders import orders
from servicetitan_netsuite.steps.kinds.kind import Asked, Kept, Kind
from servicetitan_netsuite.steps.kinds.purchasing import judge
from servicetitan_netsuite.steps.work import Work

_NAMED_BY = (DocumentType.RECEIPT, DocumentType.VENDOR_BILL)


async def pending(client: ServiceTitan, work: Work, asked: Asked) -> AsyncGenerator[Found, None]:
    """The orders that receipts and bills of this run belong to, whatever was asked for.

    An order of which nothing came is named by nobody, and so is never posted.
    """
    del asked
    ids = await asyncio.to_thread(
        lambda: sorted(set(known_orders.named(work.ledger, work.run, _NAMED_BY)))
    )
    async for found in orders(client, work.context.tenant, ids):
        yield found


async def withdrawn(client: ServiceTitan, work: Work, rows: Sequence[Any]) -> set[int]:
    """All of them: no receipt and no bill that waits belongs to these orders any more."""
    del client, work
    return {row.id for row in rows}


async def report(work: Work, client: ServiceTitan, rows: Sequence[Any]) -> list[Kept]:
    """Nothing: ServiceTitan keeps no sync status of orders."""
    del work, client
    return [None] * len(rows)


PURCHASE_ORDERS = Kind(
    DocumentType.PURCHASE_ORDER,
    pending=pending,
    withdrawn=withdrawn,
    judge=judge,
    report=report,
    vendors=True,
    named_by_others=True,
)
