"""Payments as ServiceTitan shows them, and the records each of them becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from servicetitan_netsuite.servicetitan.payment_parts import records_of, records_since
from servicetitan_netsuite.servicetitan.payments import document
from servicetitan_netsuite.servicetitan.shape import Misshapen

ZONE = ZoneInfo("America/Denver")


def application(id_: int, to: int, amount: Any) -> dict[str, Any]:
    return {
        "appliedId": id_,
        "appliedTo": to,
        "appliedAmount": amount,
        "appliedOn": "2026-02-16T00:00:00Z",
        "appliedBy": "admin",
        "appliedToReferenceNumber": f"N{to}",
    }


def row(*applied: Any, **changes: Any) -> dict[str, Any]:
    used = sum((Decimal(one["appliedAmount"]) for one in applied), Decimal(0))
    total = Decimal(changes.get("total", "100.00"))
    made = {
        "id": 303700001,
        "syncStatus": "Posted",
        "referenceNumber": "P-5521",
        "date": "2026-02-15T00:00:00Z",
        "type": "Check",
        "typeId": "77",
        "total": "100.00",
        "unappliedAmount": f"{total - used:.2f}",
        "memo": None,
        "customer": {"id": 289969909, "name": "Acme LLC"},
        "businessUnit": {"id": 1026, "name": "Residential Service"},
        "batch": {"id": 1, "number": "7476", "name": "Payments"},
        "generalLedgerAccount": {"id": 231010, "name": "Undeposited Funds", "number": "1100"},
        "appliedTo": list(applied),
        "checkNumber": "1042",
        "refundedPaymentId": None,
        "active": True,
    }
    return made | changes


def read(*applied: Any, **changes: Any) -> Any:
    return document(row(*applied, **changes), "payment", ZONE)


def parts(made: Any) -> dict[str, Decimal]:
    return {one.part: one.amount for one in made}


def test_a_payment_is_read_whole_whatever_form_its_money_has():
    found = read(application(9, 2, "30.00"), application(8, 1, 40), total=100)
    assert (found.number, found.business_date, found.amount) == (
        "P-5521",
        date(2026, 2, 15),
        Decimal(100),
    )
    assert [(line["id"], line["amount"]) for line in found.content["lines"]] == [
        ("8", "40"),
        ("9", "30"),
    ]
    assert found.content["header"]["account"]["number"] == "1100"


def test_null_applications_are_none():
    assert read(appliedTo=None).content["lines"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"total": "a lot"},
        {"total": None},
        {"total": "9" * 30},
        {"appliedTo": "all"},
        {"appliedTo": [None]},
        {"appliedTo": [application(1, 2, "all of it")]},
        {"date": "next Tuesday"},
        {"customer": "Acme LLC"},
        {"id": "x"},
    ],
)
def test_what_is_no_payment_is_refused_by_name(changes):
    with pytest.raises(Misshapen):
        document({**row(), **changes}, "payment", ZONE)


def test_the_version_is_of_the_content_and_not_of_names_or_batches():
    same = read(batch=None, customer={"id": 289969909, "name": "Acme Inc"}, modifiedOn="now")
    assert same.version == read().version
    assert read(application(1, 2, "1.00")).version != read().version


def test_what_is_left_is_a_part_only_where_it_shall_be_a_deposit():
    payment = read(application(8, 1, "40.00"))
    assert parts(records_of(payment, remainder_is_deposit=False)) == {"": Decimal(100)}
    assert parts(records_of(payment, remainder_is_deposit=True)) == {
        "": Decimal(100),
        "deposit": Decimal(60),
    }


def test_a_journal_books_all_of_the_money_so_nothing_of_it_is_left_for_a_deposit():
    payment = document(row(application(8, 1, "40.00")), "journal", ZONE)
    assert parts(records_of(payment, remainder_is_deposit=True)) == {"": Decimal(100)}


def test_asking_for_a_posted_journal_by_id_which_hides_how_it_exports_is_no_change():
    shares = (application(8, 1, "120.00"), application(9, 5, "-20.00"))
    posted = document(row(*shares), "journal", ZONE)
    itself, credit = records_since(read(*shares), posted.content, ["application-9"])
    assert itself.version == posted.version
    _, same = records_of(posted, remainder_is_deposit=False)
    assert (credit.part, credit.version) == (same.part, same.version)


def test_each_further_credit_of_a_payment_of_nothing_is_a_part():
    shares = (application(7, 1, "50"), application(8, 5, "-30"), application(9, 6, "-20"))
    payment = read(*shares, total="0.00")
    made = list(records_of(payment, remainder_is_deposit=False))
    assert parts(made) == {"": Decimal(0), "application-9": Decimal(20)}


def test_later_applications_are_parts_and_leave_the_deposit_at_its_version():
    deposit = read()
    later = read(application(8, 1, "40.00"), application(9, 2, "25.00"))
    itself, *more = records_since(later, deposit.content, [])
    assert itself.version == deposit.version
    assert parts(more) == {"application-8": Decimal(40), "application-9": Decimal(25)}
    assert more[0].business_date == date(2026, 2, 16)


def test_a_deposit_whose_date_changed_has_another_version():
    itself, *_ = records_since(read(date="2026-02-20T00:00:00Z"), read().content, [])
    assert itself.version != read().version


def test_an_application_that_is_gone_comes_with_nothing_applied():
    applied = next(iter(list(records_since(read(application(8, 1, "4")), read().content, []))[1:]))
    gone = list(records_since(read(), read().content, ["application-8"]))[-1]
    assert (gone.part, gone.content["lines"]) == ("application-8", [])
    assert gone.version != applied.version


def test_what_is_added_to_an_applied_payment_is_a_change_of_it():
    posted = read(application(8, 1, "40.00"))
    now = read(application(8, 1, "40.00"), application(9, 2, "25.00"))
    (itself,) = records_since(now, posted.content, [])
    assert itself.version == now.version != posted.version


def test_the_rest_that_became_a_deposit_may_be_applied_later():
    posted = read(application(8, 1, "40.00"))
    now = read(application(8, 1, "40.00"), application(9, 2, "25.00"))
    itself, rest, later = records_since(now, posted.content, ["deposit"])
    assert itself.version == posted.version
    assert (rest.part, rest.amount) == ("deposit", Decimal(60))
    assert (later.part, later.amount) == ("application-9", Decimal(25))
