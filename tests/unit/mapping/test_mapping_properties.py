"""What holds of every chunk: balance, the source's cents, independence of order and chunks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from mapping_books import Book, entry, line, tenant

from servicetitan_netsuite.documents import SourceDocument, State
from servicetitan_netsuite.mapping.problems import grouped, merged

QUICK = settings(max_examples=30, deadline=None)
BOOK = Book(tenant=tenant(journal_detail="detailed", customers={"create": True}))
ACCOUNTS = ("100", "119", "120", "200", "400", "410", "420", "777")
UNITS = (None, "1", "1", "2", "3", "9", "66")
PEOPLE = (None, "7001", "7002")

cents = st.integers(-(10**6), 10**6).map(lambda n: Decimal(n).scaleb(-2))
fractions = st.decimals(-1000, 1000, places=4, allow_nan=False)


def named(keys):
    return st.sampled_from(keys).flatmap(
        lambda key: (
            st.none()
            if key is None
            else st.sampled_from(["A", "B", ""]).map(lambda name: {"id": key, "name": name})
        )
    )


@st.composite
def one_line(draw, amounts, accounts=ACCOUNTS, units=UNITS):
    amount = draw(amounts)
    side = draw(st.sampled_from(["debit", "credit"]))
    made = line(draw(st.sampled_from(accounts)), unit=None, **{side: str(amount)})
    made["business_unit"] = draw(named(units))
    made["customer"] = draw(named(PEOPLE))
    made["vendor"] = draw(named((None, "8001", "8002")))
    made["memo"] = draw(st.sampled_from([None, "", "memo"]))
    return made


@st.composite
def balanced(draw, amounts, **choice):
    lines = draw(st.lists(one_line(amounts, **choice), max_size=6))
    rest = sum((Decimal(made["debit"]) - Decimal(made["credit"]) for made in lines), Decimal(0))
    return [*lines, line("400", credit=str(rest), unit="1")]


@st.composite
def documents(draw, amounts=cents):
    return entry(
        draw(st.one_of(balanced(amounts), st.lists(one_line(amounts), max_size=3))),
        source_id=draw(st.uuids().map(str)),
        day=draw(st.sampled_from([date(2025, 12, 1), date(2026, 1, 2), date(2026, 3, 2), None])),
        detail=draw(st.sampled_from(["summary", "detailed"])),
    )


def cents_of(verdict):
    return Counter((made.account, made.amount) for made in verdict.plan.lines)


@QUICK
@given(balanced(cents, accounts=("100", "119", "400"), units=("1", "2")))
def test_a_ready_plan_balances_and_holds_the_source_to_the_cent(lines):
    verdict = BOOK.one(lines)
    amounts = [Decimal(made["debit"]) - Decimal(made["credit"]) for made in lines]
    assert verdict.state is (State.READY if any(amounts) else State.SKIPPED)
    if verdict.plan:
        target = {"100": "11", "119": "12", "400": "15"}
        expected = Counter(
            (target[made["account"]["id"]], amount)
            for made, amount in zip(lines, amounts, strict=True)
            if amount
        )
        assert cents_of(verdict) == expected
        assert sum(made.amount for made in verdict.plan.lines) == 0


@QUICK
@given(balanced(fractions, accounts=("100", "400"), units=("1",)))
def test_what_is_ready_despite_fractions_balances_and_keeps_the_total(lines):
    verdict = BOOK.one(lines)
    if verdict.plan:
        planned = [made.amount for made in verdict.plan.lines]
        exact = [Decimal(made["debit"]) - Decimal(made["credit"]) for made in lines]
        assert sum(planned) == 0
        assert all(amount == amount.quantize(Decimal("0.01")) for amount in planned)
        debits = sum((amount for amount in exact if amount > 0), Decimal(0))
        planned_debits = sum((amount for amount in planned if amount > 0), Decimal(0))
        assert abs(planned_debits - debits) <= Decimal("0.005")


@QUICK
@given(st.lists(documents(), max_size=6), st.data())
def test_the_order_of_documents_and_lines_changes_no_verdict(chunk, data):
    shuffled = [
        replace(
            document,
            content=document.content
            | {"lines": data.draw(st.permutations(document.content["lines"]))},
        )
        for document in data.draw(st.permutations(chunk))
    ]
    before, after = map(told, (BOOK.judge(*chunk), BOOK.judge(*shuffled)))
    assert before == after


def told(verdicts):
    """Verdicts by document; the lines of a plan as a set, for they keep the source's order."""
    return Counter(
        (
            replace(verdict, plan=replace(verdict.plan, lines=()) if verdict.plan else None),
            frozenset(Counter(verdict.plan.lines).items()) if verdict.plan else None,
        )
        for verdict in verdicts
    )


@QUICK
@given(st.lists(documents(), max_size=8), st.integers(0, 8))
def test_how_documents_are_cut_into_chunks_changes_nothing(chunk, place):
    whole = BOOK.judge(*chunk)
    first, second = BOOK.judge(*chunk[:place]), BOOK.judge(*chunk[place:])
    assert whole == [*first, *second]
    assert grouped(whole) == merged(grouped(first), grouped(second))
    assert grouped(whole) == merged(grouped(second), grouped(first))


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.sampled_from(["1.00", "0", "400", "1", "summary", "\ud800", "\x00", "1e999999", "=1+1"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
LINE_PARTS = (
    "account",
    "debit",
    "credit",
    "memo",
    "business_unit",
    "transaction",
    "customer",
    "vendor",
)
REFERENCE_PARTS = ("id", "name", "number", "type")


@st.composite
def dirty_line(draw) -> Any:
    made = draw(one_line(cents))
    for part in draw(st.lists(st.sampled_from(LINE_PARTS), max_size=4)):
        if draw(st.booleans()) and isinstance(made.get(part), dict):
            made[part] = made[part] | {draw(st.sampled_from(REFERENCE_PARTS)): draw(json)}
        elif draw(st.booleans()):
            made[part] = draw(json)
        else:
            made.pop(part, None)
    return made


header_parts = st.dictionaries(
    st.sampled_from(
        ["id", "number", "name", "is_empty", "last_sync_version_id", "transaction_types", "message"]
    ),
    json,
)
contents = st.one_of(
    json,
    st.fixed_dictionaries(
        {},
        optional={
            "header": json | header_parts,
            "lines": json | st.lists(dirty_line() | json, max_size=4),
            "detail": json | st.sampled_from(["summary", "detailed"]),
        },
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(contents, st.text(max_size=5), st.text(max_size=5)), max_size=3))
def test_no_dirt_raises_and_whatever_is_ready_balances(parts):
    clean = entry([line("100", debit="1"), line(credit="1")], "clean")
    chunk: list[SourceDocument] = [
        replace(clean, content=content, source_id=source_id, number=number)
        for content, source_id, number in parts
    ]
    verdicts = BOOK.judge(*chunk, clean)
    assert verdicts[-1].state is State.READY
    for verdict in verdicts:
        assert (verdict.plan is not None) == (verdict.state is State.READY)
        assert bool(verdict.problems) == (verdict.state is not State.READY)
        if verdict.plan:
            assert sum(made.amount for made in verdict.plan.lines) == 0
            str(verdict.plan).encode()
        for problem in verdict.problems:
            for text in (problem.sentence, problem.key, problem.key_name, problem.advice):
                text.encode()
                assert "\x00" not in text
