"""The one form in which what was sent and what NetSuite holds are compared.

A transaction: `{"type", "date", "period", "subsidiary", "currency", "posting", "total", "lines"}`
and, of any but a journal, `"entity"`; a line is `[account, entity, department, class, location,
signed amount]`; amounts are text with two decimals, debits positive; lines of one key are added up,
zero sums dropped, the rest sorted. That is its effect on the general ledger, whatever its record is
made of. `total` adds up the debits; `type` is `journal_entry` or NetSuite's name of the record.

An order or a receipt, which leaves the general ledger alone, has no lines but `"items"`, each
`[item, quantity, rate]` as text, of an order with the amount behind, without its sign; equal ones
are added up; a receipt, and a bill made of an order, tells its `"order"`. Customers' money has
`"applied"` as well: `[document, amount]` of all it is applied to, sorted; so has a credit that is
applied when it is made, of which only its record tells that. What is paid back of a deposit tells
in `"through"` as `[account, signed amount]` what NetSuite's own application of the deposit moves,
which is no part of the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, to_cents, to_money
from servicetitan_netsuite.netsuite.amounts import by_account
from servicetitan_netsuite.plans.transaction import PostingPlan

Key = tuple[str, str | None, str | None, str | None, str | None]
"""Account, entity, department, class, location."""
Goods = tuple[str, Decimal, Decimal | None, Decimal | None]
"""Item, quantity, and of an order rate and amount."""

_JOURNAL = DocumentType.JOURNAL_ENTRY.value
_DIMENSIONS = ("entity", "department", "class", "location")
_TRANSACTION = {
    "entity": "the customer or vendor",
    "date": "the date",
    "period": "the posting period",
    "subsidiary": "the subsidiary",
    "currency": "the currency",
    "posting": "whether it posts",
    "total": "the total",
    "order": "the purchase order it is of",
}
_RECORDS = {
    DocumentType.CUSTOMER.value: {
        "is_person": "whether it is a person",
        "company": "the company name",
        "first": "the first name",
        "last": "the last name",
        "subsidiary": "the subsidiary",
    },
    DocumentType.ITEM.value: {"name": "the name", "account": "the income account"},
    DocumentType.PURCHASE_ITEM.value: {"name": "the name", "account": "the expense account"},
}


def journal(body: Json) -> Json:
    """The canonical form of a journal's body, or of the record as NetSuite's GET shows it."""
    items = body.get("line", {}).get("items", [])
    return transaction_form(
        _JOURNAL,
        entity=None,
        date=str(body["tranDate"])[:10],
        period=reference(body.get("postingPeriod")),
        subsidiary=reference(body.get("subsidiary")),
        currency=reference(body.get("currency")),
        posting=_posts(body),
        debits=sum((max(_amount(line), Decimal(0)) for line in items), Decimal(0)),
        lines=((_key(line), _amount(line)) for line in items),
    )


def transaction_form(
    type_: str,
    *,
    entity: str | None,
    date: str | None,
    period: str | None,
    subsidiary: str | None,
    currency: str | None,
    posting: bool,
    debits: Decimal,
    lines: Iterable[tuple[Key, Decimal]],
    applied: Iterable[tuple[str, Decimal]] | None = None,
) -> Json:
    """The canonical form from its parts; lines in any order, several of one key allowed.

    A journal has no entity of its own, whatever is given. `applied` is None of what applies to
    nothing by its nature.
    """
    sums: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for key, amount in lines:
        sums[key] += amount
    kept = [(key, to_cents(amount)) for key, amount in sums.items() if to_cents(amount)]
    return {
        "type": type_,
        **({} if type_ == _JOURNAL else {"entity": entity}),
        "date": date,
        "period": period,
        "subsidiary": subsidiary,
        "currency": currency,
        "posting": posting,
        "total": f"{to_cents(debits):.2f}",
        "lines": [[*key, f"{amount:.2f}"] for key, amount in sorted(kept, key=_order)],
        **({} if applied is None else {"applied": applied_form(applied)}),
    }


def planned_form(
    type_: str,
    plan: PostingPlan,
    entity: str,
    lines: Iterable[tuple[Key, Decimal]],
    applied: Iterable[tuple[str, Decimal]] | None = None,
) -> Json:
    """The canonical form of a plan that moves these amounts, debits positive."""
    moved = list(lines)
    return transaction_form(
        type_,
        entity=entity,
        date=plan.date.isoformat(),
        period=plan.period,
        subsidiary=plan.subsidiary,
        currency=plan.currency,
        posting=True,
        debits=sum((max(amount, Decimal(0)) for _, amount in moved), Decimal(0)),
        lines=moved,
        applied=applied,
    )


def gl_effect(form: Json) -> list[Json]:
    """Debit and credit by account of a canonical form, for display; rows as a journal's."""
    amounts = ((line[0], to_money(line[-1])) for line in form["lines"])
    return by_account(
        (account, max(amount, Decimal(0)), max(-amount, Decimal(0))) for account, amount in amounts
    )


