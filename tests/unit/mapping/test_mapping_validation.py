"""Every check of a journal entry, by what a bookkeeper would see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from mapping_books import (
    FRAMES,
    MAPPING_FRAMES,
    MAPPINGS,
    ONE_WORLD,
    SINGLE,
    Book,
    Reference,
    entry,
    line,
    period,
    plain_lines,
    tenant,
)

from servicetitan_netsuite.documents import Cause, MappingRow, State
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.reference import frames
from servicetitan_netsuite.plans.journal import PlannedLine


def causes(verdict):
    return [problem.cause for problem in verdict.problems]


def only(verdict, cause, key=None):
    assert verdict.state is State.BLOCKED
    assert causes(verdict) == [cause], verdict.problems
    if key is not None:
        assert verdict.problems[0].key == key
    assert verdict.plan is None
    assert verdict.customers == ()
    return verdict.problems[0]


def test_a_plain_entry_is_ready_with_its_plan():
    verdict = Book().one([line("100", debit="12.30", memo="Invoice 1"), line(credit="12.3")])
    assert verdict.state is State.READY
    assert verdict.problems == ()
    plan = verdict.plan
    assert plan.external_id == "st-1001-journal_entry-7b0c8f0e-1"
    assert (plan.tran_id, plan.date, plan.period) == ("ALB-1042", date(2026, 3, 2), "53")
    assert (plan.subsidiary, plan.currency, plan.memo) == ("2", None, "JE 03/02/2026")
    assert plan.lines == (
        PlannedLine("11", Decimal("12.30"), memo="Invoice 1", department="21"),
        PlannedLine("15", Decimal("-12.30"), department="21"),
    )


def test_the_currency_is_named_only_where_the_account_has_several():
    profile = replace(ONE_WORLD, currencies={"1": "USD", "2": "CAD"})
    west = [line("100", debit="1", unit="3"), line(credit="1", unit="3")]
    assert Book(profile=profile).one(west).plan.currency == "2"
    assert Book().one(west).plan.currency is None


def test_naming_off_gives_the_plain_number_and_no_override_gives_none():
    assert Book(tenant=tenant(naming=False)).one().plan.tran_id == "1042"
    assert Book(profile=replace(ONE_WORLD, number_override=False)).one().plan.tran_id is None


@pytest.mark.parametrize("number", ["", "9" * 42])
def test_a_number_that_netsuite_cannot_take_blocks(number):
    only(Book().one(number=number), Cause.DIRTY_DATA, "number")


def test_an_id_that_cannot_be_an_external_id_blocks():
    only(Book().one(source_id="a b"), Cause.DIRTY_DATA, "id")


def test_zero_lines_are_dropped_and_counted():
    verdict = Book().one([*plain_lines(), line("unmapped", debit="0.00")])
    assert len(verdict.plan.lines) == 2
    assert verdict.notes == ("zero lines dropped: 1",)


def test_a_negative_debit_is_a_credit():
    verdict = Book().one([line("100", debit="-5"), line(credit="-5")])
    assert [planned.amount for planned in verdict.plan.lines] == [Decimal(-5), Decimal(5)]


def test_long_memos_are_cut_by_utf16_length_and_counted():
    lines = [line("100", debit="1", memo="😀" * 2500), line(credit="1", memo="x" * 4000)]
    verdict = Book().one(lines, header={"name": "n" * 1200})
    assert verdict.plan.memo == "n" * 999
    assert [planned.memo for planned in verdict.plan.lines] == ["😀" * 2000, "x" * 4000]
    assert verdict.notes == ("memos shortened: 2",)


def test_a_memo_that_no_text_column_holds_is_made_safe():
    verdict = Book().one([line("100", debit="1", memo="a\x00\ud800b"), line(credit="1")])
    assert verdict.plan.lines[0].memo == "a\ufffd\ufffdb"


def test_names_that_no_text_column_holds_are_made_safe():
    strange = {"id": "777", "number": None, "name": "A\x00\ud800B" + "x" * 500}
    verdict = Book().one([line("100", debit="1"), line(credit="1", account=strange)])
    assert verdict.problems[0].key_name == "A\ufffd\ufffdB" + "x" * 196


def test_the_name_of_a_filled_in_business_unit_does_not_depend_on_the_order_of_lines():
    def named(name):
        return line("100", debit="0", business_unit={"id": "66", "name": name})

    rest = [line("100", debit="1", unit=None), line(credit="1", unit=None)]
    one = Book().one([named("A"), named("B"), *rest])
    other = Book().one([named("B"), named("A"), *rest])
    assert one == other
    assert one.problems[0].key_name == "A"


# what is skipped


def test_an_entry_from_before_go_live_is_skipped_whatever_it_holds():
    verdict = Book().one([line("unmapped", debit="1")], day=date(2025, 12, 31))
    assert (verdict.state, causes(verdict)) == (State.SKIPPED, [Cause.BEFORE_GO_LIVE])


def test_an_entry_without_lines_is_skipped():
    assert causes(Book().one([])) == [Cause.NO_LINES]
    verdict = Book().one(None, header={"is_empty": True})
    assert (verdict.state, causes(verdict)) == (State.SKIPPED, [Cause.NO_LINES])


@pytest.mark.parametrize("amount", ["0", "0.00", "0E-19", "0.004"])
def test_an_entry_of_zeros_is_skipped(amount):
    verdict = Book().one([line("100", debit=amount), line("unmapped", credit=amount)])
    assert (verdict.state, causes(verdict)) == (State.SKIPPED, [Cause.ZERO_AMOUNT])


def test_fractions_that_add_up_to_a_cent_are_not_taken_for_zero():
    lines = [line("100", debit="0.004")] * 3 + [line(credit="0.004")] * 3
    only(Book().one(lines), Cause.TOO_MANY_DECIMALS)


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ([], date(2026, 3, 2)),
        (plain_lines("0"), date(2026, 3, 2)),
        (plain_lines(), date(2025, 1, 1)),
    ],
)
def test_an_entry_posted_before_is_never_skipped(lines, day):
    verdict = Book(posted={"7b0c8f0e-1": "2"}).one(lines, day=day)
    only(verdict, Cause.UPDATE_NOT_POSSIBLE)


@pytest.mark.parametrize("lines", [[], plain_lines("0")])
def test_an_emptied_entry_that_servicetitan_calls_synced_is_never_skipped(lines):
    verdict = Book().one(lines, header={"last_sync_version_id": 3})
    only(verdict, Cause.UPDATE_NOT_POSSIBLE)


def test_an_entry_synced_by_others_before_go_live_is_skipped():
    verdict = Book().one(header={"last_sync_version_id": 3}, day=date(2025, 1, 1))
    assert verdict.state is State.SKIPPED


def test_a_posted_entry_moved_to_another_subsidiary_is_blocked():
    problem = only(Book(posted={"7b0c8f0e-1": "3"}).one(), Cause.UPDATE_NOT_POSSIBLE)
    assert "West LLC" in problem.sentence
    assert "East LLC" in problem.sentence
    assert Book(posted={"7b0c8f0e-1": "2"}).one().state is State.READY
    assert Book(posted={"7b0c8f0e-1": None}).one().state is State.READY


# accounts


@pytest.mark.parametrize(
    ("account", "cause"),
    [
        ("777", Cause.ACCOUNT_NOT_MAPPED),
        ("402", Cause.ACCOUNT_NOT_MAPPED),
        ("403", Cause.ACCOUNT_NOT_MAPPED),
        ("401", Cause.ACCOUNT_MISSING),
        ("410", Cause.ACCOUNT_INACTIVE),
        ("490", Cause.ACCOUNT_NOT_POSTABLE),
        ("900", Cause.ACCOUNT_NOT_POSTABLE),
    ],
)
def test_an_account_that_cannot_be_used_blocks_by_its_id(account, cause):
    lines = [line("100", debit="2"), line(account, credit="1"), line(account, credit="1")]
    problem = only(Book().one(lines), cause, account)
    assert problem.key_name == f"N{account} Account"
    assert problem.key_name in problem.sentence


def test_an_account_not_usable_in_the_subsidiary_blocks():
    problem = only(
        Book().one([line("100", debit="1"), line("420", credit="1")]),
        Cause.ACCOUNT_NOT_IN_SUBSIDIARY,
        "420:2",
    )
    assert "East LLC" in problem.sentence
    west = [line("100", debit="1", unit="3"), line("420", credit="1", unit="3")]
    assert Book().one(west).state is State.READY


@pytest.mark.parametrize(("account", "word"), [("120", "asset"), ("200", "liability")])
def test_summary_entries_are_refused_on_receivable_and_payable_accounts(account, word):
    verdict = Book().one([line(account, debit="1"), line(credit="1")])
    problem = only(verdict, Cause.ACCOUNT_NEEDS_ENTITY, account)
    assert f"ordinary current {word} account" in problem.advice


# business units


def test_a_business_unit_without_mapping_blocks():
    lines = [line("100", debit="1", unit="66"), line(credit="1", unit="66")]
    assert only(Book().one(lines), Cause.BUSINESS_UNIT_NOT_MAPPED, "66").key_name == "Unit 66"


def test_a_line_without_business_unit_takes_the_only_one_of_the_document():
    verdict = Book().one([line("100", debit="1", unit=None), line(credit="1", unit="3")])
    assert verdict.plan.subsidiary == "3"


@pytest.mark.parametrize("units", [(None, None), ("1", "2", None)])
def test_a_line_without_business_unit_blocks_where_there_is_none_or_a_choice(units):
    lines = [line("100", debit="1", unit=unit) for unit in units]
    lines.append(line(credit=str(len(units)), unit=units[0]))
    only(Book().one(lines), Cause.BUSINESS_UNIT_MISSING, "")


@pytest.mark.parametrize(
    ("unit", "cause", "key"),
    [
        ("4", Cause.SUBSIDIARY_INVALID, "4"),
        ("5", Cause.SUBSIDIARY_INVALID, "5"),
        ("6", Cause.SUBSIDIARY_INVALID, "6"),
        ("10", Cause.BUSINESS_UNIT_NOT_MAPPED, "10"),
        ("7", Cause.CLASSIFICATION_INVALID, "7:department"),
        ("8", Cause.CLASSIFICATION_INVALID, "8:department"),
        ("9", Cause.CLASSIFICATION_INVALID, "9:class"),
    ],
)
def test_a_business_unit_mapped_to_what_is_not_valid_blocks(unit, cause, key):
    lines = [line("100", debit="1", unit=unit), line(credit="1", unit=unit)]
    assert f"Unit {unit}" in only(Book().one(lines), cause, key).sentence


def test_segments_the_account_demands_must_be_mapped():
    book = Book(profile=replace(ONE_WORLD, mandatory=("department", "class", "location")))
    assert [problem.key for problem in book.one().problems] == ["1:class", "1:location"]
    assert set(causes(book.one())) == {Cause.CLASSIFICATION_MISSING}


def test_two_subsidiaries_in_one_entry_block_naming_units_and_subsidiaries():
    lines = [line("100", debit="1", unit="1"), line(credit="1", unit="3")]
    problem = only(Book().one(lines), Cause.SEVERAL_SUBSIDIARIES, "2,3")
    for word in ("Unit 1", "Unit 3", "East LLC", "West LLC"):
        assert word in problem.sentence


def test_without_oneworld_the_business_unit_must_be_mapped_but_has_no_subsidiary():
    rows = [row for row in MAPPINGS if row.kind == "gl_account"]
    book = Book(profile=SINGLE, mappings=[*rows, MappingRow("business_unit", "1", "A", None)])
    assert book.one().plan.subsidiary is None
    only(replace(book, mappings=rows).one(), Cause.BUSINESS_UNIT_NOT_MAPPED, "1")


# the entry as a whole


@pytest.mark.parametrize(
    ("day", "cause", "key"),
    [
        (None, Cause.DATE_MISSING, ""),
        (date(2026, 1, 31), Cause.PERIOD_CLOSED, "51"),
        (date(2026, 2, 1), Cause.PERIOD_CLOSED, "52"),
        (date(2026, 4, 1), Cause.PERIOD_MISSING, "2026-04"),
    ],
)
def test_a_date_without_an_open_period_blocks(day, cause, key):
    only(Book().one(day=day), cause, key)


def test_an_adjustment_period_is_never_chosen():
    last = date(2026, 3, 31)
    adjusting = period("60", "Adj", last, last, is_adjust=True)
    reference = Reference()
    reference.periods = (adjusting, *reference.periods)
    assert Book(reference=frames(reference)).one(day=last).plan.period == "53"


def test_an_entry_out_of_balance_blocks_with_the_difference():
    verdict = Book().one([line("100", debit="10.01"), line(credit="10.00")])
    assert "0.01" in only(verdict, Cause.NOT_BALANCED).sentence


def test_an_entry_of_debits_only_blocks_and_says_so():
    problem = only(Book().one([line("100", debit="10")]), Cause.NOT_BALANCED)
    assert "no credit line" in problem.sentence


def test_decimals_are_rounded_half_up_where_the_entry_still_balances():
    lines = [line("100", debit="1.005"), line(credit="1.005")]
    amounts = [planned.amount for planned in Book().one(lines).plan.lines]
    assert amounts == [Decimal("1.01"), Decimal("-1.01")]


def test_decimals_that_only_balance_unrounded_block():
    lines = [line("100", debit="0.01"), line(credit="0.005"), line(credit="0.005")]
    only(Book().one(lines), Cause.TOO_MANY_DECIMALS)


def test_decimals_whose_rounding_changes_the_total_block():
    lines = [line("100", debit="0.333")] * 3 + [line(credit="0.333")] * 3
    only(Book().one(lines), Cause.TOO_MANY_DECIMALS)


def test_nineteen_decimals_of_zeros_are_no_obstacle():
    lines = [line("100", debit="9999999999.9900000000000000000"), line(credit="9999999999.99")]
    assert Book().one(lines).plan.lines[0].amount == Decimal("9999999999.99")


def test_a_difference_in_the_nineteenth_decimal_is_a_difference():
    lines = [line("100", debit="9999999999.9900000000000000001"), line(credit="9999999999.99")]
    only(Book().one(lines), Cause.NOT_BALANCED)


def test_more_lines_than_netsuite_takes_block_after_dropping_zeros():
    book = Book(profile=replace(ONE_WORLD, max_journal_lines=2))
    assert book.one([*plain_lines(), line(debit="0")]).state is State.READY
    lines = [line("100", debit="2"), line(credit="1"), line(credit="1")]
    only(book.one(lines), Cause.TOO_MANY_LINES)


@pytest.mark.parametrize("kind", ["Bill", "VendorCredit", "Receipt", "InventoryReturn"])
def test_payables_inside_an_entry_block_where_they_are_synced_as_documents(kind):
    lines = plain_lines()
    lines[0]["transaction"] = {"id": "1", "type": kind, "ref_number": None}
    book = Book(tenant=tenant(method="journal_entries_and_ap_documents"))
    only(book.one(lines, detail="detailed"), Cause.TYPE_NOT_ALLOWED, kind)
    header = {"transaction_types": ["Invoice", kind]}
    only(book.one(header=header), Cause.TYPE_NOT_ALLOWED, kind)
    assert Book().one(lines, detail="detailed").state is State.READY


def test_a_summary_that_cannot_tell_its_types_says_so():
    book = Book(tenant=tenant(method="journal_entries_and_ap_documents"))
    assert book.one().notes == (
        "transaction types not checked: a summary entry does not tell them",
    )


# customers and vendors


def detailed(customers_created=False):
    return Book(tenant=tenant(journal_detail="detailed", customers={"create": customers_created}))


def receivable(customer_id, **other):
    who = {"id": customer_id, "name": "Bob"} if customer_id else None
    return [line("120", debit="5", customer=who), line(credit="5", **other)]


def test_a_receivable_line_carries_its_linked_customer():
    verdict = detailed().one(receivable("7001"), detail="detailed")
    assert [planned.entity for planned in verdict.plan.lines] == ["501", None]
    assert verdict.customers == ()


def test_a_receivable_line_without_customer_blocks():
    verdict = detailed(True).one(receivable(None), detail="detailed")
    only(verdict, Cause.ACCOUNT_NEEDS_ENTITY, "120")


def test_a_customer_without_link_blocks_where_none_is_created():
    verdict = detailed().one(receivable("7002"), detail="detailed")
    assert only(verdict, Cause.CUSTOMER_MISSING, "7002").key_name == "Bob"


def test_a_customer_to_be_created_is_waited_for_and_carried_on_all_its_lines():
    other = {"customer": {"id": "7002", "name": "Bob"}}
    verdict = detailed(True).one(receivable("7002", **other), detail="detailed")
    assert verdict.customers == ("7002",)
    expected = "st-1001-customer-7002"
    assert [planned.entity for planned in verdict.plan.lines] == [expected, expected]


def test_no_customer_is_created_for_a_line_that_does_not_need_one():
    lines = [line("100", debit="5"), line(credit="5", customer={"id": "7002", "name": "Bob"})]
    verdict = detailed(True).one(lines, detail="detailed")
    assert verdict.customers == ()
    assert [planned.entity for planned in verdict.plan.lines] == [None, None]


def test_other_lines_carry_a_linked_customer_else_a_linked_vendor():
    lines = [
        line("100", debit="5", customer={"id": "7001"}, vendor={"id": "8001"}),
        line(credit="5", customer={"id": "7002"}, vendor={"id": "8001"}),
    ]
    verdict = detailed().one(lines, detail="detailed")
    assert [planned.entity for planned in verdict.plan.lines] == ["501", "601"]


def test_a_payable_line_carries_its_vendor_even_beside_a_customer():
    who = {"customer": {"id": "7001"}, "vendor": {"id": "8001", "name": "Parts"}}
    verdict = detailed().one([line("200", debit="5", **who), line(credit="5")], detail="detailed")
    assert verdict.plan.lines[0].entity == "601"


def test_a_payable_line_needs_a_linked_vendor():
    lines = [line("200", debit="5"), line(credit="5")]
    only(detailed().one(lines, detail="detailed"), Cause.ACCOUNT_NEEDS_ENTITY, "200")
    lines[0]["vendor"] = {"id": "8009", "name": "New Vendor"}
    only(detailed().one(lines, detail="detailed"), Cause.VENDOR_MISSING, "8009")


def test_a_blocked_document_asks_for_no_customer():
    lines = [*receivable("7002"), line("777", debit="1"), line(credit="1")]
    only(detailed(True).one(lines, detail="detailed"), Cause.ACCOUNT_NOT_MAPPED)


def test_summary_lines_carry_nobody_even_beside_a_detailed_entry():
    lines = [line("100", debit="1", customer={"id": "7001"}), line(credit="1")]
    assert Book().one(lines).plan.lines[0].entity is None
    chunk = [entry(lines, "a", detail="detailed"), entry(lines, "b", detail="summary")]
    carried = [verdict.plan.lines[0].entity for verdict in Book().judge(*chunk)]
    assert carried == ["501", None]


def test_a_customer_created_for_one_entry_is_not_put_on_another():
    bob = {"id": "7002", "name": "Bob"}
    other = [line("100", debit="5", customer=bob), line(credit="5")]
    chunk = [
        entry(receivable("7002"), "a", detail="detailed"),
        entry(other, "b", detail="detailed"),
    ]
    verdicts = detailed(True).judge(*chunk)
    assert [verdict.customers for verdict in verdicts] == [("7002",), ()]
    assert verdicts[1].plan.lines[0].entity is None


# many problems, many documents


def test_all_problems_of_a_document_are_told_in_one_pass():
    lines = [
        line("777", debit="1", unit="66"),
        line("410", credit="0.99", unit="3"),
        line("400", credit="1", unit="1", memo=5),
    ]
    assert causes(Book().one(lines, day=date(2026, 1, 5))) == [
        Cause.ACCOUNT_NOT_MAPPED,
        Cause.ACCOUNT_INACTIVE,
        Cause.BUSINESS_UNIT_NOT_MAPPED,
        Cause.SEVERAL_SUBSIDIARIES,
        Cause.NOT_BALANCED,
        Cause.DIRTY_DATA,
        Cause.PERIOD_CLOSED,
    ]


def test_one_document_does_not_touch_another():
    chunk = [
        entry(plain_lines(), "a"),
        entry([line("777", debit="1"), line(credit="1", unit=None)], "b"),
        entry([], "c"),
        entry(receivable("7001"), "d", detail="detailed"),
        entry(plain_lines(), "e"),
    ]
    verdicts = Book().judge(*chunk)
    assert [verdict.source_id for verdict in verdicts] == list("abcde")
    states = [State.READY, State.BLOCKED, State.SKIPPED, State.READY, State.READY]
    assert [verdict.state for verdict in verdicts] == states


def test_no_documents_give_no_verdicts():
    assert Book().judge() == []


def test_an_empty_account_holds_everything_up_in_words():
    book = Book(mappings=MappingFrames([]), reference=FRAMES)
    assert set(causes(book.one())) == {Cause.ACCOUNT_NOT_MAPPED, Cause.BUSINESS_UNIT_NOT_MAPPED}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"debit": "twelve"}, "amount"),
        ({"debit": None}, "amount"),
        ({"debit": 0.1}, "amount"),
        ({"debit": True}, "amount"),
        ({"debit": "1e300"}, "amount"),
        ({"debit": "NaN"}, "amount"),
        ({"account": None}, "account"),
        ({"account": {"name": "no id"}}, "account"),
        ({"account": "400"}, "account"),
        ({"business_unit": {"id": 5.5}}, "business_unit"),
        ({"customer": ["x"]}, "customer"),
        ({"vendor": {"id": "a b"}}, "vendor"),
        ({"memo": {"text": "x"}}, "memo"),
    ],
)
def test_a_line_that_cannot_be_read_blocks_naming_the_part(change, key):
    lines = plain_lines()
    lines[0] |= change
    verdict = Book().one(lines)
    assert verdict.state is State.BLOCKED
    assert (Cause.DIRTY_DATA, key) in [(p.cause, p.key) for p in verdict.problems]


@pytest.mark.parametrize("lines", [None, "x", {"a": 1}, [3, None]])
def test_lines_that_are_no_lines_are_not_taken_for_an_empty_entry(lines):
    assert Cause.DIRTY_DATA in causes(Book().one(lines, header={"is_empty": False}))


def test_an_entry_marked_empty_that_has_lines_is_not_dropped():
    only(Book().one(header={"is_empty": True}), Cause.DIRTY_DATA, "is_empty")


def test_an_unknown_detail_blocks():
    only(Book().one(detail="both"), Cause.DIRTY_DATA, "detail")


def test_frames_are_taken_as_well_as_rows():
    assert Book(mappings=list(MAPPINGS)).one() == Book(mappings=MAPPING_FRAMES).one()
