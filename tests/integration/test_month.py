"""A whole generated month: when the run is over, NetSuite's balances are ServiceTitan's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sandbox.seed import expected_balances, netsuite_books
from sandbox.seed.documents.balances import ROLES
from support.site import Site, call

SEED, SIZE = 3, "1500"
OURS = "st-1004-"


@pytest.fixture(scope="module")
def synced(make_shared_site: Callable[..., Site]) -> tuple[Site, set[tuple[str, str]]]:
    """Everything a person may batch, batched, posted and synced; what NetSuite held before."""
    site = make_shared_site("den")
    for url in (site.servicetitan, site.netsuite):
        call(url, "/sandbox/reset", {"seed": SEED, "size": SIZE})
    call(site.servicetitan, "/sandbox/settings", {"rate_limit_per_s": 2000})
    opening = {(r["type"], r["id"]) for r in site.truth()["records"]}
    site.post_batch()
    site.run("month")
    return site, opening


@pytest.fixture(scope="module")
def month(synced: tuple[Site, set[tuple[str, str]]]) -> Site:
    """The tenant whose month was synced."""
    return synced[0]


@pytest.fixture(scope="module")
def records(synced: tuple[Site, set[tuple[str, str]]]) -> list[dict[str, Any]]:
    """What the month added to NetSuite, with what NetSuite itself made of it.

    Paying back a deposit, NetSuite makes the deposit's application, which has no external id.
    """
    site, opening = synced
    return [r for r in site.truth()["records"] if (r["type"], r["id"]) not in opening]


@pytest.mark.timeout(240)
def test_receivables_payables_deposits_tax_and_inventory_agree(
    month: Site, records: list[dict[str, Any]]
) -> None:
    (books,) = (one for one in netsuite_books(SEED) if one.account_id == month.account_id)
    numbers = {str(account.id): account.number for account in books.accounts}
    sums: Counter[str] = Counter()
    for record in records:
        for line in record.get("ledger", ()):
            sums[numbers[line["account"]]] += Decimal(line["amount"])
    held = {role: sums.get(account, Decimal(0)) for role, account in ROLES.items()}
    assert {k: str(v) for k, v in held.items()} == {
        k: str(v) for k, v in expected_balances(SEED, SIZE).items()
    }


def test_every_document_that_must_be_there_is_there_once_and_no_other(
    month: Site, records: list[dict[str, Any]]
) -> None:
    names = Counter(r["external_id"] for r in records if r["external_id"])
    assert all(name.startswith(OURS) for name in names)
    assert [name for name, count in names.items() if count > 1] == []
    rows = month.rows()
    lost, surplus = [], []
    for document in month.entries():
        row = rows.get((NAMES.get(document["type"], document["type"]), document["id"]))
        there = row is not None and row.state in ("posted", "confirmed")
        wanted = document["type"] in WANTED and document["case"] != NAMED_BY_NOBODY
        if document["valid"] and wanted and not document.get("posts_as") and not there:
            lost.append((document["type"], document["case"], row and row.sentence))
        if not document["valid"] and there:
            surplus.append((document["type"], document["case"], document["why"]))
    assert (lost, surplus) == ([], [])


NAMES = {"ap_bill": "vendor_bill", "return": "vendor_credit", "adjustment": "inventory_adjustment"}
WANTED = (
    "invoice",
    "credit_memo",
    "payment",
    "bank_deposit",
    "purchase_order",
    "receipt",
    "ap_bill",
    "return",
    "adjustment",
)
"""ServiceTitan's types that become a record of their own; an AP credit is its return's."""
NAMED_BY_NOBODY = "dirty_order_of_null_item"
"""An order whose only receipt cannot be read: nothing that can be posted names it."""


def test_a_second_run_finds_nothing_to_do(month: Site) -> None:
    before = month.truth()["writes"]
    month.run("again")
    assert month.truth()["writes"] == before
