"""Bank deposits and inventory adjustments: a journal entry each, once, as the books must show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site, call, effect, expected_effect

TYPES = {"bank_deposit": "bank_deposit", "adjustment": "inventory_adjustment"}
CHOSEN = tuple(DocumentType(kind) for kind in TYPES.values())


def name_of(document: dict[str, Any]) -> str:
    return f"st-1004-{TYPES[document['type']]}-{document['id']}"


def held(site: Site) -> dict[str, dict[str, Any]]:
    """NetSuite's records with external ids of the two types, each once."""
    return site.records(*CHOSEN)


def rows(site: Site) -> dict[str, Any]:
    """The ledger's rows of the two types, by external id."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        return {
            row.external_id: row
            for row in connection.exec_driver_sql(
                "SELECT * FROM document WHERE document_type IN "
                "('bank_deposit', 'inventory_adjustment')"
            )
        }


def pages(site: Site) -> dict[tuple[str, str], Any]:
    """What the latest run says of each document, by type and id."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        return {
            (row.document_type, row.source_id): row
            for row in connection.exec_driver_sql("SELECT * FROM run_document ORDER BY run_id")
        }


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


Synced = tuple[Site, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def synced(make_shared_site: Callable[..., Site]) -> Synced:
    """All documents of the two types, posted and run once."""
    site = make_shared_site("den")
    documents = site.batchable(*TYPES)
    site.post_batch(documents)
    site.run("first", document_types=CHOSEN)
    return site, documents


def test_every_valid_one_is_one_journal_and_no_other_is_there(synced: Synced) -> None:
    site, documents = synced
    records = held(site)
    assert sum(d["valid"] for d in documents) > 15
    assert {name_of(d) for d in documents if d["valid"]} == set(records)
    assert {record["type"] for record in records.values()} == {"journalEntry"}


def test_the_journals_debit_and_credit_what_servicetitan_says(synced: Synced) -> None:
    site, documents = synced
    numbers = site.account_numbers()
    ledger = rows(site)
    for document in documents:
        if not document["valid"]:
            continue
        shown = effect(ledger[name_of(document)], numbers)
        assert shown == expected_effect(document["gl"]), document["case"]


def test_deposits_are_exported_once_confirmed_and_adjustments_stay_posted(synced: Synced) -> None:
    site, documents = synced
    now = {(d["type"], d["id"]): d for d in site.entries()}
    ledger = rows(site)
    for document in documents:
        after = now[document["type"], document["id"]]["sync_status"]
        exported = document["valid"] and document["type"] == "bank_deposit"
        assert after == ("Exported" if exported else "Posted"), document["case"]
        if document["valid"]:
            assert ledger[name_of(document)].state == "confirmed"


def test_each_one_that_must_not_post_says_why(synced: Synced) -> None:
    site, documents = synced
    told = pages(site)
    expected = {"dirty": "dirty_data"}
    for document in documents:
        if document["valid"]:
            continue
        page = told[TYPES[document["type"]], document["id"]]
        wanted = document["why"].split(":")[0]
        assert page.cause == expected.get(wanted, wanted), (document["case"], page.sentence)
        assert page.sentence
        assert page.advice


def test_a_second_run_posts_nothing(synced: Synced) -> None:
    site, _ = synced
    before = site.truth()["writes"]
    site.run("second", document_types=CHOSEN)
    assert site.truth()["writes"] == before


def test_lost_answers_neither_lose_nor_double_a_journal(den: Site) -> None:
    documents = [d for d in den.batchable(*TYPES) if d["valid"]]
    den.post_batch(documents)
    den.faults(
        *(
            {"route": "record/journalEntry", "fault": fault, "probability": 0.1}
            for fault in ("drop_after_write", "drop_before_write", "500_after_write", "no_location")
        )
    )
    den.run("first", waits=40, document_types=CHOSEN)
    den.no_faults()
    den.run("healing", waits=40, document_types=CHOSEN)
    assert set(held(den)) == {name_of(d) for d in documents}


def test_a_dry_run_writes_nothing_and_shows_every_journal(den: Site) -> None:
    documents = den.batchable(*TYPES)
    den.post_batch(documents)
    both = (den.servicetitan, den.netsuite)
    writes = [call(url, "/sandbox/truth")["writes"] for url in both]
    counts = den.run("dry", dry_run=True, document_types=CHOSEN)
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == writes
    assert counts["would_post"] == sum(d["valid"] for d in documents)
    assert den.dump("document", "attempt", "mapping") == "[[], [], []]"


def test_a_blocked_one_that_is_unposted_is_withdrawn(den: Site) -> None:
    chosen = [
        d for d in den.batchable(*TYPES) if d["why"].startswith(("period_closed", "not_balanced"))
    ]
    assert {d["type"] for d in chosen} == set(TYPES)
    batch = den.post_batch(chosen)
    den.run("first", document_types=CHOSEN)
    assert {row.state for row in rows(den).values()} == {"blocked"}
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    den.run("second", document_types=CHOSEN)
    assert {row.state for row in rows(den).values()} == {"withdrawn"}
    assert held(den) == {}


def test_what_is_changed_after_posting_is_a_conflict_never_a_second_journal(den: Site) -> None:
    valid = [d for d in den.batchable(*TYPES) if d["valid"]]
    chosen = [next(d for d in valid if d["type"] == kind) for kind in TYPES]
    batch = den.post_batch(chosen)
    den.run("first", document_types=CHOSEN)
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    for document, field in zip(chosen, ("depositDate", "date"), strict=True):
        den.edit(document, **{field: "2026-10-20T00:00:00Z"})
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    writes = den.truth()["writes"]
    den.run("second", document_types=CHOSEN)
    found = {(row.state, row.cause) for row in rows(den).values()}
    assert found == {("conflict", "changed_after_posting")}
    assert den.truth()["writes"] == writes
