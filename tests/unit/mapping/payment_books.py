"""Payments to judge, in the small books that sales are judged in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mapping_books import DAY, ONE_WORLD, Reference, account, tenant
from sales_books import REFERENCE as SALES_REFERENCE
from sales_books import ROWS

from servicetitan_netsuite.documents import DocumentType, SourceDocument
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.payment_targets import Targets
from servicetitan_netsuite.mapping.payments import MoneyVerdict, validate_payments
from servicetitan_netsuite.mapping.reference import ReferenceFrames, frames
from servicetitan_netsuite.plans.payments import Target
from servicetitan_netsuite.tenants import Tenant

PAYMENT = DocumentType.PAYMENT
REFERENCE = Reference(
    accounts=(
        *SALES_REFERENCE.accounts,
        account("71", "2399", "Customer Deposits", "OthCurrLiab", special="CustDep"),
        account("72", "1499", "Undeposited Funds", "OthCurrAsset", special="UndepFunds"),
    ),
    periods=SALES_REFERENCE.periods,
)
FRAMES = frames(REFERENCE)
MAPPING_FRAMES = MappingFrames(ROWS)
CUSTOMER = "501"


def form(record: str, account_id: str = "13", **more: Any) -> dict[str, Any]:
    """A canonical form as far as a payment looks at it."""
    lines = [[account_id, CUSTOMER, None, None, None, "100.00"]]
    made = {"type": record, "entity": CUSTOMER, "subsidiary": "2", "currency": None, "lines": lines}
    return made | more


def target(
    id_: str, record: str | None = "invoice", kind: DocumentType | None = None, **more: Any
) -> Target:
    """A document in NetSuite that a payment refers to."""
    of = kind or (DocumentType.CREDIT_MEMO if record == "creditMemo" else DocumentType.INVOICE)
    known = {"state": "confirmed", "form": form(record) if record else None, "part": ""} | more
    return Target(of, id_, known.pop("part"), f"st-1001-{of.value}-{id_}", f"N{id_}", **known)


def share(to: str, amount: Any, id_: str | None = None) -> dict[str, Any]:
    return {
        "id": id_ or f"9{to}",
        "to": {"id": to, "number": f"N{to}"},
        "amount": amount,
        "date": "2026-03-02",
    }


def paid(
    *shares: Any,
    total: Any = "100.00",
    unapplied: Any = None,
    source_id: str = "700",
    part: str = "",
    day: date | None = DAY,
    amount: str | None = None,
    **header: Any,
) -> SourceDocument:
    """A payment that leaves what its shares do not take, unless told otherwise."""
    if unapplied is None and isinstance(total, str):
        used = sum((Decimal(one["amount"]) for one in shares), Decimal(0))
        unapplied = str(Decimal(total) - used)
    head = {
        "id": source_id,
        "number": "P-700",
        "date": day.isoformat() if day else None,
        "total": total,
        "unapplied": unapplied,
        "payment_type": {"id": "77", "name": "Check"},
        "exports_as": "payment",
        "memo": None,
        "check_number": None,
        "customer": {"id": "7001", "name": "Ann"},
        "business_unit": {"id": "1", "name": "Unit 1"},
        "batch": None,
        "account": {"id": "100", "number": "1000", "name": "Checking"},
        "refunded_payment": None,
    }
    content = {"header": head | header, "lines": list(shares)}
    worth = Decimal(amount or total if isinstance(total, str) else "0")
    return SourceDocument(PAYMENT, source_id, "P-700", 1, day, worth, content, part)


@dataclass
class MoneyDesk:
    """What a test judges against; each field can be replaced."""

    known: Iterable[Target] = ()
    used: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    mappings: Any = MAPPING_FRAMES
    reference: ReferenceFrames = FRAMES

    @property
    def tenant(self) -> Tenant:
        return tenant(method="documents", cost_of_sales="journal", **self.settings)

    def judge(self, *chunk: SourceDocument) -> list[MoneyVerdict]:
        return validate_payments(
            chunk,
            self.mappings,
            self.reference,
            self.tenant,
            ONE_WORLD,
            Targets(self.known),
            self.used,
        )

    def one(self, *shares: Any, **payment: Any) -> MoneyVerdict:
        return self.judge(paid(*shares, **payment))[0]
