"""A sale item, through which an invoice's amounts reach one income account.

Non-inventory, for sale only: it has no stock, no cost, and one account. NetSuite decides whether
it takes the account; a type it refuses comes back in its own words.
"""

from __future__ import annotations

from servicetitan_netsuite.documents import DocumentType, Json
from servicetitan_netsuite.netsuite.canonical import name, reference
from servicetitan_netsuite.plans.entities import ItemPlan

RECORD = "nonInventorySaleItem"
PATH = f"record/v1/{RECORD}"
NAME_LENGTH = 250
"""NetSuite's limit of an item's name, which is unique among items."""


def named(label: str, end: str) -> str:
    """An item's name: `label` on one line, cut so that it fits with its whole `end`."""
    return f"{' '.join(label.split())[: NAME_LENGTH - len(end)]}{end}"


def body(plan: ItemPlan) -> Json:
    """What is sent to create `plan`; a subsidiary's children may use the item as well."""
    made: Json = {
        "externalId": plan.external_id,
        "itemId": plan.name,
        "incomeAccount": {"id": plan.account},
    }
    if plan.subsidiary:
        places = [plan.subsidiary, *plan.others]
        made["subsidiary"] = {"items": [{"id": place} for place in places]}
        made["includeChildren"] = True
    return made


def canonical(plan: ItemPlan) -> Json:
    """The form that NetSuite's item is compared in: its name and its account."""
    return _form(plan.name, plan.account)


def held(record: Json) -> Json:
    """The same of an item as NetSuite's GET shows it."""
    return _form(record.get("itemId"), reference(record.get("incomeAccount")))


def _form(item_name: object, account: str | None) -> Json:
    return {"type": DocumentType.ITEM.value, "name": name(item_name), "account": account}
