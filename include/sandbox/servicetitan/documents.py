"""The routes of the documents that are batched and posted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web

from sandbox.servicetitan import inventory, money, payables, places, receivables
from sandbox.servicetitan.custom_fields import CustomFields
from sandbox.servicetitan.listing import Lists
from sandbox.servicetitan.marking import Marks
from sandbox.servicetitan.state import State
from sandbox.servicetitan.vendors import VENDORS, Vendors

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]
WITH_FIELDS = {
    "invoices": "invoice",
    "credit-memos": "credit_memo",
    "payments": "payment",
    "ap-bills": "ap_bill",
    "inventory-bills": "ap_bill",
    "ap-credits": "ap_credit",
}
STORE_FIELDS = {"receipts": "receipt", "returns": "return", "adjustments": "adjustment"}


INVENTORY = "/inventory/v2/tenant/{tenant}"
CRM = "/crm/v2/tenant/{tenant}"
PRICEBOOK = "/pricebook/v2/tenant/{tenant}"


def document_routes(state: State, accounting: str) -> Iterator[Route]:
    """Method, path and handler; a fixed path comes before one with an id in its place."""
    fields = CustomFields(state)
    for path, kind in WITH_FIELDS.items():
        yield "GET", f"{accounting}/{path}/custom-fields", fields.types
        yield "PATCH", f"{accounting}/{path}/custom-fields", fields.write(kind)
    yield from _receivables(state, accounting)
    yield from _money(state, accounting)
    yield from _payables(state, accounting)
    yield from _inventory(state, fields)
    yield from _master_data(state)


def _receivables(state: State, accounting: str) -> Iterator[Route]:
    lists, marks, items = Lists(state), Marks(state), receivables.CreditMemoItems(state)
    yield "GET", f"{accounting}/invoices", lists.list(receivables.INVOICES)
    mark = marks.exported(receivables.INVOICE_MARK)
    yield "POST", f"{accounting}/invoices/markasexported", mark
    yield "GET", f"{accounting}/credit-memos", lists.list(receivables.CREDIT_MEMOS)
    yield "GET", f"{accounting}/credit-memos/credit-memo-items", items.of_many
    yield "GET", f"{accounting}/credit-memos/{{id}}/items", items.of_one
    mark = marks.exported(receivables.CREDIT_MEMO_MARK)
    yield "POST", f"{accounting}/credit-memos/markasexported", mark


def _money(state: State, accounting: str) -> Iterator[Route]:
    lists, marks = Lists(state), Marks(state)
    yield "GET", f"{accounting}/payments", lists.list(money.PAYMENTS)
    yield "POST", f"{accounting}/payments/status", marks.payments
    yield "GET", f"{accounting}/bank-deposits", lists.list(money.DEPOSITS)
    yield "POST", f"{accounting}/bank-deposits/markasexported", marks.deposits
    transactions = money.DepositTransactions(state).list
    yield "GET", f"{accounting}/bank-deposits/{{id}}/transactions", transactions
    for path, listing in (
        ("payment-types", money.PAYMENT_TYPES),
        ("payment-terms", money.PAYMENT_TERMS),
        ("tax-zones", money.TAX_ZONES),
        ("remittance-vendors", money.REMITTANCE_VENDORS),
    ):
        yield "GET", f"{accounting}/{path}", lists.list(listing)
        if path != "tax-zones":
            yield "GET", f"{accounting}/{path}/{{id}}", lists.one(listing)


def _payables(state: State, accounting: str) -> Iterator[Route]:
    lists, marks = Lists(state), Marks(state)
    bills = f"{accounting}/ap-bills"
    yield "GET", bills, lists.list(payables.AP_BILLS)
    yield "POST", f"{bills}/markasexported", marks.exported(payables.AP_BILL_MARK)
    yield "GET", f"{bills}/{{billId}}", lists.one(payables.AP_BILLS, "billId")
    bills = f"{accounting}/inventory-bills"
    yield "GET", bills, lists.list(payables.INVENTORY_BILLS, bare=True)
    yield "GET", f"{bills}/paginated", lists.list(payables.INVENTORY_BILLS)
    yield "POST", f"{bills}/markasexported", marks.exported(payables.INVENTORY_BILL_MARK)
    yield "GET", f"{accounting}/ap-credits", lists.list(payables.AP_CREDITS)
    mark = marks.exported(payables.AP_CREDIT_MARK)
    yield "POST", f"{accounting}/ap-credits/markasexported", mark
    yield "GET", f"{accounting}/ap-payments", lists.list(payables.AP_PAYMENTS)


def _inventory(state: State, fields: CustomFields) -> Iterator[Route]:
    lists, vendors = Lists(state), Vendors(state)
    for path, kind in STORE_FIELDS.items():
        yield "PATCH", f"{INVENTORY}/{path}/custom-fields", fields.write(kind)
    yield "GET", f"{INVENTORY}/purchase-orders", lists.list(inventory.ORDERS)
    yield "GET", f"{INVENTORY}/purchase-orders/{{id}}", lists.one(inventory.ORDERS)
    yield "GET", f"{INVENTORY}/receipts", lists.list(inventory.RECEIPTS)
    for path, listing in (("returns", inventory.RETURNS), ("adjustments", inventory.ADJUSTMENTS)):
        yield "GET", f"{INVENTORY}/{path}", lists.list(listing)
        change = inventory.external_only(state, listing.type)
        yield "PATCH", f"{INVENTORY}/{path}/{{id}}", change
    yield "GET", f"{INVENTORY}/vendors", lists.list(VENDORS)
    yield "POST", f"{INVENTORY}/vendors", vendors.create
    yield "GET", f"{INVENTORY}/vendors/{{id}}", lists.one(VENDORS)
    yield "PATCH", f"{INVENTORY}/vendors/{{id}}", vendors.update


def _master_data(state: State) -> Iterator[Route]:
    lists = Lists(state)
    for base, path, listing in (
        (CRM, "locations", places.LOCATIONS),
        (PRICEBOOK, "services", places.SERVICES),
        (PRICEBOOK, "materials", places.MATERIALS),
        (PRICEBOOK, "equipment", places.EQUIPMENT),
    ):
        yield "GET", f"{base}/{path}", lists.list(listing)
        yield "GET", f"{base}/{path}/{{id}}", lists.one(listing)
