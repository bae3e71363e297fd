"""Payments, bank deposits, and the small lists that come with them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import Query
from sandbox.servicetitan.filters import Where
from sandbox.servicetitan.listing import (
    Filter,
    Listing,
    at,
    find,
    greatest,
    least,
    listed,
    number,
    number_text,
    numbers,
    one_text,
    repeated,
    since,
    until,
    within,
    word,
)
from sandbox.servicetitan.marking import STATUSES
from sandbox.servicetitan.state import State

TRANSACTION_TYPES = ("Undefined", "JournalEntry", "ReceivePayment")
PAYMENTS = Listing(
    "payment",
    (
        within("appliedToInvoiceIds", "appliedTo", "appliedTo"),
        within("appliedToReferenceNumber", "appliedTo", "appliedToReferenceNumber", one_text),
        number("batchId", "batch.id"),
        number_text("batchNumber", "batch.number"),
        numbers("businessUnitIds", "businessUnit.id"),
        number("customerId", "customer.id"),
        numbers("depositIds", "deposit.id"),
        numbers("ids", "id"),
        since("paidOnAfter", "date"),
        until("paidOnBefore", "date"),
        listed("statuses", "syncStatus"),
        least("totalGreater", "total"),
        greatest("totalLess", "total"),
        Filter(
            "transactionType",
            lambda query, name: query.choice(name, TRANSACTION_TYPES),
            "json_extract(hidden, '$.transactionType') = ?",
        ),
    ),
    state="activeState=ActiveOnly",
    custom="customField",
)
DEPOSITS = Listing(
    "bank_deposit",
    (
        numbers("ids", "id"),
        until("depositDateBefore", "depositDate"),
        since("depositDateOnOrAfter", "depositDate"),
        until("reviewedBefore", "reviewedOn"),
        since("reviewedOnOrAfter", "reviewedOn"),
        word("reviewStatus", "reviewStatus", ("NeedsReview", "Reviewed")),
        word("depositStatus", "depositStatus", ("Undefined", "Open", "Deposited")),
        word("syncStatus", "syncStatus", STATUSES),
        least("grossAmountGreater", "grossAmount"),
        greatest("grossAmountLess", "grossAmount"),
    ),
    state=None,
)
NAMED = ("Id", "Name", "CreatedOn")
PAYMENT_TYPES = Listing(
    "payment_type",
    (
        numbers("ids", "id"),
        since("createdOnOrAfter", "createdOn"),
        until("createdBefore", "createdOn"),
    ),
    sorts=(),
    audit=False,
)
PAYMENT_TERMS = Listing("payment_term", (numbers("ids", "id"),), state=None, sorts=NAMED)
TAX_ZONES = Listing("tax_zone", (numbers("ids", "id"),), sorts=NAMED)
REMITTANCE_VENDORS = Listing("remittance_vendor", (repeated("ids", "id"),))


class DepositTransactions:
    """What was brought to the bank with a deposit."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def list(self, request: web.Request) -> web.Response:
        """GET: a page of the payments in a deposit, which do not say what they refund."""
        query, row = Query(request), find(self._state, request, "bank_deposit")
        page, size, total = query.paging(5000)
        query.check()
        where = Where("tenant_id = ? AND type = 'payment'", row["tenant_id"])
        where.add(f"{at('deposit.id')} = ?", row["id"])
        return where.page(
            self._state.db, "record", "id, row", page, size, total,
            lambda one: exact.dumps(_transaction(exact.loads(one["body"]))),
        )  # fmt: skip


def _transaction(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "refundedPaymentId"}
