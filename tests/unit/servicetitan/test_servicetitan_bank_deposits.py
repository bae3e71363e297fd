"""Bank deposits: read with their payments if they stay as they are, marked all together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lists_fake import Lists, account, deposit, payment
from servicetitan_fake import all_of, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.bank_deposits import BANK_DEPOSITS, pending_bank_deposits
from servicetitan_netsuite.servicetitan.exported import Mark, mark_exported
from servicetitan_netsuite.servicetitan.found import Unreadable
from servicetitan_netsuite.servicetitan.report import Reported

TENANT = tenant()


def read(server: Lists, **options: Any) -> list[Any]:
    found = with_client(
        server, lambda client: all_of(pending_bank_deposits(client, TENANT, **options))
    )
    return sorted(found, key=lambda one: one.source_id)


def books(*deposits: dict[str, Any]) -> Lists:
    made = Lists(bank_deposits=list(deposits))
    made.payments = {str(d["id"]): [payment(d["id"] * 10)] for d in deposits if d.get("id")}
    return made


def test_a_posted_deposit_comes_with_its_payments() -> None:
    (found,) = read(books(deposit(), deposit(7702, syncStatus="Exported")))
    assert isinstance(found, SourceDocument)
    assert (found.source_id, found.number, found.amount) == ("7701", "7701", Decimal("108.25"))
    header = found.content["header"]
    assert (header["gross"], header["net"], header["fees"]) == ("108.25", "105.1", "3.15")
    assert header["bank_account"]["id"] == "232000"
    (line,) = found.content["lines"]
    assert (line["number"], line["total"], line["account"]["id"]) == ("P-77010", "108.25", "232100")


def test_a_deposit_without_fees_has_none() -> None:
    (found,) = read(books(deposit(fees=None, feeAccount=None)))
    assert found.content["header"]["fees"] == "0"
    assert found.content["header"]["fee_account"] is None


def test_pages_that_repeat_count_a_payment_once_and_deleted_ones_not_at_all() -> None:
    served = books(deposit())
    served.payments["7701"] = [payment(1), payment(1), payment(2, active=False)]
    (found,) = read(served)
    assert [line["id"] for line in found.content["lines"]] == ["1"]


def test_a_deposit_that_changes_while_it_is_read_is_read_again() -> None:
    served = books(deposit())

    def change_once() -> None:
        served.on_payments = lambda: None
        served.rows["bank-deposits"][0].update(netAmount=200, fees=0, grossAmount=200)
        served.payments["7701"] = [payment(5, "200.00")]

    served.on_payments = change_once
    (found,) = read(served)
    assert found.content["header"]["net"] == "200"
    assert found.content["lines"][0]["total"] == "200"


def test_one_that_never_stays_the_same_is_told() -> None:
    served = books(deposit())
    count = iter(range(1000))

    def change() -> None:
        served.rows["bank-deposits"][0]["netAmount"] = next(count)

    served.on_payments = change
    (found,) = read(served)
    assert isinstance(found, Unreadable)
    assert "keeps changing" in found.reason


def test_one_that_is_unposted_while_it_is_read_is_left_out() -> None:
    served = books(deposit())
    served.on_payments = lambda: served.rows["bank-deposits"][0].update(syncStatus="Pending")
    assert read(served) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"fees": "3%"}, "fees"),
        ({"grossAmount": None}, "grossAmount"),
        ({"netAmount": 10**30}, "netAmount"),
        ({"depositDate": "soon"}, "depositDate"),
        ({"bankAccount": {"id": "??"}}, None),
        ({"bankAccount": 7}, "bankAccount"),
        ({"syncStatus": "Posted", "id": 0}, "id"),
    ],
)
def test_a_dirty_deposit_is_told_or_left_to_the_rules_and_spoils_no_other(
    changes: Any, told: str | None
) -> None:
    found = read(books(deposit(**changes), deposit(7702)))
    assert len(found) == 2
    bad = [one for one in found if isinstance(one, Unreadable)]
    assert [told in one.reason for one in bad] == ([True] if told else [])


@pytest.mark.parametrize(
    "changes", [{"total": None}, {"total": "all"}, {"id": None}, {"generalLedgerAccount": []}]
)
def test_a_dirty_payment_makes_its_deposit_unreadable(changes: Any) -> None:
    served = books(deposit(), deposit(7702))
    served.payments["7701"].append(payment(99, **changes))
    bad, good = read(served)
    assert isinstance(bad, Unreadable)
    assert "payment" in bad.reason
    assert isinstance(good, SourceDocument)


def test_what_is_no_row_at_all_is_told() -> None:
    served = Lists(bank_deposits=[deposit(), None, "x"])
    served.payments["7701"] = [payment(1)]
    assert [type(one).__name__ for one in read(served)].count("Unreadable") == 2


def test_only_the_deposits_asked_for_are_read() -> None:
    served = books(*(deposit(n) for n in range(7701, 7706)))
    served.rows["bank-deposits"][3]["batch"] = {"id": 5, "number": "8", "name": "Other"}
    assert [one.number for one in read(served, documents=["7702", "9999"])] == ["7702"]
    assert [one.number for one in read(served, ids=["7703"])] == ["7703"]
    assert [one.number for one in read(served, batch="8")] == ["7704"]


def test_the_version_is_of_the_content_alone() -> None:
    one, other = (read(books(deposit(**more)))[0] for more in ({}, {"modifiedOn": "2026-03-01"}))
    renamed = read(books(deposit(bankAccount=account(1000) | {"name": "New"})))[0]
    moved = read(books(deposit(depositDate="2026-02-17T00:00:00Z")))[0]
    assert one.version == other.version == renamed.version != moved.version


def test_marks_are_sent_together_and_the_offender_is_left_alone() -> None:
    served = books(*(deposit(n) for n in range(1, 6)))
    served.rows["bank-deposits"][2]["syncStatus"] = "Pending"
    marks = [Mark(str(n), f"st-{n}", "NetSuite") for n in range(1, 6)]
    told = with_client(served, lambda client: mark_exported(client, BANK_DEPOSITS, marks))
    assert {id_: one.reported for id_, one in told.items()} == {
        "1": Reported.ACCEPTED,
        "2": Reported.ACCEPTED,
        "3": Reported.MOVED_ON,
        "4": Reported.ACCEPTED,
        "5": Reported.ACCEPTED,
    }
    assert served.marked[0] == {"ids": [1, 2, 3, 4, 5]}


def test_marking_again_what_is_exported_is_accepted() -> None:
    served = books(deposit(1, syncStatus="Exported"))
    told = with_client(
        served, lambda client: mark_exported(client, BANK_DEPOSITS, [Mark("1", "st-1", "")])
    )
    assert told["1"].reported is Reported.ACCEPTED
