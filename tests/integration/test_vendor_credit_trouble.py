"""AP credits that come late, in rounds or odd: none stops the others, none is told too much."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from support.site import Site
from support.vendor_credits import (
    ALONE,
    CHOSEN,
    apply,
    bill_of,
    held,
    name_of,
    pair,
    rows,
    second_bill,
    split,
    status,
)


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


@pytest.mark.parametrize("amount", ["33.333", "-5.00", "99999999999999.99"])
def test_a_later_application_with_an_odd_amount_is_blocked_and_stops_no_other(
    den: Site, amount: str
) -> None:
    returned, credit = pair(den)
    bill = bill_of(den)
    den.post_batch([returned])
    den.run("first", document_types=CHOSEN)
    apply(den, credit, bill, amount)
    other = next(d for d in den.batchable("return") if d["case"] == "return_without_credit")
    den.post_batch([other])
    den.run("second", document_types=CHOSEN)
    part = rows(den)[f"{name_of(returned)}-application-{bill['id']}"]
    assert (part.state, part.cause) == ("blocked", "dirty_data")
    assert status(den, credit) == "Posted"
    assert rows(den)[name_of(other)].state == "confirmed"


def test_a_credit_whose_number_is_another_returns_id_does_not_disturb_the_report(
    den: Site,
) -> None:
    returned, credit = pair(den)
    bill = bill_of(den)
    other = next(d for d in den.batchable("return") if d["case"] == "return_without_credit")
    den.post_batch([returned])
    den.run("first", document_types=CHOSEN)
    den.edit(credit, number=other["id"])
    apply(den, credit, bill, "10.00")
    den.post_batch([other])
    den.run("second", document_types=ALONE, documents=[f"RET-{int(other['id']) - 401000000}"])
    assert rows(den)[name_of(other)].state == "confirmed"
    assert status(den, credit) == "Posted"


def test_a_credit_split_over_several_bills_in_several_rounds_is_applied_once_each(
    den: Site,
) -> None:
    returned, credit = pair(den)
    one, other = bill_of(den), second_bill(den)
    den.post_batch([returned])
    apply(den, credit, one, "2.00")
    den.run("first", document_types=CHOSEN)
    assert held(den)[name_of(returned)]["applied"] == "2.00"
    assert status(den, credit) == "Exported"
    for run_id, splits, applied in (
        ("second", [split(credit, one, 2), split(credit, other, 3.5, 2)], "5.50"),
        ("third", [split(credit, one, 9), split(credit, other, 3.5, 2)], "12.50"),
    ):
        den.edit(credit, splits=splits, sync_status="Posted")
        den.run(run_id, document_types=CHOSEN)
        den.run(f"{run_id} again", document_types=CHOSEN)
        (record,) = held(den).values()
        assert record["applied"] == applied
        assert status(den, credit) == "Exported"
        assert {row.state for row in rows(den).values()} == {"confirmed"}
    writes = den.truth()["writes"]
    den.run("last", document_types=CHOSEN)
    assert den.truth()["writes"] == writes


def test_a_return_that_is_granted_in_parts_waits_for_all_of_them(den: Site) -> None:
    returned, credit = pair(den)
    bill = bill_of(den)
    other = next(d for d in den.batchable("ap_credit") if d["case"] == "credit_without_return")
    total = Decimal(returned["amount"])
    den.post_batch([returned])
    den.run("first", document_types=CHOSEN)
    den.edit(credit, amount=float(total - 1))
    apply(den, credit, bill, "5.00")
    den.run("second", document_types=CHOSEN)
    name = name_of(returned)
    part = rows(den)[f"{name}-application-{bill['id']}"]
    assert (part.state, part.cause) == ("blocked", "not_balanced")
    assert f"come to {total - 1} so far, and its vendor credit" in part.sentence
    assert rows(den)[name].state == "confirmed"
    assert status(den, credit) == "Posted"
    den.edit(other, inventoryReturnId=int(returned["id"]), amount=1.0)
    den.post_batch([other])
    den.run("third", document_types=CHOSEN)
    den.run("fourth", document_types=CHOSEN)
    assert held(den)[name]["applied"] == "5.00"
    assert {row.state for row in rows(den).values()} == {"confirmed"}
    assert {status(den, one) for one in (credit, other)} == {"Exported"}


def test_a_return_canceled_between_reading_and_reporting_is_not_told_to_servicetitan(
    den: Site,
) -> None:
    returned, credit = pair(den)
    den.post_batch([returned, credit])
    context = den.prepare("first", document_types=ALONE)
    den.edit(returned, status="Canceled")
    den.post(context)
    row = rows(den)[name_of(returned)]
    assert (row.netsuite_id is not None, status(den, credit)) == (True, "Posted")
    den.run("second", document_types=ALONE)
    row = rows(den)[name_of(returned)]
    assert (row.state, row.cause) == ("conflict", "changed_after_posting")
    assert status(den, credit) == "Posted"
