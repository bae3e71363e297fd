"""Read orders, receipts and bills as ServiceTitan sent them: what is odd is named, never raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from servicetitan_netsuite.mapping.content import EXACT, Line
from servicetitan_netsuite.mapping.values import (
    HEADER_MEMO,
    LINE_MEMO,
    Dirty,
    identifier,
    memo,
    money,
    reference,
    text,
)

COLUMNS = (
    "doc", "part", "line", "account", "account_name", "unit", "unit_name", "amount", "memo",
)  # fmt: skip
OWN, GOODS, EXPENSE, ROLE = "own", "goods", "expense", "role"
"""What a row is: the document's own side, a line by SKU, one by account, an amount on a role."""
PAYABLE_ROLE = "AccountsPayable"
SHIPPING_ROLE, TAX_ROLE = "CostOfGoodsSoldShipping", "CostOfGoodsSoldTax"
_ZERO = Decimal(0)
_MOST = Decimal(10) ** 12
_NOUNS = {
    DocumentType.PURCHASE_ORDER: "purchase order",
    DocumentType.RECEIPT: "receipt",
    DocumentType.VENDOR_BILL: "bill",
}


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
class Purchase:
    """One document as read: its header, and what its lines add up to.

    `total` is ServiceTitan's; `exact` what the lines come to, `rounded` the same with each rounded
    to the cent; both hold tax and shipping. `without_account` tells by SKU what the pricebook names
    instead of an account. `order` is the content of the purchase order it belongs to.
    """

    document: SourceDocument
    catalogue: Catalogue
    order: Json | None = None
    dirty: set[str] = field(default_factory=set)
    lines: list[Bought] = field(default_factory=list)
    total: Decimal | None = None
    exact: Decimal = _ZERO
    rounded: Decimal = _ZERO
    net: dict[str, Decimal] = field(default_factory=dict)
    zero_lines: int = 0
    cut_memos: int = 0
    without_account: dict[str, str] = field(default_factory=dict)
    unknown_accounts: set[str] = field(default_factory=set)
    vendor: str | None = None
    vendor_name: str = ""
    order_id: str | None = None
    canceled: bool = False
    due_date: date | None = None
    term: str = ""
    memo: str | None = None
    vendor_number: str = ""
    place: str | None = None

    @property
    def noun(self) -> str:
        """What people call the document."""
        return _NOUNS.get(self.document.type, "document")

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


def skus_without_account(document: SourceDocument) -> Iterator[str]:
    """The SKU ids of lines that may need the pricebook's account."""
    content: Any = document.content if isinstance(document.content, dict) else {}
    lines = content.get("lines")
    for line in lines if isinstance(lines, list) else []:
        sku = line.get("sku") if isinstance(line, dict) else None
        key = identifier(sku.get("id")) if isinstance(sku, dict) else None
        if key and line.get("account") is None:
            yield key


def read_purchase(
    document: SourceDocument, doc: int, catalogue: Catalogue, order: Json | None = None
) -> tuple[Purchase, list[Line]]:
    """The document in `document.content` and its rows as `COLUMNS`; `doc` is its place in a chunk.

    The first row is the document's own side: a bill's payable role, of others no account. A line
    without business unit takes the header's.
    """
    purchase = Purchase(document, catalogue, order)
    content: Any = document.content if isinstance(document.content, dict) else {}
    header = content.get("header")
    if not isinstance(header, dict):
        purchase.dirty.add("header")
        header = {}
    _read_header(purchase, header)
    lines = content.get("lines")
    if not isinstance(lines, list):
        purchase.dirty.add("lines")
        lines = []
    is_bill = document.type is DocumentType.VENDOR_BILL
    role = PAYABLE_ROLE if is_bill else None
    rows: list[Line] = [(doc, OWN, -1, role, f"role {role}", None, "", _ZERO, None)]
    read = (_read_line(purchase, raw, doc) for raw in lines)
    rows += [row for row in read if row is not None]
    if is_bill:
        rows += _role_rows(purchase, header, doc)
    unit, unit_name = reference(purchase.dirty, header, "business_unit")
    return purchase, [_with_unit(row, unit, unit_name) for row in rows]


