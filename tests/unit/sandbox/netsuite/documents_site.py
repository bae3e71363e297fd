"""Books with items, vendors and terms, and short forms of the batch documents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from netsuite_site import (
    BANK,
    BOOKS,
    EAST,
    INCOME,
    OPEN,
    PAYABLE,
    RECEIVABLE,
    RECORD,
    WEST,
    Answer,
    Site,
)
from netsuite_site import on_site as on_any_site

from sandbox.seed import books as b

UNDEPOSITED, DEPOSITS, NOT_BILLED, SALES_TAX, EXPENSE, COGS, FREIGHT = (
    "20",
    "21",
    "22",
    "23",
    "24",
    "25",
    "26",
)
OTHER_RECEIVABLE, OTHER_PAYABLE, TAX_LIABILITY = "27", "28", "29"
SALE, PURCHASE, ACCRUING, RESALE, WEST_ITEM, GONE_ITEM = "1", "2", "3", "4", "5", "6"
CUSTOMER, WEST_CUSTOMER, VENDOR, WEST_VENDOR = "50", "51", "60", "61"
NET30, ON_RECEIPT = "1", "2"

FULL = replace(
    BOOKS,
    currencies=(("1", "USD"), ("2", "CAD")),
    accounts=(
        *BOOKS.accounts,
        b.Account(UNDEPOSITED, "1050", "Undeposited Funds", "OthCurrAsset", special="UndepFunds"),
        b.Account(DEPOSITS, "2400", "Customer Deposits", "OthCurrLiab", special="CustDep"),
        b.Account(NOT_BILLED, "2450", "Received Not Billed", "OthCurrLiab", special="RecvNotBill"),
        b.Account(SALES_TAX, "2500", "Sales Taxes Payable", "OthCurrLiab", special="SalesTaxPay"),
        b.Account(EXPENSE, "6000", "Shop Supplies", "Expense"),
        b.Account(COGS, "5000", "Materials", "COGS"),
        b.Account(FREIGHT, "6100", "Freight", "Expense"),
        b.Account(OTHER_RECEIVABLE, "1101", "Other Receivables", "AcctRec"),
        b.Account(OTHER_PAYABLE, "2001", "Other Payables", "AcctPay"),
        b.Account(TAX_LIABILITY, "2200", "Tax To Pass On", "OthCurrLiab"),
    ),
    customers=(
        *BOOKS.customers,
        b.Customer("53", "CUST53", False, EAST, company_name="Second"),
    ),
    vendors=(
        b.Vendor(VENDOR, "Parts Inc", (EAST, "1"), terms=NET30),
        b.Vendor(WEST_VENDOR, "West Parts", (WEST,)),
        b.Vendor("62", "Closed Parts", (EAST,), is_inactive=True),
    ),
    items=(
        b.Item(SALE, "ST-4000", "Sale", INCOME, subsidiaries=("1", EAST, WEST)),
        b.Item(PURCHASE, "ST-5000", "Purchase", None, COGS, subsidiaries=("1", EAST)),
        b.Item(ACCRUING, "ST-5000A", "Purchase", None, COGS, ("1", EAST), accrues=True),
        b.Item(RESALE, "ST-RESALE", "Resale", INCOME, COGS, ("1", EAST)),
        b.Item(WEST_ITEM, "WEST-1", "Resale", INCOME, COGS, (WEST,)),
        b.Item(GONE_ITEM, "GONE-1", "Sale", INCOME, subsidiaries=(EAST,), is_inactive=True),
    ),
    terms=(b.Term(NET30, "Net 30", 30), b.Term(ON_RECEIPT, "Due on receipt", 0)),
)
SUITE_TAX = replace(FULL, preferences=replace(FULL.preferences, suite_tax=True))
ALONE = replace(
    FULL, account_id="7654321", preferences=b.Preferences(one_world=False), subsidiaries=()
)
PREFIX = "Error while accessing a resource. "
TOO_MUCH = "Amount applied greater than total payments and credits"
NOT_LISTED = "You have attempted an invalid sublist or line item operation."
OUTSIDE = (
    "The transaction date you specified is not within the date range of your accounting period."
)
REFERRED_TO = "This transaction cannot be deleted because it is referred to by other transactions."
KINDS = {RECEIVABLE, PAYABLE, BANK}


def on_site(check: Callable[[Site], Awaitable[None]], books: b.Books = FULL) -> None:
    """Run a check against a fresh site with the full books."""
    on_any_site(check, books)


def _body(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    merged = {"tranDate": "2026-01-15", "subsidiary": {"id": EAST}} | base | more
    return {name: value for name, value in merged.items() if value is not None}


def items(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(lines)}


def sold(amount: Any = 100, item: str = SALE, **more: Any) -> dict[str, Any]:
    """A sales line that is not taxed."""
    line = {"item": {"id": item}, "amount": amount, "isTaxable": False} | more
    return {name: value for name, value in line.items() if value is not None}


def invoice(*lines: Any, **more: Any) -> dict[str, Any]:
    base = {"entity": {"id": CUSTOMER}, "item": items(*(lines or (sold(),)))}
    return _body(base, more)


def credit(*lines: Any, **more: Any) -> dict[str, Any]:
    return invoice(*lines, **({"autoApply": False} | more))


def ticked(doc: str, amount: Any = None, **more: Any) -> dict[str, Any]:
    line = {"doc": {"id": doc}, "apply": True, "amount": amount} | more
    return {name: value for name, value in line.items() if value is not None}


async def refused(answer: Answer, words: str, code: str = "USER_ERROR") -> None:
    assert answer.status == 400, answer.text
    assert answer.code == code, answer.text
    assert words in answer.detail


async def held(site: Site, record: str) -> dict[str, Any]:
    """A record's row in the table of truth."""
    return next(r for r in (await site.truth())["records"] if r["id"] == record)


