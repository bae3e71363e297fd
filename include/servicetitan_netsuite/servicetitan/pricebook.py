"""The GL accounts that ServiceTitan's pricebook names for a SKU."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from servicetitan_netsuite.documents import Json, SkuAccounts
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.listing import known_id
from servicetitan_netsuite.servicetitan.reference import GlAccount
from servicetitan_netsuite.servicetitan.selection import IDS_A_CALL, pieces
from servicetitan_netsuite.servicetitan.shape import clean

_LISTS = ("services", "materials", "equipment")
_BY_NAME = {"account": "income", "costOfSaleAccount": "cost_of_sale", "assetAccount": "asset"}


class Chart:
    """ServiceTitan's GL accounts by id, name and number: lists name them in each of these ways.

    A name or number leads to an account only where it is one active account's, or, where no active
    account has it, one inactive account's.
    """

    def __init__(self, accounts: Iterable[GlAccount]) -> None:
        self._by_id: dict[str, Json] = {}
        self._by_name: dict[tuple[str, bool], list[Json]] = defaultdict(list)
        self._by_number: dict[tuple[str, bool], list[Json]] = defaultdict(list)
        for account in accounts:
            row = {"id": account.id, "number": account.number, "name": account.name}
            self._by_id[account.id] = row
            self._by_name[account.name, account.active].append(row)
            self._by_number[account.number, account.active].append(row)

    def of_id(self, account: str) -> Json | None:
        """The account of that id."""
        return self._by_id.get(account)

    def of_name(self, name: str) -> Json | None:
        """The one account of that name."""
        return _only(self._by_name, name)

    def of_number(self, number: str) -> Json | None:
        """The one account of that number: lists of the inventory module tell no id."""
        return _only(self._by_number, number)


def _only(accounts: Mapping[tuple[str, bool], list[Json]], key: str) -> Json | None:
    found = accounts.get((key, True)) or accounts.get((key, False)) or []
    return found[0] if len(found) == 1 else None


async def sku_accounts(
    client: ServiceTitan, ids: Iterable[str], chart: Chart
) -> dict[str, SkuAccounts]:
    """Accounts of the SKUs `ids`, inactive ones too, by id; what the pricebook lacks is absent."""
    found: dict[str, SkuAccounts] = {}
    wanted = [each for each in dict.fromkeys(ids) if each.isascii() and each.isdigit()]
    for piece in pieces(wanted, IDS_A_CALL):
        left = set(piece)
        for path in _LISTS:
            if not left:
                break
            params = {"ids": ",".join(sorted(left)), "active": "Any"}
            async for rows in client.pages("pricebook", path, params, IDS_A_CALL):
                found.update(
                    (id_, _accounts(r, chart)) for r in rows if (id_ := known_id(r)) in left
                )
            left -= found.keys()
    return found


def _accounts(row: Mapping[str, object], chart: Chart) -> SkuAccounts:
    accounts: dict[str, Json] = {}
    unclear: dict[str, str] = {}
    for field, role in _BY_NAME.items():
        name = _text(row.get(field))
        account = chart.of_name(name) if name else None
        if account:
            accounts[role] = account
        elif name:
            unclear[role] = name
    purchase = row.get("generalLedgerAccountId")
    if isinstance(purchase, int) and not isinstance(purchase, bool) and purchase:
        account = chart.of_id(str(purchase))
        if account:
            accounts["purchase"] = account
        else:
            unclear["purchase"] = str(purchase)
    return SkuAccounts(_text(row.get("code")), accounts, unclear)


def _text(value: object) -> str:
    return clean(value.strip()) if isinstance(value, str) else ""
