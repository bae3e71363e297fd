"""Invoices, credit memos and the routes that report them."""

from __future__ import annotations

import sqlite3
from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import Query, whole
from sandbox.servicetitan.filters import ANY_ACTIVE, Where
from sandbox.servicetitan.listing import (
    Filter,
    Listing,
    at,
    compared,
    find,
    from_day,
    greatest,
    least,
    number,
    number_text,
    numbers,
    one_text,
    repeated,
    since,
    text,
    to_day,
    until,
    within,
    words,
)
from sandbox.servicetitan.marking import STATUSES, Mark
from sandbox.servicetitan.state import State

REVIEWS = (
    "NeedsReview", "OnHold", "Reviewed", "PendingApproval", "Rejected", "ReadyForBilling",
    "Invoiced",
)  # fmt: skip
CONFIGURATIONS = (
    "JobInvoice", "ProjectInvoice", "CounterSales", "MembershipInvoice", "InterestChargeInvoice",
    "ARImportInvoice",
)  # fmt: skip


def _of_invoices(query: Query, where: Where) -> None:
    compared(query, where, "balanceFilter", "Balance", "balance")


def _of_memos(query: Query, where: Where) -> None:
    compared(query, where, "totalFilter", "Amount", "total")
    compared(query, where, "balanceFilter", "Amount", "balance")


INVOICES = Listing(
    "invoice",
    (
        numbers("ids", "id"),
        words("statuses", "syncStatus", STATUSES),
        number("batchId", "batch.id"),
        number_text("batchNumber", "batch.number"),
        number("jobId", "job.id"),
        text("jobNumber", "job.number"),
        number("businessUnitId", "businessUnit.id"),
        number("customerId", "customer.id"),
        since("invoicedOnOrAfter", "invoiceDate"),
        until("invoicedOnBefore", "invoiceDate"),
        number("adjustmentToId", "adjustmentToId"),
        text("number", "referenceNumber"),
        least("totalGreater", "total"),
        greatest("totalLess", "total"),
        until("dueDateBefore", "dueDate"),
        since("dueDateOnOrAfter", "dueDate"),
        words("reviewStatuses", "reviewStatus", REVIEWS),
        repeated("assignedToIds", "assignedTo.id"),
        words("invoiceConfigurations", "invoiceConfiguration", CONFIGURATIONS),
    ),
    state="activeState=All",
    order_by=True,
    more=_of_invoices,
    custom="customField",
)
CREDIT_MEMOS = Listing(
    "credit_memo",
    (
        numbers("ids", "id"),
        numbers("businessUnitIds", "businessUnit.id"),
        within("appliedToInvoiceIds", "appliedTo", "appliedTo"),
        within("appliedToReferenceNumber", "appliedTo", "appliedToReferenceNumber", one_text),
        to_day("dateBefore", "date"),
        from_day("dateOnOrAfter", "date"),
        Filter(
            "appliedBefore",
            lambda query, name: query.day(name),
            "EXISTS (SELECT 1 FROM json_each(body, '$.appliedTo') AS one "
            "WHERE json_extract(one.value, '$.appliedOn') < ?)",
        ),
        Filter(
            "appliedOnOrAfter",
            lambda query, name: query.day(name),
            "EXISTS (SELECT 1 FROM json_each(body, '$.appliedTo') AS one "
            "WHERE json_extract(one.value, '$.appliedOn') >= ?)",
        ),
        number("batchId", "batch.id"),
        text("batchNumber", "batch.number"),
    ),
    more=_of_memos,
    custom="customField",
)
INVOICE_MARK = Mark("invoice", "invoiceId", message=True)
CREDIT_MEMO_MARK = Mark("credit_memo", "creditMemoId", message=True)


class CreditMemoItems:
    """The items of credit memos, which the memo itself does not show."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def of_one(self, request: web.Request) -> web.Response:
        """GET: the items of one credit memo."""
        row = find(self._state, request, "credit_memo")
        return self._page(Query(request), [row], own=False)

    async def of_many(self, request: web.Request) -> web.Response:
        """GET: the items of all credit memos asked for, each with its memo's id."""
        query = Query(request)
        ids = query.listing("creditMemoIds", whole)
        where = Where("tenant_id = ? AND type = ?", int(request.match_info["tenant"]),
                      "credit_memo")  # fmt: skip
        where.among(at("id"), ids)
        rows = where.rows(self._state.db, "record", "id, row", 1, 1_000_000, False).rows
        return self._page(query, rows, own=True)

    def _page(self, query: Query, rows: list[sqlite3.Row], own: bool) -> web.Response:
        units = query.listing("businessUnitIds", whole)
        active = query.choice("active", ANY_ACTIVE) or "True"
        born, until_ = query.stamp("createdOnOrAfter"), query.stamp("createdBefore")
        query.order({"Id": "id", "CreatedOn": "created_on"}, "id")
        page, size, total = query.paging(5000)
        query.check()
        found: list[dict[str, Any]] = []
        for row in rows:
            extra = {"creditMemoId": row["id"]} if own else {}
            found += [one | extra for one in exact.loads(row["hidden"]).get("items") or []]
        kept = [
            one
            for one in found
            if (not units or (one["businessUnit"] or {}).get("id") in units)
            and (active == "Any" or one["active"] is (active == "True"))
            and (not born or one["createdOn"] >= born)
            and (not until_ or one["createdOn"] < until_)
        ]
        shown = [exact.dumps(one) for one in kept[(page - 1) * size : page * size]]
        count = len(kept) if total else None
        return exact.page(page, size, len(kept) > page * size, count, shown)
