"""The tenant that syncs documents: its master data, and all its documents from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from sandbox.seed.customers import CustomerMaker
from sandbox.seed.documents import everything
from sandbox.seed.documents.doc import Body, Doc
from sandbox.seed.documents.masters import masters
from sandbox.seed.documents.shop import Shop
from sandbox.seed.documents.skus import SKUS, Sku
from sandbox.seed.judge import LEGACY_GUID, LEGACY_KEY
from sandbox.seed.netsuite import DENVER_LEGACY_CUSTOMERS, ONE_WORLD
from sandbox.seed.tenant import Customer, Tenant
from sandbox.seed.tenants import DOCUMENTS, document_count, gl_accounts, units
from sandbox.seed.vendors import VENDORS, Vendor

FIRST_ID = 400_000_000
FIRST_VENDOR = 3301


@dataclass(frozen=True, slots=True)
class DocumentTenant:
    """A tenant with documents; `base` holds accounts, business units and customers."""

    base: Tenant
    vendors: tuple[Vendor, ...]
    skus: tuple[Sku, ...]
    masters: tuple[tuple[str, Body], ...]
    documents: tuple[Doc, ...] = ()


def _customers(rng: random.Random) -> tuple[list[Customer], list[Customer], list[Customer]]:
    """Those of Denver, those of Boulder, and those that documents of their own are made for."""
    maker = CustomerMaker(rng, DOCUMENTS.tenant_id * 1_000_000, DOCUMENTS.city, DOCUMENTS.state)
    ordinary = maker.ordinary(60)
    known = [
        maker.one(
            f"Mountain Lodge {number}", "Commercial",
            external_data=((LEGACY_GUID, LEGACY_KEY, number),),
        )
        for number in DENVER_LEGACY_CUSTOMERS
    ]  # fmt: skip
    special = [*known, *maker.special(), *maker.merged(), maker.foreign()]
    return ordinary[:45], ordinary[45:], special


def _vendors() -> tuple[Vendor, ...]:
    rows = [row for row in VENDORS if row.titan_name]
    return tuple(Vendor(FIRST_VENDOR + place, row) for place, row in enumerate(rows))


def document_tenant(seed: int = 1, size: str = "small") -> DocumentTenant:
    """The tenant DEN, the same for the same seed and size.

    Raises:
        ValueError: size is neither `small`, `month` nor a number of documents.
    """
    rng = random.Random(f"{DOCUMENTS.short_name} {seed}")
    denver, boulder, special = _customers(rng)
    base = Tenant(
        tenant_id=DOCUMENTS.tenant_id,
        short_name=DOCUMENTS.short_name,
        name=DOCUMENTS.name,
        city=DOCUMENTS.city,
        state=DOCUMENTS.state,
        detailed=True,
        account_id=ONE_WORLD,
        gl_accounts=gl_accounts(DOCUMENTS),
        business_units=units(DOCUMENTS),
        customers=(*denver, *boulder, *special),
    )
    vendors = _vendors()
    tenant = DocumentTenant(base, vendors, SKUS, tuple(masters(base, vendors)))
    first = FIRST_ID + (abs(seed) % 1000) * 1_000_000
    shop = Shop(
        rng, first, base.gl_accounts, base.business_units, base.customers,
        {one.name: one.id for one in vendors},
    )  # fmt: skip
    for unit, customers in (("Denver Home Services", denver), ("Boulder Electric", boulder)):
        shop.pool(unit, customers)
    everything.make(shop, document_count(size))
    return replace(tenant, documents=tuple(shop.made))
