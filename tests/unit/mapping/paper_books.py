"""Bank deposits, adjustments and vendor credits to judge, in the small books of journals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mapping_books import DAY, MAPPINGS, ONE_WORLD, Reference, account, period, tenant

from servicetitan_netsuite.documents import (
    AccountProfile,
    DocumentType,
    Json,
    MappingRow,
    SkuAccounts,
    SourceDocument,
)
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.plain_journals import validate_adjustments, validate_deposits
from servicetitan_netsuite.mapping.purchases_content import Catalogue
from servicetitan_netsuite.mapping.reference import ReferenceFrames, frames
from servicetitan_netsuite.mapping.vendor_credits import validate_vendor_credits
from servicetitan_netsuite.mapping.verdict import Verdict
from servicetitan_netsuite.tenants import Tenant

_BASE = Reference()
REFERENCE = Reference(
    accounts=(
        *_BASE.accounts,
        account("71", "1499", "Undeposited Funds", "OthCurrAsset", special="UndepFunds"),
        account("72", "6000", "Fees", "Expense"),
        account("73", "1300", "Inventory", "OthCurrAsset"),
        account("74", "5050", "Adjustments", "COGS"),
        account("75", "5040", "Purchase Tax", "COGS"),
        account("76", "5030", "Freight", "COGS"),
    ),
    periods=(
        *(row for row in _BASE.periods if row["id"] != "53"),
        period("53", "Mar 2026", date(2026, 3, 1), date(2026, 3, 31)),
        period("54", "Apr 2026", date(2026, 4, 1), date(2026, 4, 30), ar_locked=True),
        period("55", "May 2026", date(2026, 5, 1), date(2026, 5, 31), ap_locked=True),
    ),
    vendors=(
        {"id": "601", "name": "Parts Inc", "inactive": False, "subsidiaries": ("2",)},
        {"id": "602", "name": "Gone", "inactive": True, "subsidiaries": ()},
        {"id": "603", "name": "West Only", "inactive": False, "subsidiaries": ("3",)},
    ),
)
FRAMES = frames(REFERENCE)
ROWS = (
    *MAPPINGS,
    MappingRow("gl_account", "149", "Undeposited", "71"),
    MappingRow("gl_account", "600", "Fees", "72"),
    MappingRow("gl_account", "130", "Inventory", "73"),
    MappingRow("account_role", "Inventory", "", "73"),
    MappingRow("account_role", "InventoryAdjustments", "", "74"),
    MappingRow("account_role", "AccountsPayable", "", "14"),
    MappingRow("account_role", "CostOfGoodsSoldTax", "", "75"),
    MappingRow("account_role", "CostOfGoodsSoldShipping", "", "76"),
    MappingRow("vendor", "8002", "Gone", "602"),
    MappingRow("vendor", "8003", "West Only", "603"),
)
SKUS = {
    "1": SkuAccounts("CU-34", {"asset": {"id": "119", "number": "1190", "name": "Stock"}}),
    "2": SkuAccounts("TWICE", {}, {"asset": "Inventory", "purchase": "Inventory"}),
    "3": SkuAccounts("BARE"),
    "4": SkuAccounts("PART", {"purchase": {"id": "130", "number": "1300", "name": "Inventory"}}),
}


def named(key: str | None) -> Json | None:
    return {"id": key, "number": f"N{key}", "name": "Account"} if key else None


def unit(key: str | None) -> Json | None:
    return {"id": key, "name": f"Unit {key}"} if key else None


def paid(
    total: Any = "100.00", account_id: str | None = "119", of: str | None = "2", **more: Any
) -> Json:
    """One payment in a deposit."""
    made = {
        "id": "9",
        "number": "P-9",
        "type": "Check",
        "total": total,
        "account": named(account_id),
        "business_unit": unit(of),
    }
    return made | more


def deposit(
    *lines: Any,
    fees: Any = "0",
    gross: Any = None,
    net: Any = None,
    day: date | None = DAY,
    source_id: str = "7701",
    **header: Any,
) -> SourceDocument:
    """A deposit of these payments; it adds up unless told otherwise."""
    total = sum((Decimal(line["total"]) for line in lines), Decimal(0)) if gross is None else None
    gross = str(total) if gross is None else gross
    net = str(Decimal(gross) - Decimal(fees)) if net is None else net
    head = {
        "id": source_id,
        "number": source_id,
        "date": day.isoformat() if day else None,
        "gross": gross,
        "net": net,
        "fees": fees,
        "bank_account": named("100"),
        "fee_account": named("600"),
        "memo": "Deposit 03/02/2026",
        "batch": None,
    }
    content = {"header": head | header, "lines": list(lines)}
    return SourceDocument(
        DocumentType.BANK_DEPOSIT, source_id, source_id, 1, day, Decimal(0), content
    )


def counted(cost: Any = "10.00", sku: str | None = "1", **more: Any) -> Json:
    """One line of an adjustment."""
    made = {
        "id": "5",
        "sku": {"id": sku, "code": f"SKU {sku}"} if sku else None,
        "description": "Pipe",
        "quantity": "1",
        "total_cost": cost,
    }
    return made | more


def adjustment(
    *lines: Any,
    of: str | None = "1",
    day: date | None = DAY,
    source_id: str = "8801",
    **header: Any,
) -> SourceDocument:
    head = {
        "id": source_id,
        "number": f"ADJ-{source_id}",
        "date": day.isoformat() if day else None,
        "kind": "Cycle Count",
        "memo": None,
        "business_unit": unit(of),
        "batch": None,
    }
    content = {"header": head | header, "lines": list(lines)}
    return SourceDocument(
        DocumentType.INVENTORY_ADJUSTMENT,
        source_id,
        f"ADJ-{source_id}",
        1,
        day,
        Decimal(0),
        content,
    )


class Chart:
    """ServiceTitan's accounts: those of a number `N...`, each once."""

    def of_number(self, number: str) -> Json | None:
        key = number.removeprefix("N")
        return named(key) if number.startswith("N") and key != "twice" else None


