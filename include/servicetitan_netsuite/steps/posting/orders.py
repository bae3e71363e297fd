"""Receipts and bills of a purchase order: completed by the order as NetSuite holds it right then.

Two documents of one order never go out side by side: each changes what is left of its lines. The
same goes for all that uses up one deposit, and for changes of one credit memo: NetSuite refuses the
later of two, or keeps only what that one said.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import Cause, DocumentType, Json, Operation, to_money
from servicetitan_netsuite.errors import Blocked
from servicetitan_netsuite.ledger import orders
from servicetitan_netsuite.netsuite import item_receipt, purchase_order
from servicetitan_netsuite.netsuite.canonical import with_items
from servicetitan_netsuite.netsuite.goods import expense_accounts
from servicetitan_netsuite.netsuite.order_lines import (
    HeldLine,
    Ordered,
    bill_lines,
    found_by_hand,
    held_lines,
    keys_before_change,
    matched,
    order_of,
    receipt_lines,
)
from servicetitan_netsuite.netsuite.references import OURS, record_at
from servicetitan_netsuite.steps.posting.desk import Desk, RecordRefused, shown_record


class Orders:
    """The orders and other records that documents of this run are made of."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._taken: dict[str, int] = {}
        self._accounts: dict[str, str | None] = {}

    def take(self, rows: Sequence[Any]) -> list[Any]:
        """Those of the ready documents that may go on now, the records they start from taken."""
        free = []
        for row in rows:
            record = record_at(row.path)
            if record is None or self._taken.setdefault(record, row.id) == row.id:
                free.append(row)
        return free

    def release(self, document_id: int) -> None:
        """The document's outcome is known, or it is not sent: its record is free."""
        self._taken = {record: id_ for record, id_ in self._taken.items() if id_ != document_id}

    async def complete(
        self, row: Any, path: str, body: Json, form: Json, *, unused: bool = False
    ) -> tuple[Json, Json]:
        """Body and canonical form with the keys of the order's lines; others as they are.

        `unused` takes the order as if nothing of it had been received or billed.

        Raises:
            Blocked: the order in NetSuite does not have what the document needs.
        """
        if row.document_type == DocumentType.PURCHASE_ORDER:
            return await self._order_body(row, body, form), form
        found = order_of(path)
        if found is None:
            return body, form
        netsuite_id, record_name = found
        record = await self._shown(netsuite_id)
        if record is None:
            raise _gone(netsuite_id)
        number = str(record.get("tranId") or netsuite_id)
        held = held_lines(record)
        keys = await self._keys(row, held, number)
        if unused:
            none = Decimal(0)
            held = [replace(one, received=none, billed=none, closed=False) for one in held]
        if record_name == item_receipt.RECORD:
            body, came = receipt_lines(body, keys, held, number)
            return body, with_items(form, came)
        accounts = await self._expense_accounts(held)
        return bill_lines(body, keys, held, accounts, number), form

    async def _order_body(self, row: Any, body: Json, form: Json) -> Json:
        """The body that creates or changes an order."""
        if row.operation != Operation.UPDATE:
            return purchase_order.created(body)
        desk = self._desk
        record = await self._shown(row.netsuite_id)
        if record is None:
            return purchase_order.created(body)  # nothing is sent: that it is gone is a conflict
        _check_kept(form, row)
        kind = DocumentType.PURCHASE_ORDER
        found = await desk.read(orders.contents, desk.work.run, kind, [row.source_id])
        known = await desk.read(orders.line_keys, row.id)
        ordered = _ordered(found[row.source_id])
        keys = keys_before_change(ordered, held_lines(record), known, row.number)
        await desk.write(orders.keep_line_keys, row.id, keys)
        return purchase_order.changed(body, keys)

    async def _shown(self, netsuite_id: str) -> Json | None:
        """The order in NetSuite; None where it was deleted.

        Raises:
            Blocked: NetSuite refuses to show it.
        """
        try:
            return await shown_record(self._desk, purchase_order.RECORD, netsuite_id)
        except RecordRefused as refused:
            raise Blocked(
                Cause.EXISTS_BUT_HIDDEN,
                f"NetSuite does not show its purchase order {netsuite_id}: {refused}",
                "Correct what NetSuite names; the next run then takes this document up.",
            ) from refused

    async def _keys(self, row: Any, held: Sequence[HeldLine], number: str) -> dict[str, int]:
        """Which line of NetSuite's order each of ServiceTitan's is; kept for orders of ours."""
        desk = self._desk
        kind = DocumentType(row.document_type)
        content = await desk.read(orders.order_of, desk.work.run, kind, row.source_id)
        ordered = _ordered(content or {})
        own = order_of(row.path)
        if own is None or not own[0].startswith(OURS):
            return found_by_hand(ordered, held)
        order = await desk.read(orders.order_named, own[0])
        known = await desk.read(orders.line_keys, order.id)
        new = matched(ordered, held, known, number)
        if new:
            await desk.write(orders.keep_line_keys, order.id, new)
        return known | new

    async def _expense_accounts(self, held: Sequence[HeldLine]) -> dict[str, str | None]:
        new = sorted({line.item for line in held} - self._accounts.keys())
        if new:
            async with self._desk.slots:
                self._accounts |= await expense_accounts(self._desk.netsuite, new)
        return self._accounts


def _ordered(content: Json) -> list[Ordered]:
    """The lines of an order's content, in the order in which they are sent."""
    return [
        Ordered(
            line["id"],
            (line.get("sku") or {}).get("code") or line["id"],
            to_money(line["quantity"]),
            to_money(line["cost"]),
        )
        for line in content.get("lines", [])
        if Decimal(line["quantity"])
    ]


def _check_kept(form: Json, row: Any) -> None:
    """What NetSuite's order cannot change stays as it was posted."""
    last = json.loads(row.posted_canonical) if row.posted_canonical else form
    names = {"entity": "vendor", "subsidiary": "subsidiary", "currency": "currency"}
    for name, word in names.items():
        if form.get(name) != last.get(name):
            raise Blocked(
                Cause.UPDATE_NOT_POSSIBLE,
                f"The {word} of purchase order {row.number} changed after it was posted.",
                "Undo that in ServiceTitan, or enter the order in NetSuite by hand.",
            )


def _gone(netsuite_id: str) -> Blocked:
    return Blocked(
        Cause.DELETED_IN_NETSUITE,
        f"Its purchase order {netsuite_id} was deleted in NetSuite.",
        "Resolve the purchase order with `--again`; this document then goes on by itself.",
    )
