"""Invoices and credit memos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.seed.documents.doc import ZERO, Body, Doc, cents, midnight, money, scaled
from sandbox.seed.documents.shop import TAX_ZONES, TERMS, Shop, address, named
from sandbox.seed.documents.skus import Sku
from sandbox.seed.tenant import BusinessUnit, Customer

UNSET = "unset"
CONFIGURATIONS = (
    "JobInvoice", "ProjectInvoice", "CounterSales", "MembershipInvoice", "InterestChargeInvoice",
    "ARImportInvoice",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What is sold; `account` and `unit` replace the SKU's and the document's own."""

    sku: Sku
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    taxable: bool | None = None
    account: str | None = UNSET
    unit: BusinessUnit | None = None

    @property
    def amount(self) -> Decimal:
        """Price times quantity, in cents."""
        return cents((self.sku.price if self.price is None else self.price) * self.quantity)

    @property
    def taxed(self) -> bool:
        """Whether sales tax is due on it."""
        return self.sku.taxable if self.taxable is None else self.taxable

    @property
    def income(self) -> str | None:
        """Number of the account it is booked to."""
        return self.sku.income if self.account == UNSET else self.account


def tax_of(lines: Sequence[Line], zone: int) -> Decimal:
    """Sales tax of the taxed lines in that tax zone, in cents."""
    rate = Decimal(TAX_ZONES[zone][2])
    return cents(sum((line.amount for line in lines if line.taxed), ZERO) * rate)


def tax_code(zone: int) -> Body | None:
    """The tax zone as documents show it."""
    number, name, rate = TAX_ZONES[zone]
    return {"id": number, "name": name, "taxRate": Decimal(rate)} if Decimal(rate) else None


def _item(shop: Shop, line: Line, place: int, unit: BusinessUnit | None, audit: Body) -> Body:
    sku = line.sku
    kept = sku.inventory
    return {
        "id": shop.id(),
        "description": f"{sku.name} &amp; labor" if place == 3 else sku.name,
        "quantity": scaled(line.quantity, 19),
        "cost": scaled(sku.cost, 10),
        "totalCost": money(sku.cost * line.quantity),
        "budgetCodeId": None,
        "inventoryLocationId": 501 if kept else None,
        "inventoryLocation": "Main Warehouse" if kept else None,
        "price": money(sku.price if line.price is None else line.price),
        "type": sku.kind,
        "skuName": sku.code,
        "skuId": sku.id,
        "total": money(line.amount),
        "inventory": kept,
        "taxable": line.taxed,
        "isChargeable": True,
        "generalLedgerAccount": shop.account(line.income),
        "costOfSaleAccount": shop.account(sku.cost_of_sale) if kept else None,
        "assetAccount": shop.account(sku.asset) if kept else None,
        "membershipTypeId": 0,
        "itemGroup": None,
        "displayName": sku.name,
        "soldHours": Decimal("0.00000"),
        **audit,
        "serviceDate": None,
        "order": place,
        "businessUnit": named(line.unit or unit),
        "createdById": 21,
        "displayInAmount": True,
        "importId": None,
        "exportId": None,
        "inventoryStatus": None,
        "addOn": False,
        "memberPrice": money(cents(sku.price * Decimal("0.9"))),
        "technicianId": None,
        "installedEquipmentId": None,
        "estimateItemId": None,
    }


