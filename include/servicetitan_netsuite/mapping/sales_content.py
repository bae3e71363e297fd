"""Read invoices and credit memos as ServiceTitan sent them: what is odd is named, never raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import DocumentType, SkuAccounts, SourceDocument, to_cents
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

COLUMNS = ("doc", "part", "account", "account_name", "unit", "unit_name", "amount", "memo")
RECEIVABLE, LINE, TAX = "receivable", "line", "tax"
"""What a row is: the document's own side, one of its lines, its sales tax."""
RECEIVABLE_ROLE, TAX_ROLE = "AccountsReceivable", "SalesTaxPayable"
_ZERO = Decimal(0)
_NOUNS = {DocumentType.INVOICE: "invoice", DocumentType.CREDIT_MEMO: "credit memo"}


@dataclass(slots=True)
class Sale:
    """One invoice or credit memo as read: its header, and what its lines add up to.

    `total` is ServiceTitan's; `exact` what lines and tax come to, `rounded` the same with each
    rounded to the cent. `net` holds the rounded sum by account, the tax under its role.
    `skus` are the pricebook's accounts by SKU id; `without_account` the SKUs of lines for which
    neither the line nor the pricebook names an account. `applied` is by invoice id.
    """

    document: SourceDocument
    skus: Mapping[str, SkuAccounts] = field(default_factory=dict)
    dirty: set[str] = field(default_factory=set)
    total: Decimal | None = None
    exact: Decimal = _ZERO
    rounded: Decimal = _ZERO
    net: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    kept: int = 0
    zero_lines: int = 0
    cut_memos: int = 0
    without_account: dict[str, str] = field(default_factory=dict)
    customer: str | None = None
    customer_name: str = ""
    due_date: date | None = None
    term: tuple[str, ...] = ()
    currency: str = ""
    memo: str | None = None
    applied: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def noun(self) -> str:
        """What people call the document."""
        return _NOUNS.get(self.document.type, "document")

    @property
    def amounts_read(self) -> bool:
        """Whether the sums hold every line, the tax and the total."""
        return not self.dirty & {"amount", "line", "lines", "sales_tax", "total", "header"}

    @property
    def nothing_to_post(self) -> bool:
        """The total is zero, and so is what each account would take."""
        return (
            self.amounts_read
            and not self.dirty & {"account"}
            and not self.without_account
            and self.total is not None
            and not to_cents(self.total)
            and not any(self.net.values())
        )


def skus_without_account(document: SourceDocument) -> Iterator[str]:
    """The SKU ids of lines that name no account themselves."""
    content: Any = document.content if isinstance(document.content, dict) else {}
    lines = content.get("lines")
    for line in lines if isinstance(lines, list) else []:
        sku = _sku_id(line) if isinstance(line, dict) and line.get("account") is None else None
        if sku:
            yield sku


def read_sale(
    document: SourceDocument, doc: int, skus: Mapping[str, SkuAccounts] | None = None
) -> tuple[Sale, list[Line]]:
    """The document in `document.content` and its rows as `COLUMNS`; `doc` is its place in a chunk.

    The first row is the document's own side, on the receivable role; lines of zero have no row. A
    line without business unit takes the header's; a header without one has no subsidiary. A line
    without account takes the income account of its SKU in `skus`.
    """
    sale = Sale(document, skus or {})
    content: Any = document.content if isinstance(document.content, dict) else {}
    header = content.get("header")
    if not isinstance(header, dict):
        sale.dirty.add("header")
        header = {}
    _read_header(sale, header)
    lines = content.get("lines")
    if not isinstance(lines, list):
        sale.dirty.add("lines")
        lines = []
    read = (_read_line(sale, raw, doc) for raw in lines)
    rows = [row for row in read if row is not None]
    tax = _tax_row(sale, header, doc)
    sale.kept = len(rows)
    unit, unit_name = reference(sale.dirty, header, "business_unit")
    own: Line = (doc, RECEIVABLE, RECEIVABLE_ROLE, f"role {RECEIVABLE_ROLE}", None, "", _ZERO, None)
    return sale, [_with_unit(row, unit, unit_name) for row in (own, *rows, *tax)]


