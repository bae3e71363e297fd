"""Orders and receipts as NetSuite holds them, in bulk, by item lines: the ledger does not tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from servicetitan_netsuite.documents import AccountProfile, Json, to_money
from servicetitan_netsuite.netsuite import canonical
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.suiteql import Row, rows_in

ORDER, RECEIPT = "purchaseOrder", "itemReceipt"
GOODS = (ORDER.lower(), RECEIPT.lower())
"""SuiteQL's record types whose item lines are compared instead of their effect on the ledger."""

_LINES = (
    "SELECT tl.transaction AS transaction, tl.item AS item, tl.quantity AS quantity, "
    "tl.rate AS rate, tl.foreignamount AS amount, tl.createdfrom AS createdfrom{place} "
    "FROM transactionline tl "
    "WHERE tl.item IS NOT NULL AND tl.mainline = 'F' AND tl.taxline = 'F' "
    "AND tl.transaction IN ({values}) ORDER BY tl.transaction, tl.id"
)
_ACCOUNTS = (
    "SELECT i.id AS id, i.expenseaccount AS expenseaccount FROM item i WHERE i.id IN ({values})"
)


async def item_lines(
    client: NetSuite, profile: AccountProfile, ids: Sequence[str]
) -> dict[str, list[Row]]:
    """Rows of the item lines of these orders and receipts, by internal id."""
    place = ", tl.subsidiary AS subsidiary" if profile.one_world else ""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in await rows_in(client, _LINES.replace("{place}", place), ids) if ids else ():
        found[row["transaction"]].append(row)
    return found


async def expense_accounts(client: NetSuite, items: Sequence[str]) -> dict[str, str | None]:
    """What the purchase of each item debits, by the item's internal id."""
    found = await rows_in(client, _ACCOUNTS, items) if items else ()
    return {row["id"]: row.get("expenseaccount") for row in found}


def form(header: Row, lines: Sequence[Row]) -> Json:
    """The canonical form of an order or receipt from its header and item lines."""
    received = header["recordtype"].lower() == RECEIPT.lower()
    places = sorted({line["subsidiary"] for line in lines if line.get("subsidiary")})
    voided = header.get("voided") == "T"
    return canonical.goods_form(
        RECEIPT if received else ORDER,
        entity=header.get("entity"),
        date=header.get("trandate"),
        period=header.get("postingperiod") if received else None,
        subsidiary=", ".join(places) or None,
        currency=header.get("currency"),
        posting=header.get("posting") != "F" and not voided,
        order=created_from(lines) if received else None,
        items=[] if voided else [_item(line, received) for line in lines],
    )


def created_from(lines: Sequence[Row]) -> str | None:
    """The order that lines were made of; several are told side by side."""
    orders = sorted({line["createdfrom"] for line in lines if line.get("createdfrom")})
    return ", ".join(orders) or None


def _item(line: Row, received: bool) -> canonical.Goods:
    rate = line.get("rate")
    return (
        line["item"],
        to_money(line.get("quantity") or "0"),
        to_money(rate) if rate is not None else None,
        None if received else to_money(line.get("amount") or "0"),
    )
