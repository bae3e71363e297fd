"""Services, materials and equipment as the pricebook shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sandbox.seed.documents.doc import Body
from sandbox.seed.documents.skus import EQUIPMENT, MATERIAL, SERVICE, SKUS, Sku

LONG_AGO = "2024-06-01T00:00:00.0000000Z"
AUDIT = {"createdOn": LONG_AGO, "modifiedOn": LONG_AGO}
ZERO = Decimal("0.0")
Accounts = Mapping[str, tuple[int, str]]
WARRANTY = {"duration": 0, "description": None}


def _common(sku: Sku, accounts: Accounts) -> Body:
    income = accounts.get(sku.income or "?")
    return {
        "id": sku.id,
        "code": sku.code,
        "displayName": sku.name,
        "description": sku.name,
        "active": True,
        "price": sku.price,
        "memberPrice": sku.price,
        "addOnPrice": ZERO,
        "addOnMemberPrice": ZERO,
        "taxable": sku.taxable,
        "account": income[1] if income else None,
        "hours": ZERO,
        "assets": [],
        "paysCommission": False,
        "bonus": ZERO,
        "commissionBonus": ZERO,
        **AUDIT,
        "source": None,
        "externalId": None,
        "externalData": [],
        "cost": sku.cost,
        "defaultAssetUrl": None,
        "budgetCostCode": None,
        "budgetCostType": None,
    }


def _service(sku: Sku, accounts: Accounts) -> Body:
    return {
        **_common(sku, accounts),
        "warranty": None,
        "categories": [],
        "isLabor": False,
        "recommendations": [],
        "upgrades": [],
        "serviceMaterials": [],
        "serviceEquipment": [],
        "crossSaleGroup": None,
        "businessUnitId": None,
        "soldByCommission": ZERO,
    }


def _bought(sku: Sku, accounts: Accounts) -> Body:
    """What materials and equipment have in common: accounts of cost and stock."""
    cost, asset = accounts.get(sku.cost_of_sale or "?"), accounts.get(sku.asset or "?")
    purchase = accounts.get(sku.purchase or "?")
    return {
        **_common(sku, accounts),
        "unitOfMeasure": "Each",
        "isInventory": sku.inventory,
        "costOfSaleAccount": cost[1] if cost else None,
        "assetAccount": asset[1] if asset else None,
        "primaryVendor": None,
        "otherVendors": [],
        "categories": [],
        "displayInAmount": True,
        "generalLedgerAccountId": purchase[0] if purchase else None,
    }


def _material(sku: Sku, accounts: Accounts) -> Body:
    return {
        **_bought(sku, accounts),
        "deductAsJobCost": False,
        "isConfigurableMaterial": False,
        "chargeableByDefault": True,
        "variationsOrConfigurableMaterials": [],
        "businessUnitId": None,
        "createdById": 21,
        "isOtherDirectCost": False,
        "costTypeId": None,
    }


def _equipment(sku: Sku, accounts: Accounts) -> Body:
    return {
        **_bought(sku, accounts),
        "manufacturer": None,
        "model": None,
        "manufacturerWarranty": WARRANTY,
        "serviceProviderWarranty": WARRANTY,
        "recommendations": [],
        "upgrades": [],
        "equipmentMaterials": [],
        "crossSaleGroup": None,
        "isConfigurableEquipment": False,
        "variationsOrConfigurableEquipment": [],
        "typeId": None,
        "dimensions": None,
    }


_MAKERS = {
    SERVICE: ("service", _service),
    MATERIAL: ("material", _material),
    EQUIPMENT: ("equipment", _equipment),
}


def pricebook(accounts: Accounts) -> Iterator[tuple[str, Body]]:
    """Every SKU but discounts; `accounts` are ids and names by number."""
    for sku in SKUS:
        if sku.kind in _MAKERS:
            kind, make = _MAKERS[sku.kind]
            yield kind, make(sku, accounts)
