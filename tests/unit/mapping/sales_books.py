"""Invoices and credit memos to judge, in the small books that journals are judged in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mapping_books import DAY, MAPPINGS, ONE_WORLD, Reference, account, period, tenant

from servicetitan_netsuite.documents import (
    AccountProfile,
    DocumentType,
    MappingRow,
    SourceDocument,
)
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import ReferenceFrames, frames
from servicetitan_netsuite.mapping.sales import SalesVerdict, validate_sales
from servicetitan_netsuite.tenants import Tenant

INVOICE, CREDIT_MEMO = DocumentType.INVOICE, DocumentType.CREDIT_MEMO
_BASE = Reference()
REFERENCE = Reference(
    accounts=(
        *_BASE.accounts,
        account("61", "2200", "Sales Tax", "OthCurrLiab"),
        account("62", "4500", "Other Income", "OthIncome"),
        account("63", "2500", "Deferred", "DeferRevenue"),
        account("64", "1201", "West Receivable", "AcctRec", subsidiaries=("3",)),
        account("65", "5000", "Costs", "COGS"),
    ),
    periods=(
        *(row for row in _BASE.periods if row["id"] != "53"),
        period("53", "Mar 2026", date(2026, 3, 1), date(2026, 3, 31)),
        period("54", "Apr 2026", date(2026, 4, 1), date(2026, 4, 30), ar_locked=True),
        period("55", "May 2026", date(2026, 5, 1), date(2026, 5, 31), ap_locked=True),
    ),
)
FRAMES = frames(REFERENCE)
ROWS = (
    *MAPPINGS,
    MappingRow("gl_account", "450", "Other", "62"),
    MappingRow("gl_account", "250", "Deferred", "63"),
    MappingRow("account_role", "AccountsReceivable", "", "13"),
    MappingRow("account_role", "SalesTaxPayable", "", "61"),
    MappingRow("term", "Net 30", "Net 30", "9"),
)
MAPPING_FRAMES = MappingFrames(ROWS)
ITEMS = {"15": "915", "61": "961", "62": "st-1001-item-62"}


def with_role(role: str, target: str | None) -> tuple[MappingRow, ...]:
    kept = tuple(r for r in ROWS if (r.kind, r.source_key) != ("account_role", role))
    return (*kept, MappingRow("account_role", role, "", target)) if target else kept


def sold(total: Any = "100.00", account_id: str = "400", unit: Any = None, **more: Any) -> Any:
    made = {
        "id": "1",
        "sku": "DIAG-1",
        "description": "Diagnostic",
        "total": total,
        "account": {
            "id": account_id,
            "number": f"N{account_id}",
            "name": "Revenue",
            "type": "Income",
            "detail_type": "",
        },
        "inventory": False,
        "total_cost": "0.00",
        "business_unit": {"id": unit, "name": f"Unit {unit}"} if unit else None,
    }
    return made | more


def sale(
    *lines: Any,
    total: Any = None,
    tax: Any = "0.00",
    kind: DocumentType = INVOICE,
    source_id: str = "303",
    number: str = "680-1",
    day: date | None = DAY,
    **header: Any,
) -> SourceDocument:
    """A document whose total is that of its lines and tax, unless told otherwise."""
    if total is None:
        total = str(sum((Decimal(line["total"]) for line in lines), Decimal(tax)))
    head = {
        "id": source_id,
        "number": number,
        "date": day.isoformat() if day else None,
        "due_date": None,
        "total": total,
        "sub_total": None,
        "sales_tax": tax,
        "tax_code": None,
        "term": None,
        "memo": None,
        "customer": {"id": "7001", "name": "Ann"},
        "business_unit": {"id": "1", "name": "Unit 1"},
        "batch": None,
        "adjustment_to": None,
        "configuration": "JobInvoice",
    }
    content = {"header": head | header, "lines": list(lines)}
    return SourceDocument(kind, source_id, number, 1, day, Decimal(0), content)


@dataclass
class Desk:
    """What a test judges against; each field can be replaced."""

    tenant: Tenant = field(
        default_factory=lambda: tenant(method="documents", cost_of_sales="journal")
    )
    profile: AccountProfile = ONE_WORLD
    mappings: Any = MAPPING_FRAMES
    reference: ReferenceFrames = FRAMES
    items: dict[str, str] = field(default_factory=lambda: dict(ITEMS))
    posted: frozenset[str] = frozenset()

    def judge(self, *chunk: SourceDocument) -> list[SalesVerdict]:
        return validate_sales(
            chunk,
            self.mappings,
            self.reference,
            self.tenant,
            self.profile,
            self.items,
            posted=self.posted,
        )

    def one(self, *lines: Any, **document: Any) -> SalesVerdict:
        return self.judge(sale(*(lines or (sold(),)), **document))[0]
