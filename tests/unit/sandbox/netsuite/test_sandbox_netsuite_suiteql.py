"""SuiteQL: what it answers, how values look, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from netsuite_site import (
    BANK,
    BOOKS,
    INCOME,
    SINGLE,
    SUITEQL,
    WEST,
    WEST_ONLY,
    Site,
    journal,
    line,
    on_site,
)

from sandbox.netsuite.suiteql.compile import Compiler, lift
from sandbox.netsuite.suiteql.functions import to_char, to_date
from sandbox.netsuite.suiteql.tables import visible

SEARCH = "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
UNSUPPORTED = SEARCH + "Invalid or unsupported search."


async def _three(site: Site) -> None:
    for number, amount in enumerate((10, 20.5, 30.25), 1):
        lines = [line(BANK, debit=amount), line(INCOME, credit=amount)]
        body = journal(*lines, externalId=f"st-{number}", tranDate=f"2026-01-0{number}")
        assert (await site.post("journalEntry", body)).status == 204


def test_values_are_strings_keys_lower_case_and_nulls_left_out() -> None:
    async def check(site: Site) -> None:
        await _three(site)
        answer = await site.query(
            "SELECT ID AS TheId, TranDate, memo, posting, FOREIGNTOTAL FROM Transaction "
            "WHERE externalid = 'st-2'"
        )
        [row] = answer.json["items"]
        row.pop("theid")
        assert row == {
            "links": [],
            "trandate": "1/2/2026",
            "posting": "T",
            "foreigntotal": "20.5",
        }

    on_site(check)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT externalid FROM transaction WHERE externalid = 'ST-1'", []),
        ("SELECT externalid e FROM transaction WHERE externalid LIKE 'ST-%'", []),
        (
            "SELECT TO_CHAR(trandate, 'YYYY-MM-DD') d FROM transaction WHERE externalid = 'st-1'",
            [{"d": "2026-01-01"}],
        ),
        (
            "SELECT externalid e FROM transaction WHERE trandate "
            "BETWEEN TO_DATE('2026-01-02','YYYY-MM-DD') AND TO_DATE('1/2/2026','MM/DD/YYYY')",
            [{"e": "st-2"}],
        ),
        ("SELECT externalid e FROM transaction WHERE trandate = '1/3/2026'", [{"e": "st-3"}]),
        ("SELECT NVL(memo, 'none') m FROM transaction WHERE ROWNUM <= 1", [{"m": "none"}]),
        (
            "SELECT externalid e FROM transaction ORDER BY id DESC FETCH FIRST 1 ROWS ONLY",
            [{"e": "st-3"}],
        ),
        (
            "SELECT SUM(NVL(debit, 0)), SUM(amount) b, COUNT(*) FROM transactionaccountingline",
            [{"expr1": "60.75", "b": "0", "expr3": "6"}],
        ),
        (
            "SELECT a.acctnumber, SUM(NVL(tal.credit,0)) cr FROM transactionaccountingline tal "
            "JOIN account a ON a.id = tal.account JOIN transaction t ON t.id = tal.transaction "
            "WHERE t.externalid IN ('st-1', 'st-2') AND tal.posting = 'T' "
            "AND tal.accountingbook = (SELECT id FROM accountingbook WHERE isprimary='T') "
            "GROUP BY a.acctnumber ORDER BY a.acctnumber",
            [{"acctnumber": "1000", "cr": "0"}, {"acctnumber": "4000", "cr": "30.5"}],
        ),
        (
            "SELECT BUILTIN.DF(postingperiod) p FROM transaction WHERE ROWNUM < 2",
            [{"p": "Jan 2026"}],
        ),
        ("SELECT BUILTIN.CF(status) s FROM transaction WHERE ROWNUM < 2", [{"s": "Journal:B"}]),
        (
            "SELECT id FROM accountingperiod WHERE isposting='T' AND isyear='F' AND closed='F' "
            "AND TO_DATE('2026-01-05','YYYY-MM-DD') BETWEEN startdate AND enddate",
            [{"id": "11"}],
        ),
        (
            f"SELECT subsidiary s FROM accountsubsidiarymap WHERE account = {WEST_ONLY}",
            [{"s": WEST}],
        ),
        ("SELECT COUNT(*) n FROM accountsubsidiarymap WHERE account = '1'", [{"n": "5"}]),
        ("SELECT name FROM subsidiary WHERE id = '3' AND isinactive = 'F'", [{"name": "West"}]),
        ("SELECT 1 AS one FROM dual", [{"one": "1"}]),
        ("SELECT symbol FROM currency", [{"symbol": "USD"}]),
        (
            "SELECT entity, isprimarysub p FROM customerSubsidiaryRelationship "
            "WHERE subsidiary = 3",
            [{"entity": "51", "p": "T"}],
        ),
        (
            "SELECT entityid FROM customer WHERE UPPER(companyname) = 'ACME'",
            [{"entityid": "CUST50"}],
        ),
    ],
)
def test_a_query_answers_as_netsuite_would(text: str, expected: list[dict[str, str]]) -> None:
    async def check(site: Site) -> None:
        await _three(site)
        assert await site.rows(text) == expected

    on_site(check)


def test_bound_parameters_are_values_never_text() -> None:
    async def check(site: Site) -> None:
        await _three(site)
        text = (
            "SELECT externalid e FROM transaction WHERE externalid IN (?, ?) OR id = ? ORDER BY id"
        )
        assert await site.rows(text, ["st-1", "x' OR 1=1 --", "0"]) == [{"e": "st-1"}]
        [first] = await site.rows("SELECT id FROM transaction WHERE externalid = ?", ["st-1"])
        assert await site.rows(text, ["a", "b", first["id"]]) == [{"e": "st-1"}]

    on_site(check)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("DELETE FROM transaction", UNSUPPORTED),
        ("SELECT id FROM transaction; SELECT id FROM customer", UNSUPPORTED),
        ("WITH x AS (SELECT id FROM customer) SELECT id FROM x", UNSUPPORTED),
        ("SELECT id FROM transaction LIMIT 5", UNSUPPORTED),
        ("SELECT id, COUNT(*) FROM transaction", UNSUPPORTED),
        ("SELECT nonsense(id) FROM transaction", UNSUPPORTED),
        ("nonsense", UNSUPPORTED),
        ("SELECT id FROM p_transaction", SEARCH + "Record 'p_transaction' was not found."),
        ("SELECT name FROM sqlite_master", SEARCH + "Record 'sqlite_master' was not found."),
        (
            "SELECT t.nope FROM transaction t",
            SEARCH + "Unknown identifier 'nope'. Available identifiers are: {t=transaction}.",
        ),
        ("SELECT id FROM transaction WHERE id = ?", SEARCH + "Invalid number of parameters. "
         "Expected: 1. Provided: 0."),
    ],
)  # fmt: skip
def test_what_suiteql_does_not_take_is_refused(text: str, detail: str) -> None:
    async def check(site: Site) -> None:
        answer = await site.query(text)
        assert (answer.status, answer.code, answer.detail) == (400, "INVALID_PARAMETER", detail)
        assert answer.json["o:errorDetails"][0]["o:errorQueryParam"] == "q"

    on_site(check)


def test_a_date_in_another_format_is_refused() -> None:
    async def check(site: Site) -> None:
        await _three(site)
        for params in (None, ["2026-01-02"]):
            value = "?" if params else "'2026-01-02'"
            answer = await site.query(f"SELECT id FROM transaction WHERE trandate={value}", params)
            assert answer.status == 400
            assert "Invalid date value: 2026-01-02" in answer.detail

    on_site(check)


def test_a_transaction_has_no_subsidiary_in_a_single_subsidiary_account() -> None:
    async def check(site: Site) -> None:
        answer = await site.query("SELECT subsidiary FROM transaction")
        assert answer.detail == (
            SEARCH + "Unknown identifier 'subsidiary'. "
            "Available identifiers are: {transaction=transaction}."
        )
        assert "was not found" in (await site.query("SELECT id FROM subsidiary")).detail

    on_site(check, SINGLE)


def test_an_in_list_holds_at_most_a_thousand() -> None:
    async def check(site: Site) -> None:
        for count, status in ((1000, 200), (1001, 400)):
            literals = ",".join(f"'x{n}'" for n in range(count))
            marks = ",".join("?" * count)
            text = "SELECT id FROM transaction WHERE externalid IN ({})"
            assert (await site.query(text.format(literals))).status == status
            answer = await site.query(text.format(marks), [f"x{n}" for n in range(count)])
            assert answer.status == status

    on_site(check)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("?limit=1001", "limit"),
        ("?limit=0", "limit"),
        ("?limit=ten", "limit"),
        ("?limit=10&offset=5", "offset"),
        ("?limit=1000&offset=100000", "offset"),
        ("?page=2", "page"),
    ],
)
def test_a_page_that_cannot_be_is_refused(page: str, name: str) -> None:
    async def check(site: Site) -> None:
        answer = await site.query("SELECT id FROM account", page=page)
        assert (answer.status, answer.code) == (400, "INVALID_PARAMETER")
        assert answer.json["o:errorDetails"][0]["o:errorQueryParam"] == name

    on_site(check)


def test_pages_add_up_to_the_whole() -> None:
    async def check(site: Site) -> None:
        ids = []
        for offset in (0, 3, 6):
            text = "SELECT id FROM account ORDER BY id"
            page = (await site.query(text, page=f"?limit=3&offset={offset}")).json
            assert (page["totalResults"], page["offset"]) == (7, offset)
            assert page["hasMore"] == (offset < 6)
            ids += [row["id"] for row in page["items"]]
        assert ids == [account.id for account in BOOKS.accounts]

    on_site(check)


def test_a_query_gives_at_most_a_hundred_thousand_rows() -> None:
    async def check(site: Site) -> None:
        joined = ", ".join(f"account a{n}" for n in range(6))
        answer = await site.query(f"SELECT a0.id FROM {joined}")
        assert answer.json["totalResults"] == 100_000

    on_site(check)


@pytest.mark.parametrize("prefer", [None, "respond-async"])
def test_the_header_prefer_transient_is_required(prefer: str | None) -> None:
    async def check(site: Site) -> None:
        headers = {"Prefer": prefer} if prefer else {}
        answer = await site.call("POST", SUITEQL, {"q": "SELECT id FROM account"}, **headers)
        assert answer.status == 400
        assert answer.json["o:errorDetails"][0]["o:errorHeader"] == "Prefer"

    on_site(check)


@pytest.mark.parametrize("body", [{}, {"q": ""}, {"q": "SELECT 1", "limit": 5}, ["q"]])
def test_a_body_without_a_query_is_refused(body: Any) -> None:
    async def check(site: Site) -> None:
        answer = await site.call("POST", SUITEQL, body, Prefer="transient")
        assert answer.status == 400

    on_site(check)


@pytest.mark.parametrize(
    ("hidden", "text"),
    [
        ("journalEntry", "SELECT id FROM transaction"),
        ("journalEntry", "SELECT account FROM transactionaccountingline"),
        ("transaction", "SELECT id FROM transactionline"),
        ("customer", "SELECT id FROM customer"),
        ("subsidiary", "SELECT id FROM subsidiary"),
        ("accountsubsidiarymap", "SELECT account FROM accountsubsidiarymap"),
    ],
)
def test_what_is_hidden_from_the_role_is_empty_and_no_error(hidden: str, text: str) -> None:
    async def check(site: Site) -> None:
        await _three(site)
        assert await site.rows(text)
        await site.sandbox("settings", {"hide": [hidden]})
        assert await site.rows(text) == []
        await site.sandbox("settings", {"hide": []})
        assert await site.rows(text)

    on_site(check)


def test_a_hidden_record_exists_all_the_same() -> None:
    async def check(site: Site) -> None:
        await _three(site)
        await site.sandbox("settings", {"hide": ["journalEntry"]})
        assert (await site.get("journalEntry/eid:st-1")).status == 404
        assert (await site.get("journalEntry")).json["totalResults"] == 0
        again = await site.post("journalEntry", journal(externalId="st-1"))
        assert again.detail.endswith("This record already exists.")

    on_site(check)


def test_a_table_denied_to_the_role_is_not_found() -> None:
    async def check(site: Site) -> None:
        await site.sandbox("settings", {"deny": ["currency"]})
        answer = await site.query("SELECT id FROM currency")
        assert answer.detail == SEARCH + "Record 'currency' was not found."

    on_site(check)


def test_queries_that_differ_in_their_lists_alone_are_compiled_once() -> None:
    texts = [
        f"SELECT id FROM transaction WHERE externalid IN ({items}) AND id IN (1, 2)"
        for items in ("'a'", "'b', 'it''s'")
    ]
    lifted = [lift(text) for text in texts]
    assert lifted[0].text == lifted[1].text
    assert lifted[1].lists == {"l0": ["b", "it's"], "l1": ["1", "2"]}
    compiler = Compiler(visible(one_world=True))
    assert compiler.compile(lifted[0].text) is compiler.compile(lifted[1].text)


def test_a_question_mark_within_a_text_is_no_parameter() -> None:
    assert lift("SELECT id FROM t WHERE a = 'why?' AND b = ?").marks == 1


def test_oracle_formats_are_read_and_written() -> None:
    assert to_date("2026-03-02 14:05:00", "YYYY-MM-DD HH24:MI:SS") == "2026-03-02 14:05:00"
    assert to_date("3/2/2026") == "2026-03-02"
    assert to_char("2026-03-02 14:05:06", 'YYYY-MM-DD"T"HH24:MI:SS') == "2026-03-02T14:05:06"
    with pytest.raises(ValueError, match="Invalid date value"):
        to_date("2026-02-31x", "YYYY-MM-DD")
