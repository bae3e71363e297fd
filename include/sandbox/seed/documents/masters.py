"""The tenant's master data as ServiceTitan shows it, besides accounts, units and customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from sandbox.seed.documents.doc import Body
from sandbox.seed.documents.payments import TYPES
from sandbox.seed.documents.pricebook import AUDIT, pricebook
from sandbox.seed.documents.purchases import SHIP_TO
from sandbox.seed.documents.shop import TAX_ZONES, TERMS, address
from sandbox.seed.tenant import Customer, Tenant
from sandbox.seed.vendors import Vendor

NO_DISCOUNT = dict.fromkeys(
    ("id", "discountApplyTo", "discount", "discountType", "account", "applyBy", "applyByValue")
)
NO_INTEREST: Body = {
    "id": None,
    "rateType": "Flat",
    "flatRateValue": None,
    "percentageRateValue": None,
    "chargeMethod": None,
    "frequency": "Once",
    "gracePeriod": None,
    "targetInvoices": [],
    "taskId": 0,
    "taskDisplayName": "",
}


def payment_types() -> Iterator[Body]:
    """Each with nothing but its name: neither its account nor how it exports is shown."""
    for one in TYPES.values():
        yield {"id": one.id, "name": one.name, **AUDIT}


def payment_terms() -> Iterator[Body]:
    """Days after the document."""
    for place, (name, days) in enumerate(TERMS.items(), 2):
        yield {
            "id": place,
            "name": name,
            "dueDayType": "NumberOfDays",
            "dueDay": days,
            "isCustomerDefault": days == 0,
            "isVendorDefault": days == 30,
            "active": True,
            "inUse": True,
            **AUDIT,
            "paymentTermDiscountModel": NO_DISCOUNT,
            "interestSettings": NO_INTEREST,
        }


def tax_zones() -> Iterator[Body]:
    """One rate each, on the subtotal."""
    for number, name, rate in TAX_ZONES:
        share = {
            "id": number + 100,
            "taxName": f"{name} sales tax",
            "taxBaseType": ["Subtotal"],
            "taxRate": Decimal(rate),
            "salesTaxItem": None,
        }
        yield {
            "id": number,
            "name": name,
            "color": 3,
            "isTaxRateSeparated": False,
            "isMultipleTaxZone": False,
            "rates": [share],
            **AUDIT,
            "active": True,
        }


def remittance_vendors() -> Iterator[Body]:
    """Where a vendor's money goes to, if not to the vendor."""
    yield {
        "id": 9101,
        "name": "Ferguson Receivables LLC",
        "active": True,
        "customerId": None,
        "isApproved": True,
        "isVerified": False,
        "contactInfo": None,
        "address": None,
        **AUDIT,
    }


def vendors(rows: Iterable[Vendor]) -> Iterator[Body]:
    """Vendors; the external data of linked ones are kept apart."""
    for one in rows:
        yield {
            "id": one.id,
            "name": one.name,
            "active": True,
            "isTruckReplenishment": False,
            "isMobileCreationRestricted": False,
            "memo": "",
            "deliveryOption": "EmailAsPdf",
            "defaultTaxRate": Decimal("0.0"),
            "contactInfo": {
                "firstName": "Pat",
                "lastName": "Lee",
                "phone": "3035550100",
                "email": f"ar{one.id}@example.com",
                "fax": "",
            },
            "address": SHIP_TO,
            **AUDIT,
            "externalData": [],
            "customFields": [],
        }


def locations(customers: Iterable[Customer]) -> Iterator[Body]:
    """Where each customer is served."""
    for one in customers:
        yield {
            "id": one.id + 5,
            "customerId": one.id,
            "active": one.active,
            "name": one.name,
            "address": {**address(one), "latitude": None, "longitude": None},
            "customFields": [],
            **AUDIT,
            "createdById": 21,
            "mergedToId": None,
            "zoneId": None,
            "taxExempt": False,
            "tagTypeIds": [],
            "externalData": [],
            "taxZoneId": None,
        }


def masters(base: Tenant, known: Iterable[Vendor]) -> Iterator[tuple[str, Body]]:
    """Every record with its type."""
    accounts = {one.number or "": (one.id, one.name) for one in base.gl_accounts}
    yield from pricebook(accounts)
    for kind, rows in (
        ("vendor", vendors(known)),
        ("location", locations(base.customers)),
        ("payment_type", payment_types()),
        ("payment_term", payment_terms()),
        ("tax_zone", tax_zones()),
        ("remittance_vendor", remittance_vendors()),
    ):
        for row in rows:
            yield kind, row
