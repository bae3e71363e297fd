"""What the NetSuite accounts hold besides ledger and customers: vendors, terms, items.

Also NetSuite's own accounts that purchases and taxes need, and the flags of what belongs in
ServiceTitan too.
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.seed.books import Account, Item, Subsidiary, Term, Vendor
from sandbox.seed.vendors import VENDORS

AVAILABLE_VENDOR, AVAILABLE_ACCOUNT = "custentity_st_available", "custrecord_st_available"
AVAILABLE_NUMBERS = ("4000", "6010", "6050", "9000")
OWN_ACCOUNTS = (
    ("2110", "Inventory Received Not Billed", "RecvNotBill"),
    ("2210", "Sales Taxes Payable", "SalesTaxPay"),
)
TERMS = (Term("1", "Net 15", 15), Term("2", "Net 30", 30), Term("3", "Due on receipt", 0))


def vendors(subsidiaries: tuple[Subsidiary, ...]) -> tuple[Vendor, ...]:
    """The vendors NetSuite knows."""
    ids = {one.name: one.id for one in subsidiaries}
    return tuple(
        Vendor(
            id=row.netsuite_id,
            name=row.name,
            subsidiaries=tuple(ids[name] for name in row.subsidiaries),
            is_inactive=row.inactive,
            terms="2" if int(row.netsuite_id) % 2 else None,
            email=f"office{row.netsuite_id}@example.com",
            phone=f"303-555-{int(row.netsuite_id) % 10000:04d}",
            fields=((AVAILABLE_VENDOR, row.available),),
        )
        for row in VENDORS
        if row.netsuite_id is not None
    )


def with_own(accounts: tuple[Account, ...]) -> tuple[Account, ...]:
    """A chart with NetSuite's own accounts at its end, and its flags."""
    first = max(int(account.id) for account in accounts) + 1
    own = tuple(
        Account(str(first + place), number, name, "OthCurrLiab", special=special)
        for place, (number, name, special) in enumerate(OWN_ACCOUNTS)
    )
    flag = ((AVAILABLE_ACCOUNT, True),)
    flagged = (
        replace(one, fields=flag) if one.number in AVAILABLE_NUMBERS else one for one in accounts
    )
    return (*flagged, *own)


def items(accounts: tuple[Account, ...], subsidiaries: tuple[str, ...]) -> tuple[Item, ...]:
    """Items that were there before: one in use, one retired."""
    ids = {account.number: account.id for account in accounts}
    income, cost = ids["4000"], ids["5000"]
    return (
        Item("901", "Diagnostic Visit", "Sale", income, subsidiaries=subsidiaries),
        Item("902", "Filter, retired", "Resale", income, cost, subsidiaries, is_inactive=True),
    )
