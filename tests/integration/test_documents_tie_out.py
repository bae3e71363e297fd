"""The summary of documents of every type: counted in order, tied out, control accounts apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_netsuite.steps import summarize
from support.site import Site, call

CONTROLS = {
    "Accounts receivable": "1200",
    "Accounts payable": "2000",
    "Undeposited funds": "1250",
    "Customer deposits": "2399",
    "Sales tax": "2200",
}
Summed = tuple[Site, dict[str, Any]]


@pytest.fixture(scope="module")
def summed(make_shared_site: Callable[..., Site]) -> Summed:
    """Everything that a person may batch, posted and run once; the summary."""
    site = make_shared_site("den")
    site.post_batch()
    site.run("first", waits=40)
    return site, summarize.run(site.context("first"), ())


def truth_of(site: Site) -> dict[str, Decimal]:
    """Debits less credits by account number of what is in NetSuite, by ServiceTitan's own truth."""
    held = {record["external_id"] for record in site.truth()["records"]}
    sums: dict[str, Decimal] = {}
    for document in site.entries():
        name = f"st-1004-{NAMES.get(document['type'], document['type'])}-{document['id']}"
        if name in held:
            for account, amount in document["gl"].items():
                sums[account] = sums.get(account, Decimal(0)) + Decimal(amount)
    return sums


NAMES = {
    "ap_bill": "vendor_bill",
    "return": "vendor_credit",
    "adjustment": "inventory_adjustment",
}


def test_both_books_agree_over_all_types(summed: Summed) -> None:
    _, summary = summed
    tied = summary["tie_out"]
    assert tied["checked"] is True
    assert tied["difference"] == "0.00"
    assert all(row["period"] and row["subsidiary"] and row["account_name"] for row in tied["rows"])


def test_control_accounts_are_told_apart_as_servicetitan_has_them(summed: Summed) -> None:
    site, summary = summed
    wanted = truth_of(site)
    shown = {row["control"]: row for row in summary["tie_out"]["controls"]}
    assert list(shown) == list(CONTROLS)
    assert {name: Decimal(row["netsuite"]) for name, row in shown.items()} == {
        name: wanted[number] for name, number in CONTROLS.items()
    }
    assert all(f"{name} " in summary["text"] for name in CONTROLS)


def test_a_refund_of_a_deposit_takes_it_from_the_deposits_and_leaves_receivables_alone(
    summed: Summed,
) -> None:
    site, _ = summed
    kept = ("customerRefund", "2399")
    refunds = [d for d in site.entries() if d["becomes"] == kept[0] and kept[1] in d["gl"]]
    names = {f"st-1004-payment-{d['id']}" for d in refunds}
    sent = [row for row in site.documents("payment").values() if row.external_id in names]
    assert sent
    assert all(json.loads(row.posted_canonical)["through"] for row in sent)


def test_types_are_counted_in_the_order_in_which_they_post(summed: Summed) -> None:
    _, summary = summed
    shown = [one["type"] for one in summary["types"] if not one["part"]]
    order = (
        "customer", "item", "purchase_item", "invoice", "credit_memo", "payment", "bank_deposit",
        "purchase_order", "receipt", "vendor_bill", "vendor_credit", "inventory_adjustment",
    )  # fmt: skip
    assert shown == [name for name in order if name in shown]
    assert set(order) - set(shown) <= {"purchase_item"}


def test_a_dry_run_adds_up_what_it_would_post(make_site: Callable[..., Site]) -> None:
    site = make_site("den")
    chosen = [d for d in site.entries() if d["type"] in ("bank_deposit", "adjustment")]
    valid = [d for d in chosen if d["valid"] and d["sync_status"] == "Pending"]
    site.post_batch(valid)
    site.run("dry", dry_run=True)
    writes = [call(url, "/sandbox/truth")["writes"] for url in (site.servicetitan, site.netsuite)]
    tied = summarize.run(site.context("dry", dry_run=True), ())["tie_out"]
    assert (tied["checked"], tied["difference"]) == (False, "0.00")
    sums: dict[str, Decimal] = {}
    for row in tied["rows"]:
        number = row["account_name"].split(" ")[0]
        net = Decimal(row["expected_debit"]) - Decimal(row["expected_credit"])
        sums[number] = sums.get(number, Decimal(0)) + net
    expected: dict[str, Decimal] = {}
    for document in valid:
        for account, amount in document["gl"].items():
            expected[account] = expected.get(account, Decimal(0)) + Decimal(amount)
    assert {k: v for k, v in sums.items() if v} == {k: v for k, v in expected.items() if v}
    undeposited = next(c for c in tied["controls"] if c["control"] == "Undeposited funds")
    assert undeposited["netsuite"] is None
    # Its role is mapped by the first real run only.
    assert Decimal(undeposited["expected"]) == expected[CONTROLS["Undeposited funds"]]
    assert writes == [
        call(url, "/sandbox/truth")["writes"] for url in (site.servicetitan, site.netsuite)
    ]