def invoice(
    shop: Shop,
    lines: Sequence[Line],
    *,
    case: str = "plain",
    unit: BusinessUnit | None = None,
    customer: Customer | None = None,
    day: date | None = None,
    zone: int = 0,
    configuration: str = "JobInvoice",
    held: str = "",
    **changes: Any,
) -> Doc:
    """An invoice over `lines`; `changes` replace fields of what ServiceTitan shows."""
    unit, day = unit or shop.unit(), day or shop.day()
    customer = customer or shop.customer(unit)
    number, audit = shop.id(), shop.audit(day)
    term = shop.rng.choice(list(TERMS))
    tax = tax_of(lines, zone)
    net = sum((line.amount for line in lines), ZERO)
    place = {"id": customer.id + 5, "name": customer.name}
    job = {"id": number - 1, "number": str(number % 1_000_000), "type": "Repair"}
    body = {
        "id": number,
        "syncStatus": "Pending",
        "budgetCodeId": None,
        "referenceNumber": f"{number % 1_000_000}-1",
        "invoiceDate": midnight(day),
        "dueDate": midnight(day + timedelta(days=TERMS[term])),
        "subTotal": money(net),
        "salesTax": money(tax),
        "salesTaxCode": tax_code(zone),
        "taxZoneId": TAX_ZONES[zone][0],
        "total": money(net + tax),
        "balance": money(net + tax),
        "invoiceType": None,
        "customer": named(customer),
        "customerAddress": address(customer),
        "location": place,
        "locationAddress": address(customer),
        "businessUnit": named(unit),
        "termName": term,
        "createdBy": "admin",
        "batch": None,
        "depositedOn": None,
        **audit,
        "adjustmentToId": None,
        "job": job if configuration == "JobInvoice" else None,
        "projectId": None,
        "royalty": {"status": "Pending", "date": None, "sentOn": None, "memo": None},
        "employeeInfo": {"id": 21, "name": "admin", "modifiedOn": audit["createdOn"]},
        "commissionEligibilityDate": None,
        "sentStatus": "NotSent",
        "reviewStatus": "Reviewed",
        "assignedTo": None,
        "summary": None,
        "items": [_item(shop, one, i, unit, audit) for i, one in enumerate(lines, 1)] or None,
        "customFields": None,
        "active": True,
        "discountTotal": money(-sum((x.amount for x in lines if x.amount < 0), ZERO)),
        "importId": None,
        "exportId": None,
        "materialSkuId": None,
        "membershipId": None,
        "paidOn": None,
        "invoiceConfiguration": configuration,
    }
    return shop.add(Doc("invoice", case, body | changes, held=held))


def _memo_item(shop: Shop, line: Line, unit: BusinessUnit | None, audit: Body) -> Body:
    account = shop.account(line.income)
    if account is not None:
        del account["detailType"]
    return {
        "id": shop.id(),
        "active": True,
        "description": line.sku.name,
        "quantity": line.quantity,
        "cost": line.sku.cost,
        "price": line.sku.price if line.price is None else line.price,
        "type": line.sku.kind,
        "skuName": line.sku.code,
        "skuId": line.sku.id,
        "total": line.amount,
        "taxable": line.taxed,
        "revenueGeneralLedgerAccount": account,
        "expensesGeneralLedgerAccount": None,
        "createdOn": audit["createdOn"],
        "createdBy": "admin",
        "businessUnit": named(line.unit or unit),
    }


def credit_memo(
    shop: Shop,
    lines: Sequence[Line],
    *,
    case: str = "credit_memo",
    unit: BusinessUnit | None = None,
    customer: Customer | None = None,
    day: date | None = None,
    zone: int = 0,
    held: str = "",
    **changes: Any,
) -> Doc:
    """A credit memo over `lines` (positive amounts), not yet applied to anything."""
    unit, day = unit or shop.unit(), day or shop.day()
    customer = customer or shop.customer(unit)
    number, audit = shop.id(), shop.audit(day)
    tax = tax_of(lines, zone)
    net = sum((line.amount for line in lines), ZERO)
    body = {
        "id": number,
        "date": day.isoformat(),
        "referenceNumber": f"CM-{number % 1_000_000}",
        "subTotal": net,
        "salesTax": tax,
        "salesTaxCode": tax_code(zone),
        "total": net + tax,
        "balance": net + tax,
        "appliedTo": [],
        "customer": named(customer),
        "customerAddress": address(customer),
        "location": {"id": customer.id + 5, "name": customer.name},
        "locationAddress": address(customer),
        "businessUnit": named(unit),
        "syncStatus": "Pending",
        "batch": None,
        "customFields": [],
        "createdOn": audit["createdOn"],
        "createdBy": "admin",
        "modifiedOn": audit["modifiedOn"],
        "modifiedBy": None,
        "description": None,
        "active": True,
        "importId": None,
        "exportId": None,
    }
    items = [_memo_item(shop, one, unit, audit) for one in lines]
    return shop.add(Doc("credit_memo", case, body | changes, {"items": items}, held))


def apply_memo(shop: Shop, memo: Doc, target: Doc, amount: Decimal, day: date) -> None:
    """Use so much of a credit memo on an invoice."""
    memo.body["appliedTo"].append(
        {
            "appliedId": shop.id(),
            "appliedTo": target.id,
            "appliedAmount": amount,
            "appliedOn": day.isoformat(),
            "appliedBy": "admin",
            "appliedToReferenceNumber": target.body["referenceNumber"],
        }
    )
    memo.body["balance"] -= amount
    reduce_balance(target, amount, day)


def reduce_balance(target: Doc, amount: Decimal, day: date) -> None:
    """Less is owed on an invoice; paid when nothing is."""
    left = Decimal(target.body["balance"]) - amount
    target.body["balance"] = money(left)
    target.body["paidOn"] = midnight(day) if not left else None
