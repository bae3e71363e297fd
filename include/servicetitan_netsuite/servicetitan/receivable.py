"""Invoices and credit memos in the one form the sync keeps: equal content has an equal version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal, localcontext
from functools import partial
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument
from servicetitan_netsuite.servicetitan.found import document_of
from servicetitan_netsuite.servicetitan.listing import Listing
from servicetitan_netsuite.servicetitan.markup import plain_text
from servicetitan_netsuite.servicetitan.shape import (
    an_object,
    business_day,
    decimal,
    flag,
    identifier,
    iso,
    lines_of,
    linked,
    money,
    optional_id,
    or_false,
    plain,
    row_id,
    rows_of,
    text,
    text_or,
)

_PRECISION = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable(Listing):
    """The list of invoices or credit memos, and what their rows call their parts."""

    date_field: str
    memo_field: str
    account_field: str


INVOICES = Receivable(
    type=DocumentType.INVOICE,
    path="invoices",
    id_field="invoiceId",
    date_field="invoiceDate",
    memo_field="summary",
    account_field="generalLedgerAccount",
    any_state={"activeState": "All"},
    by_number="number",
)
CREDIT_MEMOS = Receivable(
    type=DocumentType.CREDIT_MEMO,
    path="credit-memos",
    id_field="creditMemoId",
    date_field="date",
    memo_field="description",
    account_field="revenueGeneralLedgerAccount",
    any_state={"active": "Any"},
    watermarked=True,
)
RECEIVABLES = {each.type: each for each in (INVOICES, CREDIT_MEMOS)}


def document(kind: Receivable, raw: object, lines: object, zone: tzinfo) -> SourceDocument:
    """The document that a row and its lines make; null lines are none.

    Lines stand in the order of their ids. What changes while the document stays as it is (balance,
    stamps, review, royalty and sync state) is no part of the content.

    Raises:
        Misshapen: naming line and field.
    """
    row = an_object(raw, "the row")
    items = rows_of(lines, "items")
    day = business_day(row.get(kind.date_field), kind.date_field, zone)
    total = money(row.get("total"), "total")
    content: Json = {
        "header": _header(kind, row, zone, day, total),
        "lines": lines_of(items, partial(_line, kind)),
    }
    return document_of(kind.type, content, day, total)


def _header(
    kind: Receivable, row: Json, zone: tzinfo, day: date | None, total: Decimal
) -> dict[str, Any]:
    due = business_day(row.get("dueDate"), "dueDate", zone)
    id_ = row_id(row.get("id"), "id")
    header: Json = {
        "id": id_,
        "number": identifier(text_or(row.get("referenceNumber"), id_), "referenceNumber"),
        "date": iso(day),
        "due_date": iso(due),
        **_sums(row, total),
        "tax_code": linked(row.get("salesTaxCode"), "salesTaxCode", "name"),
        "term": text(row.get("termName"), "termName"),
        "memo": plain_text(row.get(kind.memo_field), kind.memo_field),
        "customer": linked(row.get("customer"), "customer", "name"),
        "business_unit": linked(row.get("businessUnit"), "businessUnit", "name"),
        "batch": linked(row.get("batch"), "batch", "number", "name"),
        "adjustment_to": optional_id(row.get("adjustmentToId"), "adjustmentToId"),
        "configuration": text(row.get("invoiceConfiguration"), "invoiceConfiguration"),
        "url": None,
    }
    if kind is CREDIT_MEMOS:
        header["applied_to"] = _applications(row.get("appliedTo"), zone)
    return header


def _sums(row: Json, total: Decimal) -> dict[str, str]:
    """Total, tax and what is left without it; a subtotal that is not told follows from them."""
    tax = money(text_or(row.get("salesTax"), "0"), "salesTax")
    with localcontext() as context:
        context.prec = _PRECISION
        rest = plain(total - tax)
    sub_total = money(text_or(row.get("subTotal"), rest), "subTotal")
    return {"total": plain(total), "sub_total": plain(sub_total), "sales_tax": plain(tax)}


def _applications(value: object, zone: tzinfo) -> list[Json]:
    applied = []
    for n, each in enumerate(rows_of(value, "appliedTo"), 1):
        where = f"appliedTo {n}"
        row = an_object(each, where)
        day = business_day(row.get("appliedOn"), f"{where}: appliedOn", zone)
        amount = money(row.get("appliedAmount"), f"{where}: appliedAmount")
        to = row_id(row.get("appliedTo"), f"{where}: appliedTo")
        applied.append({"to": to, "amount": plain(amount), "date": iso(day)})
    return sorted(applied, key=lambda one: (int(one["to"]), one["date"] or "", one["amount"]))


def _line(kind: Receivable, raw: object, where: str) -> Json:
    row = an_object(raw, where)
    cost = row.get("totalCost")
    quantity = row.get("quantity")
    return {
        "id": row_id(row.get("id"), f"{where}: id"),
        "sku": _sku(row, where),
        "description": plain_text(row.get("description"), f"{where}: description"),
        "total": plain(money(row.get("total"), f"{where}: total")),
        "quantity": None if quantity is None else plain(decimal(quantity, f"{where}: quantity")),
        "account": _account(row, kind.account_field, where),
        "cost_of_sale_account": _account(row, "costOfSaleAccount", where),
        "asset_account": _account(row, "assetAccount", where),
        "total_cost": None if cost is None else plain(money(cost, f"{where}: totalCost")),
        "inventory": flag(or_false(row.get("inventory")), f"{where}: inventory"),
        "business_unit": linked(row.get("businessUnit"), f"{where}: businessUnit", "name"),
    }


def _sku(row: Json, where: str) -> Json | None:
    id_ = optional_id(row.get("skuId"), f"{where}: skuId")
    if id_ is None:
        return None
    code = text(row.get("skuName"), f"{where}: skuName")
    return {"id": id_, "code": code, "type": text(row.get("type"), f"{where}: type")}


def _account(row: Json, field: str, where: str) -> Json | None:
    found = linked(row.get(field), f"{where}: {field}", "number", "name", "type", "detailType")
    if found is not None:
        found["detail_type"] = found.pop("detailType")
    return found
