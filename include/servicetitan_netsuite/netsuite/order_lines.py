"""Which line of NetSuite's order a line of a receipt or bill is for, known once the order is there.

Both are made of the order by a transform, whose lines are the order's own: a line that is not named
would be received or billed in full. So every open line is named by its key: what came or is billed
with its quantity, the others with none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import Cause, Json, to_money
from servicetitan_netsuite.errors import Blocked
from servicetitan_netsuite.netsuite.canonical import plain, reference
from servicetitan_netsuite.netsuite.references import OURS

OF, CODE = "sourceLine", "sourceCode"
"""In a body that is not complete: a line of the order, and its SKU, as ServiceTitan calls them."""
_TRANSFORM = re.compile(r"record/v1/purchaseOrder/(?P<order>[^/]+)/!transform/(?P<record>\w+)")


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of an order as ServiceTitan shows it."""

    source: str
    code: str
    quantity: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of an order as NetSuite holds it; `line` is its key."""

    line: int
    item: str
    quantity: Decimal
    rate: Decimal
    received: Decimal
    billed: Decimal
    closed: bool
    words: str = ""


def transform_path(order: str, record: str) -> str:
    """Where `record` is made of an order, named by internal id or by our external id."""
    name = f"eid:{order}" if order.startswith(OURS) else order
    return f"record/v1/purchaseOrder/{name}/!transform/{record}"


def order_of(path: str) -> tuple[str, str] | None:
    """The order (internal id, or external id) and the record a transform's path names, if any."""
    found = _TRANSFORM.fullmatch(path)
    return (found["order"].removeprefix("eid:"), found["record"]) if found else None


def held_lines(record: Json) -> list[HeldLine]:
    """The item lines of an order as NetSuite's GET shows them, by key."""
    rows = record.get("item", {}).get("items", [])
    return sorted((_held(row) for row in rows), key=lambda line: line.line)


def matched(
    ordered: Sequence[Ordered], held: Sequence[HeldLine], known: Mapping[str, int], number: str
) -> dict[str, int]:
    """The keys of the lines that are not `known` yet, by ServiceTitan's id.

    Lines stand in NetSuite in the order in which they were sent, new ones last; that they are those
    is told by quantity and rate.

    Raises:
        Blocked: they are others.
    """
    taken = set(known.values())
    free = [line for line in held if line.line not in taken]
    new = [line for line in ordered if line.source not in known and line.quantity]
    made: dict[str, int] = {}
    for line, there in zip(new, free, strict=False):
        if (line.quantity, line.rate) != (there.quantity, there.rate):
            break
        made[line.source] = there.line
    if len(made) < len(new):
        raise changed(number, new[len(made)].code)
    return made


def keys_before_change(
    ordered: Sequence[Ordered], held: Sequence[HeldLine], known: Mapping[str, int], number: str
) -> dict[str, int]:
    """The keys that lines have before the order is changed; lines to be added have none.

    Quantities are about to change, so that what is not `known` is told by place and rate.

    Raises:
        Blocked: a line of NetSuite's order is none of ServiceTitan's any more.
    """
    sources = {line.source for line in ordered}
    keys = {source: line for source, line in known.items() if source in sources}
    free = [line for line in held if line.line not in keys.values()]
    new = [line for line in ordered if line.source not in keys]
    if len(free) > len(new) or any(
        line.rate != there.rate for line, there in zip(new, free, strict=False)
    ):
        raise _removed(number)
    return keys | {line.source: there.line for line, there in zip(new, free, strict=False)}


def found_by_hand(ordered: Sequence[Ordered], held: Sequence[HeldLine]) -> dict[str, int]:
    """The keys of the lines of an order that somebody else made, each found without doubt.

    A line is the only one that names its SKU, else the only one of its quantity and rate; one that
    has none, or several that may be it, is left out.
    """
    made: dict[str, int] = {}
    for line in ordered:
        named = [there for there in held if line.code and line.code in there.words.split()]
        equal = [
            there for there in held if (there.quantity, there.rate) == (line.quantity, line.rate)
        ]
        both = [there for there in named if there in equal]
        for rows in (both, named, equal):
            if len(rows) == 1 and rows[0].line not in made.values():
                made[line.source] = rows[0].line
                break
    return made


