"""Returns and the AP credits naming them: one vendor credit each, applied, AP credits exported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site, call, effect, expected_effect
from support.vendor_credits import (
    ALONE,
    CHOSEN,
    HALVES,
    apply,
    bill_of,
    held,
    name_of,
    pair,
    rows,
    status,
)

Synced = tuple[Site, list[dict[str, Any]]]


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


@pytest.fixture(scope="module")
def synced(make_shared_site: Callable[..., Site]) -> Synced:
    """All returns, AP credits and what they belong to, posted and run once."""
    site = make_shared_site("den")
    site.post_batch(site.batchable("receipt", "ap_bill", *HALVES))
    site.run("first", document_types=CHOSEN)
    return site, [
        d for d in site.entries() if d["type"] in HALVES and d["sync_status"] != "Pending"
    ]


def test_return_and_credit_are_one_record_and_no_other_is_there(synced: Synced) -> None:
    site, documents = synced
    wanted = {name_of(d) for d in documents if d["valid"]}
    assert len(wanted) > 5
    assert set(held(site)) == wanted


def test_what_netsuite_holds_debits_and_credits_what_servicetitan_says(synced: Synced) -> None:
    site, documents = synced
    numbers = site.account_numbers()
    ledger = rows(site)
    for document in documents:
        if not document["valid"] or document["type"] != "return":
            continue
        shown = effect(ledger[name_of(document)], numbers)
        assert shown == expected_effect(document["gl"]), document["case"]


def test_each_credit_is_applied_as_far_as_its_splits_say(synced: Synced) -> None:
    site, documents = synced
    records = held(site)
    applied = {d["case"]: records[name_of(d)]["applied"] for d in documents if d["valid"]}
    assert applied["return_part_applied"] == "10.00"
    assert applied["return_applied"] == "21.45"
    assert applied["return_open"] == applied["return_without_credit"] == "0.00"


def test_ap_credits_are_exported_and_returns_stay_posted(synced: Synced) -> None:
    _, documents = synced
    for document in documents:
        exported = document["valid"] and document["type"] == "ap_credit"
        wanted = "Exported" if exported else "Posted"
        assert document["sync_status"] == wanted, document["case"]


def test_each_one_that_must_not_post_says_why(synced: Synced) -> None:
    site, documents = synced
    ledger = rows(site)
    expected = {"canceled": "no_longer_pending"}
    for document in documents:
        if document["valid"]:
            continue
        name = name_of(document)
        if document["case"] in ("credit_canceled", "credit_of_blocked_bill"):
            continue  # their return says why
        if document["case"] == "credit_without_return":
            name = f"st-1004-vendor_credit-credit_{document['id']}"
        wanted = document["why"].split(":")[0]
        assert ledger[name].cause == expected.get(wanted, wanted), document["case"]
        assert ledger[name].state in ("blocked", "skipped")


def test_a_second_run_posts_nothing(synced: Synced) -> None:
    site, _ = synced
    before = site.truth()["writes"]
    site.run("second", document_types=CHOSEN)
    assert site.truth()["writes"] == before


def test_a_credit_that_names_no_bill_and_comes_later_is_exported_without_another_record(
    den: Site,
) -> None:
    returned, credit = pair(den)
    den.post_batch([returned])
    den.run("first", document_types=ALONE)
    assert rows(den)[name_of(returned)].state == "confirmed"
    den.post_batch([credit])
    writes = den.truth()["writes"]
    den.run("second", document_types=ALONE)
    assert status(den, credit) == "Exported"
    assert den.truth()["writes"] == writes


def test_a_credit_that_comes_later_is_applied_to_its_bill_and_then_exported(den: Site) -> None:
    returned, credit = pair(den)
    bill = bill_of(den)
    den.post_batch([returned])
    den.run("first", document_types=CHOSEN)
    name = name_of(returned)
    assert held(den)[name]["applied"] == "0.00"
    apply(den, credit, bill, "10.00")
    den.run("second", document_types=CHOSEN)
    den.run("third", document_types=CHOSEN)
    (record,) = held(den).values()
    assert record["applied"] == "10.00"
    assert {row.state for row in rows(den).values()} == {"confirmed"}
    assert set(rows(den)) == {name, f"{name}-application-{bill['id']}"}
    assert status(den, credit) == "Exported"
    writes = den.truth()["writes"]
    den.run("fourth", document_types=CHOSEN)
    assert den.truth()["writes"] == writes


def test_a_later_credit_waits_for_its_bill_and_is_not_exported_before(den: Site) -> None:
    returned, credit = pair(den)
    blocked = next(d for d in den.batchable("ap_bill") if d["why"].startswith("vendor_missing"))
    den.post_batch([returned, blocked])
    den.run("first", document_types=CHOSEN)
    apply(den, credit, blocked, "5.00")
    den.run("second", document_types=CHOSEN)
    name = name_of(returned)
    part = rows(den)[f"{name}-application-{blocked['id']}"]
    assert (part.state, part.cause) == ("blocked", "parent_blocked")
    assert rows(den)[name].state == "confirmed"
    assert status(den, credit) == "Posted"


@pytest.mark.parametrize("fault", ["drop_after_write", "drop_before_write", "500_after_write"])
def test_a_lost_answer_to_a_later_application_neither_loses_nor_doubles_it(
    den: Site, fault: str
) -> None:
    returned, credit = pair(den)
    bill = bill_of(den)
    den.post_batch([returned])
    den.run("first", document_types=CHOSEN)
    apply(den, credit, bill, "10.00")
    den.faults({"route": "PATCH record/vendorCredit", "fault": fault, "next": 1})
    den.run("second", waits=40, document_types=CHOSEN)
    assert den.truth()["faults"] == {fault: 1}
    den.no_faults()
    den.run("healing", waits=40, document_types=CHOSEN)
    (record,) = held(den).values()
    assert record["applied"] == "10.00"
    assert {row.state for row in rows(den).values()} == {"confirmed"}


def test_an_application_taken_back_after_it_was_posted_is_a_conflict(den: Site) -> None:
    returned, credit = pair(den)
    bill = bill_of(den)
    den.post_batch([returned])
    den.run("first", document_types=CHOSEN)
    apply(den, credit, bill, "10.00")
    den.run("second", document_types=CHOSEN)
    den.edit(credit, splits=[], appliedAmount=0, sync_status="Posted")
    den.run("third", document_types=CHOSEN)
    part = rows(den)[f"{name_of(returned)}-application-{bill['id']}"]
    assert (part.state, part.cause) == ("conflict", "changed_after_posting")


def test_a_posted_credit_whose_return_is_not_waits_for_it(den: Site) -> None:
    returned, credit = pair(den)
    den.post_batch([credit])
    den.run("first", document_types=ALONE)
    (row,) = rows(den).values()
    assert (row.state, row.cause) == ("blocked", "parent_blocked")
    den.post_batch([returned])
    den.run("second", document_types=ALONE)
    assert set(held(den)) == {name_of(returned)}
    assert status(den, credit) == "Exported"


def test_a_credit_without_a_return_posts_to_the_role_a_person_maps(den: Site) -> None:
    credit = next(d for d in den.batchable("ap_credit") if d["case"] == "credit_without_return")
    den.post_batch([credit])
    den.run("first", document_types=ALONE)
    assert held(den) == {}
    with Ledger(den.ledger_url) as ledger:
        (account,) = ledger.rows("mappings/read_mapping", tenant_id="1004", kind="account_role",
                                 source_key="CostOfGoodsSoldTax")  # fmt: skip
        role = MappingRow("account_role", "VendorCredit", "", account.target)
        with ledger.writing() as connection:
            mappings.put(connection, "1004", [role], "a person")
    den.run("second", document_types=ALONE)
    (record,) = held(den).values()
    assert (record["external_id"], record["total"]) == (
        f"st-1004-vendor_credit-credit_{credit['id']}",
        "75.00",
    )
    assert status(den, credit) == "Exported"


def test_what_is_unposted_before_it_is_sent_is_withdrawn(den: Site) -> None:
    blocked = next(d for d in den.batchable("return") if d["why"].startswith("period_closed"))
    batch = den.post_batch([blocked])
    den.run("first", document_types=ALONE)
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.run("second", document_types=ALONE)
    assert {row.state for row in rows(den).values()} == {"withdrawn"}


def test_a_return_changed_after_it_was_posted_is_a_conflict(den: Site) -> None:
    returned, _ = pair(den)
    batch = den.post_batch([returned])
    den.run("first", document_types=ALONE)
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.edit(returned, returnDate="2026-10-29T00:00:00Z")
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    writes = den.truth()["writes"]
    den.run("second", document_types=ALONE)
    (row,) = rows(den).values()
    assert (row.state, row.cause) == ("conflict", "changed_after_posting")
    assert den.truth()["writes"] == writes


def test_lost_answers_neither_lose_nor_double_a_credit(den: Site) -> None:
    documents = [d for d in den.batchable(*HALVES) if d["valid"] and not d["parents"]]
    den.post_batch(documents)
    den.faults(
        *(
            {"route": "record/vendorCredit", "fault": fault, "probability": 0.25}
            for fault in ("drop_after_write", "drop_before_write", "500_after_write", "no_location")
        )
    )
    den.run("first", waits=40, document_types=ALONE)
    den.no_faults()
    den.run("healing", waits=40, document_types=ALONE)
    assert set(held(den)) == {name_of(d) for d in documents}


def test_a_dry_run_writes_nothing_and_shows_every_credit(den: Site) -> None:
    den.post_batch(den.batchable(*HALVES))
    both = (den.servicetitan, den.netsuite)
    writes = [call(url, "/sandbox/truth")["writes"] for url in both]
    counts = den.run("dry", dry_run=True, document_types=ALONE)
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == writes
    assert counts["would_post"] >= 4
    assert den.dump("document", "attempt", "mapping") == "[[], [], []]"