def _read_header(sale: Sale, header: dict[str, Any]) -> None:
    sale.total = _amount(sale, header.get("total"), "total")
    sale.customer, sale.customer_name = reference(sale.dirty, header, "customer")
    sale.due_date = _day(sale, header.get("due_date"))
    sale.term = _names(header.get("term"))
    sale.currency = _currency(header)
    sale.memo, short = memo(sale.dirty, header.get("memo"), HEADER_MEMO)
    sale.cut_memos += short
    if sale.document.type is DocumentType.CREDIT_MEMO:
        _read_applications(sale, header.get("applied_to"))


def _read_applications(sale: Sale, applied: object) -> None:
    """Several applications to one invoice are one: NetSuite keys them by invoice."""
    for one in applied if isinstance(applied, list) else [] if applied is None else [None]:
        target = identifier(one.get("to")) if isinstance(one, dict) else None
        amount = _amount(sale, one.get("amount"), "applied_to") if isinstance(one, dict) else None
        if target is None or amount is None:
            sale.dirty.add("applied_to")
        else:
            sale.applied[target] = EXACT.add(sale.applied[target], amount)


def _read_line(sale: Sale, raw: object, doc: int) -> Line | None:
    if not isinstance(raw, dict):
        sale.dirty.add("line")
        return None
    unit, unit_name = reference(sale.dirty, raw, "business_unit")
    amount = _amount(sale, raw.get("total"), "amount")
    rounded = _add(sale, amount)
    if amount is not None and not rounded:
        sale.zero_lines += 1
        return None
    account, account_name = _account(sale, raw)
    if account is not None:
        sale.net[account] += rounded
    description, short = memo(sale.dirty, raw.get("description"), LINE_MEMO)
    sale.cut_memos += short
    return doc, LINE, account, account_name, unit, unit_name, rounded, description


def _account(sale: Sale, raw: dict[str, Any]) -> tuple[str | None, str]:
    """The line's own account, else the one the pricebook names for its SKU."""
    if raw.get("account") is not None:
        return reference(sale.dirty, raw, "account")
    found = sale.skus.get(_sku_id(raw) or "")
    if found and "income" in found.accounts:
        return reference(sale.dirty, {"account": found.accounts["income"]}, "account")
    sku = raw.get("sku")
    code = text(sku.get("code") if isinstance(sku, dict) else sku)
    unclear = found.unclear.get("income", "") if found else ""
    sale.without_account[code or (found.code if found else "") or "without a name"] = unclear
    return None, ""


def _sku_id(line: dict[str, Any]) -> str | None:
    sku = line.get("sku")
    return identifier(sku.get("id")) if isinstance(sku, dict) else None


def _tax_row(sale: Sale, header: dict[str, Any], doc: int) -> list[Line]:
    """The sales tax as one row on its role; none where there is no tax."""
    value = header.get("sales_tax")
    amount = _ZERO if value is None else _amount(sale, value, "sales_tax")
    rounded = _add(sale, amount)
    if not rounded:
        return []
    sale.net[TAX_ROLE] += rounded
    zone = next(iter(_names(header.get("tax_code"))[-1:]), "")
    named = f"Sales tax {zone}".strip()
    return [(doc, TAX, TAX_ROLE, f"role {TAX_ROLE}", None, "", rounded, named)]


def _add(sale: Sale, amount: Decimal | None) -> Decimal:
    """`amount` rounded to the cent, after it was added to the sums."""
    if amount is None:
        return _ZERO
    rounded = to_cents(amount)
    sale.exact = EXACT.add(sale.exact, amount)
    sale.rounded += rounded
    return rounded


def _amount(sale: Sale, value: object, part: str) -> Decimal | None:
    try:
        return money(value)
    except Dirty:
        sale.dirty.add(part)
        return None


def _day(sale: Sale, value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value[:10] if isinstance(value, str) else "")
    except ValueError:
        sale.dirty.add("due_date")
        return None


def _names(value: object) -> tuple[str, ...]:
    """What a term or tax code may be looked up by: its id, its name."""
    given = (value.get("id"), value.get("name")) if isinstance(value, dict) else (value,)
    return tuple(name for name in map(text, given) if name)


def _currency(header: dict[str, Any]) -> str:
    unit = header.get("business_unit")
    own = unit.get("currency") if isinstance(unit, dict) else None
    return text(header.get("currency")) or text(own)


def _with_unit(row: Line, unit: str | None, name: str) -> Line:
    return row if row[4] is not None else (*row[:4], unit, name, *row[6:])
