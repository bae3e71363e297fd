from __future__ import annotations

import json
from dataclasses import replace

import pytest

from servicetitan_netsuite.dashboard import overview, views, words
from servicetitan_netsuite.dashboard.summary import read_summary
from servicetitan_netsuite.documents import State
from servicetitan_netsuite.ledger.pages import RunPage, StepLine, Tally, Total


def page(*, dry_run: bool = False, running: bool = False) -> RunPage:
    return RunPage(
        id=1,
        tenant_id="1001",
        dag_id="netsuite_sync_alb",
        run_id="r",
        generation=1,
        dry_run=dry_run,
        params="{}",
        started_at="2026-10-19T06:00:00.000000Z",
        ended_at=None if running else "2026-10-19T06:01:00.000000Z",
        status=None if running else "success",
        summary=None,
    )


def step(state: str, done: int, total: int, message: str = "") -> dict[str, StepLine]:
    return {
        "post_to_netsuite": StepLine(
            "post_to_netsuite",
            state,
            done,
            total,
            message,
            "2026-10-19T06:00:00.000000Z",
            "2026-10-19T06:01:00.000000Z",
        )
    }


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-150, "\u22121.50"), (None, "")],
)
def test_money_reads_as_accountants_write_it(cents: int | None, text: str) -> None:
    assert words.money(cents) == text


def test_every_state_a_document_can_have_is_explained() -> None:
    verdicts = {"seen", "ready", "blocked", "skipped", "withdrawn", "unreadable", "held"}
    for state in {*State, *verdicts}:
        word = words.STATES[str(state)]
        assert word.label
        assert word.meaning


def test_a_state_nobody_named_is_shown_all_the_same() -> None:
    tally = [Tally("journal_entry", "parked_elsewhere", 2, 300)]
    made = overview.tiles(page(), tally)
    assert made[0].total == Total(2, 300)
    assert made[-1].total == Total(2, 300)
    ((_, word),) = overview.included(page(), tally).states
    assert word.label == "Parked elsewhere"


def test_withdrawn_documents_are_not_counted_as_queued() -> None:
    tally = [
        Tally("journal_entry", "confirmed", 3, 900),
        Tally("journal_entry", "withdrawn", 1, 50),
    ]
    assert overview.tiles(page(), tally)[0].total == Total(3, 900)
    assert overview.included(page(), tally).rows[0].queued == Total(3, 900)


def test_further_records_and_entities_are_told_apart_and_counted_in_no_tile() -> None:
    tally = [
        Tally("customer", "confirmed", 9, 0),
        Tally("invoice", "confirmed", 3, 900),
        Tally("invoice", "blocked", 1, 400, "cogs"),
        Tally("vendor_bill", "blocked", 1, 100),
    ]
    made = overview.tiles(page(), tally)
    assert [tile.total for tile in made[:3]] == [Total(4, 1000), Total(3, 900), Total(1, 100)]
    included = overview.included(page(), tally)
    assert [state for state, _ in included.states] == ["confirmed", "blocked"]
    assert [[row.label for row in group.rows] for group in included.groups] == [
        ["Invoices", "Vendor bills"],
        ["Invoice: cost of sales"],
        ["Customers"],
    ]
    assert [row.kind for row in included.rows] == [
        "invoice.-", "vendor_bill", "invoice.cogs", "customer",
    ]  # fmt: skip
    total = included.groups[0].total
    assert total
    assert (total.queued, total.cells) == (Total(4, 1000), [Total(3, 900), Total(1, 100)])


def test_only_journal_entries_are_called_synced() -> None:
    assert words.report_word("synced", "journal_entry") == "marked as synced"
    assert words.report_word("synced", "vendor_bill") == "marked as exported"


def test_the_bar_covers_exactly_what_was_queued() -> None:
    tally = [Tally("journal_entry", state, 1, 0) for state in ("confirmed", "blocked", "held")]
    pieces = overview.segments(overview.tiles(page(), tally))
    assert sum(piece.width for piece in pieces) == pytest.approx(100, abs=0.01)


def test_an_empty_run_says_that_nothing_was_pending() -> None:
    made = overview.tiles(page(), [])
    assert overview.headline(page(), made, []) == "Nothing was pending in ServiceTitan."
    assert overview.segments(made) == []
    asked = replace(page(), params='{"batch": "7475"}')
    assert "Nothing of batch 7475 was pending" in overview.headline(asked, made, [])


@pytest.mark.parametrize(
    ("state", "done", "message", "told"),
    [
        ("running", 30, "", "30 of 120, about 3 min left."),
        ("running", 0, "", "0 of 120."),
        ("waiting", 5, "Looked up in 900 s.", "5 of 120. Waiting: Looked up in 900 s."),
        ("failed", 5, "", "This step failed; Airflow may try it again, its task log says why."),
    ],
)
def test_a_run_at_work_says_how_far_it_is(state: str, done: int, message: str, told: str) -> None:
    rows = overview.step_rows(page(running=True), step(state, done, 120, message))
    text = overview.headline(page(running=True), [], rows)
    assert text.startswith("Post to NetSuite and verify: ")
    assert text.endswith(told)


def test_steps_that_did_not_begin_are_shown() -> None:
    rows = overview.step_rows(page(), {})
    assert [row.name for row in rows] == list(words.STEPS)
    assert {row.word.label for row in rows} == {"did not run"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"roll_forward": {"opening": "much"}}', "null"])
def test_a_summary_that_cannot_be_read_does_not_break_the_page(text: str) -> None:
    assert read_summary(text) is None


def test_a_summary_keeps_money_exact() -> None:
    text = json.dumps({"problems": [{"cause": "x", "amount": "90071992547409.93"}]})
    summary = read_summary(text)
    assert summary
    assert summary.problems[0].cents == 9007199254740993


def test_the_effect_names_accounts_and_keeps_what_else_is_told() -> None:
    text = json.dumps([{"account": "54", "debit": "10.50", "credit": "0.00", "memo": "part"}, 7])
    (line,) = views.effect_lines(text, {"54": "6010 Job materials"})
    assert (line.name, line.debit, line.credit) == ("6010 Job materials", 1050, None)
    assert line.details == "memo part"
    assert views.effect_lines("not json", {}) == []
    assert views.effect_lines('{"account": 1}', {}) == []


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1,234.5", 123450), ("-3.10", -310), ("1.234", None), ("ALB-1", None), ("NaN", None)],
)
def test_a_search_text_may_be_an_amount(text: str, cents: int | None) -> None:
    assert views.searched_amount(text) == cents
