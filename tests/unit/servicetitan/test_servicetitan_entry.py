from __future__ import annotations

import json
from datetime import UTC, date, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servicetitan_fake import Books, guid, line

from servicetitan_netsuite.documents import content_hash
from servicetitan_netsuite.servicetitan.entry import document, header_of, unreadable
from servicetitan_netsuite.servicetitan.shape import Misshapen, business_day, plain

NEW_YORK = ZoneInfo("America/New_York")


def row(**changes: Any) -> dict[str, Any]:
    books = Books()
    return books.entries[books.add(1042, versionId=7, **changes)]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T00:00:00", date(2026, 3, 1)),
        ("2026-03-01T23:30:00", date(2026, 3, 1)),
        ("2026-03-01T00:00:00Z", date(2026, 3, 1)),
        ("2026-03-01T00:00:00.0000000Z", date(2026, 3, 1)),
        ("2026-03-01T00:00:00+05:00", date(2026, 3, 1)),
        ("2026-03-01T03:30:00Z", date(2026, 2, 28)),
        ("2026-03-01T20:33:31.0005557Z", date(2026, 3, 1)),
        ("0001-01-01T00:00:00", None),
        (None, None),
    ],
)
def test_only_a_stamp_with_zone_and_time_of_day_is_converted(
    value: str | None, day: date | None
) -> None:
    assert business_day(value, "postDate", NEW_YORK) == day


@pytest.mark.parametrize("value", ["soon", "", 20260301, "2026-13-01", "2026-W10-1", "2026-03-01x"])
def test_what_is_no_date_is_named(value: object) -> None:
    with pytest.raises(Misshapen, match="postDate is"):
        business_day(value, "postDate", NEW_YORK)


def test_a_date_at_the_calendars_end_is_no_crash() -> None:
    far_west = timezone(timedelta(hours=-12))
    with pytest.raises(Misshapen):
        business_day("0001-01-01T01:00:00Z", "postDate", far_west)


@given(st.decimals(-(10**15), 10**15, places=19))
def test_money_keeps_every_digit_and_has_one_text(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount
    assert "E" not in plain(amount)


def test_money_reads_the_same_however_it_was_written() -> None:
    assert [plain(Decimal(t)) for t in ("100", "100.00", "1E+2", "1E2", "-0.0", "0.10")] == [
        "100",
        "100",
        "100",
        "100",
        "0",
        "0.1",
    ]


def test_a_summary_document_holds_what_the_sync_uses() -> None:
    found = document(
        row(),
        [line("4000", 0, Decimal("108.25")), line("1200", "108.2500", 0)],
        UTC,
        detailed=False,
    )
    assert found.source_id == guid(1042)
    assert (found.number, found.version, found.business_date) == ("1042", 7, date(2026, 3, 1))
    assert found.amount == Decimal("108.25")
    assert found.url == "https://go.servicetitan.com/#/journal/1042"
    assert found.content == {
        "header": {
            "id": guid(1042),
            "number": "1042",
            "name": "JE 1042",
            "post_date": "2026-03-01",
            "version_id": 7,
            "last_sync_version_id": None,
            "is_empty": False,
            "url": "https://go.servicetitan.com/#/journal/1042",
        },
        "lines": [
            {
                "account": {
                    "id": "231200",
                    "number": "1200",
                    "name": "Account 1200",
                    "type": "Asset",
                    "subtype": "Other",
                },
                "debit": "108.25",
                "credit": "0",
                "memo": None,
                "business_unit": {"id": "1026", "name": "Residential Service"},
            },
            {
                "account": {
                    "id": "234000",
                    "number": "4000",
                    "name": "Account 4000",
                    "type": "Asset",
                    "subtype": "Other",
                },
                "debit": "0",
                "credit": "108.25",
                "memo": None,
                "business_unit": {"id": "1026", "name": "Residential Service"},
            },
        ],
        "detail": "summary",
    }


def test_a_detailed_line_names_transaction_customer_vendor_and_item() -> None:
    raw = line(
        "1200",
        5,
        0,
        transaction={"id": 303350355, "type": "Invoice", "refNumber": "680999"},
        customer={"id": 289969909, "name": "Acme LLC"},
        vendor=None,
        sku={"id": 288173174, "type": "Service", "code": "DIAG-1"},
        transactionDate="2026-03-01",
        quantity=Decimal("1.0000000000000000000"),
    )
    found = document(row(), [raw], UTC, detailed=True)
    assert found.content["detail"] == "detailed"
    kept = found.content["lines"][0]
    assert kept["transaction"] == {"id": "303350355", "type": "Invoice", "ref_number": "680999"}
    assert kept["customer"] == {"id": "289969909", "name": "Acme LLC"}
    assert kept["vendor"] is None
    assert kept["sku"] == {"id": "288173174", "type": "Service", "code": "DIAG-1"}
    assert (kept["transaction_date"], kept["quantity"]) == ("2026-03-01", "1")


def test_the_amount_counts_a_negative_credit_as_a_debit() -> None:
    lines = [line("1", 10, 0), line("2", 0, -5), line("3", -3, 0), line("4", 0, 12)]
    assert document(row(), lines, UTC, detailed=False).amount == 15


def test_an_address_that_is_no_web_page_is_dropped() -> None:
    assert document(row(url="javascript:alert(1)"), [], UTC, detailed=False).url is None


MONEY = st.decimals(-(10**9), 10**9, places=4).map(lambda d: d + 0)
LINES = st.lists(
    st.builds(line, st.sampled_from(["1200", "4000", "5000"]), MONEY, MONEY, memo=st.text()),
    max_size=6,
)


@settings(max_examples=50, deadline=None)
@given(
    LINES,
    st.randoms(use_true_random=False),
    st.sampled_from(["InProgress", "OutOfSync"]),
    st.text(),
)
def test_the_same_version_gives_the_same_content(
    lines: list[Any], dice: Any, status: str, message: str
) -> None:
    first = document(row(), lines, NEW_YORK, detailed=False)
    shuffled = [dict(reversed(list(each.items()))) for each in lines]
    dice.shuffle(shuffled)
    for each in shuffled:
        each["debit"] = str(each["debit"]) + ("000" if "." in str(each["debit"]) else "")
    moved = row(
        syncStatus=status,
        message=message,
        modifiedOn="2027-01-01T00:00:00Z",
        status="Closed",
        postDate="2026-03-01",
    )
    second = document(moved, shuffled, NEW_YORK, detailed=False)
    assert second == first
    assert content_hash(second.content) == content_hash(first.content)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)


