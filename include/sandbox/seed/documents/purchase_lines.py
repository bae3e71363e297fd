"""Lines of orders, receipts, returns and bills of vendors, each as ServiceTitan's list shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sandbox.seed.documents.doc import ZERO, Body, cents, money, scaled
from sandbox.seed.documents.shop import Shop, named
from sandbox.seed.documents.skus import Sku
from sandbox.seed.tenant import BusinessUnit

WAREHOUSE = 501
PLACE = {"id": WAREHOUSE, "name": "Main Warehouse", "type": "Warehouse"}


@dataclass(frozen=True, slots=True)
class Want:
    """So many of a SKU at a cost; `order_line` is the order's line it answers to."""

    sku: Sku
    quantity: Decimal
    cost: Decimal | None = None
    order_line: int = 0
    receipt_line: int | None = None
    account: bool = True

    @property
    def each(self) -> Decimal:
        """Cost of one."""
        return self.sku.cost if self.cost is None else self.cost

    @property
    def amount(self) -> Decimal:
        """Cost of all, in cents."""
        return cents(self.each * self.quantity)


def total_of(wants: Sequence[Want]) -> Decimal:
    """Cost of all lines, in cents."""
    return sum((one.amount for one in wants), ZERO)


def bare(account: Body | None) -> Body | None:
    """An account as the inventory module shows it: without its id."""
    return account and {name: value for name, value in account.items() if name != "id"}


def order_line(shop: Shop, one: Want, audit: Body) -> Body:
    """A line of a purchase order."""
    return {
        "id": shop.id(),
        "skuId": one.sku.id,
        "description": one.sku.name,
        **audit,
        "skuName": one.sku.name,
        "skuCode": one.sku.code,
        "skuType": one.sku.kind,
        "vendorPartNumber": f"V-{one.sku.code}",
        "quantity": one.quantity,
        "quantityReceived": ZERO,
        "cost": one.each,
        "total": one.amount,
        "serialNumbers": [],
        "status": "Pending",
        "chargeable": False,
        "budgetCodeId": None,
    }


def receipt_line(shop: Shop, one: Want) -> Body:
    """A line of a receipt."""
    return {
        "id": shop.id(),
        "skuId": one.sku.id,
        "name": one.sku.name,
        "code": one.sku.code,
        "description": one.sku.name,
        "quantity": one.quantity,
        "cost": one.each,
        "generalLedgerAccount": bare(shop.account(one.sku.purchase)) if one.account else None,
        "costOfSaleAccount": bare(shop.account(one.sku.cost_of_sale)),
        "assetAccount": bare(shop.account(one.sku.asset)),
        "purchaseOrderItemId": one.order_line,
        "budgetCodeId": None,
    }


def return_line(shop: Shop, one: Want, audit: Body) -> Body:
    """A line of a return."""
    return {
        "id": shop.id(),
        "skuId": one.sku.id,
        "description": one.sku.name,
        **audit,
        "name": one.sku.name,
        "code": one.sku.code,
        "quantity": one.quantity,
        "cost": one.each,
        "generalLedgerAccount": bare(shop.account(one.sku.purchase)) if one.account else None,
        "costOfSaleAccount": bare(shop.account(one.sku.cost_of_sale)),
        "assetAccount": bare(shop.account(one.sku.asset)),
        "serialNumbers": [],
        "createdById": 21,
        "active": True,
        "receiptItemId": one.receipt_line,
        "budgetCodeId": None,
    }


def bill_line(shop: Shop, one: Want, place: int) -> Body:
    """A line of a bill by SKU, in its place."""
    return {
        "order": place,
        "name": one.sku.name,
        "description": one.sku.name,
        "quantity": scaled(one.quantity, 4),
        "cost": scaled(one.each, 4),
        "inventoryLocation": PLACE,
        "vendorPartNumber": f"V-{one.sku.code}",
        "serialNumber": None,
        "generalLedgerAccount": shop.account(one.sku.purchase) if one.account else None,
        "costOfSaleAccount": shop.account(one.sku.cost_of_sale),
        "assetAccount": shop.account(one.sku.asset),
        "id": shop.id(),
        "skuId": one.sku.id,
        "receiptItemId": one.receipt_line,
        "skuType": one.sku.kind,
        "skuCode": one.sku.code,
        "budgetCodeId": None,
    }


def expense_line(shop: Shop, account: str, amount: Decimal, unit: BusinessUnit) -> Body:
    """A line of a bill by account."""
    return {
        "id": shop.id(),
        "amount": money(amount),
        "description": f"Expense {account}",
        "generalLedgerAccount": shop.account(account),
        "job": None,
        "businessUnit": named(unit),
        "budgetCodeId": None,
        "projectLabelIds": [],
    }
