"""Apply sublists: which open transactions a payment or credit is set against, and how far."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, user_error
from sandbox.netsuite.records.base import cents, money
from sandbox.netsuite.records.transaction import applied_by
from sandbox.netsuite.store import Document

TOO_MUCH = "Amount applied greater than total payments and credits"
NOT_LISTED = (
    "You have attempted an invalid sublist or line item operation. You are either trying to access "
    "a field on a non-existent line or you are trying to add or remove lines from a static sublist."
)


@dataclass(frozen=True, slots=True)
class Target:
    """A type of transaction that can be applied to: its code and the field of its account."""

    type: str
    code: str
    account: str
    entity: str = "entity"


@dataclass(frozen=True, slots=True)
class Application:
    """A transaction that applies: to which types, and the field of its own account."""

    targets: tuple[Target, ...]
    account: str
    entity: str


@dataclass(frozen=True, slots=True)
class Open:
    """A transaction that could be applied to, and what is open on it."""

    target: Target
    document: Document
    due: Decimal


def candidates(
    context: Context, rule: Application, document: Document, only: Collection[str] | None = None
) -> list[Open]:
    """What the sublist offers, oldest first: same entity, currency, subsidiary and account.

    With `only` these documents alone are looked at, which leaves the rest of a long list unread.
    """
    types = {target.type.lower(): target for target in rule.targets}
    values: list[object] = [int(document[rule.entity]), *types]
    clause = "foreignamountunpaid > 0 OR foreignpaymentamountunused > 0"
    if only is not None:
        clause = f"id IN ({', '.join('?' * len(only))})"
        values += [int(doc) for doc in only]
    rows = context.store.db.execute(
        f"""SELECT id, recordtype FROM p_transaction WHERE entity = ? AND voided = 'F'
            AND recordtype IN ({", ".join("?" * len(types))}) AND ({clause})
            ORDER BY trandate, id""",
        values,
    ).fetchall()
    found = []
    for record_id, name in rows:
        target = types[name]
        other = context.store.get(target.type, str(record_id))
        if other is None or not _fits(rule, document, target, other):
            continue
        due = open_amount(context, other, document["id"])
        if due > 0:
            found.append(Open(target, other, due))
    return found


def _fits(rule: Application, document: Document, target: Target, other: Document) -> bool:
    same = all(other.get(name) == document.get(name) for name in ("currency", "subsidiary"))
    named = other.get(target.entity) == document.get(rule.entity)
    return same and named and other.get(target.account) == document.get(rule.account)


def open_amount(context: Context, other: Document, without: str = "0") -> Decimal:
    """What is left of a transaction, `without` one that may apply to it already."""
    taken = context.taken(other["id"], without)
    return money(other["total"]) - applied_by(other) - taken


def complete_apply(
    context: Context, rule: Application, document: Document, limit: Decimal | None, auto: bool
) -> Decimal:
    """Check the ticked lines and keep them; returns the sum applied.

    `limit` is what there is to apply, None for as much as is ticked. With `auto` what is left
    goes to the oldest that are open.
    """
    ticked = [line for line in document.get("apply") or [] if line.get("apply")]
    if not (ticked or auto):
        document["apply"] = []
        return Decimal(0)
    docs = {str(line["doc"]) for line in ticked if line.get("doc") is not None}
    listed = candidates(context, rule, document, docs)
    offered = {entry.document["id"]: entry for entry in listed}
    kept: list[Document] = []
    left = limit
    for position, line in enumerate(ticked):
        entry = _listed(line, offered, position)
        amount = _amount(line, entry, left, position)
        if amount:
            kept.append(_line(entry, amount))
            left = None if left is None else left - amount
    if left is not None and left < 0:
        raise user_error(TOO_MUCH)
    if auto and left is not None:
        kept += _spread(candidates(context, rule, document), kept, left)
    document["apply"] = kept
    return applied_by(document)


def _listed(line: Document, offered: dict[str, Open], position: int) -> Open:
    if line.get("doc") is None:
        raise missing("Document")
    entry = offered.get(str(line["doc"]))
    if entry is None or line.get("line") not in (None, 0, 1):
        raise user_error(NOT_LISTED)
    return entry


def _amount(line: Document, entry: Open, left: Decimal | None, position: int) -> Decimal:
    if line.get("amount") is None:
        return entry.due if left is None else max(Decimal(0), min(entry.due, left))
    amount = cents(money(line["amount"]))
    if amount < 0:
        raise invalid_value(amount, "amount", f"apply.items[{position}].amount")
    if amount > entry.due:
        raise user_error(TOO_MUCH)
    return amount


def _line(entry: Open, amount: Decimal) -> Document:
    return {
        "doc": entry.document["id"],
        "docType": entry.target.code,
        "line": 0,
        "apply": True,
        "amount": amount,
    }


def _spread(offered: Sequence[Open], kept: Sequence[Document], left: Decimal) -> list[Document]:
    ticked = {line["doc"] for line in kept}
    more = []
    for entry in offered:
        amount = min(entry.due, left)
        if entry.document["id"] not in ticked and amount > 0:
            more.append(_line(entry, amount))
            left -= amount
    return more


def auto_apply(context: Context, kind: str, document: Document) -> bool:
    """Whether money is applied by itself: as the body says, else as the last one of its kind.

    NetSuite keeps the box ticked, or not, from one to the next; at first it is ticked.
    """
    name = f"auto apply {kind}"
    if document.get("autoApply") is None:
        document["autoApply"] = context.store.recall(name, True)
    else:
        context.store.remember(name, document["autoApply"])
    return bool(document["autoApply"])


def shown_apply(context: Context, rule: Application, document: Document) -> list[Document]:
    """The sublist as GET shows it: what is ticked, then all that could be."""
    ticked = {str(line["doc"]): line for line in document.get("apply") or []}
    lines = []
    for doc, line in ticked.items():
        found = context.transaction(doc)
        if found is not None:
            due = open_amount(context, found[1], document["id"])
            lines.append(_shown(found[1], due, line["amount"], line["docType"]))
    for entry in candidates(context, rule, document):
        if entry.document["id"] not in ticked:
            lines.append(_shown(entry.document, entry.due, None, entry.target.code))
    return lines


def _shown(other: Document, due: Decimal, amount: object, code: str) -> Document:
    return {
        "doc": other["id"],
        "line": 0,
        "apply": amount is not None,
        "amount": amount,
        "applyDate": other["tranDate"],
        "due": due,
        "total": other["total"],
        "refNum": other.get("tranId"),
        "type": code,
        "currency": other["currency"],
    }
