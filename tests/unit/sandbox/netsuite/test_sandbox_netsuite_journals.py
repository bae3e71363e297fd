"""The rules a journal entry must keep, each with NetSuite's own words for a no."""

from __future__ import annotations

from typing import Any

import pytest
from netsuite_site import (
    AR_LOCKED,
    BANK,
    CLOSED_SUBSIDIARY,
    INACTIVE,
    INCOME,
    LOCKED,
    OPEN,
    PAYABLE,
    RECEIVABLE,
    RECORD,
    SHUT,
    SINGLE,
    SUMMARY,
    WEST,
    WEST_ONLY,
    Site,
    journal,
    line,
    on_site,
)

PREFIX = "Error while accessing a resource. "
OUTSIDE = (
    "The transaction date you specified is not within the date range of your accounting period."
)
ONE, OTHER = line(BANK, debit=5), line(INCOME, credit=5)

REFUSED: dict[str, tuple[Any, str]] = {
    "unbalanced by a cent": (
        journal(line(BANK, debit=5), line(INCOME, credit=5.01)),
        "The amounts in the journal entry must balance.",
    ),
    "no lines": (journal(line={"items": []}), "You must enter at least one line item"),
    "one side only": (journal(line(BANK, debit=0), line(INCOME, debit=0)), "at least one debit"),
    "a line without amount": (journal(ONE, OTHER, line()), "Please enter a value for Amount."),
    "a line without account": (
        journal({"debit": 5}, OTHER),
        "Please enter value(s) for: Account.",
    ),
    "account of another subsidiary": (
        journal(ONE, line(WEST_ONLY, credit=5)),
        f"Invalid account reference key {WEST_ONLY} for subsidiary 2.",
    ),
    "no subsidiary": (journal(subsidiary=None), "Please enter a value for subsidiary."),
    "department of another subsidiary": (
        journal(ONE, line(credit=5, department={"id": "2"})),
        "You have entered an Invalid Field Value 2 for the following field: department.",
    ),
    "class of another subsidiary": (
        journal(ONE, line(credit=5, **{"class": {"id": "2"}})),
        "You have entered an Invalid Field Value 2 for the following field: class.",
    ),
    "location of another subsidiary": (
        journal(ONE, line(credit=5, location={"id": "2"})),
        "You have entered an Invalid Field Value 2 for the following field: location.",
    ),
    "inactive location": (
        journal(ONE, line(credit=5, location={"id": "3"})),
        "You have entered an Invalid Field Value 3 for the following field: location.",
    ),
    "period that is not the date's": (
        journal(tranDate="2026-04-15"),
        OUTSIDE,
    ),
    "closed period": (journal(tranDate="2026-02-15", postingPeriod={"id": SHUT}), OUTSIDE),
    "closed period by date alone": (journal(tranDate="2026-02-15", postingPeriod=None), OUTSIDE),
    "locked period": (journal(tranDate="2026-03-15", postingPeriod={"id": LOCKED}), OUTSIDE),
    "year instead of a period": (journal(postingPeriod={"id": "10"}), OUTSIDE),
    "no period at all": (
        journal(tranDate="2031-01-15", postingPeriod=None),
        "There are no Accounting Periods that cover this transaction date.",
    ),
    "receivables without customer": (
        journal(line(RECEIVABLE, debit=5), OTHER),
        "Please choose a name on each line that posts to an account of type Accounts Receivable.",
    ),
    "payables without vendor": (
        journal(line(BANK, debit=5), line(PAYABLE, credit=5)),
        "Please choose a name on each line that posts to an account of type Accounts Payable.",
    ),
    "payables with a customer": (
        journal(line(BANK, debit=5), line(PAYABLE, credit=5, entity={"id": "50"})),
        "You have entered an Invalid Field Value 50 for the following field: entity.",
    ),
    "customer of another subsidiary": (
        journal(line(RECEIVABLE, debit=5, entity={"id": "51"}), OTHER),
        "Invalid entity reference key 51 for subsidiary 2.",
    ),
    "inactive customer": (
        journal(line(RECEIVABLE, debit=5, entity={"id": "52"}), OTHER),
        "You have entered an Invalid Field Value 52 for the following field: entity.",
    ),
    "too many lines": (
        journal(*[line(BANK, debit=1)] * 11, *[line(INCOME, credit=1.1)] * 10),
        "Journal Entries can have a maximum of 20 lines.",
    ),
    "a third decimal": (
        journal(line(BANK, debit=5.005), line(INCOME, credit=5.005)),
        "round off the amount of each line to a maximum of 2 decimal places.",
    ),
    "nineteen decimals": (
        journal(line(BANK, debit=1.1234567890123456), line(INCOME, credit=1.1234567890123456)),
        "round off the amount of each line to a maximum of 2 decimal places.",
    ),
    "a number too long": (
        journal(tranId="x" * 46),
        "The field tranid contained more than the maximum number ( 45 ) of characters allowed.",
    ),
    "external id of nobody": (
        journal(ONE, {"account": {"externalId": "nobody"}, "credit": 5}),
        "Invalid externalId nobody.",
    ),
}

