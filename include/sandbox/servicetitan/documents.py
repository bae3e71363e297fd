"""The routes of the documents that are batched and posted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web

from sandbox.servicetitan import money, receivables
from sandbox.servicetitan.custom_fields import CustomFields
from sandbox.servicetitan.listing import Lists
from sandbox.servicetitan.marking import Marks
from sandbox.servicetitan.state import State

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]
WITH_FIELDS = {"invoices": "invoice", "credit-memos": "credit_memo", "payments": "payment"}


def document_routes(state: State, accounting: str) -> Iterator[Route]:
    """Method, path and handler; a fixed path comes before one with an id in its place."""
    fields = CustomFields(state)
    for path, kind in WITH_FIELDS.items():
        yield "GET", f"{accounting}/{path}/custom-fields", fields.types
        yield "PATCH", f"{accounting}/{path}/custom-fields", fields.write(kind)
    yield from _receivables(state, accounting)
    yield from _money(state, accounting)


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