def applied_form(applied: Iterable[tuple[str, Decimal]]) -> list[list[str]]:
    """`[document, amount]` of each document something is applied to, sorted; zero is nothing."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for document, amount in applied:
        sums[document] += amount
    kept = ((document, to_cents(amount)) for document, amount in sums.items())
    return [[document, f"{amount:.2f}"] for document, amount in sorted(kept) if amount]


def goods_form(
    type_: str,
    *,
    entity: str | None,
    date: str | None,
    period: str | None,
    subsidiary: str | None,
    currency: str | None,
    posting: bool | None,
    order: str | None,
    items: Iterable[Goods],
) -> Json:
    """The canonical form of an order or receipt."""
    form: Json = {
        "type": type_,
        "entity": entity,
        "date": date,
        "period": period,
        "subsidiary": subsidiary,
        "currency": currency,
        "posting": posting,
        "total": None,
        "order": order,
        "lines": [],
    }
    return _with_items(form, items)


def with_items(form: Json, items: Iterable[tuple[str, Decimal]]) -> Json:
    """The form of a receipt with the items and quantities that came."""
    return _with_items(form, ((item, quantity, None, None) for item, quantity in items))


def _with_items(form: Json, items: Iterable[Goods]) -> Json:
    """Amounts lose their sign: which one NetSuite's lines of purchases bear is not documented."""
    sums: defaultdict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    amounts: defaultdict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for item, quantity, rate, amount in items:
        key = item, None if rate is None else plain(rate)
        sums[key] += quantity
        if amount is not None:
            amounts[key] += abs(to_cents(amount))
    rows = (
        [item, plain(quantity), rate, *([f"{amounts[item, rate]:.2f}"] if amounts else [])]
        for (item, rate), quantity in sums.items()
        if quantity
    )
    return {**form, "items": sorted(rows, key=lambda row: (row[0], row[2] or ""))}


def plain(value: Decimal) -> str:
    """The one text of a quantity or rate: no exponent, no trailing zeros."""
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def customer(body: Json) -> Json:
    """The canonical form of a customer's body or record: who it is, not how to reach it.

    Phone and e-mail are left out: NetSuite rewrites them to its own preferences.
    """
    return {
        "type": DocumentType.CUSTOMER.value,
        "is_person": bool(body.get("isPerson")),
        "company": name(body.get("companyName")),
        "first": name(body.get("firstName")),
        "last": name(body.get("lastName")),
        "subsidiary": reference(body.get("subsidiary")),
    }


def name(value: object) -> str | None:
    """A name with single spaces, None when empty: NetSuite trims what it stores."""
    return " ".join(str(value).split()) or None if value is not None else None


def reference(value: object) -> str | None:
    """The id (or external id) in any form NetSuite writes or takes a reference; None if none."""
    if isinstance(value, dict):
        value = value.get("id") or value.get("externalId")
    return None if value is None or value == "" else str(value)


def differences(sent: Json, held: Json) -> list[str]:
    """One sentence for each thing that NetSuite holds otherwise than it was sent; empty if equal.

    What was not sent is not compared: a header field that is None, and a dimension that no sent
    line of an account carries (NetSuite may have filled in its default). Nor is what a credit is
    applied to, where `held` does not tell: only the credit itself does.
    """
    if sent["type"] != held["type"]:
        return [f"it is a {held['type']} in NetSuite, a {sent['type']} was sent"]
    found = [
        f"{label} is {_shown(held.get(field))} in NetSuite, {_shown(sent[field])} was sent"
        for field, label in _RECORDS.get(sent["type"], _TRANSACTION).items()
        if sent.get(field) is not None and sent[field] != held.get(field)
    ]
    found += _line_differences(sent.get("lines", []), held.get("lines", []))
    found += _item_differences(sent.get("items", []), held.get("items", []))
    return [*found, *_applied_differences(sent.get("applied"), held.get("applied"))]