async def ledger(site: Site, record: str) -> dict[str, str]:
    """What a transaction does to the ledger by account, as SuiteQL tells it."""
    rows = await site.rows(
        "SELECT tal.account account, SUM(NVL(tal.debit, 0) - NVL(tal.credit, 0)) amount "
        "FROM transactionaccountingline tal WHERE tal.transaction = ? AND tal.posting = 'T' "
        "GROUP BY tal.account ORDER BY tal.account",
        [record],
    )
    return {row["account"]: row["amount"] for row in rows if row["amount"] != "0"}


async def row(site: Site, record: str, *columns: str) -> dict[str, str]:
    """Columns of a transaction, as SuiteQL tells them."""
    [found] = await site.rows(f"SELECT {', '.join(columns)} FROM transaction WHERE id = {record}")
    return found


async def patched(site: Site, path: str, body: Any) -> Answer:
    return await site.call("PATCH", f"{RECORD}/{path}", body)


async def transformed(
    site: Site, source: str, target: str, body: Any = None, query: str = ""
) -> Answer:
    return await site.call("POST", f"{RECORD}/{source}/!transform/{target}{query}", body or {})


async def shown(site: Site, path: str) -> dict[str, Any]:
    answer = await site.get(f"{path}?expandSubResources=true")
    assert answer.status == 200, answer.text
    return dict(answer.json)


PERIOD = OPEN


def payment(amount: Any = 100, *applied: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"customer": {"id": CUSTOMER}, "payment": amount, "autoApply": False}
    return _body(base | ({"apply": items(*applied)} if applied else {}), more)


def deposit(amount: Any = 100, **more: Any) -> dict[str, Any]:
    return _body({"customer": {"id": CUSTOMER}, "payment": amount}, more)


def refund(*applied: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"customer": {"id": CUSTOMER}, "account": {"id": BANK}, "apply": items(*applied)}
    return _body(base, more)


def applying(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of a deposit's transformation into an application."""
    return {"tranDate": "2026-01-20", "apply": items(*lines)} | more


def bought(quantity: Any = 1, rate: Any = 10, item: str = PURCHASE, **more: Any) -> dict[str, Any]:
    """A purchase line."""
    line = {"item": {"id": item}, "quantity": quantity, "rate": rate} | more
    return {name: value for name, value in line.items() if value is not None}


def spent(amount: Any = 10, account: str = FREIGHT, **more: Any) -> dict[str, Any]:
    """An expense line."""
    return {"account": {"id": account}, "amount": amount} | more


def order(*lines: Any, **more: Any) -> dict[str, Any]:
    return _body({"entity": {"id": VENDOR}, "item": items(*(lines or (bought(),)))}, more)


def bill(*expenses: Any, **more: Any) -> dict[str, Any]:
    return _body({"entity": {"id": VENDOR}, "expense": items(*(expenses or (spent(),)))}, more)


def vendor_credit(*expenses: Any, **more: Any) -> dict[str, Any]:
    return bill(*expenses, **({"autoApply": False} | more))


def of_order(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of an order's transformation into a receipt or bill."""
    return {"tranDate": "2026-01-20"} | ({"item": items(*lines)} if lines else {}) | more


async def ordered(site: Site, *lines: Any, **more: Any) -> str:
    return (await site.post("purchaseOrder", order(*lines, **more))).id


async def status(site: Site, record: str) -> str:
    return str((await held(site, record))["status"])
