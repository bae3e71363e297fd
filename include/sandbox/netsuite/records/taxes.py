"""Sales tax as NetSuite works it out by itself, unless told otherwise."""

from __future__ import annotations

from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import missing
from sandbox.netsuite.records.base import cents, money
from sandbox.netsuite.records.posting import Entry
from sandbox.netsuite.store import Document

ACCOUNT = "SalesTaxPay"
LISTS = ("item", "expense")


def complete_tax(context: Context, document: Document, is_sale: bool) -> Decimal:
    """Work out the tax of a document with complete lines; raises Refusal.

    Under SuiteTax every line is taxed unless `taxDetailsOverride` says that the details sent are
    all there is. Legacy sales tax is put on the sales lines that are taxable.
    """
    lines = [line for name in LISTS for line in document.get(name) or []]
    if context.settings.tax_codes_mandatory and any(not line.get("taxCode") for line in lines):
        raise missing("Tax Code")
    if context.preferences.suite_tax:
        if document.get("taxDetailsOverride"):
            details = document.get("taxDetails") or []
            tax = sum((money(detail.get("taxAmount")) for detail in details), Decimal(0))
        else:
            tax = _percent(context, lines)
    else:
        taxable = [line for line in lines if line.get("isTaxable") is not False]
        tax = _percent(context, taxable) if is_sale else Decimal(0)
    tax = cents(tax)
    found = context.special(ACCOUNT, document.get("subsidiary")) if tax else None
    if tax and found is None:
        raise missing("Tax Account")
    document["taxTotal"] = tax
    document["taxAccount"] = found["id"] if found else None
    return tax


def _percent(context: Context, lines: list[Document]) -> Decimal:
    rate = Decimal(str(context.settings.sales_tax_rate)) / 100
    return sum((money(line["amount"]) for line in lines), Decimal(0)) * rate


def tax_entry(document: Document, line: int, sign: int) -> list[Entry]:
    """The line of the tax, if there is any; `sign` is that of the document's other lines."""
    tax = money(document.get("taxTotal"))
    if not tax:
        return []
    account = document["taxAccount"]
    return [Entry(line, account, sign * tax, {}, tax=True, kind="TAX")]
