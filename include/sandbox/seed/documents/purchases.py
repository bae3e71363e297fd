"""Purchase orders, receipts and bills of vendors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.seed.documents.doc import ZERO, Doc, midnight, money
from sandbox.seed.documents.purchase_lines import (
    WAREHOUSE,
    Want,
    bill_line,
    expense_line,
    order_line,
    receipt_line,
    total_of,
)
from sandbox.seed.documents.shop import Shop, named
from sandbox.seed.documents.skus import BY_CODE
from sandbox.seed.tenant import BusinessUnit

SHIP_TO = {
    "street": "900 Dock Rd",
    "unit": None,
    "city": "Denver",
    "state": "CO",
    "zip": "80216",
    "country": "USA",
}
FERGUSON = "Ferguson Branch 12"


def order(
    shop: Shop,
    wants: Sequence[Want],
    *,
    case: str = "order",
    unit: BusinessUnit | None = None,
    vendor: str = FERGUSON,
    day: date | None = None,
    tax: Decimal = ZERO,
    shipping: Decimal = ZERO,
    **changes: Any,
) -> Doc:
    """A purchase order that nothing of has come in yet."""
    number, day = shop.id(), day or shop.day()
    audit = shop.audit(day)
    items = [order_line(shop, one, audit) for one in wants]
    body = {
        "id": number,
        "number": f"PO-{number % 1_000_000}",
        "invoiceId": None,
        "jobId": None,
        "projectId": None,
        "status": "Sent",
        "typeId": 12,
        "vendorId": shop.vendors[vendor],
        "technicianId": None,
        "shipTo": SHIP_TO,
        "businessUnitId": (unit or shop.unit()).id,
        "inventoryLocationId": WAREHOUSE,
        "batchId": None,
        "budgetCodeId": None,
        "vendorDocumentNumber": "",
        "date": midnight(day),
        "requiredOn": None,
        "sentOn": audit["createdOn"],
        "receivedOn": None,
        **audit,
        "total": total_of(wants) + tax + shipping,
        "tax": tax,
        "shipping": shipping,
        "summary": "",
        "items": items,
        "customFields": [],
    }
    return shop.add(Doc("purchase_order", case, body | changes))


def wanted(ordered: Doc, share: Decimal = Decimal(1)) -> list[Want]:
    """The lines of an order, or that share of each."""
    return [
        Want(
            BY_CODE[one["skuCode"]], (one["quantity"] * share).quantize(Decimal(1)), one["cost"],
            one["id"],
        )
        for one in ordered.body["items"]
    ]  # fmt: skip


def _answers(ordered: Doc, wants: Sequence[Want], day: date) -> None:
    """The order as it is once these have come in."""
    for one in wants:
        for item in ordered.body["items"]:
            if item["id"] == one.order_line:
                item["quantityReceived"] += one.quantity
                whole = item["quantityReceived"] >= item["quantity"]
                item["status"] = "Received" if whole else "PartiallyReceived"
    whole = all(item["status"] == "Received" for item in ordered.body["items"])
    ordered.body["status"] = "Received" if whole else "PartiallyReceived"
    ordered.body["receivedOn"] = midnight(day) if whole else None


def receipt(
    shop: Shop,
    ordered: Doc,
    wants: Sequence[Want],
    *,
    case: str = "receipt",
    day: date | None = None,
    tax: Decimal = ZERO,
    shipping: Decimal = ZERO,
    held: str = "",
    **changes: Any,
) -> Doc:
    """What came in of an order."""
    number = shop.id()
    day = day or shop.later(date.fromisoformat(ordered.body["date"][:10]), 4)
    items = [receipt_line(shop, one) for one in wants]
    body = {
        "id": number,
        "active": True,
        "number": f"R-{number % 1_000_000}",
        "vendorInvoiceNumber": "",
        "createdById": 21,
        "memo": "",
        "purchaseOrderId": ordered.id,
        "billId": None,
        "jobId": None,
        "businessUnitId": ordered.body["businessUnitId"],
        "vendorId": ordered.body["vendorId"],
        "technicianId": None,
        "inventoryLocationId": WAREHOUSE,
        "shipTo": None,
        "shipToDescription": "Main Warehouse",
        "receiptAmount": total_of(wants) + tax + shipping,
        "taxAmount": tax,
        "shippingAmount": shipping,
        "receivedOn": midnight(day),
        **shop.audit(day),
        "batchId": None,
        "syncStatus": "Pending",
        "budgetCodeId": None,
        "items": items,
        "customFields": [],
    }
    if changes.get("active", True):
        _answers(ordered, wants, day)
    return shop.add(Doc("receipt", case, body | changes, held=held))


def of_receipt(received: Doc, cost: Decimal = ZERO) -> list[Want]:
    """The lines of a receipt, to be billed or sent back; each dearer by `cost`."""
    return [
        Want(
            BY_CODE[one["code"]], one["quantity"], one["cost"] + cost, one["purchaseOrderItemId"],
            one["id"],
        )
        for one in received.body["items"]
    ]  # fmt: skip


def bill(
    shop: Shop,
    wants: Sequence[Want] = (),
    *,
    ordered: Doc | None = None,
    received: Doc | None = None,
    expenses: Sequence[tuple[str, Decimal]] = (),
    case: str = "bill",
    unit: BusinessUnit | None = None,
    vendor: str = FERGUSON,
    day: date | None = None,
    tax: Decimal = ZERO,
    shipping: Decimal = ZERO,
    held: str = "",
    **changes: Any,
) -> Doc:
    """A vendor's bill: of an order's receipt, of an order, or of expenses alone."""
    number = shop.id()
    if ordered is not None:
        unit, vendor = shop.parties(ordered)
        like = received or ordered
        day = day or date.fromisoformat(
            (like.body.get("receivedOn") or like.body["date"])[:10]
        ) + timedelta(days=shop.rng.randrange(4))
    unit, day = unit or shop.unit(), day or shop.day()
    amount = total_of(wants) + sum((x for _, x in expenses), ZERO) + tax + shipping
    procured = bool(wants) or ordered is not None
    body = {
        "id": number,
        "purchaseOrderId": ordered.id if ordered else None,
        "syncStatus": "Pending",
        "status": "Reconciled",
        "source": "Purchasing" if procured else "Standalone",
        "billType": "Procurement" if procured else "ApBill",
        "postDate": midnight(day),
        "referenceNumber": f"B-{number % 1_000_000}",
        "vendorNumber": f"INV-{number % 100_000}",
        "summary": None,
        "billDate": midnight(day),
        "earlyDiscountDate": None,
        "billAmount": money(amount),
        "vendorInvoiceTotal": money(amount),
        "taxAmount": money(tax),
        "shippingAmount": money(shipping),
        "createdBy": "admin",
        **shop.audit(day),
        "termName": "Net 30",
        "dueDate": midnight(day + timedelta(days=30)),
        "doNotPay": False,
        "dateCanceled": None,
        "canceledBy": None,
        "shipToDescription": "Main Warehouse" if procured else None,
        "batch": None,
        "businessUnit": named(unit),
        "taxZone": None,
        "vendor": {"id": shop.vendors[vendor], "name": vendor},
        "remittanceVendorInfo": None,
        "shipTo": SHIP_TO if procured else None,
        "budgetCodeId": None,
        "items": [bill_line(shop, one, place) for place, one in enumerate(wants, 1)],
        "expenseItems": [expense_line(shop, *one, unit) for one in expenses],
        "customFields": [],
        "jobId": None,
        "jobNumber": None,
    }
    if received is not None:
        received.body["billId"] = number
        received.body["vendorInvoiceNumber"] = body["vendorNumber"]
    return shop.add(Doc("ap_bill", case, body | changes, held=held))
