"""Journals: what is sent, how it is shown, and the canonical form it is compared in."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicetitan_netsuite.netsuite import canonical, journal, references, update
from servicetitan_netsuite.plans.journal import JournalPlan, PlannedLine

DAY = date(2026, 3, 5)


def line(account, amount, **rest) -> PlannedLine:
    return PlannedLine(account, Decimal(amount), **rest)


def plan(*lines, **rest) -> JournalPlan:
    fields = {
        "external_id": "st-1-journal_entry-7",
        "date": DAY,
        "period": "21",
        "subsidiary": "3",
        "currency": "1",
        "memo": "March",
        "tran_id": "ALB-7",
    }
    return JournalPlan(**{**fields, **rest}, lines=lines)


PLAIN = plan(
    line("10", "100.10", memo="rent", department="2", class_="4", location="5"),
    line("11", "-100.10", entity="st-1-customer-9"),
)


def test_a_journal_is_sent_with_every_reference_explicit():
    assert journal.body(PLAIN) == {
        "externalId": "st-1-journal_entry-7",
        "tranId": "ALB-7",
        "subsidiary": {"id": "3"},
        "currency": {"id": "1"},
        "tranDate": "2026-03-05",
        "postingPeriod": {"id": "21"},
        "memo": "March",
        "line": {
            "items": [
                {
                    "account": {"id": "10"},
                    "debit": 100.1,
                    "memo": "rent",
                    "department": {"id": "2"},
                    "class": {"id": "4"},
                    "location": {"id": "5"},
                },
                {
                    "account": {"id": "11"},
                    "credit": 100.1,
                    "entity": {"externalId": "st-1-customer-9"},
                },
            ]
        },
    }


def test_what_a_plan_does_not_say_is_not_sent():
    made = journal.body(plan(subsidiary=None, currency=None, memo=None, tran_id=None))
    assert set(made) == {"externalId", "tranDate", "postingPeriod", "line"}


@pytest.mark.parametrize("amount", ["0.001", "12345678901234567.89"])
def test_an_amount_that_cannot_be_sent_exactly_is_refused(amount):
    with pytest.raises(ValueError, match=r"cents|exactly"):
        journal.body(plan(line("1", amount)))


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_every_amount_of_cents_survives_the_wire_and_the_ledger(cents):
    amount = Decimal(cents) / 100
    text = json.dumps(journal.body(plan(line("1", amount))))
    item = json.loads(text, parse_float=Decimal, parse_int=Decimal)["line"]["items"][0]
    assert item.get("debit", 0) - item.get("credit", 0) == amount
    assert canonical.journal(json.loads(text))["lines"] == (
        [["1", None, None, None, None, f"{amount:.2f}"]] if cents else []
    )


def test_entities_still_to_be_created_are_named_and_then_resolved():
    made = journal.body(PLAIN)
    assert references.waits_for(made) == ("st-1-customer-9",)
    resolved = references.resolve(made, {"st-1-customer-9": "55"})
    assert resolved["line"]["items"][1]["entity"] == {"id": "55"}
    assert made["line"]["items"][1]["entity"] == {"externalId": "st-1-customer-9"}
    assert references.waits_for(resolved) == ()
    with pytest.raises(KeyError):
        references.resolve(made, {})


def test_the_gl_effect_adds_up_by_account_with_two_decimals():
    made = journal.body(plan(line("10", "5"), line("11", "-7.5"), line("10", "2.5")))
    assert journal.gl_effect(made) == [
        {"account": "10", "debit": "7.50", "credit": "0.00"},
        {"account": "11", "debit": "0.00", "credit": "7.50"},
    ]


def test_the_canonical_form_adds_up_lines_of_one_key_and_drops_zeros():
    made = journal.body(
        plan(
            line("10", "5", department="1"),
            line("10", "2.50", department="1"),
            line("10", "1"),
            line("12", "3"),
            line("12", "-3"),
            line("11", "-8.50"),
        )
    )
    assert canonical.journal(made) == {
        "type": "journal_entry",
        "date": "2026-03-05",
        "period": "21",
        "subsidiary": "3",
        "currency": "1",
        "posting": True,
        "total": "11.50",
        "lines": [
            ["10", None, None, None, None, "1.00"],
            ["10", None, "1", None, None, "7.50"],
            ["11", None, None, None, None, "-8.50"],
        ],
    }


ids = st.sampled_from([None, "1", "2"])
lines = st.lists(
    st.builds(
        PlannedLine,
        account=st.sampled_from(["10", "11", "9"]),
        amount=st.integers(-500, 500).map(lambda cents: Decimal(cents) / 100),
        memo=ids,
        entity=ids,
        department=ids,
        class_=ids,
        location=ids,
    ),
    max_size=12,
)


@given(lines, st.randoms(use_true_random=False))
def test_the_canonical_form_knows_no_order_and_agrees_with_the_plan(planned, chance: random.Random):
    shuffled = planned.copy()
    chance.shuffle(shuffled)
    one = canonical.journal(journal.body(plan(*planned)))
    other = canonical.journal(journal.body(plan(*shuffled)))
    assert one == other
    assert canonical.differences(one, other) == []
    by_account = {}
    for entry in planned:
        by_account[entry.account] = by_account.get(entry.account, 0) + entry.amount
    for account, amount in by_account.items():
        assert amount == sum(Decimal(row[5]) for row in one["lines"] if row[0] == account)


@given(lines, lines)
def test_two_journals_of_different_effect_always_differ(one, other):
    a, b = (canonical.journal(journal.body(plan(*x))) for x in (one, other))
    effects = [{account: total(form, account) for account in ("9", "10", "11")} for form in (a, b)]
    if effects[0] != effects[1]:
        assert canonical.differences(a, b)


def total(form, account) -> Decimal:
    return sum((Decimal(row[5]) for row in form["lines"] if row[0] == account), Decimal(0))


def test_differences_are_sentences():
    sent = canonical.journal(journal.body(PLAIN))
    held = {
        **sent,
        "date": "2026-04-01",
        "posting": False,
        "total": "90.00",
        "lines": [["10", None, "2", "4", "5", "90.00"], ["12", None, None, None, None, "-90.00"]],
    }
    assert canonical.differences(sent, held) == [
        "the date is 2026-04-01 in NetSuite, 2026-03-05 was sent",
        "whether it posts is no in NetSuite, yes was sent",
        "the total is 90.00 in NetSuite, 100.10 was sent",
        "account 10 (department 2, class 4, location 5) is 90.00 in NetSuite, 100.10 was sent",
        "account 11 (entity st-1-customer-9) is 0.00 in NetSuite, -100.10 was sent",
        "account 12 is -90.00 in NetSuite, 0.00 was sent",
    ]


def test_another_kind_of_record_under_our_id_is_a_difference():
    sent = canonical.journal(journal.body(PLAIN))
    assert canonical.differences(sent, {**sent, "type": "CustInvc"}) == [
        "it is a CustInvc in NetSuite, a journal_entry was sent"
    ]


def test_what_was_never_sent_is_not_compared():
    sent = canonical.journal(
        journal.body(plan(line("10", "1"), line("11", "-1", department="2"), subsidiary=None))
    )
    filled = {
        **sent,
        "subsidiary": "1",
        "lines": [["10", None, "9", None, None, "1.00"], ["11", None, "2", None, None, "-1.00"]],
    }
    assert canonical.differences(sent, filled) == []
    moved = [filled["lines"][0], ["11", None, "3", None, None, "-1.00"]]
    assert len(canonical.differences(sent, {**filled, "lines": moved})) == 2


def record(**changes):
    made = journal.body(PLAIN)
    links = {"st-1-customer-9": "55"}
    items = [
        {**item, "line": n}
        for n, item in enumerate(references.resolve(made, links)["line"]["items"])
    ]
    shown = {
        "id": "77",
        **made,
        "postingPeriod": {"id": "21", "refName": "Mar 2026", "links": []},
        "approved": True,
        "void": False,
        "line": {"items": items, "totalResults": 2},
    }
    return {**shown, **changes}


def test_a_record_read_back_is_equal_to_what_was_sent():
    sent = canonical.journal(references.resolve(journal.body(PLAIN), {"st-1-customer-9": "55"}))
    assert update.journal_from_record(record()) == sent


def test_a_void_or_unapproved_record_does_not_post():
    for change in ({"void": True}, {"approved": False}, {"approvalStatus": {"id": "1"}}):
        assert update.journal_from_record(record(**change))["posting"] is False
    assert update.journal_from_record(record(approvalStatus={"id": "2"}))["posting"] is True


def test_an_update_replaces_the_lines_and_keeps_the_journals_identity():
    made = update.update_body(plan(line("1", "1"), line("2", "-1"), memo=None))
    assert made == {
        "memo": None,
        "tranDate": "2026-03-05",
        "postingPeriod": {"id": "21"},
        "line": {
            "items": [
                {"account": {"id": "1"}, "debit": 1.0},
                {"account": {"id": "2"}, "credit": 1.0},
            ]
        },
    }
    assert update.update_body(journal.body(PLAIN)) == update.update_body(PLAIN)
    assert (update.path("12"), update.PARAMS) == ("record/v1/journalEntry/12", {"replace": "line"})
    with pytest.raises(ValueError, match="internal id"):
        update.path("12/../13")