@given(st.sampled_from(sorted(line("1200", 1, 0))), JUNK, st.booleans())
def test_a_dirty_line_is_named_or_kept_but_never_anything_else(
    field: str, junk: Any, detailed: bool
) -> None:
    try:
        found = document(row(), [line("1200", 1, 0) | {field: junk}], NEW_YORK, detailed=detailed)
    except Misshapen as error:
        shown = str(error)
        shown.encode()
        named = shown.startswith("line 1")
    else:
        named = True
        json.dumps(found.content, ensure_ascii=False).encode()
    assert named


@given(
    st.one_of(
        JUNK,
        st.sampled_from(sorted(row())).flatmap(lambda k: JUNK.map(lambda junk: row() | {k: junk})),
    )
)
def test_a_dirty_header_is_named_or_kept_but_never_anything_else(raw: Any) -> None:
    try:
        header_of(raw)
        found = document(raw, [], NEW_YORK, detailed=False)
    except Misshapen as error:
        shown = unreadable(raw, str(error))
        f"{shown.source_id}{shown.number}{shown.reason}".encode()
    else:
        json.dumps(found.content, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (line("1200", None, 0), "line 1: debit is missing"),
        (line("1200", "1e99999999", 0), "line 1: debit"),
        (line("1200", 0, True), "line 1: credit is True"),
        (line("1200", 0, 0) | {"account": None}, "line 1: account is missing"),
        (line("1200", 0, 0, businessUnit={"id": None}), "line 1: businessUnit.id is missing"),
        ("nonsense", "line 1 is 'nonsense' instead of a record"),
    ],
)
def test_a_dirty_lines_field_is_named(raw: Any, reason: str) -> None:
    with pytest.raises(Misshapen) as error:
        document(row(), [raw], UTC, detailed=False)
    assert str(error.value).startswith(reason)


def test_what_no_database_keeps_is_replaced() -> None:
    raw = line("1200", 1, 0, memo="a\ud800b\x00c")
    kept = document(row(), [raw], UTC, detailed=False).content["lines"][0]["memo"]
    assert kept == "a?bc"
