"""Small books to judge journal entries against; tests change one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import (
    AccountProfile,
    DocumentType,
    MappingRow,
    SourceDocument,
)
from servicetitan_netsuite.mapping.entries import EntryVerdict, validate_entries
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import ReferenceFrames, frames
from servicetitan_netsuite.tenants import Tenant

DAY = date(2026, 3, 2)


def tenant(**sync: Any) -> Tenant:
    return Tenant.model_validate(
        {
            "name": "Albany",
            "short_name": "ALB",
            "timezone": "America/New_York",
            "servicetitan": {"tenant_id": 1001, "connection": "servicetitan_alb"},
            "netsuite": {"connection": "netsuite"},
            "sync": {"method": "journal_entries", "from": "2026-01-01", **sync},
        }
    )


ONE_WORLD = AccountProfile(one_world=True, suite_tax=False)
SINGLE = AccountProfile(one_world=False, suite_tax=False)


def account(key: str, number: str, name: str, type_: str = "Income", **more: Any) -> dict[str, Any]:
    row = {"id": key, "number": number, "name": name, "type": type_, "special": None}
    return row | {"inactive": False, "summary": False, "subsidiaries": ()} | more


def subsidiary(key: str, name: str, **more: Any) -> dict[str, Any]:
    row = {"id": key, "name": name, "parent": None, "currency": "1"}
    return row | {"inactive": False, "elimination": False} | more


def segment(key: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "name": name, "inactive": False, "subsidiaries": ()} | more


def period(key: str, name: str, start: date, end: date, **more: Any) -> dict[str, Any]:
    row = {"id": key, "name": name, "start": start, "end": end, "closed": False}
    return row | {"all_locked": False, "ar_locked": False, "ap_locked": False} | more


@dataclass
class Reference:
    accounts: tuple[dict[str, Any], ...] = (
        account("11", "1000", "Checking", "Bank"),
        account("12", "1190", "Clearing", "OthCurrAsset"),
        account("13", "1200", "Accounts Receivable", "AcctRec"),
        account("14", "2000", "Accounts Payable", "AcctPay"),
        account("15", "4000", "Service Revenue"),
        account("16", "4100", "Old Revenue", inactive=True),
        account("17", "4900", "All Revenue", summary=True),
        account("18", "4200", "West Revenue", subsidiaries=("3",)),
        account("19", "9000", "Orders", "NonPosting"),
    )
    subsidiaries: tuple[dict[str, Any], ...] = (
        subsidiary("2", "East LLC"),
        subsidiary("3", "West LLC", currency="2"),
        subsidiary("4", "Gone LLC", inactive=True),
        subsidiary("5", "Elimination", elimination=True),
    )
    departments: tuple[dict[str, Any], ...] = (
        segment("21", "Service"),
        segment("22", "Closed", inactive=True),
        segment("23", "West only", subsidiaries=("3",)),
    )
    classes: tuple[dict[str, Any], ...] = (segment("31", "Residential"),)
    locations: tuple[dict[str, Any], ...] = (segment("41", "Depot"),)
    periods: tuple[dict[str, Any], ...] = (
        period("51", "Jan 2026", date(2026, 1, 1), date(2026, 1, 31), closed=True),
        period("52", "Feb 2026", date(2026, 2, 1), date(2026, 2, 28), all_locked=True),
        period("53", "Mar 2026", date(2026, 3, 1), date(2026, 3, 31), ar_locked=True),
        period("59", "Q1 2026", date(2026, 1, 1), date(2026, 3, 31), is_quarter=True),
    )
    vendors: tuple[dict[str, Any], ...] = ()
    vendor_names: dict[str, str] = field(default_factory=dict)
    unit_names: dict[str, str] = field(default_factory=dict)


FRAMES = frames(Reference())

MAPPINGS = (
    MappingRow("gl_account", "100", "Checking", "11"),
    MappingRow("gl_account", "119", "Clearing", "12"),
    MappingRow("gl_account", "120", "AR", "13"),
    MappingRow("gl_account", "200", "AP", "14"),
    MappingRow("gl_account", "400", "Revenue", "15"),
    MappingRow("gl_account", "410", "Old", "16"),
    MappingRow("gl_account", "490", "Summary", "17"),
    MappingRow("gl_account", "420", "West", "18"),
    MappingRow("gl_account", "900", "Orders", "19"),
    MappingRow("gl_account", "401", "Nowhere", "999"),
    MappingRow("gl_account", "402", "Emptied", None),
    MappingRow("gl_account", "403", "Blank", ""),
    MappingRow("business_unit", "1", "Albany HVAC", "2", department="21"),
    MappingRow("business_unit", "2", "Albany Plumbing", "2"),
    MappingRow("business_unit", "3", "Western", "3"),
    MappingRow("business_unit", "4", "Ghost", "4"),
    MappingRow("business_unit", "5", "Elim", "5"),
    MappingRow("business_unit", "6", "Lost", "77"),
    MappingRow("business_unit", "7", "Bad department", "2", department="22"),
    MappingRow("business_unit", "8", "Foreign department", "2", department="23"),
    MappingRow("business_unit", "9", "No such class", "2", class_="99"),
    MappingRow("business_unit", "10", "No target", None),
    MappingRow("customer", "7001", "Ann", "501"),
    MappingRow("vendor", "8001", "Parts Inc", "601"),
)
MAPPING_FRAMES = MappingFrames(MAPPINGS)

NAMES = {"100": "Checking", "120": "AR", "400": "Revenue"}
_AS_IS = object()


def line(
    account_id: str = "400",
    debit: str = "0",
    credit: str = "0",
    unit: str | None = "1",
    **more: Any,
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "account": {
            "id": account_id,
            "number": f"N{account_id}",
            "name": NAMES.get(account_id, "Account"),
        },
        "debit": debit,
        "credit": credit,
        "memo": None,
        "business_unit": {"id": unit, "name": f"Unit {unit}"} if unit else None,
        "transaction": None,
        "customer": None,
        "vendor": None,
    }
    return made | more


def plain_lines(amount: str = "12.30") -> list[dict[str, Any]]:
    return [line("100", debit=amount), line("400", credit=amount)]


@dataclass
class Book:
    """What a test judges against; each field can be replaced."""

    tenant: Tenant = field(default_factory=tenant)
    profile: AccountProfile = ONE_WORLD
    mappings: Any = MAPPING_FRAMES
    reference: ReferenceFrames = FRAMES
    posted: dict[str, str | None] = field(default_factory=dict)

    def judge(self, *chunk: SourceDocument) -> list[EntryVerdict]:
        return validate_entries(
            chunk, self.mappings, self.reference, self.tenant, self.profile, self.posted
        )

    def one(self, lines: Any = _AS_IS, **document: Any) -> EntryVerdict:
        made = plain_lines() if lines is _AS_IS else lines
        return self.judge(entry(made, **document))[0]


def entry(
    lines: Any,
    source_id: str = "7b0c8f0e-1",
    day: date | None = DAY,
    number: str = "1042",
    header: Any = None,
    detail: Any = "summary",
) -> SourceDocument:
    head = {"id": source_id, "number": number, "name": "JE 03/02/2026", "is_empty": not lines}
    content = {
        "header": head | header if isinstance(header, dict) else head,
        "lines": lines,
        "detail": detail,
    }
    return SourceDocument(
        DocumentType.JOURNAL_ENTRY, source_id, number, 1, day, Decimal(0), content
    )
