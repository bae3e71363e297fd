"""Orders, receipts and bills to judge, in the small books of other documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mapping_books import DAY, ONE_WORLD, tenant
from paper_books import FRAMES, ROWS, SKUS, named, unit

from servicetitan_netsuite.documents import (
    AccountProfile,
    DocumentType,
    Json,
    SourceDocument,
    to_cents,
)
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.purchases import (
    PurchaseRules,
    PurchaseVerdict,
    validate_purchases,
)
from servicetitan_netsuite.mapping.purchases_content import Catalogue
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.tenants import Tenant

ORDER, RECEIPT, BILL = (
    DocumentType.PURCHASE_ORDER,
    DocumentType.RECEIPT,
    DocumentType.VENDOR_BILL,
)
FRAMES_OF_ROWS = MappingFrames(ROWS)


class Numbers:
    """ServiceTitan's chart by number."""

    def of_number(self, number: str) -> Json | None:
        return named({"N130": "130", "N600": "600"}.get(number))


def goods(key: str = "1", quantity: Any = "2", cost: Any = "10.00", **more: Any) -> dict[str, Any]:
    made = {
        "id": key,
        "sku": {"id": "4", "code": "PART"},
        "description": "Part",
        "quantity": quantity,
        "cost": cost,
    }
    return made | more


def bought(key: str = "71", of: str | None = None, **more: Any) -> dict[str, Any]:
    """A line of a bill, of what line `of` of a receipt brought."""
    return goods(key, **{"account": named("130"), "receipt_line": of, "place": None, **more})


def spent(amount: Any = "5.00", account: str | None = "600", **more: Any) -> dict[str, Any]:
    made = {"id": "81", "amount": amount, "description": "Rent", "account": named(account)}
    return made | {"business_unit": None} | more


def value(line: Any) -> Decimal:
    if "quantity" in line:
        return to_cents(Decimal(line["quantity"]) * Decimal(line["cost"]))
    return Decimal(line["amount"])


def document(
    kind: DocumentType,
    *lines: Any,
    source_id: str = "55",
    number: str = "N-55",
    day: date | None = DAY,
    **header: Any,
) -> SourceDocument:
    """A document whose total is that of its lines, unless told otherwise."""
    head = {
        "id": source_id,
        "number": number,
        "date": day.isoformat() if day else None,
        "memo": None,
        "vendor": {"id": "8001", "name": "Parts Inc"},
        "business_unit": unit("2"),
        "place": None,
        "batch": None,
    }
    if kind is not ORDER:
        head["order"] = None
        head["total"] = header.get("total") or str(
            sum(
                map(value, lines),
                Decimal(header.get("tax", 0)) + Decimal(header.get("shipping", 0)),
            )
        )
    if kind is BILL:
        head |= {"vendor_number": "INV-9", "due_date": None, "tax": "0", "shipping": "0"}
    content = {"header": head | header, "lines": list(lines)}
    if kind is ORDER:
        content["received"] = []
    return SourceDocument(kind, source_id, number, 1, day, Decimal(0), content)


def order_content(*lines: Any, received: Any = (), **header: Any) -> Json:
    """The content of order 44, as receipts and bills find it."""
    content = document(ORDER, *lines, source_id="44", number="PO-44", **header).content
    return {**content, "received": list(received)}


@dataclass
class Buyer:
    """What a test judges against; each field can be replaced."""

    tenant: Tenant = field(
        default_factory=lambda: tenant(method="documents", cost_of_sales="journal")
    )
    profile: AccountProfile = ONE_WORLD
    mappings: Any = FRAMES_OF_ROWS
    reference: ReferenceFrames = FRAMES
    items: dict[str, str] = field(default_factory=lambda: {"73": "973"})
    orders: dict[str, Json] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    posted: frozenset[str] = frozenset()

    def judge(self, *chunk: SourceDocument) -> list[PurchaseVerdict]:
        rules = PurchaseRules(
            self.mappings,
            self.reference,
            self.tenant,
            self.profile,
            Catalogue(Numbers(), SKUS),
            self.items,
            self.orders,
            self.held,
            self.posted,
        )
        return validate_purchases(chunk, rules)

    def one(self, kind: DocumentType, *lines: Any, **header: Any) -> PurchaseVerdict:
        return self.judge(document(kind, *lines, **header))[0]
