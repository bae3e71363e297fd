"""Fill an empty account with what it holds before anything is posted to it."""

from __future__ import annotations

from dataclasses import asdict

from sandbox.netsuite.context import Context
from sandbox.netsuite.records import REGISTRY
from sandbox.netsuite.saving import save
from sandbox.netsuite.store import Document, Store
from sandbox.seed.books import (
    Account,
    Books,
    Classification,
    Customer,
    Item,
    Period,
    Subsidiary,
    Vendor,
)

STAMP = "2020-01-01T00:00:00Z"
RELATIONS_FROM = 10_000_000  # ids of relations, clear of the customers' own
ACCOUNT_TYPES = (
    ("Bank", "Bank", "T", "T"),
    ("AcctRec", "Accounts Receivable", "T", "T"),
    ("UnbilledRec", "Unbilled Receivable", "T", "T"),
    ("OthCurrAsset", "Other Current Asset", "T", "T"),
    ("FixedAsset", "Fixed Asset", "T", "T"),
    ("OthAsset", "Other Asset", "T", "T"),
    ("DeferExpense", "Deferred Expense", "T", "T"),
    ("AcctPay", "Accounts Payable", "F", "T"),
    ("CredCard", "Credit Card", "F", "T"),
    ("OthCurrLiab", "Other Current Liability", "F", "T"),
    ("LongTermLiab", "Long Term Liability", "F", "T"),
    ("DeferRevenue", "Deferred Revenue", "F", "T"),
    ("Equity", "Equity", "F", "T"),
    ("Income", "Income", "F", "F"),
    ("OthIncome", "Other Income", "F", "F"),
    ("COGS", "Cost of Goods Sold", "T", "F"),
    ("Expense", "Expense", "T", "F"),
    ("OthExpense", "Other Expense", "T", "F"),
)


def _subsidiary(item: Subsidiary) -> Document:
    return {
        "name": item.name,
        "parent": item.parent,
        "currency": item.currency,
        "country": "US",
        "isElimination": item.is_elimination,
    }


def _account(item: Account) -> Document:
    return {
        "acctNumber": item.number,
        "acctName": item.name,
        "acctType": item.type,
        "isSummary": item.is_summary,
        "sSpecAcct": item.special,
        "subsidiary": list(item.subsidiaries),
        **dict(item.fields),
    }


def _classification(item: Classification) -> Document:
    return {"name": item.name, "subsidiary": list(item.subsidiaries)}


def _period(item: Period) -> Document:
    return {
        "periodName": item.name,
        "startDate": item.start.isoformat(),
        "endDate": item.end.isoformat(),
        "isYear": item.is_year,
        "isQuarter": item.is_quarter,
        "isAdjust": item.is_adjust,
        "isPosting": not item.is_year and not item.is_quarter,
        "closed": item.closed,
        "allLocked": item.closed or item.all_locked,
        "arLocked": item.closed or item.ar_locked,
        "apLocked": item.closed or item.ap_locked,
    }


def _customer(item: Customer, one_world: bool) -> Document:
    return {
        "entityId": item.entity_id,
        "isPerson": item.is_person,
        "companyName": item.company_name,
        "firstName": item.first_name,
        "lastName": item.last_name,
        "email": item.email,
        "phone": item.phone,
        "subsidiary": item.subsidiary if one_world else None,
        "currency": "1",
        "dateCreated": STAMP,
    }


def _vendor(vendor: Vendor, one_world: bool) -> Document:
    return {
        "entityId": f"V-{vendor.id} {vendor.name}",
        "isPerson": False,
        "companyName": vendor.name,
        "email": vendor.email,
        "phone": vendor.phone,
        "terms": vendor.terms,
        "subsidiary": vendor.subsidiaries[0] if one_world else None,
        "currency": "1",
        "dateCreated": STAMP,
        **dict(vendor.fields),
    }


def _item(item: Item) -> Document:
    return {
        "itemId": item.name,
        "itemType": "NonInvtPart",
        "incomeAccount": item.income_account,
        "expenseAccount": item.expense_account,
        "subsidiary": list(item.subsidiaries),
        "includeChildren": False,
        "isFulfillable": True,
        "generateAccruals": item.accrues,
    }


def _place(context: Context, name: str, item_id: str, inactive: bool, document: Document) -> None:
    """Store what was there before; the rules for new records do not bind it."""
    kind = REGISTRY[name]
    context.store.reserve(kind.sequence, int(item_id))
    fixed = {"id": item_id, "createdDate": STAMP, "lastModifiedDate": STAMP}
    save(context, kind, {"isInactive": inactive, **document, **fixed}, new=True)


def _tables(store: Store, books: Books) -> None:
    for currency_id, symbol in books.currencies:
        row = {"id": int(currency_id), "symbol": symbol, "name": symbol, "isbasecurrency": "T"}
        document = {"id": currency_id, "symbol": symbol, "name": symbol}
        rows = {"currency": [{**row, "isinactive": "F", "exchangerate": 1.0}]}
        store.put("currency", "currency", document, rows, new=True)
    store.db.execute(
        """INSERT INTO p_accountingbook (id, name, isprimary)
           VALUES (1, 'Primary Accounting Book', 'T')"""
    )
    store.db.execute("INSERT INTO p_dual VALUES ('X')")
    store.db.executemany(
        """INSERT INTO p_accounttype (id, longname, "left", balancesheet, seqnum, internalid)
           VALUES (?, ?, ?, ?, ?, ?)""",
        [(*entry, n, n) for n, entry in enumerate(ACCOUNT_TYPES, 1)],
    )


def _partners(context: Context, books: Books) -> None:
    """Terms, vendors with the subsidiaries they trade in, and items."""
    one_world = books.preferences.one_world
    for term in books.terms:
        document: Document = {"name": term.name, "daysUntilNetDue": term.days}
        _place(context, "term", term.id, False, document)
    for vendor in books.vendors:
        _place(context, "vendor", vendor.id, vendor.is_inactive, _vendor(vendor, one_world))
        for subsidiary in vendor.subsidiaries[1:] if one_world else ():
            further = {"entity": vendor.id, "subsidiary": subsidiary}
            name = "vendorSubsidiaryRelationship"
            _place(context, name, context.store.next_id(name), False, further)
    for item in books.items:
        _place(context, f"nonInventory{item.kind}Item", item.id, item.is_inactive, _item(item))


def fill(context: Context, books: Books) -> None:
    """Store the books of an account that holds nothing yet."""
    with context.store.transaction():
        for name in ("customerSubsidiaryRelationship", "vendorSubsidiaryRelationship"):
            context.store.reserve(name, RELATIONS_FROM)
        _tables(context.store, books)
        if books.preferences.one_world:
            for subsidiary in books.subsidiaries:
                _place(
                    context,
                    "subsidiary",
                    subsidiary.id,
                    subsidiary.is_inactive,
                    _subsidiary(subsidiary),
                )
        for account in books.accounts:
            _place(context, "account", account.id, account.is_inactive, _account(account))
        dimensions = {
            "department": books.departments,
            "classification": books.classes,
            "location": books.locations,
        }
        for name, items in dimensions.items():
            for item in items:
                _place(context, name, item.id, item.is_inactive, _classification(item))
        for period in books.periods:
            _place(context, "accountingPeriod", period.id, False, _period(period))
        for customer in books.customers:
            document = _customer(customer, books.preferences.one_world)
            _place(context, "customer", customer.id, customer.is_inactive, document)
        _partners(context, books)
        context.store.reserve("transaction", 1000)
        context.store.remember("account", books.account_id)
        context.store.remember("preferences", asdict(books.preferences))
