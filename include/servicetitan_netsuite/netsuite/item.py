"""A sale or purchase item, through which amounts of invoices or of orders reach one account.

Non-inventory, for sale or for purchase only: it has no stock, no cost, and one account. NetSuite
decides whether it takes the account; a type it refuses comes back in its own words.
"""

from __future__ import annotations

from servicetitan_netsuite.documents import DocumentType, Json
from servicetitan_netsuite.netsuite.canonical import name, reference
from servicetitan_netsuite.plans.entities import ItemPlan

RECORD, PURCHASE_RECORD = "nonInventorySaleItem", "nonInventoryPurchaseItem"
PATH, PURCHASE_PATH = f"record/v1/{RECORD}", f"record/v1/{PURCHASE_RECORD}"
_ACCOUNTS = {
    DocumentType.ITEM: "incomeAccount",
    DocumentType.PURCHASE_ITEM: "expenseAccount",
}
NAME_LENGTH = 250
"""NetSuite's limit of an item's name, which is unique among items."""


def named(label: str, end: str) -> str:
    """An item's name: `label` on one line, cut so that it fits with its whole `end`."""
    return f"{' '.join(label.split())[: NAME_LENGTH - len(end)]}{end}"


def path(plan: ItemPlan) -> str:
    """Where `plan` is created."""
    return PURCHASE_PATH if plan.kind is DocumentType.PURCHASE_ITEM else PATH


def body(plan: ItemPlan) -> Json:
    """What is sent to create `plan`; a subsidiary's children may use the item as well."""
    made: Json = {
        "externalId": plan.external_id,
        "itemId": plan.name,
        _ACCOUNTS[plan.kind]: {"id": plan.account},
    }
    if plan.subsidiary:
        places = [plan.subsidiary, *plan.others]
        made["subsidiary"] = {"items": [{"id": place} for place in places]}
        made["includeChildren"] = True
    return made


def canonical(plan: ItemPlan) -> Json:
    """The form that NetSuite's item is compared in: its name and its account."""
    return _form(plan.kind, plan.name, plan.account)


def held(record: Json) -> Json:
    """The same of an item as NetSuite's GET shows it; its one account tells what it is for."""
    sold, bought = (reference(record.get(name)) for name in _ACCOUNTS.values())
    kind = DocumentType.PURCHASE_ITEM if bought and not sold else DocumentType.ITEM
    return _form(kind, record.get("itemId"), sold or bought)


def _form(kind: DocumentType, item_name: object, account: str | None) -> Json:
    return {"type": kind.value, "name": name(item_name), "account": account}
