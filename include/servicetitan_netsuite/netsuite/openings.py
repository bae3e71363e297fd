"""NetSuite's documents from before go-live, as people link them to ServiceTitan's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.suiteql import rows_in

_TRANSACTIONS = (
    "SELECT t.id AS id, t.recordtype AS recordtype, t.externalid AS externalid "
    "FROM transaction t WHERE t.id IN ({values}) ORDER BY t.id"
)
_FITTING = {
    # An invoice below zero is a credit memo in NetSuite.
    "opening_invoice": ("invoice", "creditmemo"),
    "opening_credit_memo": ("creditmemo",),
    "opening_payment": ("customerpayment", "customerdeposit"),
    "opening_purchase_order": ("purchaseorder",),
    "opening_vendor_bill": ("vendorbill",),
}
# Somebody else may have names that begin with st-; ours go on with a tenant and a type.
_OURS = re.compile(r"st-[0-9]+-[a-z_]+-")


async def unfit(client: NetSuite, linked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Why records cannot be opening documents, by (kind of mapping, NetSuite's internal id).

    Raises:
        ReadRefused: the role may not read transactions.
        TransientError: NetSuite was not to be had.
    """
    found = {
        row["id"]: row
        for row in await rows_in(client, _TRANSACTIONS, [target for _, target in linked])
    }
    told: dict[tuple[str, str], str] = {}
    for kind, target in linked:
        row = found.get(target)
        if row is None:
            told[kind, target] = f"NetSuite shows no transaction of internal id {target}"
        elif row.get("recordtype", "").lower() not in _FITTING[kind]:
            wanted = " or ".join(_FITTING[kind])
            told[kind, target] = f"NetSuite's {target} is a {row.get('recordtype')}, not a {wanted}"
        elif _OURS.match(row.get("externalid", "")):
            told[kind, target] = f"NetSuite's {target} was posted by this sync"
    return told
