"""Customers' money over real HTTP: payments, deposits and their use, refunds, credits used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.migrations import migrate
from servicetitan_netsuite.tenants import read_tenant
from support.paying import Document, cases, held, name_of, query, rows, run, waiting
from support.site import QUICK, Site, call


def moved(site: Site, document: Document) -> dict[str, Decimal]:
    """What the records of a payment debit less credit by account number, as people are shown it."""
    sums: dict[str, Decimal] = {}
    seen: set[str] = set()
    for row in query(site, "SELECT * FROM run_document WHERE verdict = 'ready' ORDER BY run_id"):
        if row.source_id != document["id"] or row.part in seen:
            continue
        seen.add(row.part)
        for line in json.loads(row.gl or "[]"):
            number = line["account_name"].split(" ")[0]
            net = Decimal(line["debit"]) - Decimal(line["credit"])
            sums[number] = sums.get(number, Decimal(0)) + net
    return {number: amount for number, amount in sums.items() if amount}


def truth_of(document: Document) -> dict[str, Decimal]:
    return {number: Decimal(amount) for number, amount in document["gl"].items() if Decimal(amount)}


@dataclass(frozen=True)
class Month:
    """A month of documents posted once: the site, and what the seed said before."""

    site: Site
    documents: list[Document]

    @property
    def payments(self) -> list[Document]:
        return [d for d in self.documents if d["type"] == "payment"]


@pytest.fixture(scope="module")
def month(sandbox: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Month:
    url = f"sqlite:///{tmp_path_factory.mktemp('payments')}/ledger.db"
    migrate(url)
    site = Site(sandbox, read_tenant("den"), url, dict(QUICK))
    site.reset()
    documents = waiting(site)
    site.post_batch(documents)
    run(site, "first")
    return Month(site, documents)


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    return make_site("den")


def test_every_payment_is_in_netsuite_once_as_it_shall_become(month: Month) -> None:
    records, now = held(month.site), {d["id"]: d for d in month.site.entries()}
    ledger = rows(month.site)
    for document in month.payments:
        case, record = document["case"], records.get(name_of(document))
        if not document["valid"]:
            assert record is None, (case, document["why"])
            assert now[document["id"]]["sync_status"] == "Posted", case
            continue
        row = ledger[document["id"], ""]
        assert (row.state, now[document["id"]]["sync_status"]) == ("confirmed", "Exported"), case
        if document["becomes"] == "application":
            assert record is None, case
        else:
            assert record, case
            assert record["type"] == document["becomes"], case
    becomes = Counter(d["becomes"] for d in month.payments if d["valid"])
    assert set(becomes) == {
        "customerPayment", "customerDeposit", "journalEntry", "customerRefund", "application",
    }  # fmt: skip


def test_what_was_sent_debits_and_credits_what_servicetitan_says(month: Month) -> None:
    valid = [d for d in month.payments if d["valid"]]
    assert len(valid) > 100
    wrong = [(d["case"], moved(month.site, d), truth_of(d)) for d in valid
             if moved(month.site, d) != truth_of(d)]  # fmt: skip
    assert wrong == []


def test_what_does_not_post_names_its_cause_and_waits_for_what_it_needs(month: Month) -> None:
    ledger = rows(month.site)
    causes = {d["case"]: ledger[d["id"], ""] for d in month.payments
              if not d["valid"] and (d["id"], "") in ledger}  # fmt: skip
    assert causes["zero_of_nothing"].state == "skipped"
    told = {case: row.cause for case, row in causes.items() if row.state == "blocked"}
    assert told["of_blocked_invoice"] == told["of_invoice_before_go_live"] == "parent_blocked"
    assert told["refund_of_unknown"] == told["refund_of_nothing"] == "parent_blocked"
    assert told["of_invoice_in_another_subsidiary"] == "several_subsidiaries"
    assert told["period_ar_locked"] == told["period_closed"] == "period_closed"
    assert told["account_missing"] == "account_not_mapped"
    assert "waits for invoice" in causes["of_blocked_invoice"].sentence
    assert "999999999" in causes["refund_of_unknown"].sentence


def test_payments_are_applied_as_servicetitan_says_and_the_rest_is_left(month: Month) -> None:
    records = held(month.site)
    every = {r["external_id"]: r for r in month.site.truth()["records"] if r["external_id"]}
    (over,) = [d for d in month.payments if d["case"] == "overpaid"]
    assert records[name_of(over)]["unapplied"] == "25.00"
    (three,) = [d for d in month.payments if d["case"] == "paid_over_three_invoices"]
    applied = {one["doc"] for one in records[name_of(three)]["apply"]}
    invoices = {every[f"st-1004-invoice-{number}"]["id"] for _, number in three["parents"]}
    assert applied == invoices
    assert len(invoices) == 3


def test_a_payment_of_nothing_applies_the_credit_it_names(month: Month) -> None:
    every = {r["external_id"]: r for r in month.site.truth()["records"] if r["external_id"]}
    for case, amount in (("zero_applies_negative_invoice", 60.0), ("zero_applies_credit_memo", 30)):
        (document,) = [d for d in month.payments if d["case"] == case]
        (_, bill), (kind, credit) = document["parents"]
        memo = every[f"st-1004-{kind}-{credit}"]
        owed = every[f"st-1004-invoice-{bill}"]["id"]
        applied = {one["doc"]: float(one["amount"]) for one in memo["apply"]}
        assert applied[owed] == amount, case


def test_a_second_run_posts_nothing_and_reports_nothing(month: Month) -> None:
    both = (month.site.servicetitan, month.site.netsuite)
    before = [call(url, "/sandbox/truth")["writes"] for url in both]
    run(month.site, "second")
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == before


def test_a_deposit_used_later_becomes_applications_and_no_conflict(month: Month) -> None:
    site = month.site
    deposits = [d for d in month.payments if d["case"] == "unapplied_later_applied"]
    half, *whole = deposits
    for document in whole:
        shares = [{"invoice": number, "amount": amount} for number, amount in document["later"]]
        site.edit(document, apply=shares)
    ((number, amount),) = half["later"]
    first = f"{Decimal(amount) - 100:.2f}"
    site.edit(half, apply=[{"invoice": number, "amount": first}])
    run(site, "later")
    site.edit(half, apply=[{"invoice": number, "amount": "100.00"}])
    run(site, "later still")
    ledger, records = rows(site), held(site)
    for document in deposits:
        own = {part: r for (id_, part), r in ledger.items() if id_ == document["id"]}
        assert {row.state for row in own.values()} == {"confirmed"}, own
        assert len(own) == 1 + len(document["later"]) + (document is half)
        parts = [records[name_of(document, part)] for part in own if part]
        assert {record["type"] for record in parts} == {"depositApplication"}
        assert sum(Decimal(record["total"]) for record in parts) == Decimal(document["amount"])
        now = next(d for d in site.entries() if d["id"] == document["id"])
        assert moved(site, document) == truth_of(now)
    writes = site.truth()["writes"]
    run(site, "nothing more")
    assert site.truth()["writes"] == writes


def test_a_used_deposit_posted_again_unchanged_is_only_reported_again(den: Site) -> None:
    documents = cases(waiting(den), "unapplied_later_applied")
    deposit = next(d for d in documents if d["type"] == "payment")
    den.post_batch([d for d in documents if d["type"] == "invoice"])
    batch = den.post_batch([deposit])
    run(den, "first")
    ((number, amount),) = deposit["later"]
    den.edit(deposit, apply=[{"invoice": number, "amount": amount}])
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    run(den, "again")
    states = {part: r.state for (id_, part), r in rows(den).items() if id_ == deposit["id"]}
    assert len(states) == 2
    assert set(states.values()) == {"confirmed"}
    assert next(d for d in den.entries() if d["id"] == deposit["id"])["sync_status"] == "Exported"


def test_a_payment_changed_after_it_was_posted_is_a_conflict_never_a_second_record(
    den: Site,
) -> None:
    documents = cases(waiting(den), "paid_in_part", "of_blocked_invoice")
    batch = den.post_batch(documents)
    run(den, "first")
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    paid = next(d for d in documents if d["case"] == "paid_in_part")
    den.edit(paid, date="2026-10-20T00:00:00Z")
    call(den.servicetitan, f"/sandbox/batches/{batch}/post", {})
    writes = den.truth()["writes"]
    run(den, "second")
    row = rows(den)[paid["id"], ""]
    assert (row.state, row.cause) == ("conflict", "changed_after_posting")
    assert den.truth()["writes"] == writes
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    run(den, "third")
    assert {r.state for r in rows(den).values()} == {"conflict", "withdrawn"}


def test_a_payment_no_longer_pending_is_withdrawn(den: Site) -> None:
    blocked = next(d for d in waiting(den) if d["case"] == "of_blocked_invoice")
    batch = den.post_batch([blocked])
    run(den, "first")
    assert rows(den)[blocked["id"], ""].state == "blocked"
    call(den.servicetitan, f"/sandbox/batches/{batch}/unpost", {})
    run(den, "second")
    assert rows(den)[blocked["id"], ""].state == "withdrawn"
    assert held(den) == {}


def test_settings_make_the_rest_a_deposit_and_refunds_journals(den: Site) -> None:
    site = den.with_tenant(payment_remainder="deposit", refunds="journal")
    chosen = ("overpaid", "refund_of_credit_memo", "refund_of_deposit")
    documents = cases(waiting(site), *chosen)
    site.post_batch(documents)
    run(site, "first")
    records = held(site)
    over = next(d for d in documents if d["case"] == "overpaid")
    paid, rest = records[name_of(over)], records[name_of(over, "deposit")]
    assert (paid["type"], paid["unapplied"]) == ("customerPayment", "0.00")
    assert (rest["type"], rest["total"]) == ("customerDeposit", "25.00")
    by_case = {d["case"]: records[name_of(d)]["type"] for d in documents if d["type"] == "payment"}
    assert by_case["refund_of_credit_memo"] == "journalEntry"
    assert by_case["refund_of_deposit"] == "customerRefund"  # a journal cannot take a deposit back
    assert {r.state for r in rows(site).values()} == {"confirmed"}


def test_a_dry_run_writes_nothing_and_shows_what_each_payment_would_become(den: Site) -> None:
    documents = waiting(den)
    den.post_batch(documents)
    both = (den.servicetitan, den.netsuite)
    writes = [call(url, "/sandbox/truth")["writes"] for url in both]
    run(den, "dry", dry_run=True)
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == writes
    assert den.dump("document", "attempt", "mapping") == "[[], [], []]"
    shown = {r.source_id: r.verdict for r in query(den, "SELECT * FROM run_document")}
    for document in documents:
        if document["type"] == "payment":
            assert (shown[document["id"]] == "ready") == document["valid"], document["case"]


def test_lost_and_late_answers_neither_lose_nor_double_money(den: Site) -> None:
    documents = waiting(den)
    den.post_batch([d for d in documents if d["type"] != "payment"])
    run(den, "what they are applied to")
    payments = [d for d in documents if d["type"] == "payment"]
    den.post_batch(payments)
    records = ("customerPayment", "customerDeposit", "customerRefund", "creditMemo", "journalEntry")
    faults = ("drop_after_write", "drop_before_write", "500_after_write", "no_location", "late")
    den.faults(
        *(
            {"route": f"record/{record}", "fault": fault, "probability": 0.06}
            for record in records
            for fault in faults
        )
    )
    run(den, "first", waits=40)
    den.no_faults()
    run(den, "healing", waits=40)
    found = held(den)
    wanted = {name_of(d) for d in payments if d["valid"] and d["becomes"] != "application"}
    assert set(found) == wanted
    states = Counter(rows(den)[d["id"], ""].state for d in payments if d["valid"])
    assert states == {"confirmed": len([d for d in payments if d["valid"]])}


@pytest.mark.parametrize("fault", ["drop_after_write", "drop_before_write", "late"])
def test_a_credit_used_without_an_answer_is_used_once(den: Site, fault: str) -> None:
    documents = cases(waiting(den), "zero_applies_negative_invoice")
    den.post_batch([d for d in documents if d["type"] != "payment"])
    run(den, "what it uses")
    (used,) = [d for d in documents if d["type"] == "payment"]
    den.post_batch([used])
    den.faults({"route": "PATCH record/creditMemo", "fault": fault, "next": 1})
    run(den, "first")
    assert den.truth()["faults"] == {fault: 1}
    assert rows(den)[used["id"], ""].state == "confirmed"
    (memo,) = [r for r in den.truth()["records"] if r["type"] == "creditMemo" and r["apply"]]
    assert [Decimal(one["amount"]) for one in memo["apply"]] == [Decimal(60)]


def test_a_payment_stored_otherwise_than_sent_is_a_conflict(den: Site) -> None:
    documents = cases(waiting(den), "unapplied")[:1]
    den.post_batch(documents)
    den.faults({"route": "record/customerDeposit", "fault": "alter", "next": 1})
    run(den, "first")
    (row,) = rows(den).values()
    assert (row.state, row.cause) == ("conflict", "changed_in_netsuite")


def test_an_invoice_linked_from_before_go_live_takes_the_payment(den: Site) -> None:
    documents = cases(waiting(den), "paid_in_part")
    invoice = next(d for d in documents if d["type"] == "invoice")
    paid = next(d for d in documents if d["type"] == "payment")
    den.post_batch([invoice])
    run(den, "first")
    every = {r["external_id"]: r for r in den.truth()["records"] if r["external_id"]}
    known = every[f"st-1004-invoice-{invoice['id']}"]
    later = replace(den, ledger_url=den.ledger_url.replace("ledger.db", "other.db"))
    migrate(later.ledger_url)
    with Ledger(den.ledger_url) as ledger:
        linked = [r for r in mappings.read(ledger, "1004") if r.kind == "customer"]
    linked.append(MappingRow("opening_invoice", invoice["id"], "", known["id"]))
    with Ledger(later.ledger_url) as ledger, ledger.writing() as connection:
        mappings.put(connection, "1004", linked, "a person")
    later.post_batch([paid])
    run(later, "second")
    record = held(later)[name_of(paid)]
    assert [(one["doc"], one["amount"]) for one in record["apply"]] == [(known["id"], "40.00")]
    assert rows(later)[paid["id"], ""].state == "confirmed"
