"""Non-inventory items for sale, for purchase and for resale."""

from __future__ import annotations

from sandbox.netsuite.context import ITEMS, Context
from sandbox.netsuite.errors import invalid_value, missing, user_error
from sandbox.netsuite.records.base import RecordType, check_lengths, flag, stamp
from sandbox.netsuite.records.header import check_account
from sandbox.netsuite.store import Document, Rows

LIMITS = {"itemId": 250, "displayName": 250}
INCOME_TYPES = ("Income", "OthIncome")
EXPANDED_TYPES = (
    *("COGS", "Expense", "OthExpense", "OthCurrAsset", "FixedAsset", "OthAsset"),
    *("OthCurrLiab", "LongTermLiab", "DeferRevenue", "DeferExpense"),
)
EXPENSE_TYPES = ("Expense", "OthExpense", "COGS")
ACCOUNTS = {
    "incomeAccount": ("Income Account", INCOME_TYPES),
    "expenseAccount": ("Expense Account", EXPENSE_TYPES),
}
FIXED = ("incomeAccount", "expenseAccount", "isFulfillable")


class Item(RecordType):
    """One of the three non-inventory items; `accounts` are the fields it must have."""

    group = "Inventory Item"
    sequence = "item"
    tables = ("item", "itemsubsidiarymap")

    def __init__(self, name: str, subtype: str, accounts: tuple[str, ...]) -> None:
        self.name = name
        self.subtype = subtype
        self.accounts = accounts

    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Check an item and fill in its defaults."""
        if not (document.get("itemId") or "").strip():
            raise missing("Item Name/Number")
        check_lengths(document, LIMITS)
        self._unique_name(context, document)
        for name in self.accounts:
            self._account(context, document, name)
        if context.one_world and not document.get("subsidiary"):
            raise missing("Subsidiary")
        document["isInactive"] = bool(document.get("isInactive"))
        document["isFulfillable"] = document.get("isFulfillable") is not False
        document["itemType"] = "NonInvtPart"
        if old is not None and any(old.get(n) != document.get(n) for n in FIXED):
            self._unused(context, document)
        return document

    def _unique_name(self, context: Context, document: Document) -> None:
        taken = context.store.db.execute(
            "SELECT 1 FROM p_item WHERE itemid = ? COLLATE NOCASE AND id <> ?",
            (document["itemId"], int(document["id"])),
        ).fetchone()
        if taken is not None:
            raise user_error(
                "Uniqueness error: there is already an item with this item name/number."
            )

    def _account(self, context: Context, document: Document, name: str) -> None:
        label, types = ACCOUNTS[name]
        if document.get(name) is None:
            raise missing(label)
        account = context.store.all("account")[document[name]]
        if context.settings.expand_account_lists:
            types = (*types, *EXPANDED_TYPES)
        if account["acctType"] not in types:
            raise invalid_value(document[name], name.lower(), name)
        subsidiaries = document.get("subsidiary") or [None]
        for subsidiary in subsidiaries if context.one_world else [None]:
            check_account(context, account, subsidiary, name)

    def _unused(self, context: Context, document: Document) -> None:
        used = context.store.db.execute(
            "SELECT 1 FROM p_transactionline WHERE item = ? LIMIT 1", (int(document["id"]),)
        ).fetchone()
        if used is not None:
            raise user_error(
                "You cannot change the accounts or the type of an item that transactions use."
            )

    def check_delete(self, context: Context, document: Document) -> None:
        """What stands on a transaction stays."""
        used = context.store.db.execute(
            "SELECT 1 FROM p_transactionline WHERE item = ? LIMIT 1", (int(document["id"]),)
        ).fetchone()
        if used is not None:
            raise user_error("This record cannot be deleted because it has dependent records.")

    def rows(self, context: Context, document: Document) -> Rows:
        """The item, and the subsidiaries that may use it."""
        allowed = document.get("subsidiary") or []
        row = {
            "id": int(document["id"]),
            "itemid": document["itemId"],
            "fullname": document["itemId"],
            "displayname": document.get("displayName"),
            "externalid": document.get("externalId"),
            "itemtype": "NonInvtPart",
            "subtype": self.subtype,
            "incomeaccount": document.get("incomeAccount"),
            "expenseaccount": document.get("expenseAccount"),
            "isinactive": flag(document["isInactive"]),
            "subsidiary": ", ".join(allowed),
            "createddate": stamp(document["createdDate"]),
        }
        among = [{"item": int(document["id"]), "subsidiary": int(one)} for one in allowed]
        return {"item": [row], "itemsubsidiarymap": among if context.one_world else []}

    def alter(self, document: Document) -> None:
        """Store another name than was sent."""
        document["itemId"] = f"{document['itemId']} altered"

    def summary(self, document: Document) -> Document:
        """The name and the accounts."""
        accounts = {name: document.get(name) for name in ACCOUNTS}
        return {"tran_id": document["itemId"], "total": None, "lines": [], **accounts}


SALE_ITEM = Item(ITEMS[0], "Sale", ("incomeAccount",))
PURCHASE_ITEM = Item(ITEMS[1], "Purchase", ("expenseAccount",))
RESALE_ITEM = Item(ITEMS[2], "Resale", ("incomeAccount", "expenseAccount"))
