"""Bank deposits, adjustments, returns and AP credits for unit tests, as the contract has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from servicetitan_fake import TENANT_ID, answer, page, problem

STAMP = "2026-02-16T01:00:00Z"
UNIT = {"id": 1026, "name": "Residential Service"}


def account(number: int) -> dict[str, Any]:
    return {
        "id": 231000 + number,
        "name": f"Account {number}",
        "number": str(number),
        "type": "Asset",
        "detailType": "Bank",
    }


def bare(number: int) -> dict[str, Any]:
    """An account as the inventory module shows it."""
    return {name: value for name, value in account(number).items() if name != "id"}


def deposit(id_: int = 7701, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "Deposit 02/16/2026",
        "depositStatus": "Deposited",
        "syncStatus": "Posted",
        "batch": {"id": 303633281, "number": "7475", "name": "Deposits"},
        "createdOn": STAMP,
        "modifiedOn": STAMP,
        "active": True,
        "depositDate": "2026-02-16T00:00:00Z",
        "grossAmount": 108.25,
        "netAmount": 105.10,
        "fees": 3.15,
        "bankAccount": account(1000),
        "feeAccount": account(6200),
        **changes,
    }


def payment(id_: int, total: Any = "108.25", **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "referenceNumber": f"P-{id_}",
        "type": "Check",
        "total": total,
        "customer": {"id": 289969909, "name": "Acme LLC"},
        "businessUnit": UNIT,
        "generalLedgerAccount": account(1100),
        "active": True,
        **changes,
    }


def adjustment(id_: int = 8801, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "active": True,
        "number": f"ADJ-{id_}",
        "type": "Cycle Count",
        "businessUnitId": 1026,
        "memo": "",
        "date": "2026-02-16T00:00:00Z",
        "modifiedOn": STAMP,
        "batchId": 303633281,
        "batch": {"id": 303633281, "number": "7475", "name": "Counts"},
        "syncStatus": "Posted",
        "items": [counted(id_ * 10)],
        **changes,
    }


def counted(id_: int, cost: Any = 28.60, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "skuId": 70101,
        "code": "CU-34",
        "description": "Pipe",
        "quantity": 4.0,
        "cost": 7.15,
        "totalCost": cost,
        "active": True,
        **changes,
    }


def returned(id_: int = 7100, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "active": True,
        "number": f"RET-{id_}",
        "referenceNumber": "RMA-9",
        "status": "Returned",
        "vendorId": 3301,
        "purchaseOrderId": None,
        "businessUnitId": 1026,
        "memo": "",
        "returnAmount": 21.45,
        "taxAmount": 0.0,
        "shippingAmount": 0.0,
        "returnDate": "2026-02-12T00:00:00Z",
        "modifiedOn": STAMP,
        "batchId": 303633281,
        "batch": {"id": 303633281, "number": "7475", "name": "Returns"},
        "syncStatus": "Posted",
        "items": [goods(id_ * 10)],
        **changes,
    }


def goods(id_: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "skuId": 70101,
        "name": "Pipe",
        "code": "CU-34",
        "description": "Pipe",
        "quantity": 3.0,
        "cost": 7.15,
        "generalLedgerAccount": bare(1300),
        "active": True,
        "receiptItemId": None,
        **changes,
    }


def credit(id_: int = 6001, of: int | None = 7100, **changes: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "inventoryReturnId": of,
        "active": True,
        "modifiedOn": STAMP,
        "date": "2026-02-12T00:00:00Z",
        "number": f"VC-{id_}",
        "referenceNumber": None,
        "memo": None,
        "amount": 21.45,
        "appliedAmount": 20.00,
        "status": "Unreconciled",
        "syncStatus": "Posted",
        "batch": {"id": 303633301, "number": "7481", "name": "Credits"},
        "businessUnit": UNIT,
        "vendor": {"id": 3301, "name": "Ferguson"},
        "splits": [split(1, id_)],
        **changes,
    }


def split(id_: int, of: int, bill: int = 55100, amount: Any = 20.00, **changes: Any) -> Any:
    made = {"id": id_, "active": True, "inventoryBillId": bill, "vendorCreditId": of}
    return made | {"amount": amount} | changes


class Lists:
    """What a tenant has, by resource; `payments` those in each deposit."""

    def __init__(self, **rows: list[Any]) -> None:
        self.rows = {name.replace("_", "-"): found for name, found in rows.items()}
        self.payments: dict[str, list[Any]] = {}
        self.calls: list[str] = []
        self.marked: list[Any] = []
        self.on_payments: Callable[[], None] = lambda: None

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/connect/token":
            return answer({"access_token": "t1", "expires_in": 900})
        path = request.path.split(f"/tenant/{TENANT_ID}/")[1]
        self.calls.append(f"{path}?{request.query_string}")
        if path.endswith("/markasexported"):
            return self._mark(path.split("/")[0], await request.json())
        if path.endswith("/transactions"):
            found = self._page(request, self.payments.get(path.split("/")[1], []))
            self.on_payments()
            return found
        return self._page(request, self._chosen(request, self.rows.get(path, [])))

    def _chosen(self, request: web.Request, rows: list[Any]) -> list[Any]:
        query = request.query
        status = query.get("syncStatus") or query.get("syncStatuses")
        wanted = {"PostedAndExported": ("Posted", "Exported")}.get(status or "", (status,))
        if status:
            rows = [r for r in rows if not isinstance(r, dict) or r["syncStatus"] in wanted]
        if query.get("active") == "True":
            rows = [r for r in rows if not isinstance(r, dict) or r["active"]]
        if "ids" in query:
            rows = [r for r in rows if str(_get(r, "id")) in query["ids"].split(",")]
        if "number" in query:
            rows = [r for r in rows if _get(r, "number") == query["number"]]
        for name, field in (("dateOnOrAfter", "date"), ("returnDateOnOrAfter", "returnDate")):
            if name in query:
                rows = [r for r in rows if str(_get(r, field) or "9999") >= query[name]]
        if "receivedOnOrAfter" in query:
            since = query["receivedOnOrAfter"]
            rows = [r for r in rows if r["receivedOn"] and r["receivedOn"] >= since]
        if "modifiedOnOrAfter" in query:
            rows = [r for r in rows if r["modifiedOn"] >= query["modifiedOnOrAfter"]]
        return rows

    def _page(self, request: web.Request, rows: list[Any]) -> web.Response:
        number = int(request.query.get("page", 1))
        size = int(request.query.get("pageSize", 50))
        piece = rows[(number - 1) * size : number * size]
        return answer(page(piece, number=number, more=number * size < len(rows)))

    def _mark(self, path: str, body: Any) -> web.Response:
        self.marked.append(body)
        rows = {row["id"]: row for row in self.rows[path]}
        if path == "bank-deposits":
            if any(rows[id_]["syncStatus"] != "Posted" for id_ in body["ids"]):
                return problem(400, "One of them is not posted.")
            for id_ in body["ids"]:
                rows[id_]["syncStatus"] = "Exported"
            return web.Response(status=200)
        told = []
        for mark in body:
            assert set(mark) == {"apCreditId"}
            row = rows.get(mark["apCreditId"])
            done = row is not None and row["syncStatus"] == "Posted"
            if row is not None and done:
                row["syncStatus"] = "Exported"
            told.append({**mark, "success": done, "errorMessage": None if done else "no"})
        return answer(told)


def _get(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else None
