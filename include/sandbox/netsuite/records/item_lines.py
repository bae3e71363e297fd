"""The lines of sales and purchases: items and expenses, their amounts and accounts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, not_valid_here, user_error
from sandbox.netsuite.records.base import cents, check_lengths, money
from sandbox.netsuite.records.header import check_account, check_dimensions, require_dimensions
from sandbox.netsuite.records.journal_entry import DIMENSIONS, MAX_AMOUNT
from sandbox.netsuite.store import Document

SALE, PURCHASE = "incomeAccount", "expenseAccount"
LIMITS = {"description": 4000, "memo": 4000}
SUBTYPES = {
    "nonInventorySaleItem": "Sale",
    "nonInventoryPurchaseItem": "Purchase",
    "nonInventoryResaleItem": "Resale",
}
NOT_FOR_EXPENSES = ("AcctRec", "AcctPay")


def complete_lines(
    context: Context, document: Document, old: Document | None, side: str, names: Iterable[str]
) -> Decimal:
    """Check every line and fill in its defaults; returns the sum of their amounts.

    `side` is the account of an item that its line moves, `names` are the sublists there are.
    """
    before = {
        line["line"]: line for name in names for line in (old or {}).get(name) or []
    }  # one count of line ids runs through all sublists
    lines = [line for name in names for line in document.get(name) or []]
    if not lines:
        raise user_error("You must enter at least one line item for this transaction.")
    number(lines, before)
    for name in names:
        for position, line in enumerate(document.get(name) or []):
            path = f"{name}.items[{position}]"
            for dimension in DIMENSIONS:
                line[dimension] = line.get(dimension) or document.get(dimension)
            if name == "item":
                _item(context, document, line, side, path)
            else:
                _expense(context, document, line, path)
            _amount(line, before.get(line["line"]), path)
            check_lengths(line, LIMITS)
            check_dimensions(context, line, document.get("subsidiary"))
    require_dimensions(context, lines)
    return sum((money(line["amount"]) for line in lines), Decimal(0))


def number(lines: list[Document], before: dict[int, Document]) -> None:
    """Give every new line the next id, from 1; the ids of lines removed do not come back."""
    following = max(
        [int(line["line"]) for line in lines if line.get("line") is not None] + list(before) + [0]
    )
    for line in lines:
        if line.get("line") is None:
            following += 1
            line["line"] = following


def _item(context: Context, document: Document, line: Document, side: str, path: str) -> None:
    if line.get("item") is None:
        raise missing("Item")
    found = context.item(line["item"])
    account_id = found[1].get(side) if found is not None else None
    if found is None or found[1].get("isInactive") or account_id is None:
        raise invalid_value(line["item"], "item", f"{path}.item")
    kind, item = found
    if not is_shared(context, item, document.get("subsidiary")):
        raise not_valid_here(line["item"], "item")
    account = context.store.all("account")[account_id]
    check_account(context, account, document.get("subsidiary"), f"{path}.item")
    line |= {
        "account": account_id,
        "itemType": "NonInvtPart",
        "itemSubtype": SUBTYPES[kind],
        "quantity": money(1) if line.get("quantity") is None else money(line["quantity"]),
    }
    preset = item.get("rate" if side == SALE else "cost")
    if line.get("rate") is None and line.get("amount") is None and preset is not None:
        line["rate"] = money(preset)
    if side == SALE and line.get("isTaxable") is None:
        line["isTaxable"] = item.get("isTaxable") is not False
    words = item.get("salesDescription" if side == SALE else "purchaseDescription")
    line["description"] = line.get("description") or words


def is_shared(context: Context, item: Document, subsidiary: str | None) -> bool:
    """Whether an item may be used in a subsidiary."""
    allowed = item.get("subsidiary") or []
    if not context.one_world or not allowed or subsidiary in allowed:
        return True
    above = context.store.all("subsidiary").get(str(subsidiary))
    while item.get("includeChildren") and above is not None and above.get("parent"):
        if above["parent"] in allowed:
            return True
        above = context.store.all("subsidiary").get(above["parent"])
    return False


def _expense(context: Context, document: Document, line: Document, path: str) -> None:
    if line.get("account") is None:
        raise missing("Account")
    account = context.store.all("account")[line["account"]]
    check_account(context, account, document.get("subsidiary"), f"{path}.account")
    if account["acctType"] in NOT_FOR_EXPENSES:
        raise invalid_value(account["id"], "account", f"{path}.account")


def _amount(line: Document, before: Document | None, path: str) -> None:
    """The amount as sent, else rate times quantity; a changed rate or quantity works it anew."""
    keys = ("rate", "quantity")
    if before is not None and money(before["amount"]) == money(line.get("amount")):
        if any(money(before.get(key)) != money(line.get(key)) for key in keys):
            line["amount"] = None
    elif before is not None and money(before.get("rate")) == money(line.get("rate")):
        line["rate"] = None
    quantity = money(line.get("quantity", 1))
    if line.get("amount") is None:
        if line.get("rate") is None:
            raise user_error("Please enter a value for Amount.")
        line["amount"] = money(line["rate"]) * quantity
    line["amount"] = cents(money(line["amount"]))
    if abs(line["amount"]) >= MAX_AMOUNT:
        raise invalid_value(line["amount"], "amount", f"{path}.amount")
    if line.get("rate") is None and "quantity" in line and quantity:
        line["rate"] = round(line["amount"] / quantity, 8)
