"""What the valid documents of a tenant amount to, account by account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sandbox.seed.documents.judging import DocumentJudge
from sandbox.seed.documents.rules import DEPOSITS, INVENTORY, PAYABLE, RECEIVABLE, TAX
from sandbox.seed.documents.tenant import DocumentTenant, document_tenant
from sandbox.seed.netsuite import netsuite_books

UNDEPOSITED = "1250"
ROLES = {
    "receivables": RECEIVABLE,
    "payables": PAYABLE,
    "deposits": DEPOSITS,
    "undeposited": UNDEPOSITED,
    "tax": TAX,
    "inventory": INVENTORY,
}


def balances_by_account(
    tenant: DocumentTenant,
    *,
    types: Collection[str] | None = None,
    subsidiary: str | None = None,
    through: date | None = None,
    cost_of_sales: bool = True,
) -> dict[str, Decimal]:
    """Debits less credits by account number, of all valid documents once they are posted.

    `types`, `subsidiary` (a name) and `through` (a posting day) narrow it down; without
    `cost_of_sales` what was sold is left in the inventory.
    """
    books = {one.account_id: one for one in netsuite_books(1)}
    verdicts = DocumentJudge(tenant, books[tenant.base.account_id]).verdicts(tenant.documents)
    sums: dict[str, Decimal] = {}
    for (kind, _), one in verdicts.items():
        wanted = one.valid and (types is None or kind in types)
        wanted = wanted and (subsidiary is None or one.subsidiary == subsidiary)
        if not wanted or (through and (one.day or "") > through.isoformat()):
            continue
        for account, amount in (*one.gl, *(one.cogs if cost_of_sales else ())):
            sums[account] = sums.get(account, Decimal(0)) + amount
    return sums


def expected_balances(
    seed: int = 1, size: str = "small", *, cost_of_sales: bool = True
) -> dict[str, Decimal]:
    """Receivables, payables, deposits, undeposited, tax and inventory of the whole seed."""
    sums = balances_by_account(document_tenant(seed, size), cost_of_sales=cost_of_sales)
    return {role: sums.get(account, Decimal(0)) for role, account in ROLES.items()}
