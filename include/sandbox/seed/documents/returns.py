"""Returns to vendors, their credits, payments to vendors, and inventory adjustments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.seed.documents.doc import ZERO, Body, Doc, cents, midnight
from sandbox.seed.documents.purchase_lines import WAREHOUSE, Want, return_line, total_of
from sandbox.seed.documents.purchases import FERGUSON
from sandbox.seed.documents.shop import Shop, named
from sandbox.seed.documents.skus import Sku
from sandbox.seed.tenant import BusinessUnit


def vendor_return(
    shop: Shop,
    wants: Sequence[Want],
    *,
    case: str = "return",
    unit: BusinessUnit | None = None,
    vendor: str = FERGUSON,
    ordered: Doc | None = None,
    day: date | None = None,
    tax: Decimal = ZERO,
    held: str = "",
    **changes: Any,
) -> Doc:
    """What goes back to a vendor; every amount is positive."""
    number, day = shop.id(), day or shop.day()
    audit = shop.audit(day)
    items = [return_line(shop, one, audit) for one in wants]
    body = {
        "id": number,
        "active": True,
        "number": f"RET-{number % 1_000_000}",
        "referenceNumber": f"RMA-{number % 10_000}",
        "status": "Returned",
        "vendorId": ordered.body["vendorId"] if ordered else shop.vendors[vendor],
        "purchaseOrderId": ordered.id if ordered else None,
        "jobId": None,
        "projectId": None,
        "budgetCodeId": None,
        "businessUnitId": ordered.body["businessUnitId"] if ordered else (unit or shop.unit()).id,
        "inventoryLocationId": WAREHOUSE,
        "createdById": 21,
        "memo": "",
        "returnAmount": total_of(wants) + tax,
        "taxAmount": tax,
        "shippingAmount": ZERO,
        "returnDate": midnight(day),
        "returnedOn": midnight(day),
        "creditReceivedOn": None,
        **audit,
        "batchId": None,
        "batch": None,
        "syncStatus": "Pending",
        "canceledById": None,
        "canceledReason": None,
        "dateCanceled": None,
        "items": items,
        "customFields": [],
        "externalData": [],
    }
    return shop.add(Doc("return", case, body | changes, held=held))


def ap_credit(
    shop: Shop,
    returned: Doc | None,
    *,
    amount: Decimal | None = None,
    billed: Doc | None = None,
    applied: Decimal = ZERO,
    case: str = "credit",
    day: date | None = None,
    held: str = "",
    **changes: Any,
) -> Doc:
    """A vendor's credit; the return it names holds its lines."""
    number = shop.id()
    when = returned.body["returnDate"][:10] if returned else None
    day = day or (date.fromisoformat(when) if when else shop.day())
    audit = shop.audit(day)
    unit = shop.units["Denver Home Services"]
    vendor = FERGUSON
    if returned is not None:
        unit, vendor = shop.parties(returned)
        returned.body["status"] = "CreditReceived"
        returned.body["creditReceivedOn"] = midnight(day)
    split = {
        "id": shop.id(),
        "active": True,
        "createdOn": audit["createdOn"],
        "inventoryBillId": billed.id if billed else 0,
        "vendorCreditId": number,
        "amount": applied,
    }
    body = {
        "id": number,
        "inventoryReturnId": returned.id if returned else None,
        "jobId": None,
        "active": True,
        **audit,
        "date": midnight(day),
        "canceledOn": None,
        "number": f"VC-{number % 1_000_000}",
        "referenceNumber": returned.body["referenceNumber"] if returned else None,
        "memo": None,
        "amount": amount or (returned.body["returnAmount"] if returned else ZERO),
        "appliedAmount": applied,
        "status": "Unreconciled",
        "syncStatus": "Pending",
        "batch": None,
        "businessUnit": named(unit),
        "remittanceVendor": None,
        "vendor": {"id": shop.vendors[vendor], "name": vendor},
        "paymentStatus": "Unpaid",
        "splits": [split] if billed else [],
        "budgetCodeId": None,
        "customFields": [],
    }
    return shop.add(Doc("ap_credit", case, body | changes, held=held))


def ap_payment(shop: Shop, billed: Doc, day: date) -> Doc:
    """Money to a vendor, which is not synced."""
    number, amount = shop.id(), Decimal(billed.body["billAmount"])
    audit = shop.audit(day)
    split = {
        "id": shop.id(),
        "active": True,
        "createdOn": audit["createdOn"],
        "documentId": None,
        "inventoryBillId": billed.id,
        "amount": amount,
    }
    body = {
        "id": number,
        "active": True,
        **audit,
        "date": midnight(day),
        "approvedDate": None,
        "method": "AccountingSystem",
        "name": f"PMT-{number % 1_000_000}",
        "printCheck": False,
        "amount": amount,
        "errorMessage": None,
        "status": "Paid",
        "syncStatus": "Pending",
        "batch": None,
        "glAccount": shop.account("1000"),
        "businessUnit": billed.body["businessUnit"],
        "vendor": billed.body["vendor"],
        "remittanceVendor": None,
        "splits": [split],
        "customFields": [],
    }
    return shop.add(Doc("ap_payment", "vendor_payment", body, held="not_synced: AP payments"))


def adjustment(
    shop: Shop,
    moves: Sequence[tuple[Sku, Decimal]],
    *,
    case: str = "adjustment",
    unit: BusinessUnit | None = None,
    day: date | None = None,
    held: str = "",
    **changes: Any,
) -> Doc:
    """A count that found more (above zero) or less than the books."""
    number, day = shop.id(), day or shop.day()
    audit = shop.audit(day)
    items = [_counted(shop, *one, audit) for one in moves]
    body = {
        "id": number,
        "active": True,
        "number": f"ADJ-{number % 1_000_000}",
        "referenceNumber": "",
        "type": "Cycle Count",
        "inventoryLocationId": WAREHOUSE,
        "businessUnitId": (unit or shop.unit()).id,
        "projectId": None,
        "invoiceId": None,
        "createdById": 21,
        "memo": "",
        "date": midnight(day),
        **audit,
        "batchId": None,
        "batch": None,
        "syncStatus": "Pending",
        "canceledReason": None,
        "canceledById": None,
        "dateCanceled": None,
        "externalData": [],
        "items": items,
        "customFields": [],
    }
    return shop.add(Doc("adjustment", case, body | changes, held=held))


def _counted(shop: Shop, sku: Sku, quantity: Decimal, audit: Body) -> Body:
    return {
        "id": shop.id(),
        "skuId": sku.id,
        "description": sku.name,
        **audit,
        "name": sku.name,
        "code": sku.code,
        "quantity": quantity,
        "cost": sku.cost,
        "totalCost": cents(sku.cost * quantity),
        "createdById": 21,
        "active": True,
        "budgetCodeId": None,
        "serialNumbers": None,
    }
