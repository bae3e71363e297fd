"""Purchase orders, receipts, returns, adjustments: read only, but for external data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact, external_data
from sandbox.servicetitan.asking import read_body
from sandbox.servicetitan.listing import (
    Listing,
    find,
    listed,
    number,
    numbers,
    since,
    text,
    until,
)
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import State

ORDERS = Listing(
    "purchase_order",
    (
        numbers("ids", "id"),
        text("status", "status"),
        text("number", "number"),
        number("jobId", "jobId"),
        numbers("jobIds", "jobId"),
        number("technicianId", "technicianId"),
        number("projectId", "projectId"),
        since("dateOnOrAfter", "date"),
        until("dateBefore", "date"),
        since("sentOnOrAfter", "sentOn"),
        until("sentBefore", "sentOn"),
    ),
    state=None,
)
_MOVES = (
    numbers("ids", "id"),
    text("number", "number"),
    number("batchId", "batchId"),
    numbers("businessUnitIds", "businessUnitId"),
    numbers("inventoryLocationIds", "inventoryLocationId"),
    listed("syncStatuses", "syncStatus"),
)
RECEIPTS = Listing(
    "receipt",
    (
        *_MOVES,
        text("vendorInvoiceNumber", "vendorInvoiceNumber"),
        number("billId", "billId"),
        numbers("vendorIds", "vendorId"),
        numbers("purchaseOrderIds", "purchaseOrderId"),
        since("receivedOnOrAfter", "receivedOn"),
        until("receivedBefore", "receivedOn"),
    ),
    custom="customFields",
)
RETURNS = Listing(
    "return",
    (
        *_MOVES,
        text("referenceNumber", "referenceNumber"),
        number("jobId", "jobId"),
        number("purchaseOrderId", "purchaseOrderId"),
        numbers("vendorIds", "vendorId"),
        since("returnDateOnOrAfter", "returnDate"),
        until("returnDateBefore", "returnDate"),
    ),
    custom="customFields",
    external="return",
)
ADJUSTMENTS = Listing(
    "adjustment",
    (
        *_MOVES,
        text("referenceNumber", "referenceNumber"),
        numbers("invoiceIds", "invoiceId"),
        listed("adjustmentTypes", "type"),
        since("dateOnOrAfter", "date"),
        until("dateBefore", "date"),
    ),
    custom="customFields",
    external="adjustment",
)


def external_only(state: State, kind: str) -> Callable[..., Any]:
    """PATCH that takes external data alone; answers with the id."""

    async def handler(request: web.Request) -> web.Response:
        body, row = await read_body(request), find(state, request, kind)
        change = external_data.Change(body)
        body.check()
        with state.writing() as db:
            change.apply(db, kind, row["id"])
            db.execute(
                """UPDATE record SET body = json_set(body, '$.modifiedOn', ?)
                   WHERE tenant_id = ? AND type = ? AND id = ?""",
                (now(), row["tenant_id"], kind, row["id"]),
            )
        return exact.answer(exact.dumps({"id": row["id"]}))

    return handler