def receipt_lines(
    body: Json, keys: Mapping[str, int], held: Sequence[HeldLine], number: str
) -> tuple[Json, list[tuple[str, Decimal]]]:
    """A receipt's body with every open line of the order, and the items that come with it.

    Raises:
        Blocked: a line is not on the order, or more came than is left of it.
    """
    wanted = {_key(line, keys, number): line for line in body["item"]["items"]}
    made: list[Json] = []
    came: list[tuple[str, Decimal]] = []
    for there in held:
        left = Decimal(0) if there.closed else there.quantity - there.received
        line = wanted.pop(there.line, None)
        if line is None:
            if left > 0:
                made.append({"orderLine": there.line, "itemReceive": False})
            continue
        quantity = to_money(line["quantity"])
        if quantity > left:
            raise _too_much(line[CODE], quantity, left, number)
        kept = {name: value for name, value in line.items() if name not in (OF, CODE)}
        made.append({"orderLine": there.line, "itemReceive": True, **kept})
        came.append((there.item, quantity))
    if wanted:
        raise changed(number, next(iter(wanted.values()))[CODE])
    return {**body, "item": {"items": made}}, came


def bill_lines(
    body: Json,
    keys: Mapping[str, int],
    held: Sequence[HeldLine],
    accounts: Mapping[str, str | None],
    number: str,
) -> Json:
    """A bill's body with every line of the order that is not billed in full.

    `accounts` are the expense accounts of NetSuite's items. What reaches another account than the
    order's item does, or has no line there, is an expense line: it books the same.

    Raises:
        Blocked: a line of the order is billed in full already, or closed.
    """
    wanted: dict[int, Json] = {}
    expenses = list(body.get("expense", {}).get("items", []))
    by_line = {line.line: line for line in held}
    for line in body.get("item", {}).get("items", []):
        there = by_line.get(keys.get(line[OF], -1))
        if there is None or accounts.get(there.item) != reference(line["account"]):
            expenses.append(_expense(line))
        elif _open(there):
            wanted[there.line] = line
        else:
            raise _billed(line[CODE], number)
    made = [_billed_line(there, wanted.get(there.line)) for there in held if _open(there)]
    changed_body = {name: value for name, value in body.items() if name not in ("item", "expense")}
    if made:
        changed_body["item"] = {"items": made}
    if expenses:
        changed_body["expense"] = {"items": expenses}
    return changed_body


def _open(line: HeldLine) -> bool:
    return not line.closed and line.quantity > line.billed


def _billed_line(there: HeldLine, line: Json | None) -> Json:
    if line is None:
        return {"orderLine": there.line, "quantity": 0, "amount": 0}
    dropped = (OF, CODE, "account", "memo")
    made = {name: value for name, value in line.items() if name not in dropped}
    if line.get("memo"):
        made["description"] = line["memo"]
    return {"orderLine": there.line, **made}


def _expense(line: Json) -> Json:
    dropped = (OF, CODE, "quantity", "rate")
    return {name: value for name, value in line.items() if name not in dropped}


def _key(line: Json, keys: Mapping[str, int], number: str) -> int:
    if line[OF] not in keys:
        raise changed(number, line[CODE])
    return keys[line[OF]]


def _held(row: Json) -> HeldLine:
    def amount(name: str) -> Decimal:
        return to_money(row.get(name) or 0)

    item: Any = row.get("item")
    name = item.get("refName") if isinstance(item, dict) else None
    words = f"{name or ''} {row.get('description') or ''} {row.get('vendorName') or ''}"
    return HeldLine(
        line=int(row["line"]),
        item=reference(item) or "",
        quantity=amount("quantity"),
        rate=amount("rate"),
        received=amount("quantityReceived"),
        billed=amount("quantityBilled"),
        closed=row.get("isClosed") is True,
        words=words,
    )


def changed(number: str, code: str) -> Blocked:
    """The order in NetSuite lacks a line that a document is for."""
    return Blocked(
        Cause.CHANGED_IN_NETSUITE,
        f"NetSuite's purchase order {number} has no line that is certainly the one of {code}.",
        "Give the order in NetSuite the lines, quantities and rates it has in ServiceTitan, "
        "or enter this document in NetSuite by hand.",
    )


def _removed(number: str) -> Blocked:
    return Blocked(
        Cause.UPDATE_NOT_POSSIBLE,
        f"A line was taken from purchase order {number} in ServiceTitan, or others came to it, "
        "after it was posted to NetSuite.",
        "Give the order in NetSuite the same lines by hand and accept NetSuite's record, "
        "or undo the change in ServiceTitan.",
    )


def _too_much(code: str, quantity: Decimal, left: Decimal, number: str) -> Blocked:
    return Blocked(
        Cause.CHANGED_IN_NETSUITE,
        f"It receives {plain(quantity)} of {code}, but only {plain(max(left, Decimal(0)))} is left "
        f"to receive on NetSuite's purchase order {number}.",
        "Look for receipts entered in NetSuite by hand, or raise the order's quantity there; "
        "this document then goes on by itself.",
    )


def _billed(code: str, number: str) -> Blocked:
    return Blocked(
        Cause.CHANGED_IN_NETSUITE,
        f"The line of {code} on NetSuite's purchase order {number} is closed or billed in full.",
        "Look for bills entered in NetSuite by hand, or reopen the line there; "
        "this document then goes on by itself.",
    )