def goods(
    quantity: Any = "3", cost: Any = "7.15", number: str | None = "N130", **more: Any
) -> Json:
    """One line of a return, its account by number as ServiceTitan shows it."""
    made = {
        "id": "5",
        "sku": {"id": "4", "code": "CU-34"},
        "description": "Pipe",
        "quantity": quantity,
        "cost": cost,
        "account": {"id": None, "number": number, "name": "Inventory"} if number else None,
    }
    return made | more


def credit(
    *lines: Any,
    total: Any = None,
    tax: Any = "0",
    shipping: Any = "0",
    applied: Any = (),
    credits: Any = ("6001",),
    day: date | None = DAY,
    source_id: str = "7100",
    **header: Any,
) -> SourceDocument:
    """A return of these lines with its AP credits; it adds up unless told otherwise."""
    if total is None:
        worth = (Decimal(line["quantity"]) * Decimal(line["cost"]) for line in lines)
        total = str(sum(worth, Decimal(tax) + Decimal(shipping)))
    head = {
        "id": source_id,
        "number": f"RET-{source_id}",
        "date": day.isoformat() if day else None,
        "reference": "RMA-9",
        "memo": None,
        "vendor": {"id": "8001", "name": None},
        "business_unit": unit("1"),
        "total": total,
        "tax": tax,
        "shipping": shipping,
        "posted": True,
        "canceled": False,
        "batch": None,
        "applied": [{"to": to, "amount": amount} for to, amount in applied],
        "credited": None,
    }
    content = {
        "header": head | header,
        "lines": list(lines),
        "credits": [{"id": id_, "number": f"VC-{id_}"} for id_ in credits],
    }
    return SourceDocument(
        DocumentType.VENDOR_CREDIT, source_id, f"RET-{source_id}", 1, day, Decimal(0), content
    )


def with_row(*rows: MappingRow) -> MappingFrames:
    """The mappings with some rows replaced or added."""
    keys = {(row.kind, row.source_key) for row in rows}
    kept = [row for row in ROWS if (row.kind, row.source_key) not in keys]
    return MappingFrames([*kept, *rows])


@dataclass
class Judge:
    """What a test judges against; each field can be replaced."""

    tenant: Tenant = field(default_factory=lambda: tenant(method="documents", cost_of_sales="none"))
    profile: AccountProfile = ONE_WORLD
    mappings: MappingFrames = field(default_factory=lambda: MappingFrames(ROWS))
    reference: ReferenceFrames = FRAMES
    posted: frozenset[str] = frozenset()

    def deposits(self, *chunk: SourceDocument) -> list[Verdict]:
        return validate_deposits(
            chunk, self.mappings, self.reference, self.tenant, self.profile, posted=self.posted
        )

    def deposit(self, *lines: Any, **words: Any) -> Verdict:
        return self.deposits(deposit(*(lines or (paid(),)), **words))[0]

    def adjustments(self, *chunk: SourceDocument) -> list[Verdict]:
        return validate_adjustments(
            chunk,
            self.mappings,
            self.reference,
            self.tenant,
            self.profile,
            SKUS,
            posted=self.posted,
        )

    def adjustment(self, *lines: Any, **words: Any) -> Verdict:
        return self.adjustments(adjustment(*lines, **words))[0]

    def credits(self, *chunk: SourceDocument) -> list[Verdict]:
        return validate_vendor_credits(
            chunk,
            self.mappings,
            self.reference,
            self.tenant,
            self.profile,
            Catalogue(Chart(), SKUS),
            posted=self.posted,
        )

    def credit(self, *lines: Any, **words: Any) -> Verdict:
        return self.credits(credit(*(lines or (goods(),)), **words))[0]


def causes(verdict: Verdict) -> list[str]:
    return [problem.cause.value for problem in verdict.problems]


def effect(verdict: Verdict) -> dict[str, Decimal]:
    """Debits less credits by NetSuite account of the planned journal."""
    sums: dict[str, Decimal] = {}
    for line in verdict.plan.lines:
        sums[line.account] = sums.get(line.account, Decimal(0)) + line.amount
    return sums