def _item_differences(sent: list[list[Any]], held: list[list[Any]]) -> Iterator[str]:
    """Quantities by item, and by rate and with their amounts where those were sent."""
    with_rate = any(row[2] is not None for row in sent)
    with_amount = any(row[3:] for row in sent)
    ours, theirs = _item_sums(sent, with_rate), _item_sums(held, with_rate)
    none = Decimal(0), Decimal(0)
    for item, rate in sorted(ours.keys() | theirs.keys(), key=lambda key: (key[0], key[1] or "")):
        (expected, costs), (there, costs_there) = (
            side.get((item, rate), none) for side in (ours, theirs)
        )
        at = f" at {rate}" if rate else ""
        if expected != there:
            yield (
                f"the quantity of item {item}{at} is {plain(there)} in NetSuite, "
                f"{plain(expected)} was sent"
            )
        elif with_amount and costs != costs_there:
            yield (
                f"the amount of item {item}{at} is {costs_there:.2f} in NetSuite, "
                f"{costs:.2f} was sent"
            )


def _item_sums(
    rows: list[list[Any]], with_rate: bool
) -> dict[tuple[str, str | None], tuple[Decimal, Decimal]]:
    """Quantity and amount by item and rate; an amount that a form lacks is nothing."""
    sums: dict[tuple[str, str | None], tuple[Decimal, Decimal]] = {}
    for item, quantity, rate, *amount in rows:
        key = item, rate if with_rate else None
        before, costs = sums.get(key, (Decimal(0), Decimal(0)))
        sums[key] = before + Decimal(quantity), costs + Decimal(amount[0] if amount else 0)
    return sums


def _applied_differences(
    sent: list[list[str]] | None, held: list[list[str]] | None
) -> Iterator[str]:
    if sent is None or held is None:
        return
    ours, theirs = dict(sent), dict(held)
    for document in sorted(ours.keys() | theirs.keys()):
        expected, there = ours.get(document, "0.00"), theirs.get(document, "0.00")
        if expected != there:
            yield f"what is applied to {document} is {there} in NetSuite, {expected} was sent"


def _line_differences(sent: list[list[Any]], held: list[list[Any]]) -> Iterator[str]:
    carried: defaultdict[str, set[int]] = defaultdict(set)
    for line in sent:
        carried[line[0]] |= {n for n in range(1, 5) if line[n] is not None}
    ours, theirs = _sums(sent, carried), _sums(held, carried)
    for key in sorted(ours.keys() | theirs.keys(), key=_text_key):
        expected, there = ours.get(key, Decimal(0)), theirs.get(key, Decimal(0))
        if expected != there:
            yield f"{_line_name(key)} is {there:.2f} in NetSuite, {expected:.2f} was sent"


def _sums(lines: list[list[Any]], carried: dict[str, set[int]]) -> dict[Key, Decimal]:
    sums: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for line in lines:
        compared = carried.get(line[0], set())
        parts = [line[n] if n in compared else None for n in range(1, 5)]
        sums[(line[0], parts[0], parts[1], parts[2], parts[3])] += Decimal(line[5])
    return sums


def _key(line: Json) -> Key:
    entity, department, class_, location = (reference(line.get(n)) for n in _DIMENSIONS)
    return reference(line["account"]) or "", entity, department, class_, location


def _amount(line: Json) -> Decimal:
    return to_money(line.get("debit") or 0) - to_money(line.get("credit") or 0)


def _posts(body: Json) -> bool:
    """A record that is void or not approved does not hit the ledger; a body does not say."""
    approval = reference(body.get("approvalStatus"))
    return not body.get("void") and body.get("approved") is not False and approval not in {"1", "3"}


def _text_key(key: Key) -> tuple[str, ...]:
    return tuple(part or "" for part in key)


def _order(entry: tuple[Key, Decimal]) -> tuple[str, ...]:
    return _text_key(entry[0])


def _line_name(key: Key) -> str:
    parts = [f"{n} {value}" for n, value in zip(_DIMENSIONS, key[1:], strict=True) if value]
    return f"account {key[0]}" + (f" ({', '.join(parts)})" if parts else "")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "empty" if value is None else str(value)
