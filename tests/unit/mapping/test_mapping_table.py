"""Mappings as CSV: safe in a spreadsheet, whole or not at all."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapping_books import MAPPINGS, Reference

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.mapping.table import COLUMNS, export_csv, import_csv

REFERENCE = Reference()
HEADER = ",".join(COLUMNS)


def read(*lines):
    return import_csv("\n".join((HEADER, *lines)), REFERENCE)


def refused(*lines):
    with pytest.raises(ConfigurationError) as caught:
        read(*lines)
    assert "nothing was changed" in str(caught.value)
    return str(caught.value)


def test_an_export_is_read_back_as_it_was():
    good = [row for row in MAPPINGS if row.target not in ("999", "77", "")]
    good = [row for row in good if row.class_ != "99"]
    found = import_csv(export_csv(good), REFERENCE)
    assert {(r.kind, r.source_key, r.target, r.department) for r in found} == {
        (r.kind, r.source_key, r.target, r.department) for r in good
    }


def test_bytes_with_a_byte_order_mark_are_read():
    text = f"\ufeff{HEADER}\r\ngl_account,400,Erlöse,15,,,,\r\n"
    (row,) = import_csv(text.encode(), REFERENCE)
    assert (row.source_name, row.target, row.target_name) == (
        "Erlöse",
        "15",
        "4000 Service Revenue",
    )


def test_an_account_may_be_given_by_number():
    (row,) = read("gl_account,400,Revenue,#4000,,,,")
    assert (row.target, row.target_name) == ("15", "4000 Service Revenue")


def test_roles_terms_and_items_are_read_and_written():
    lines = (
        "account_role,AccountsReceivable,,#1200,,,,",
        "term,Due Upon Receipt,Due Upon Receipt,4,,,,",
        "item,15,4000 Service Revenue,915,,,,",
    )
    rows = read(*lines)
    assert [(row.kind, row.source_key, row.target) for row in rows] == [
        ("account_role", "AccountsReceivable", "13"),
        ("term", "Due Upon Receipt", "4"),
        ("item", "15", "915"),
    ]
    again = import_csv(export_csv(rows), REFERENCE)
    assert {(r.kind, r.source_key) for r in again} == {(r.kind, r.source_key) for r in rows}
    assert "NetSuite has no account" in refused("account_role,AccountsReceivable,,999,,,,")
    assert "is not an id" in refused("inventory_location,Main Warehouse,,4,,,,")
    assert "unknown kind 'payment_type'" in refused("payment_type,77,Check,4,,,,")


def test_an_empty_target_is_a_row_without_target():
    account, unit = read("gl_account,400,,,,,,", "business_unit,1,,,,21,31,41")
    assert account.target is None
    assert (unit.department, unit.class_, unit.location) == ("21", "31", "41")


def test_columns_may_stand_in_any_order_and_blank_lines_are_passed_over():
    header = ",".join(reversed(COLUMNS))
    (row,) = import_csv(
        f"{header}\n,,,\n\n,,,,15,Rev,400,gl_account\n".replace(",,,\n\n", "\n"), REFERENCE
    )
    assert row == MappingRow("gl_account", "400", "Rev", "15", "4000 Service Revenue")


def test_every_fault_is_told_with_its_line_and_nothing_is_imported():
    told = refused(
        "gl_acount,400,,15,,,,",
        "gl_account,401,,999,,,,",
        "gl_account,402,,#1,,,,",
        "gl_account,403,,15,,21,,",
        "business_unit,1,,2,,99,,",
        "customer,5,,abc,,,,",
        "gl_account,404,,15,,,,",
        "gl_account,404,,15,,,,",
        "gl_account,1.23E+15,,15,,,,",
        "gl_account,405,15",
        "gl_account,406,a\x01b,15,,,,",
    )
    for part in (
        "line 2: unknown kind 'gl_acount'",
        "line 3: NetSuite has no account of internal id '999'",
        "line 4: NetSuite has no account of number '1'",
        "line 5: department: only business units have one",
        "line 6: NetSuite has no department of internal id '99'",
        "line 7: target 'abc' is not a NetSuite internal id",
        "line 9: gl_account '404' stands on line 8 already",
        "line 10: source_key '1.23E+15' is not an id",
        "line 11: 3 cells instead of 8",
        "line 12: a cell holds control characters",
    ):
        assert part in told
    assert "line 8:" not in told


def test_lines_are_counted_in_the_file_even_where_a_cell_holds_several():
    told = refused('gl_account,400,"two\nlines",15,,,,', "oops,1,,,,,,")
    assert "line 4: unknown kind" in told


def test_a_number_that_two_accounts_have_is_refused():
    twice = Reference()
    twice.accounts = (*twice.accounts, {**twice.accounts[4], "id": "98"})
    with pytest.raises(ConfigurationError, match="2 accounts of number '4000'"):
        import_csv(f"{HEADER}\ngl_account,400,,#4000,,,,", twice)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("kind,source_key\n", "line 1: missing column source_name"),
        (HEADER.replace(",", ";"), "use commas"),
        (HEADER + ",kind", "a column stands twice"),
        (f'{HEADER}\ngl_account,"400,', "line 2: not well-formed CSV"),
        (b"\xff\xfe", "not UTF-8"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text, told):
    with pytest.raises(ConfigurationError, match=told):
        import_csv(text, REFERENCE)


def test_many_faults_are_told_in_part():
    assert "and 20 more" in refused(*(f"nope,{n},,,,,," for n in range(70)))


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1", "'=1", "''@", "\uff1d1"]
)
def test_no_cell_can_run_as_a_formula(name):
    text = export_csv([MappingRow("customer", "7001", name, "5")])
    cell = list(csv.reader(io.StringIO(text, newline="")))[1][2]
    assert cell == f"'{name}"


names = st.text(
    st.sampled_from("'=+-@\t\r\n ,\";ab") | st.characters(blacklist_categories=["Cs", "Cc"]),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.from_regex(r"\A[A-Za-z0-9_-]{1,10}\Z"), names), unique_by=lambda p: p[0])
)
def test_any_name_survives_export_and_import(pairs):
    rows = [MappingRow("customer", key, name, "5", name) for key, name in pairs]
    found = import_csv(export_csv(rows), REFERENCE)
    assert sorted(found, key=lambda r: r.source_key) == sorted(rows, key=lambda r: r.source_key)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.binary(max_size=80))
def test_whatever_is_given_is_read_or_refused(text):
    body = text if isinstance(text, bytes) else f"{HEADER}\n{text}"
    try:
        import_csv(body, REFERENCE)
    except ConfigurationError as error:
        str(error).encode()


def test_opening_documents_are_read_and_written_by_their_ids():
    (row,) = read("opening_invoice,41000001,INV 7,9001,,,,")
    assert (row.kind, row.source_key, row.target) == ("opening_invoice", "41000001", "9001")
    assert "opening_invoice,41000001,INV 7,9001" in export_csv([row])


@pytest.mark.parametrize("key", ["INV-7", "0", "007", "1" * 20, "4.1E+07"])
def test_an_opening_document_is_named_by_servicetitans_id_alone(key):
    assert "is not an id" in refused(f"opening_vendor_bill,{key},,9001,,,,")


@pytest.mark.parametrize("target", ["abc", "#9001", "st-1004-invoice-7", "-1"])
def test_an_opening_document_leads_to_an_internal_id(target):
    assert "not a NetSuite internal id" in refused(f"opening_invoice,7,,{target},,,,")
