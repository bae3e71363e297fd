"""GL accounts written to ServiceTitan, under the types that the tenant has there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import UncertainOutcome
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.shape import Misshapen, row_id

_MODULE, _LIST = "accounting", "gl-accounts"
# NetSuite's account type: ServiceTitan's type, and the subtype where only one can be meant.
_TYPES = {
    "Bank": ("Asset", ""),
    "AcctRec": ("Asset", "AccountsReceivable"),
    "UnbilledRec": ("Asset", "OtherCurrentAssets"),
    "OthCurrAsset": ("Asset", "OtherCurrentAssets"),
    "FixedAsset": ("Asset", "FixedAsset"),
    "OthAsset": ("Asset", "OtherAsset"),
    "DeferExpense": ("Asset", "OtherCurrentAssets"),
    "AcctPay": ("Liability", "AccountsPayable"),
    "CredCard": ("Liability", "CreditCard"),
    "OthCurrLiab": ("Liability", "OtherCurrentLiabilities"),
    "LongTermLiab": ("Liability", "LongTermLiability"),
    "DeferRevenue": ("Liability", "OtherCurrentLiabilities"),
    "Equity": ("Equity", ""),
    "Income": ("Income", ""),
    "OthIncome": ("OtherIncome", ""),
    "COGS": ("CostOfGoodsSold", ""),
    "Expense": ("Expense", ""),
    "OthExpense": ("OtherExpense", ""),
}
_NEAREST = {"OtherIncome": "Income", "OtherExpense": "Expense"}


@dataclass(frozen=True, slots=True)
class AccountTypes:
    """The account types of a tenant: each type's subtypes by its name."""

    subtypes: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    def of(self, netsuite_type: str) -> tuple[str, str | None] | None:
        """Type and subtype for NetSuite's account type, None where the tenant has none for it."""
        kind, subtype = _TYPES.get(netsuite_type, ("", ""))
        kind = kind if kind in self.subtypes else _NEAREST.get(kind, "")
        if kind not in self.subtypes:
            return None
        return kind, subtype if subtype in self.subtypes[kind] else None


async def account_types(client: ServiceTitan) -> AccountTypes:
    """The active types that an account may be given."""
    names: dict[str, str] = {}
    children: list[tuple[str, str]] = []
    async for rows in client.pages(_MODULE, f"{_LIST}/types"):
        for row in rows:
            name = row.get("name") if isinstance(row, dict) else None
            if not isinstance(name, str) or row.get("active") is False:
                continue
            if row.get("parentTypeId") is None:
                names[str(row.get("id"))] = name
            else:
                children.append((str(row["parentTypeId"]), name))
    return AccountTypes(
        {
            name: frozenset(child for parent, child in children if parent == key)
            for key, name in names.items()
        }
    )


async def create_account(
    client: ServiceTitan, values: Mapping[str, str], kind: str, subtype: str | None
) -> str:
    """Make an account of `values` (number, name, description); its id.

    Raises:
        Refused: ServiceTitan's no; 409 where another account has its name.
        UncertainOutcome: nobody knows whether it was made.
    """
    body: Json = {"number": values["number"], "name": values["name"], "type": kind}
    if values.get("description"):
        body["description"] = values["description"]
    if subtype:
        body["subtype"] = subtype
    return _made(await client.post(_MODULE, _LIST, body))


async def change_account(client: ServiceTitan, account_id: str, changes: Mapping[str, str]) -> None:
    """Change some of an account's number, name, description, active (yes, no).

    Raises:
        Refused: ServiceTitan's no; 409 where an account in use would be deactivated.
    """
    body: Json = {name: value for name, value in changes.items() if name != "active"}
    if "active" in changes:
        body["active"] = changes["active"] == "yes"
    await client.patch(_MODULE, f"{_LIST}/{account_id}", body)


def _made(answer: Any) -> str:
    try:
        return row_id(answer.get("id") if isinstance(answer, dict) else None, "id")
    except Misshapen as error:
        raise UncertainOutcome(
            f"ServiceTitan made an account without saying which: {error}."
        ) from error
