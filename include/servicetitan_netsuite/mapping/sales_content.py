"""Read invoices and credit memos as ServiceTitan sent them: what is odd is named, never raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import DocumentType, SkuAccounts, SourceDocument, to_cents
from servicetitan_netsuite.mapping.reading import EXACT, Line, Reading, with_unit
from servicetitan_netsuite.mapping.values import LINE_MEMO, identifier, reference, sku_id, text

COLUMNS = ("doc", "part", "account", "account_name", "unit", "unit_name", "amount", "memo")
RECEIVABLE, LINE, TAX = "receivable", "line", "tax"
"""What a row is: the document's own side, one of its lines, its sales tax."""
RECEIVABLE_ROLE, TAX_ROLE = "AccountsReceivable", "SalesTaxPayable"
_ZERO = Decimal(0)


@dataclass(slots=True)
class Sale(Reading):
    """One invoice or credit memo as read: its header, and what its lines and tax add up to.

    `total` is ServiceTitan's; `net` holds the rounded sum by account, the tax under its role.
    `skus` are the pricebook's accounts by SKU id; `without_account` the SKUs of lines for which
    neither the line nor the pricebook names an account. `applied` is by invoice id.
    """

    skus: Mapping[str, SkuAccounts] = field(default_factory=dict)
    total: Decimal | None = None
    net: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    without_account: dict[str, str] = field(default_factory=dict)
    customer: str | None = None
    customer_name: str = ""
    due_date: date | None = None
    term: tuple[str, ...] = ()
    currency: str = ""
    applied: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

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


def read_sale(
    document: SourceDocument, doc: int, skus: Mapping[str, SkuAccounts] | None = None
) -> tuple[Sale, list[Line]]:
    """The document in `document.content` and its rows as `COLUMNS`; `doc` is its place in a chunk.

    The first row is the document's own side, on the receivable role; lines of zero have no row. A
    line without business unit takes the header's; a header without one has no subsidiary. A line
    without account takes the income account of its SKU in `skus`.
    """
    sale = Sale(document, skus=skus or {})
    header = sale.header()
    _read_header(sale, header)
    read = (_read_line(sale, raw, doc) for raw in sale.lines())
    rows = [row for row in read if row is not None]
    tax = _tax_row(sale, header, doc)
    unit, unit_name = reference(sale.dirty, header, "business_unit")
    own: Line = (doc, RECEIVABLE, RECEIVABLE_ROLE, f"role {RECEIVABLE_ROLE}", None, "", _ZERO, None)
    return sale, [with_unit(row, COLUMNS, unit, unit_name) for row in (own, *rows, *tax)]


def _read_header(sale: Sale, header: dict[str, Any]) -> None:
    sale.total = sale.known_amount(header.get("total"), "total")
    sale.customer, sale.customer_name = reference(sale.dirty, header, "customer")
    sale.due_date = sale.day(header.get("due_date"), "due_date")
    sale.term = _names(header.get("term"))
    sale.currency = _currency(header)
    if sale.document.type is DocumentType.CREDIT_MEMO:
        _read_applications(sale, header.get("applied_to"))


def _read_applications(sale: Sale, applied: object) -> None:
    """Several applications to one invoice are one: NetSuite keys them by invoice."""
    for one in applied if isinstance(applied, list) else [] if applied is None else [None]:
        share = one if isinstance(one, dict) else {}
        target = identifier(share.get("to"))
        amount = sale.known_amount(share.get("amount"), "applied_to")
        if target is None or amount is None:
            sale.dirty.add("applied_to")
        else:
            sale.applied[target] = EXACT.add(sale.applied[target], amount)


def _read_line(sale: Sale, raw: dict[str, Any], doc: int) -> Line | None:
    unit, unit_name = reference(sale.dirty, raw, "business_unit")
    amount = sale.known_amount(raw.get("total"), "amount")
    rounded = _ZERO if amount is None else sale.add(amount)
    if amount is not None and not rounded:
        sale.zero_lines += 1
        return None
    account, account_name = _account(sale, raw)
    if account is not None:
        sale.net[account] += rounded
    description = sale.words(raw.get("description"), LINE_MEMO)
    return doc, LINE, account, account_name, unit, unit_name, rounded, description


def _account(sale: Sale, raw: dict[str, Any]) -> tuple[str | None, str]:
    """The line's own account, else the one the pricebook names for its SKU."""
    if raw.get("account") is not None:
        return reference(sale.dirty, raw, "account")
    found = sale.skus.get(sku_id(raw) or "")
    if found and "income" in found.accounts:
        return reference(sale.dirty, {"account": found.accounts["income"]}, "account")
    sku = raw.get("sku")
    code = text(sku.get("code") if isinstance(sku, dict) else sku)
    unclear = found.unclear.get("income", "") if found else ""
    sale.without_account[code or (found.code if found else "") or "without a name"] = unclear
    return None, ""


def _tax_row(sale: Sale, header: dict[str, Any], doc: int) -> list[Line]:
    """The sales tax as one row on its role; none where there is no tax."""
    value = header.get("sales_tax")
    rounded = sale.add(_ZERO if value is None else sale.amount(value, "sales_tax"))
    if not rounded:
        return []
    sale.net[TAX_ROLE] += rounded
    zone = next(iter(_names(header.get("tax_code"))[-1:]), "")
    named = f"Sales tax {zone}".strip()
    return [(doc, TAX, TAX_ROLE, f"role {TAX_ROLE}", None, "", rounded, named)]


def _names(value: object) -> tuple[str, ...]:
    """What a term or tax code may be looked up by: its id, its name."""
    given = (value.get("id"), value.get("name")) if isinstance(value, dict) else (value,)
    return tuple(name for name in map(text, given) if name)


def _currency(header: dict[str, Any]) -> str:
    unit = header.get("business_unit")
    own = unit.get("currency") if isinstance(unit, dict) else None
    return text(header.get("currency")) or text(own)
