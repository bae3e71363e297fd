"""The bodies of customers' money, what they do to the ledger, and how changes are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from servicetitan_netsuite.netsuite import credit_application, references, update
from servicetitan_netsuite.netsuite.canonical import differences
from servicetitan_netsuite.netsuite.customer_refund import gl_effect
from servicetitan_netsuite.netsuite.lookup import record_name
from servicetitan_netsuite.netsuite.money_records import BUILDERS
from servicetitan_netsuite.plans.payments import MoneyPlan, MoneyRecord

PLAN = MoneyPlan(
    external_id="st-1004-payment-7",
    record=MoneyRecord.PAYMENT,
    date=date(2026, 3, 2),
    period="53",
    subsidiary="2",
    currency=None,
    memo=None,
    customer="501",
    amount=Decimal("100.00"),
    account="11",
    receivable="13",
    liability="71",
    applications=(("st-1004-invoice-1", Decimal("60.00")), ("88", Decimal("15.25"))),
    tran_id="DEN-P-7",
)


def made(record, **changes):
    path, body, form = BUILDERS[record]
    plan = replace(PLAN, record=record, **changes)
    return path(plan), body(plan), form(plan)


def test_a_payment_applies_what_it_says_and_nothing_by_itself():
    path, body, form = made(MoneyRecord.PAYMENT)
    assert path == "record/v1/customerPayment"
    assert body["autoApply"] is False
    assert (body["arAcct"], body["account"], body["payment"]) == ({"id": "13"}, {"id": "11"}, 100.0)
    assert body["apply"]["items"] == [
        {"doc": {"externalId": "st-1004-invoice-1"}, "apply": True, "amount": 60.0},
        {"doc": {"id": "88"}, "apply": True, "amount": 15.25},
    ]
    assert form["applied"] == [["88", "15.25"], ["st-1004-invoice-1", "60.00"]]


def test_undeposited_funds_are_named_instead_of_an_account():
    _, body, _ = made(MoneyRecord.DEPOSIT, undeposited=True)
    assert body["undepFunds"] == {"id": "T"}
    assert "account" not in body
    assert "undepFunds" not in made(MoneyRecord.DEPOSIT)[1]


def test_a_deposit_leaves_receivables_alone():
    _, body, form = made(MoneyRecord.DEPOSIT)
    assert "arAcct" not in body
    assert {line[0]: line[-1] for line in form["lines"]} == {"11": "100.00", "71": "-100.00"}


def test_an_application_is_a_transform_of_its_deposit():
    path, body, form = made(MoneyRecord.DEPOSIT_APPLICATION, source="st-1004-payment-6")
    assert path == ("record/v1/customerDeposit/eid:st-1004-payment-6/!transform/depositApplication")
    assert record_name(path) == "depositApplication"
    assert references.waits_for(body, path) == ("st-1004-payment-6", "st-1004-invoice-1")
    assert {line[0]: line[-1] for line in form["lines"]} == {"71": "100.00", "13": "-100.00"}


def test_a_refund_of_a_deposit_shows_the_application_netsuite_makes():
    changes = {"source": "st-1004-payment-6", "applications": ()}
    _, body, form = made(MoneyRecord.REFUND, **changes)
    assert body["deposit"]["items"][0]["doc"] == {"externalId": "st-1004-payment-6"}
    assert "apply" not in body
    assert {line[0]: line[-1] for line in form["lines"]} == {"13": "100.00", "11": "-100.00"}
    shown = gl_effect(replace(PLAN, record=MoneyRecord.REFUND, **changes))
    assert [(row["account"], row["debit"], row["credit"]) for row in shown] == [
        ("71", "100.00", "0.00"),
        ("11", "0.00", "100.00"),
    ]


def test_a_credit_memo_is_changed_in_place_by_its_path():
    path, body, form = made(MoneyRecord.CREDIT_APPLICATION, source="st-1004-credit_memo-5")
    assert path == "record/v1/creditMemo/eid:st-1004-credit_memo-5"
    assert update.changes(path)
    resolved = references.resolve_path(path, {"st-1004-credit_memo-5": "77"})
    assert (update.record_id(resolved), update.params(resolved)) == ("77", {})
    assert record_name(resolved) == "creditMemo"
    assert body["autoApply"] is False
    assert form["lines"] == []


def test_only_the_invoices_named_are_compared_in_a_credit_memo():
    _, _, form = made(MoneyRecord.CREDIT_APPLICATION, applications=(("1", Decimal("30.00")),))
    other = {"doc": {"id": "9"}, "apply": True, "amount": 5.0}

    def record(amount, ticked=True):
        line = {"doc": {"id": "1"}, "apply": ticked, "amount": amount}
        return {"apply": {"items": [other, line]}}

    assert differences(form, credit_application.held(form, record(30.0))) == []
    nothing = credit_application.held(form, record(None, ticked=False))
    assert differences(form, nothing) == [
        "what is applied to 1 is 0.00 in NetSuite, 30.00 was sent"
    ]
    sent = credit_application.with_before(form, nothing)
    assert differences(credit_application.before(sent), nothing) == []
    assert differences(sent, credit_application.held(form, record(30.0))) == []
    assert credit_application.exceeds(credit_application.held(form, record(31.0)), form)
    assert not credit_application.exceeds(nothing, form)


def test_a_payment_applied_otherwise_than_sent_differs():
    _, _, form = made(MoneyRecord.PAYMENT)
    held = {**form, "applied": [["88", "15.25"]]}
    assert differences(form, held) == [
        "what is applied to st-1004-invoice-1 is 0.00 in NetSuite, 60.00 was sent"
    ]


def test_documents_applied_to_are_named_by_netsuites_ids_once_they_have_some():
    _, _, form = made(MoneyRecord.PAYMENT)
    resolved = references.resolve_form(form, {"st-1004-invoice-1": "7"})
    assert resolved["applied"] == [["7", "60.00"], ["88", "15.25"]]
