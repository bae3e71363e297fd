"""Rules about what an item can stand for.

NetSuite's invoices and orders have no account lines: an amount reaches an account through an item.
Sale items take income accounts in every NetSuite account, purchase items expense accounts. All
others, such as the liability that sales tax goes to, only where the preference Expand Account Lists
is on; that preference cannot be read over REST, so such an item is tried, and where NetSuite
refuses it, the refusal names what to change. Receivables, payables, banks and cards are never on an
item: those block at once. An item that a person has linked is taken as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import Cause, DocumentType, Problem, external_id
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.reference import Row, label
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame

_ALWAYS = {
    DocumentType.ITEM: ("Income", "OthIncome"),
    DocumentType.PURCHASE_ITEM: ("Expense", "OthExpense"),
}
_NEVER = ("AcctRec", "UnbilledRec", "AcctPay", "Bank", "CredCard")

Missing = dict[int, set[str]]
ON_INVOICES = (
    "An invoice reaches an account through an item, and items take no account of that type.",
    "Map it to an income account in the tenant's mappings, "
    "or give the SKU another account in ServiceTitan.",
)
"""Why an account cannot be reached, and what to do."""


def check_items(
    lines: DataFrame, items: Mapping[str, str], told: tuple[str, str], findings: Findings
) -> Missing:
    """By document, the accounts of these rows whose item is still to be created.

    `items` names those there are by account; `told` says why one cannot be, and what to do.
    """
    new = lines[lines["a_type"].notna() & ~lines["target"].isin(list(items))]
    missing: Missing = defaultdict(set)
    for doc, account, name, target, shown, kind in each(
        new, "doc", "account", "account_name", "target", "a_label", "a_type"
    ):
        if kind in _NEVER:
            findings.add(doc, refused(account, name, shown, kind, told))
            continue
        missing[doc].add(target)
    return missing


def item_note(kind: DocumentType, account: Row) -> str:
    """What NetSuite needs to take this account on an item of `kind`, empty where it always does."""
    if account.get("type") in _ALWAYS[kind]:
        return ""
    return (
        f"NetSuite takes account {label(account)} on an item only with the preference "
        "Expand Account Lists"
    )


def item_external_id(tenant: Tenant, account: str) -> str:
    """External id of the tenant's sale item for NetSuite account `account`."""
    return external_id(tenant.servicetitan.tenant_id, DocumentType.ITEM, account)


def refused(account: str, name: str, target: str, kind: str, told: tuple[str, str]) -> Problem:
    """NetSuite takes no account of type `kind` there; `told` says why, and what to do."""
    why, advice = told
    return Problem(
        Cause.ACCOUNT_NOT_POSTABLE,
        f"ServiceTitan account {name} is mapped to NetSuite account {target} of type {kind}. {why}",
        advice,
        account,
        name,
    )
