"""The summary as people read it in a log."""

from __future__ import annotations

import re

from servicetitan_netsuite.ledger.totals import RESULTS
from servicetitan_netsuite.steps.summary_text import plain, render, table

NOTHING = {"count": 0, "amount": "0.00"}


def summary(**changes):
    moved = dict.fromkeys(("opening", "new", "posted", "withdrawn", "skipped", "closing"), NOTHING)
    return {
        "tenant": {"short_name": "ALB", "name": "Albany", "tenant_id": "1001"},
        "run": {
            "run_id": "r1", "generation": 1, "dry_run": False,
            "started_at": "2026-09-01T02:00:00.000000Z", "ended_at": "2026-09-01T02:01:00.000000Z",
        },
        "status": "success",
        "failed_steps": [],
        "types": [],
        "problems": [],
        "would_create": {"customers": [], "mappings": []},
        "filled_mappings": [],
        "roll_forward": {**moved, "oldest_days": 0},
        "tie_out": {"checked": False, "reason": "Why.", "difference": "0.00", "rows": []},
        "cost_not_posted": None,
        **changes,
    }  # fmt: skip


def row(account, sent, held):
    difference = f"{abs(float(sent) - float(held)):.2f}"
    return {
        "period": "Sep 2026", "subsidiary": "Albany", "account": account, "account_name": account,
        "expected_debit": sent, "expected_credit": "0.00",
        "netsuite_debit": held, "netsuite_credit": "0.00", "difference": difference,
    }  # fmt: skip


def test_counts_are_a_table_of_what_is_there():
    counts = {name: NOTHING for name in ("queued", *RESULTS)}
    counts |= {"queued": {"count": 1200, "amount": "1234567.80"}}
    text = render(summary(types=[{"type": "journal_entry", "counts": counts}]))
    assert re.search(r"queued +1,200 +1,234,567.80", text)
    assert "rejected" not in text


def test_further_records_of_a_type_have_a_table_of_their_own():
    counts = {name: NOTHING for name in ("queued", *RESULTS)}
    both = [{"type": "invoice", "part": part, "counts": counts} for part in ("", "cogs")]
    lines = render(summary(types=both)).splitlines()
    assert {"Invoice", "Invoice: cost of sales"} <= set(lines)


def test_cost_of_sales_that_is_not_posted_is_told_also_where_there_was_none():
    left = {"count": 12, "amount": "1234.50"}
    assert "not posted (cost_of_sales: none): 1,234.50 of 12 invoices" in render(
        summary(cost_not_posted=left)
    )
    assert "none): 0.00 of 0 invoices" in render(summary(cost_not_posted=NOTHING))
    assert "Cost of sales" not in render(summary())


def test_only_accounts_that_differ_are_listed_when_books_differ():
    rows = [row("4000", "10.00", "10.00"), row("5000", "10.00", "7.50")]
    tied = {"checked": True, "reason": "", "difference": "2.50", "rows": rows}
    text = render(summary(tie_out=tied))
    assert "difference 2.50" in text
    assert "5000" in text
    assert "4000" not in text


def test_books_that_agree_are_totals_by_period_and_subsidiary():
    rows = [row("4000", "10.00", "10.00"), row("5000", "1000.25", "1000.25")]
    tied = {"checked": True, "reason": "", "difference": "0.00", "rows": rows}
    text = render(summary(tie_out=tied))
    assert re.search(r"Sep 2026 +Albany +1,010.25 +0.00", text)


def test_receivables_and_the_like_are_told_apart():
    control = {
        "control": "Accounts payable", "expected": "-10.00", "netsuite": "-7.50",
        "difference": "2.50",
    }  # fmt: skip
    tied = {
        "checked": True,
        "reason": "",
        "difference": "2.50",
        "rows": [row("5", "10.00", "7.50")],
    }
    text = render(summary(tie_out={**tied, "controls": [control]}))
    assert re.search(r"Accounts payable +-10.00 +-7.50 +2.50", text)


def test_a_dry_run_lists_what_would_be_posted_by_period_and_account():
    rows = [{**row("4000", "1234.50", "0.00"), "netsuite_debit": None, "difference": None}]
    tied = {"checked": False, "reason": "A dry run sends nothing.", "difference": "0.00"}
    text = render(summary(tie_out={**tied, "rows": rows}))
    assert re.search(r"Sep 2026 +Albany +4000 +1,234.50 +0.00", text)


def test_nothing_from_outside_can_act_on_a_terminal():
    problem = {
        "cause": "c", "key": "", "key_name": "", "sentence": "evil \x1b[31m\nname\u202e",
        "advice": "x\r", "documents": 1, "amount": "5.00", "examples": ["\x07 7"],
    }  # fmt: skip
    text = render(summary(problems=[problem]))
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)
    assert "evil  [31m name" in text
    assert plain("a\x1b]0;b\x07c") == "a ]0;b c"


def test_columns_line_up():
    assert table(("", "n"), [("long name", "1"), ("x", "1000")]) == [
        "                n",
        "  long name     1",
        "  x          1000",
    ]
