"""Transactions and customers of a tenant that NetSuite holds under names of ours."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.suiteql import PAGE, page

_NAMED = (
    "SELECT t.id AS id, t.externalid AS externalid, t.recordtype AS recordtype, "
    "t.tranid AS tranid FROM transaction t "
    "WHERE t.externalid LIKE ? AND t.id > ? ORDER BY t.id"
)

_CUSTOMERS = (
    "SELECT c.id AS id, c.externalid AS externalid, 'customer' AS recordtype, "
    "c.entityid AS tranid FROM customer c "
    "WHERE c.externalid LIKE ? AND c.id > ? ORDER BY c.id"
)


@dataclass(frozen=True, slots=True)
class Named:
    """One of them; `record` is SuiteQL's record type, in lower case."""

    netsuite_id: str
    external_id: str
    record: str
    number: str


async def named(
    client: NetSuite, tenant_id: str, after: int = 0, *, customers: bool = False
) -> AsyncGenerator[list[Named], None]:
    """Those with an internal id above `after`, a page at a time, however many there are.

    Transactions, or else `customers`: each have numbers of their own.

    Raises:
        ReadRefused: the role may not read transactions.
        TransientError: NetSuite was not to be had.
    """
    begins, last = f"st-{tenant_id}-", str(max(after, 0))
    while True:
        rows = await page(client, _CUSTOMERS if customers else _NAMED, (f"{begins}%", last), PAGE)
        found = [
            Named(row["id"], row["externalid"], row["recordtype"].lower(), row.get("tranid", ""))
            for row in rows
        ]
        if found:
            yield [one for one in found if one.external_id.startswith(begins)]
        if len(rows) < PAGE:
            return
        last = rows[-1]["id"]