def _read_header(purchase: Purchase, header: dict[str, Any]) -> None:
    kind = purchase.document.type
    if kind is not DocumentType.PURCHASE_ORDER:
        purchase.total = _amount(purchase, header.get("total"), "total")
    purchase.vendor, purchase.vendor_name = reference(purchase.dirty, header, "vendor")
    order = header.get("order")
    purchase.order_id = identifier(order)
    if order is not None and purchase.order_id is None:
        purchase.dirty.add("order")
    purchase.canceled = header.get("canceled") is True
    purchase.due_date = _day(purchase, header.get("due_date"))
    purchase.term = text(header.get("term"))
    purchase.vendor_number = text(header.get("vendor_number"))
    purchase.place = identifier(header.get("place"))
    purchase.memo, short = memo(purchase.dirty, header.get("memo"), HEADER_MEMO)
    purchase.cut_memos += short


def _read_line(purchase: Purchase, raw: object, doc: int) -> Line | None:
    if not isinstance(raw, dict):
        purchase.dirty.add("line")
        return None
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
    purchase.lines.append(line)
    place = len(purchase.lines) - 1
    amount, memo_ = line.amount, line.memo
    return doc, line.part, place, account, account_name, unit, unit_name, amount, memo_


def _bought(purchase: Purchase, raw: dict[str, Any]) -> Bought | None:
    """A line by SKU, its amount added to the sums."""
    quantity = _amount(purchase, raw.get("quantity"), "amount")
    cost = _amount(purchase, raw.get("cost"), "amount")
    if quantity is None or cost is None:
        return None
    sku = raw.get("sku")
    found = sku if isinstance(sku, dict) else {}
    description, short = memo(purchase.dirty, raw.get("description"), LINE_MEMO)
    purchase.cut_memos += short
    exact = EXACT.multiply(quantity, cost)
    if abs(exact) >= _MOST:
        purchase.dirty.add("amount")
        return None
    return Bought(
        part=GOODS,
        code=text(found.get("code")) or identifier(found.get("id")) or "without a name",
        quantity=quantity,
        cost=cost,
        amount=_add(purchase, exact),
        memo=description,
        of=_order_line(purchase, raw),
        sku=identifier(found.get("id")),
        place=identifier(raw.get("place")) or purchase.place,
    )


def _spent(purchase: Purchase, raw: dict[str, Any]) -> Bought | None:
    """A line by account."""
    amount = _amount(purchase, raw.get("amount"), "amount")
    if amount is None:
        return None
    description, short = memo(purchase.dirty, raw.get("description"), LINE_MEMO)
    purchase.cut_memos += short
    rounded = _add(purchase, amount)
    return Bought(EXPENSE, description or "", Decimal(1), rounded, rounded, description)


def _role_rows(purchase: Purchase, header: dict[str, Any], doc: int) -> list[Line]:
    """Tax and shipping, each on its role; none where it is zero."""
    rows: list[Line] = []
    for part, role, told in (
        ("tax", TAX_ROLE, "Purchase tax"),
        ("shipping", SHIPPING_ROLE, "Shipping"),
    ):
        value = header.get(part)
        amount = _ZERO if value is None else _amount(purchase, value, part)
        rounded = _ZERO if amount is None else _add(purchase, amount)
        if rounded:
            purchase.lines.append(Bought(ROLE, told, Decimal(1), rounded, rounded, told))
            purchase.net[role] = rounded
            place = len(purchase.lines) - 1
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


def _add(purchase: Purchase, amount: Decimal) -> Decimal:
    """`amount` rounded to the cent, after it was added to the sums."""
    rounded = to_cents(amount)
    purchase.exact = EXACT.add(purchase.exact, amount)
    purchase.rounded += rounded
    return rounded


def _amount(purchase: Purchase, value: object, part: str) -> Decimal | None:
    try:
        return money(value)
    except Dirty:
        purchase.dirty.add(part)
        return None


def _day(purchase: Purchase, value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value[:10] if isinstance(value, str) else "")
    except ValueError:
        purchase.dirty.add("due_date")
        return None


def _with_unit(row: Line, unit: str | None, name: str) -> Line:
    return row if row[5] is not None else (*row[:5], unit, name, *row[7:])
