"""The routes of the documents that are batched and posted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web

from sandbox.servicetitan import receivables
from sandbox.servicetitan.custom_fields import CustomFields
from sandbox.servicetitan.listing import Lists
from sandbox.servicetitan.marking import Marks
from sandbox.servicetitan.state import State

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]


def document_routes(state: State, accounting: str) -> Iterator[Route]:
    """Method, path and handler; a fixed path comes before one with an id in its place."""
    lists, marks, fields = Lists(state), Marks(state), CustomFields(state)
    items = receivables.CreditMemoItems(state)
    for path, kind in (("invoices", "invoice"), ("credit-memos", "credit_memo")):
        yield "GET", f"{accounting}/{path}/custom-fields", fields.types
        yield "PATCH", f"{accounting}/{path}/custom-fields", fields.write(kind)
    yield "GET", f"{accounting}/invoices", lists.list(receivables.INVOICES)
    mark = marks.exported(receivables.INVOICE_MARK)
    yield "POST", f"{accounting}/invoices/markasexported", mark
    yield "GET", f"{accounting}/credit-memos", lists.list(receivables.CREDIT_MEMOS)
    yield "GET", f"{accounting}/credit-memos/credit-memo-items", items.of_many
    yield "GET", f"{accounting}/credit-memos/{{id}}/items", items.of_one
    mark = marks.exported(receivables.CREDIT_MEMO_MARK)
    yield "POST", f"{accounting}/credit-memos/markasexported", mark
