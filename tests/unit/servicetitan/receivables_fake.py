"""Invoices and credit memos for unit tests: lists, filters, pages and marks, as in the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from servicetitan_fake import TENANT_ID, answer, page, problem

STAMP = "2026-02-15T20:33:37.0187647Z"


def account(number: int) -> dict[str, Any]:
    return {
        "id": 231000 + number,
        "name": f"Account {number}",
        "number": str(number),
        "type": "Income",
        "detailType": "SalesOfProductIncome",
    }


def item(id_: int, total: Any = "100.00", **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "description": "Diagnostic",
        "quantity": "1.0000000000000000000",
        "cost": "0.0000000000",
        "totalCost": "0.00",
        "price": "100.00",
        "type": "Service",
        "skuName": "DIAG-1",
        "skuId": 288173174,
        "total": total,
        "inventory": False,
        "taxable": True,
        "generalLedgerAccount": account(4000),
        "costOfSaleAccount": None,
        "assetAccount": None,
        "modifiedOn": STAMP,
        "businessUnit": {"id": 1026, "name": "Residential Service"},
        **changes,
    }


def invoice(id_: int = 303350355, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "syncStatus": "Posted",
        "referenceNumber": f"N{id_}",
        "invoiceDate": "2026-02-14T00:00:00Z",
        "dueDate": "2026-03-14T00:00:00Z",
        "subTotal": "100.00",
        "salesTax": "8.25",
        "salesTaxCode": {"id": 18050, "name": "Travis County", "taxRate": 0.0825},
        "total": "108.25",
        "balance": "108.25",
        "customer": {"id": 289969909, "name": "Acme LLC"},
        "businessUnit": {"id": 1026, "name": "Residential Service"},
        "termName": "Due Upon Receipt",
        "batch": {"id": 303633281, "number": "7475", "name": "AR 02/15/2026"},
        "depositedOn": None,
        "modifiedOn": STAMP,
        "adjustmentToId": None,
        "sentStatus": "NotSent",
        "reviewStatus": "Reviewed",
        "summary": None,
        "items": [item(id_ + 4)],
        "active": True,
        "exportId": None,
        "paidOn": None,
        "invoiceConfiguration": "JobInvoice",
        **changes,
    }


def memo(id_: int = 9101, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "date": "2026-02-16",
        "referenceNumber": f"CM-{id_}",
        "subTotal": 50.00,
        "salesTax": 4.13,
        "salesTaxCode": {"id": 18050, "name": "Travis County", "taxRate": 0.0825},
        "total": 54.13,
        "balance": 0.00,
        "appliedTo": [applied()],
        "customer": {"id": 289969909, "name": "Acme LLC"},
        "businessUnit": {"id": 1026, "name": "Residential Service"},
        "syncStatus": "Posted",
        "batch": None,
        "modifiedOn": STAMP,
        "description": None,
        "active": True,
        "exportId": None,
        **changes,
    }


def applied(**changes: Any) -> dict[str, Any]:
    return {
        "appliedId": 1,
        "appliedTo": 303350355,
        "appliedAmount": 54.13,
        "appliedOn": "2026-02-16",
        "appliedBy": "admin",
        "appliedToReferenceNumber": "680999",
        **changes,
    }


def memo_item(id_: int, of: int, **changes: Any) -> dict[str, Any]:
    gl = account(4000)
    del gl["detailType"]
    return {
        "id": id_,
        "active": True,
        "description": "Goodwill",
        "quantity": 1,
        "cost": 0,
        "price": 50,
        "type": "Service",
        "skuName": "DIAG-1",
        "skuId": 288173174,
        "total": 50.00,
        "taxable": True,
        "revenueGeneralLedgerAccount": gl,
        "expensesGeneralLedgerAccount": None,
        "businessUnit": {"id": 1026, "name": "Residential Service"},
        "creditMemoId": of,
        **changes,
    }


class Receivables:
    """What a tenant has, in the order of the lists; `calls` are paths with queries."""

    def __init__(self, page_limit: int = 500) -> None:
        self.rows: dict[str, list[Any]] = {"invoices": [], "credit-memos": []}
        self.items: list[Any] = []
        self.page_limit = page_limit
        self.sorts = True
        self.calls: list[str] = []
        self.marked: list[list[Any]] = []
        self.on_items: Callable[[], None] = lambda: None
        self.on_mark: Callable[[list[Any]], web.Response | None] = lambda _: None

    def row(self, id_: int) -> dict[str, Any]:
        found = (r for rows in self.rows.values() for r in rows if r["id"] == id_)
        return next(found)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            return answer({"access_token": "t1", "expires_in": 900})
        path = request.path.split(f"/accounting/v2/tenant/{TENANT_ID}/")[1]
        self.calls.append(f"{path}?{request.query_string}")
        if path.endswith("/markasexported"):
            return self._mark(path.split("/")[0], await request.json())
        if path == "credit-memos/credit-memo-items":
            wanted = request.query["creditMemoIds"].split(",")
            found = self._page(
                request, [i for i in self.items if str(i.get("creditMemoId")) in wanted]
            )
            self.on_items()
            return found
        return self._list(request, path)

    def _list(self, request: web.Request, path: str) -> web.Response:
        query = request.query
        if "sort" in query and not self.sorts:
            return problem(400, "Sorting is not supported.")
        rows = self.rows[path]
        if "statuses" in query:
            rows = [r for r in rows if _get(r, "syncStatus") not in ("Pending", "Exported")]
        if query.get("activeState") == "ActiveOnly" or query.get("active") == "True":
            rows = [r for r in rows if _get(r, "active") is not False]
        if "ids" in query:
            asked = query["ids"].split(",")
            assert len(asked) <= 50
            rows = [r for r in rows if str(_get(r, "id")) in asked]
        if "number" in query:
            rows = [r for r in rows if query["number"] in str(_get(r, "referenceNumber")).lower()]
        for name, key in (("batchNumber", "number"), ("batchId", "id")):
            if name in query:
                rows = [r for r in rows if str((r["batch"] or {}).get(key)) == query[name]]
        if "modifiedOnOrAfter" in query:
            rows = [r for r in rows if r["modifiedOn"] >= query["modifiedOnOrAfter"]]
        return self._page(request, rows)

    def _page(self, request: web.Request, rows: list[Any]) -> web.Response:
        number = int(request.query.get("page", 1))
        size = min(int(request.query.get("pageSize", 50)), self.page_limit)
        piece = rows[(number - 1) * size : number * size]
        return answer(page(piece, number=number, more=number * size < len(rows)))

    def _mark(self, path: str, body: list[Any]) -> web.Response:
        self.marked.append(body)
        given = self.on_mark(body)
        if given is not None:
            return given
        name = "invoiceId" if path == "invoices" else "creditMemoId"
        return answer([self._marked(path, name, each) for each in body])

    def _marked(self, path: str, name: str, mark: Any) -> dict[str, Any]:
        rows = [r for r in self.rows[path] if r["id"] == mark[name]]
        done = bool(rows) and rows[0]["syncStatus"] == "Posted"
        if done:
            rows[0].update(syncStatus="Exported", exportId=mark["externalId"])
        why = None if done else "The transaction is not posted."
        return {name: mark[name], "success": done, "errorMessage": why}


def _get(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else None