INVALID: dict[str, tuple[Any, str, str]] = {
    "unknown account": (journal(line("999", debit=5), OTHER), "999", "line.items[0].account"),
    "inactive account": (journal(ONE, line(INACTIVE, credit=5)), "5", "line.items[1].account"),
    "summary account": (journal(ONE, line(SUMMARY, credit=5)), "6", "line.items[1].account"),
    "unknown subsidiary": (journal(subsidiary={"id": "77"}), "77", "subsidiary"),
    "inactive subsidiary": (
        journal(subsidiary={"id": CLOSED_SUBSIDIARY}),
        CLOSED_SUBSIDIARY,
        "subsidiary",
    ),
    "unknown period": (journal(postingPeriod={"id": "999"}), "999", "postingPeriod"),
    "unknown department": (
        journal(ONE, line(credit=5, department={"id": "9"})),
        "9",
        "line.items[1].department",
    ),
    "unknown entity": (
        journal(ONE, line(credit=5, entity={"id": "999"})),
        "999",
        "line.items[1].entity",
    ),
    "unknown currency": (journal(currency={"id": "9"}), "9", "currency"),
    "both sides on a line": (
        journal(line(BANK, debit=5, credit=5), line()),
        "5",
        "line.items[0].credit",
    ),
    "negative amount": (
        journal(line(BANK, debit=-5), line(credit=-5)),
        "-5",
        "line.items[0].debit",
    ),
    "amount beyond every ledger": (
        journal(line(BANK, debit=10**40), line(credit=10**40)),
        "1",
        "line.items[0].debit",
    ),
    "exchange rate of nothing": (journal(exchangeRate=-1), "-1", "exchangeRate"),
    "amount as text": (
        journal(line(BANK, debit="5"), line(credit=5)),
        "5",
        "line.items[0].debit",
    ),
    "date in another format": (journal(tranDate="1/15/2026"), "1/15/2026", "tranDate"),
    "unknown approval status": (journal(approvalStatus={"id": "7"}), "7", "approvalStatus"),
    "lines that are no list": (journal(line=[ONE, OTHER]), "[{", "line"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_rule_is_refused_in_netsuites_words(name: str) -> None:
    body, words = REFUSED[name]

    async def check(site: Site) -> None:
        answer = await site.post("journalEntry", body)
        assert (answer.status, answer.code) == (400, "USER_ERROR")
        assert answer.detail.startswith(PREFIX)
        assert words in answer.detail
        assert await site.journals() == []

    on_site(check)


@pytest.mark.parametrize("name", INVALID)
def test_a_value_that_cannot_be_is_refused_with_its_place(name: str) -> None:
    body, value, path = INVALID[name]

    async def check(site: Site) -> None:
        answer = await site.post("journalEntry", body)
        assert (answer.status, answer.code) == (400, "INVALID_CONTENT")
        assert f"Invalid Field Value {value}" in answer.detail
        assert answer.json["o:errorDetails"][0]["o:errorPath"] == path
        assert await site.journals() == []

    on_site(check)


def test_a_good_journal_posts_with_its_effect_on_the_ledger() -> None:
    async def check(site: Site) -> None:
        body = journal(
            line(RECEIVABLE, debit=70.1, entity={"id": "50"}, memo="One"),
            line(BANK, debit=30.15, department=1, location="1", **{"class": {"id": 1}}),
            line(INCOME, credit=100.25),
            externalId="st-1-je-1",
            tranId="ALB-1",
            memo="Été <b>",
        )
        answer = await site.post("journalEntry", body)
        assert answer.headers["Location"].startswith(f"{site.url}{RECORD}/journalEntry/")
        assert answer.text == ""
        [header] = await site.rows(
            "SELECT id, externalid, tranid, type, recordtype, posting, status, subsidiary, "
            "postingperiod, memo FROM transaction"
        )
        assert header == {
            "id": answer.id,
            "externalid": "st-1-je-1",
            "tranid": "ALB-1",
            "type": "Journal",
            "recordtype": "journalentry",
            "posting": "T",
            "status": "B",
            "subsidiary": "2",
            "postingperiod": OPEN,
            "memo": "Été <b>",
        }
        ledger = await site.rows(
            "SELECT account, debit, credit, amount, posting, accountingbook "
            "FROM transactionaccountingline ORDER BY transactionline"
        )
        common = {"posting": "T", "accountingbook": "1"}
        assert ledger == [
            {"account": RECEIVABLE, "debit": "70.1", "amount": "70.1", **common},
            {"account": BANK, "debit": "30.15", "amount": "30.15", **common},
            {"account": INCOME, "credit": "100.25", "amount": "-100.25", **common},
        ]
        lines = await site.rows(
            "SELECT id, entity, department, class, location, memo, subsidiary "
            "FROM transactionline ORDER BY id"
        )
        assert lines == [
            {"id": "0", "entity": "50", "memo": "One", "subsidiary": "2"},
            {"id": "1", "department": "1", "class": "1", "location": "1", "subsidiary": "2"},
            {"id": "2", "subsidiary": "2"},
        ]
        [record] = await site.journals()
        assert (record["external_id"], record["tran_id"], record["total"]) == (
            "st-1-je-1",
            "ALB-1",
            "100.25",
        )

    on_site(check)


def test_without_an_external_id_the_same_journal_is_created_twice() -> None:
    async def check(site: Site) -> None:
        first = await site.post("journalEntry", journal())
        second = await site.post("journalEntry", journal())
        assert first.id != second.id
        assert len(await site.journals()) == 2

    on_site(check)


def test_a_second_post_with_the_same_external_id_is_refused_whatever_its_case() -> None:
    async def check(site: Site) -> None:
        assert (await site.post("journalEntry", journal(externalId="st-1"))).status == 204
        for external_id in ("st-1", "ST-1"):
            answer = await site.post("journalEntry", journal(externalId=external_id))
            assert answer.code == "USER_ERROR"
            assert answer.detail == PREFIX + "This record already exists."
        assert len(await site.journals()) == 1

    on_site(check)


def test_a_deleted_journal_frees_its_external_id() -> None:
    async def check(site: Site) -> None:
        first = await site.post("journalEntry", journal(externalId="st-1"))
        assert (await site.call("DELETE", f"{RECORD}/journalEntry/{first.id}")).status == 204
        assert await site.rows("SELECT id FROM transaction") == []
        assert await site.rows("SELECT account FROM transactionaccountingline") == []
        assert (await site.post("journalEntry", journal(externalId="st-1"))).status == 204

    on_site(check)


def test_a_receivables_lock_does_not_bind_journals() -> None:
    async def check(site: Site) -> None:
        body = journal(tranDate="2026-04-15", postingPeriod={"id": AR_LOCKED})
        assert (await site.post("journalEntry", body)).status == 204

    on_site(check)


def test_the_period_of_the_date_is_taken_when_none_is_sent() -> None:
    async def check(site: Site) -> None:
        created = await site.post("journalEntry", journal(postingPeriod=None))
        shown = await site.get(f"journalEntry/{created.id}")
        assert shown.json["postingPeriod"]["id"] == OPEN

    on_site(check)


def test_a_number_is_given_when_none_is_sent_or_none_may_be() -> None:
    async def check(site: Site) -> None:
        await site.post("journalEntry", journal())
        await site.sandbox("settings", {"allow_transaction_number_override": False})
        await site.post("journalEntry", journal(tranId="MINE"))
        numbers = [record["tran_id"] for record in await site.journals()]
        assert len(set(numbers)) == 2
        assert "MINE" not in numbers

    on_site(check)


def test_a_journal_pending_approval_does_not_post() -> None:
    async def check(site: Site) -> None:
        await site.post("journalEntry", journal(approvalStatus={"id": "1"}))
        assert await site.rows("SELECT posting, status FROM transaction") == [
            {"posting": "F", "status": "A"}
        ]
        lines = await site.rows("SELECT DISTINCT posting FROM transactionaccountingline")
        assert lines == [{"posting": "F"}]

    on_site(check)


def test_mandatory_classifications_are_asked_for_together() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"departments_mandatory": True, "locations_mandatory": True})
        answer = await site.post("journalEntry", journal())
        assert answer.detail == PREFIX + "Please enter value(s) for: Department, Location."
        full = {"department": {"id": "1"}, "location": {"id": "1"}}
        body = journal(line(BANK, debit=5, **full), line(INCOME, credit=5, **full))
        assert (await site.post("journalEntry", body)).status == 204

    on_site(check)


