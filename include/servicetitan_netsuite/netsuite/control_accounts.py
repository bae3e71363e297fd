"""The accounts that accountants reconcile first: receivables, payables, undeposited and others.

Which account plays such a part is what a tenant's role mappings say; where they do not, NetSuite's
own type of the account, or that it is one of NetSuite's special accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from servicetitan_netsuite.documents import Json, MappingRow, to_cents

CONTROLS = {
    "AccountsReceivable": "Accounts receivable",
    "AccountsPayable": "Accounts payable",
    "UndepositedFunds": "Undeposited funds",
    "CustomerDeposits": "Customer deposits",
    "SalesTaxPayable": "Sales tax",
}
"""What people call a part, by ServiceTitan's name of the default account."""
_TYPES = {"AcctRec": "AccountsReceivable", "AcctPay": "AccountsPayable"}
_SPECIAL = {
    "UndepFunds": "UndepositedFunds",
    "CustDep": "CustomerDeposits",
    "SalesTaxPay": "SalesTaxPayable",
}


def roles_of(mappings: Iterable[MappingRow]) -> dict[str, str]:
    """ServiceTitan's default accounts that are told apart, by the NetSuite account each is on."""
    return {
        row.target: row.source_key
        for row in mappings
        if row.kind == "account_role" and row.target and row.source_key in CONTROLS
    }


def control(account: Mapping[str, str], roles: Mapping[str, str]) -> str:
    """What an account is called apart from others; empty where it is an ordinary one.

    `account` is a SuiteQL row with id, accttype and sspecacct; `roles` names ServiceTitan's default
    account by NetSuite account id.
    """
    role = roles.get(account["id"]) or _TYPES.get(account.get("accttype", ""))
    return CONTROLS.get(role or _SPECIAL.get(account.get("sspecacct", ""), ""), "")


def controls(rows: Iterable[Json]) -> list[Json]:
    """Rows of a tie-out added up by their `control`: debits less credits, in a fixed order.

    Each is `{"control", "expected", "netsuite", "difference"}`, money as text with two decimals.
    """
    sums: dict[str, list[Decimal]] = {}
    for row in rows:
        if row["control"]:
            pair = sums.setdefault(row["control"], [Decimal(0), Decimal(0), Decimal(0)])
            pair[0] += Decimal(row["expected_debit"]) - Decimal(row["expected_credit"])
            pair[1] += Decimal(row["netsuite_debit"]) - Decimal(row["netsuite_credit"])
            pair[2] += Decimal(row["difference"])
    return [
        {
            "control": name,
            "expected": _text(sums[name][0]),
            "netsuite": _text(sums[name][1]),
            "difference": _text(sums[name][2]),
        }
        for name in CONTROLS.values()
        if name in sums
    ]


def _text(amount: Decimal) -> str:
    return f"{to_cents(amount):.2f}"
