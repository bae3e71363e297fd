"""The seed's documents: consistent chains, every case, and balances that can be computed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import pytest

from sandbox.seed import document_tenant, expected_balances, netsuite_books
from sandbox.seed.documents import DocumentTenant, balances_by_account
from sandbox.seed.documents.doc import Doc
from sandbox.seed.documents.judging import DocumentJudge
from sandbox.seed.documents.rules import RECEIVABLE, Verdict

TYPES = {
    "invoice", "credit_memo", "payment", "bank_deposit", "purchase_order", "receipt", "ap_bill",
    "return", "ap_credit", "ap_payment", "adjustment",
}  # fmt: skip


@cache
def tenant(size: str = "small") -> DocumentTenant:
    return document_tenant(1, size)


@cache
def verdicts(size: str = "small") -> dict[tuple[str, int], Verdict]:
    return DocumentJudge(tenant(size), netsuite_books(1)[0]).verdicts(tenant(size).documents)


def of_case(kind: str, case: str) -> list[Verdict]:
    found = [one for one in tenant().documents if (one.type, one.case) == (kind, case)]
    assert found, f"no {kind} is of case {case}"
    return [verdicts()[one.type, one.id] for one in found]


def test_the_same_seed_makes_the_same_documents_and_another_seed_other_ids() -> None:
    assert document_tenant(1).documents == tenant().documents
    ids = {one.id for one in tenant().documents}
    assert ids.isdisjoint(one.id for one in document_tenant(2).documents)
    assert len(ids) == len(tenant().documents)


def test_sizes_grow_with_what_is_asked_and_have_every_type() -> None:
    assert 500 < len(tenant().documents) < 900
    assert len(tenant("month").documents) >= 6000
    for size in ("small", "month"):
        assert {one.type for one in tenant(size).documents} == TYPES
    assert 1 <= len(document_tenant(1, "9").documents) < 30
    with pytest.raises(ValueError, match="small, month"):
        document_tenant(1, "huge")


def test_most_documents_of_a_month_must_post() -> None:
    good = sum(one.valid for one in verdicts("month").values())
    assert good > 0.95 * len(verdicts("month"))


@pytest.mark.parametrize(
    ("kind", "case", "becomes"),
    [
        ("invoice", "tax_mixed", "invoice"),
        ("invoice", "adjustment_negative", "creditMemo"),
        ("invoice", "zero_total_accounts_differ", "invoice"),
        ("invoice", "customer_merged", "invoice"),
        ("invoice", "account_from_the_pricebook", "invoice"),
        ("invoice", "dirty_listed_twice", "invoice"),
        ("credit_memo", "memo_over_two_invoices", "creditMemo"),
        ("payment", "paid_over_three_invoices", "customerPayment"),
        ("payment", "overpaid", "customerPayment"),
        ("payment", "unapplied", "customerDeposit"),
        ("payment", "unapplied_later_applied", "customerDeposit"),
        ("payment", "exports_as_journal", "journalEntry"),
        ("payment", "zero_applies_credit_memo", "application"),
        ("payment", "refund_of_payment", "journalEntry"),
        ("payment", "refund_of_deposit", "customerRefund"),
        ("payment", "refund_of_credit_memo", "customerRefund"),
        ("payment", "refund_of_negative_invoice", "customerRefund"),
        ("bank_deposit", "deposit_with_fees", "journalEntry"),
        ("purchase_order", "order_part_received", "purchaseOrder"),
        ("receipt", "receipt_of_too_much", "itemReceipt"),
        ("receipt", "receipt_of_a_line_not_ordered", "itemReceipt"),
        ("ap_bill", "bill_costs_differ", "vendorBill"),
        ("ap_bill", "bill_with_tax_and_shipping", "vendorBill"),
        ("ap_bill", "bill_of_rent", "vendorBill"),
        ("return", "return_without_credit", "vendorCredit"),
        ("ap_credit", "credit_applied", "vendorCredit"),
        ("adjustment", "adjustment_down", "journalEntry"),
    ],
)
def test_what_must_post_says_what_it_becomes(kind: str, case: str, becomes: str) -> None:
    for one in of_case(kind, case):
        assert (one.valid, one.why, one.becomes) == (True, "", becomes)


@pytest.mark.parametrize(
    ("kind", "case", "why"),
    [
        ("invoice", "zero_line_only", "zero_amount"),
        ("invoice", "account_not_mapped", "account_not_mapped: SKU WARRANTY"),
        ("invoice", "account_inactive", "account_inactive"),
        ("invoice", "account_refused_on_items", "account_not_postable"),
        ("invoice", "account_of_sku_missing", "account_not_mapped: SKU NO-ACCT"),
        ("invoice", "account_not_in_subsidiary", "account_not_in_subsidiary"),
        ("invoice", "line_of_another_subsidiary", "several_subsidiaries"),
        ("invoice", "customer_missing", "customer_missing"),
        ("invoice", "period_closed", "period_closed: Feb 2026"),
        ("invoice", "period_ar_locked", "period_closed: Jan 2027"),
        ("invoice", "before_go_live", "before_go_live"),
        ("invoice", "exported_before", "not_pending"),
        ("invoice", "dirty_total_huge", "dirty: total is out of range"),
        ("credit_memo", "memo_of_blocked_invoice", "parent_blocked: invoice"),
        ("payment", "of_blocked_invoice", "parent_blocked: invoice"),
        ("payment", "of_invoice_before_go_live", "parent_blocked: invoice"),
        ("payment", "of_invoice_exported_before", "parent_missing: invoice"),
        ("payment", "of_invoice_in_another_subsidiary", "several_subsidiaries"),
        ("payment", "refund_of_unknown", "parent_missing"),
        ("payment", "refund_of_blocked_payment", "parent_blocked"),
        ("bank_deposit", "deposit_of_wrong_gross", "not_balanced"),
        ("bank_deposit", "deposit_of_two_subsidiaries", "several_subsidiaries"),
        ("purchase_order", "order_not_received", "not_received"),
        ("receipt", "receipt_after_go_live", "parent_blocked: purchase_order"),
        ("receipt", "receipt_of_unknown_order", "parent_missing"),
        ("ap_bill", "bill_canceled", "canceled"),
        ("ap_bill", "period_ap_locked", "period_closed: Feb 2027"),
        ("ap_bill", "vendor Corner Hardware", "vendor_missing"),
        ("ap_bill", "vendor Albany Sheet Metal", "subsidiary_invalid"),
        ("return", "return_of_blocked_bill", "parent_blocked: ap_bill"),
        ("ap_credit", "credit_without_return", "no_lines"),
        ("ap_payment", "vendor_payment", "not_synced"),
        ("adjustment", "adjustment_nets_to_zero", "zero_amount"),
    ],
)
def test_what_must_not_post_says_why(kind: str, case: str, why: str) -> None:
    for one in of_case(kind, case):
        assert not one.valid
        assert one.why.startswith(why)
        assert one.gl == ()


def test_every_valid_document_debits_what_it_credits() -> None:
    for one in verdicts("month").values():
        assert sum(amount for _, amount in one.gl) == 0
        assert sum(amount for _, amount in one.cogs) == 0


def test_a_return_and_the_credit_that_names_it_book_once() -> None:
    for one in tenant("month").documents:
        if one.type == "ap_credit" and one.body["inventoryReturnId"] is not None:
            verdict = verdicts("month")[one.type, one.id]
            if verdict.valid:
                assert verdict.posts_as == ("return", one.body["inventoryReturnId"])
                assert verdict.gl == ()


def test_an_order_has_received_what_its_receipts_brought() -> None:
    came: dict[int, Decimal] = {}
    for one in tenant("month").documents:
        if one.type == "receipt" and one.body["active"]:
            for item in filter(None, one.body["items"]):
                line = item["purchaseOrderItemId"]
                came[line] = came.get(line, Decimal(0)) + item["quantity"]
    for one in tenant("month").documents:
        if one.type == "purchase_order":
            for item in one.body["items"]:
                assert item["quantityReceived"] == came.get(item["id"], 0)


def test_a_deposit_is_the_sum_of_its_payments_but_for_the_wrong_one() -> None:
    taken: dict[int, Decimal] = {}
    for one in tenant("month").documents:
        if one.type == "payment" and one.body["deposit"]:
            number = one.body["deposit"]["id"]
            taken[number] = taken.get(number, Decimal(0)) + Decimal(one.body["total"])
    for one in tenant("month").documents:
        if one.type == "bank_deposit":
            same = one.body["grossAmount"] == taken.get(one.id, 0)
            assert same is (one.case != "deposit_of_wrong_gross")


def chains(size: str) -> Iterator[list[Doc]]:
    """Invoices, credit memos and payments that are applied to one another."""
    documents = [
        x for x in tenant(size).documents if x.type in ("invoice", "credit_memo", "payment")
    ]
    by_id = {one.id: one for one in documents}
    root = {one.id: one.id for one in documents}

    def top(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    for one in documents:
        linked = [x["appliedTo"] for x in one.body.get("appliedTo") or [] if x]
        linked.append(one.body.get("refundedPaymentId"))
        for other in linked:
            if other in root:
                root[top(one.id)] = top(other)
    groups: dict[int, list[Doc]] = {}
    for number in root:
        groups.setdefault(top(number), []).append(by_id[number])
    yield from groups.values()


@pytest.mark.parametrize("size", ["small", "month"])
def test_receivables_booked_are_the_balances_servicetitan_shows(size: str) -> None:
    checked = 0
    for chain in chains(size):
        found = [verdicts(size)[one.type, one.id] for one in chain]
        if not all(one.valid for one in found):
            continue
        booked = sum(dict(one.gl).get(RECEIVABLE, Decimal(0)) for one in found)
        owed = Decimal(0)
        for one, verdict in zip(chain, found, strict=True):
            if one.type == "invoice":
                owed += Decimal(one.body["balance"])
            elif one.type == "credit_memo":
                owed -= one.body["balance"]
            elif verdict.becomes != "customerDeposit":
                owed -= Decimal(one.body["unappliedAmount"])
        assert booked == owed, [one.case for one in chain]
        checked += len(chain)
    assert checked > 300


def test_expected_balances_add_up() -> None:
    month = balances_by_account(tenant("month"))
    assert sum(month.values()) == 0
    roles = expected_balances(1, "month")
    assert set(roles) == {
        "receivables", "payables", "deposits", "undeposited", "tax", "inventory",
    }  # fmt: skip
    assert roles["receivables"] > 0 > roles["payables"]
    assert roles["deposits"] < 0
    assert roles["tax"] < 0
    both = [
        balances_by_account(tenant("month"), subsidiary=name)[RECEIVABLE]
        for name in ("Denver Home Services", "Boulder Electric")
    ]
    assert sum(both) == roles["receivables"]
    kept = expected_balances(1, "month", cost_of_sales=False)
    assert kept["inventory"] > roles["inventory"]