def test_a_payables_line_takes_a_vendor() -> None:
    async def check(site: Site) -> None:
        vendor = await site.post("vendor", {"companyName": "Pipes Inc", "subsidiary": {"id": "2"}})
        body = journal(
            line(BANK, debit=5), line(PAYABLE, credit=5, entity={"id": vendor.id}), externalId="v"
        )
        assert (await site.post("journalEntry", body)).status == 204

    on_site(check)


def test_a_relation_lets_a_customer_trade_in_a_further_subsidiary() -> None:
    async def check(site: Site) -> None:
        body = journal(
            line(RECEIVABLE, debit=5, entity={"id": "50"}),
            line(INCOME, credit=5),
            subsidiary={"id": WEST},
        )
        assert (await site.post("journalEntry", body)).status == 400
        relation = {"entity": {"id": "50"}, "subsidiary": {"id": WEST}}
        assert (await site.post("customerSubsidiaryRelationship", relation)).status == 204
        assert (await site.post("journalEntry", body)).status == 204

    on_site(check)


def test_a_single_subsidiary_account_knows_no_subsidiary_field() -> None:
    async def check(site: Site) -> None:
        refused = await site.post(
            "journalEntry", journal(), X_NetSuite_PropertyNameValidation="Error"
        )
        assert (refused.status, refused.code) == (400, "INVALID_CONTENT")
        assert "subsidiary" in refused.detail
        dropped = await site.post("journalEntry", journal())
        assert dropped.status == 204
        assert dropped.headers["X-Netsuite-Propertyvalidation"] == "subsidiary"
        assert (await site.post("journalEntry", journal(subsidiary=None))).status == 204

    on_site(check, SINGLE)
