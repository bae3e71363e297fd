"""What a person changes in a batched document, in ServiceTitan's own pages."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Any

from aiohttp import web

from sandbox.server import json_response
from sandbox.servicetitan import exact
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import State

TYPES = (
    "invoice", "credit_memo", "payment", "bank_deposit", "purchase_order", "receipt", "ap_bill",
    "return", "ap_credit", "ap_payment", "adjustment", "vendor",
)  # fmt: skip
FIXED = {"id", "createdOn", "modifiedOn"}
FIRST_APPLIED = 1_000_000


async def edit_document(state: State, request: web.Request) -> web.Response:
    """PATCH: any fields ServiceTitan shows of that type; answers with the document.

    `sync_status` may stand for `syncStatus`, `items` are a credit memo's too. Content is neither
    checked nor added up: a person may leave any nonsense behind. `apply` is a list of
    {"invoice", "amount"} that a payment or a credit memo is used on besides: balances follow.

    Raises:
        ValueError: a field the type does not have.
    """
    kind, number = request.match_info["type"], request.match_info["id"]
    row = state.db.execute(
        "SELECT * FROM record WHERE type = ? AND id = ? ORDER BY row", (kind, number)
    ).fetchone()
    if row is None:
        return json_response({"error": "there is no such document"}, 404)
    changes = exact.loads(await request.read())
    if not isinstance(changes, dict) or not changes:
        raise ValueError("the body must be a JSON object of the fields to change")
    body, hidden = exact.loads(row["body"]), exact.loads(row["hidden"])
    if "sync_status" in changes:
        changes["syncStatus"] = changes.pop("sync_status")
    shares = changes.pop("apply", [])
    _change(body, hidden, changes)
    for share in shares:
        _apply(state, row, body, hidden, share)
    _store(state, row, body, hidden)
    return exact.answer(exact.dumps(body))


def _change(body: dict[str, Any], hidden: dict[str, Any], changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        target = hidden if name in hidden else body
        if name not in target or name in FIXED:
            known = sorted((set(body) | set(hidden)) - FIXED)
            raise ValueError(f"the fields are {', '.join(known)}")
        target[name] = value


def _apply(
    state: State, row: sqlite3.Row, body: dict[str, Any], hidden: dict[str, Any], share: Any
) -> None:
    """Use a payment or credit memo on an invoice; what was a deposit when synced stays one."""
    open_ = {"payment": "unappliedAmount", "credit_memo": "balance"}.get(row["type"])
    invoice = state.db.execute(
        "SELECT * FROM record WHERE tenant_id = ? AND type = 'invoice' AND id = ?",
        (row["tenant_id"], str(share["invoice"])),
    ).fetchone()
    if open_ is None or invoice is None:
        raise ValueError("apply needs a payment or a credit memo, and an invoice that exists")
    amount, owed = Decimal(str(share["amount"])), exact.loads(invoice["body"])
    if row["type"] == "payment" and not body["appliedTo"] and row["sync_status"] == "Exported":
        hidden["was_deposit"] = True
    own = str if row["type"] == "payment" else Decimal
    body["appliedTo"] = [
        *(body["appliedTo"] or []),
        {
            "appliedId": FIRST_APPLIED + len(body["appliedTo"] or []) + 10 * body["id"],
            "appliedTo": owed["id"],
            "appliedAmount": own(amount),
            "appliedOn": f"{now()[:10]}T00:00:00Z" if own is str else now()[:10],
            "appliedBy": "admin",
            "appliedToReferenceNumber": owed["referenceNumber"],
        },
    ]
    body[open_] = own(Decimal(body[open_]) - amount)
    owed["balance"] = str(Decimal(owed["balance"]) - amount)
    _store(state, invoice, owed, exact.loads(invoice["hidden"]))


def _store(state: State, row: sqlite3.Row, body: dict[str, Any], hidden: dict[str, Any]) -> None:
    body["modifiedOn"] = now()
    with state.transaction() as db:
        db.execute(
            """UPDATE record SET body = ?, hidden = ?, version_id = version_id + 1
               WHERE tenant_id = ? AND type = ? AND id = ?""",
            (exact.dumps(body), exact.dumps(hidden), row["tenant_id"], row["type"], row["id"]),
        )
