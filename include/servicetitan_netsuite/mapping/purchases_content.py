"""Read orders, receipts and bills as ServiceTitan sent them: what is odd is named, never raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from servicetitan_netsuite.documents import (
    DocumentType,
    Json,
    SkuAccounts,
    SourceDocument,
    to_cents,
)
from servicetitan_netsuite.mapping.reading import EXACT, Line, Reading, with_unit
from servicetitan_netsuite.mapping.values import LINE_MEMO, identifier, reference, text

COLUMNS = (
    "doc", "part", "line", "account", "account_name", "unit", "unit_name", "amount", "memo",
)  # fmt: skip
OWN, GOODS, EXPENSE, ROLE = "own", "goods", "expense", "role"
"""What a row is: the document's own side, a line by SKU, one by account, an amount on a role."""
PAYABLE_ROLE = "AccountsPayable"
SHIPPING_ROLE, TAX_ROLE = "CostOfGoodsSoldShipping", "CostOfGoodsSoldTax"
_ZERO = Decimal(0)
_MOST = Decimal(10) ** 12


class Accounts(Protocol):
    """ServiceTitan's GL accounts, to find one that a list names by number alone."""

    def of_number(self, number: str) -> Json | None:
        """The one account of that number, as {id, number, name}."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What tells a line's account where the line itself does not tell its id.

    `skus` are the pricebook's accounts by SKU id.
    """

    accounts: Accounts
    skus: Mapping[str, SkuAccounts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bought:
    """One line: so many of a SKU at a cost, or (quantity 1) an amount on an account or role.

    `of` is the line of a purchase order that it is, or answers to, by ServiceTitan's id; `place`
    the inventory location.
    """

    part: str
    code: str
    quantity: Decimal
    cost: Decimal
    amount: Decimal
    memo: str | None
    of: str | None = None
    sku: str | None = None
    place: str | None = None


@dataclass(slots=True)
class Purchase(Reading):
    """One document as read: its header, and what its lines, tax and shipping add up to.

    `total` is ServiceTitan's; `net` holds the sum by account, each amount rounded to the cent.
    `without_account` tells by SKU what the pricebook names instead of an account. `order` is the
    content of the purchase order it belongs to.
    """

    catalogue: Catalogue = field(kw_only=True)
    order: Json | None = None
    bought: list[Bought] = field(default_factory=list)
    total: Decimal | None = None
    net: dict[str, Decimal] = field(default_factory=dict)
    without_account: dict[str, str] = field(default_factory=dict)
    unknown_accounts: set[str] = field(default_factory=set)
    vendor: str | None = None
    vendor_name: str = ""
    order_id: str | None = None
    canceled: bool = False
    due_date: date | None = None
    term: str = ""
    vendor_number: str = ""
    place: str | None = None

    @property
    def amounts_read(self) -> bool:
        """Whether the sums hold every line and the total."""
        unread = {"amount", "line", "lines", "total", "header", "tax", "shipping"}
        return not self.dirty & unread

    @property
    def nothing_to_post(self) -> bool:
        """A bill whose total is zero, and so is what each account would take."""
        return (
            self.document.type is DocumentType.VENDOR_BILL
            and bool(self.net or self.zero_lines)
            and self.amounts_read
            and not self.without_account
            and not self.unknown_accounts
            and not to_cents(self.total or _ZERO)
            and not any(self.net.values())
        )


def read_purchase(
    document: SourceDocument, doc: int, catalogue: Catalogue, order: Json | None = None
) -> tuple[Purchase, list[Line]]:
    """The document in `document.content` and its rows as `COLUMNS`; `doc` is its place in a chunk.

    The first row is the document's own side: a bill's payable role, of others no account. A line
    without business unit takes the header's.
    """
    purchase = Purchase(document, catalogue=catalogue, order=order)
    header = purchase.header()
    _read_header(purchase, header)
    is_bill = document.type is DocumentType.VENDOR_BILL
    role = PAYABLE_ROLE if is_bill else None
    rows: list[Line] = [(doc, OWN, -1, role, f"role {role}", None, "", _ZERO, None)]
    read = (_read_line(purchase, raw, doc) for raw in purchase.lines())
    rows += [row for row in read if row is not None]
    if is_bill:
        rows += _role_rows(purchase, header, doc)
    unit, unit_name = reference(purchase.dirty, header, "business_unit")
    return purchase, [with_unit(row, COLUMNS, unit, unit_name) for row in rows]


def _read_header(purchase: Purchase, header: dict[str, Any]) -> None:
    kind = purchase.document.type
    if kind is not DocumentType.PURCHASE_ORDER:
        purchase.total = purchase.known_amount(header.get("total"), "total")
    purchase.vendor, purchase.vendor_name = reference(purchase.dirty, header, "vendor")
    order = header.get("order")
    purchase.order_id = identifier(order)
    if order is not None and purchase.order_id is None:
        purchase.dirty.add("order")
    purchase.canceled = header.get("canceled") is True
    purchase.due_date = purchase.day(header.get("due_date"), "due_date")
    purchase.term = text(header.get("term"))
    purchase.vendor_number = text(header.get("vendor_number"))
    purchase.place = identifier(header.get("place"))


def _read_line(purchase: Purchase, raw: dict[str, Any], doc: int) -> Line | None:
    unit, unit_name = reference(purchase.dirty, raw, "business_unit")
    line = _bought(purchase, raw) if "quantity" in raw else _spent(purchase, raw)
    if line is None:
        return None
    if line.of is None and purchase.document.type is DocumentType.PURCHASE_ORDER:
        purchase.dirty.add("line")
        return None
    if not line.quantity or (line.part == EXPENSE and not line.amount):
        purchase.zero_lines += 1
        return None
    account, account_name = None, ""
    if purchase.document.type is not DocumentType.RECEIPT:
        account, account_name = _account(purchase, raw, line)
    if account is not None:
        purchase.net[account] = purchase.net.get(account, _ZERO) + line.amount
    purchase.bought.append(line)
    place = len(purchase.bought) - 1
    return doc, line.part, place, account, account_name, unit, unit_name, line.amount, line.memo


def _bought(purchase: Purchase, raw: dict[str, Any]) -> Bought | None:
    """A line by SKU, its amount added to the sums."""
    quantity = purchase.known_amount(raw.get("quantity"), "amount")
    cost = purchase.known_amount(raw.get("cost"), "amount")
    if quantity is None or cost is None:
        return None
    sku = raw.get("sku")
    found = sku if isinstance(sku, dict) else {}
    description = purchase.words(raw.get("description"), LINE_MEMO)
    exact = EXACT.multiply(quantity, cost)
    if abs(exact) >= _MOST:
        purchase.dirty.add("amount")
        return None
    return Bought(
        part=GOODS,
        code=text(found.get("code")) or identifier(found.get("id")) or "without a name",
        quantity=quantity,
        cost=cost,
        amount=purchase.add(exact),
        memo=description,
        of=_order_line(purchase, raw),
        sku=identifier(found.get("id")),
        place=identifier(raw.get("place")) or purchase.place,
    )


def _spent(purchase: Purchase, raw: dict[str, Any]) -> Bought | None:
    """A line by account."""
    amount = purchase.known_amount(raw.get("amount"), "amount")
    if amount is None:
        return None
    description = purchase.words(raw.get("description"), LINE_MEMO)
    rounded = purchase.add(amount)
    return Bought(EXPENSE, description or "", Decimal(1), rounded, rounded, description)


def _role_rows(purchase: Purchase, header: dict[str, Any], doc: int) -> list[Line]:
    """Tax and shipping, each on its role; none where it is zero."""
    rows: list[Line] = []
    for part, role, told in (
        ("tax", TAX_ROLE, "Purchase tax"),
        ("shipping", SHIPPING_ROLE, "Shipping"),
    ):
        value = header.get(part)
        rounded = purchase.add(_ZERO if value is None else purchase.amount(value, part))
        if rounded:
            purchase.bought.append(Bought(ROLE, told, Decimal(1), rounded, rounded, told))
            purchase.net[role] = rounded
            place = len(purchase.bought) - 1
            rows.append((doc, ROLE, place, role, f"role {role}", None, "", rounded, told))
    return rows


def _order_line(purchase: Purchase, raw: dict[str, Any]) -> str | None:
    """The order's line that a line is (of an order) or answers to."""
    kind = purchase.document.type
    own = identifier(raw.get("id"))
    if kind is DocumentType.PURCHASE_ORDER or purchase.order is None:
        return own if kind is DocumentType.PURCHASE_ORDER else None
    item = own if kind is DocumentType.RECEIPT else identifier(raw.get("receipt_line"))
    answer = _answer(purchase, item)
    return identifier(answer.get("line")) if answer else None


def _answer(purchase: Purchase, item: str | None) -> Json | None:
    """What the order knows of a line of one of its receipts."""
    answers = (purchase.order or {}).get("received")
    for answer in answers if isinstance(answers, list) else []:
        if item and isinstance(answer, dict) and answer.get("item") == item:
            return answer
    return None


def _account(purchase: Purchase, raw: dict[str, Any], line: Bought) -> tuple[str | None, str]:
    """The line's own account, else that of its receipt, else the one the pricebook names."""
    for named in (raw.get("account"), _received_account(purchase, raw)):
        if named is not None:
            return _named_account(purchase, named)
    sku = purchase.catalogue.skus.get(line.sku or "")
    if sku and "purchase" in sku.accounts:
        return reference(purchase.dirty, {"account": sku.accounts["purchase"]}, "account")
    unclear = sku.unclear.get("purchase", "") if sku else ""
    if line.part == GOODS:
        purchase.without_account[line.code] = unclear
    else:
        purchase.dirty.add("account")
    return None, ""


def _received_account(purchase: Purchase, raw: dict[str, Any]) -> Any:
    """The account that a receipt names for the same line."""
    if purchase.document.type is DocumentType.VENDOR_BILL:
        answer = _answer(purchase, identifier(raw.get("receipt_line")))
        return answer.get("account") if answer else None
    content = purchase.document.content
    answers = content.get("received")
    for answer in answers if isinstance(answers, list) else []:
        of = answer.get("line") if isinstance(answer, dict) else None
        if of is not None and of == raw.get("id") and answer.get("account") is not None:
            return answer["account"]
    return None


def _named_account(purchase: Purchase, named: Any) -> tuple[str | None, str]:
    """An account told by id, or by its number alone."""
    if isinstance(named, dict) and named.get("id") is None:
        number = text(named.get("number"))
        found = purchase.catalogue.accounts.of_number(number) if number else None
        if found is None:
            purchase.unknown_accounts.add(f"{number} {text(named.get('name'))}".strip())
            return None, ""
        named = found
    return reference(purchase.dirty, {"account": named}, "account")
