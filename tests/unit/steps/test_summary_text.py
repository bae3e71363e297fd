"""The summary as people read it in a log."""

from __future__ import annotations

import re

from servicetitan_netsuite.ledger.totals import RESULTS
from servicetitan_netsuite.steps.summary_text import plain, render, table

NOTHING = {"count": 0, "amount": "0.00"}
NO_TIE = {"checked": False, "reason": "", "difference": "0.00", "controls": [], "rows": []}


def summary(**changes):
    moved = dict.fromkeys(("opening", "new", "posted", "withdrawn", "skipped", "closing"), NOTHING)
    return {
        "tenant": {"short_name": "ALB", "name": "Albany", "tenant_id": "1001"},
        "run": {
            "run_id": "r1", "generation": 1, "dry_run": False, "params": {},
            "started_at": "2026-09-01T02:00:00.000000Z", "ended_at": "2026-09-01T02:01:00.000000Z",
        },
        "status": "success",
        "failed_steps": [],
        "types": [],
        "problems": [],
        "would_create": {"customers": [], "items": [], "mappings": []},
        "filled_mappings": [],
        "roll_forward": {**moved, "oldest_days": 0, "ages": []},
        "tie_out": {**NO_TIE, "reason": "Why."},
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


def counted(**found):
    counts = {name: NOTHING for name in ("queued", *RESULTS)}
    return counts | {
        name: {"count": count, "amount": amount} for name, (count, amount) in found.items()
    }


INVOICES = {
    "type": "invoice", "part": "",
    "counts": counted(
        queued=(1200, "1234567.80"), confirmed=(1190, "1234000.00"),
        blocked=(7, "500.00"), unreadable=(2, "0.00"), skipped=(1, "67.80"),
    ),
}  # fmt: skip


def test_types_are_lines_of_one_table_with_amounts():
    bills = {"type": "vendor_bill", "part": "", "counts": counted(queued=(1, "2.00"))}
    text = render(summary(types=[INVOICES, bills]))
    assert re.search(
        r"Invoice +1,200 +1,234,567.80 +1,190 +1,234,000.00 +9 +500.00 +1 +67.80", text
    )
    assert re.search(r"All documents +1,201 +1,234,569.80", text)
    assert (
        "In all: 1,190 confirmed (1,234,000.00), 7 blocked (500.00), 1 skipped (67.80), 2" in text
    )
    assert "rejected" not in text


def test_further_records_and_entities_stand_apart_and_are_in_no_total():
    costs = {"type": "invoice", "part": "cogs", "counts": counted(queued=(3, "9.00"))}
    customers = {"type": "customer", "part": "", "counts": counted(queued=(5, "0.00"))}
    lines = render(summary(types=[customers, INVOICES, costs])).splitlines()
    places = [
        next(at for at, line in enumerate(lines) if line.strip().startswith(begin))
        for begin in ("Invoice ", "Invoice: cost of sales", "Customers and items", "Customer ")
    ]
    assert places == sorted(places)
    assert not any(line.startswith("  All documents") for line in lines), "one type is the total"


def test_a_dry_run_says_what_would_be_posted():
    run = {**summary()["run"], "dry_run": True}
    types = [{"type": "invoice", "part": "", "counts": counted(queued=(2, "3"), ready=(2, "3"))}]
    text = render(summary(run=run, types=types, status="dry_run"))
    assert re.search(r"would be posted", text)
    assert "in NetSuite" not in text.split("Queue", maxsplit=1)[0]


def test_a_batch_that_holds_nothing_is_named():
    assert "No document was looked at." in render(summary())
    run = {**summary()["run"], "params": {"batch": "7475"}}
    assert "No document of batch 7475 waits to be synced" in render(summary(run=run))


def problem(number):
    return {
        "cause": "c", "key": str(number), "key_name": "", "sentence": f"Cause {number}.",
        "advice": "", "documents": 3, "waiting": 2, "amount": "1234.50", "examples": ["A"],
    }  # fmt: skip


def test_what_holds_up_most_is_told_and_how_to_see_the_rest():
    text = render(summary(problems=[problem(n) for n in range(60)]))
    assert "Cause 11." in text
    assert "Cause 12." not in text
    assert "Holds up 3 documents (1,234.50) and 2 documents after them: A" in text
    assert "and 48 more that hold up less; `servicetitan-netsuite errors ALB`" in text
    dry = {**summary()["run"], "dry_run": True}
    text = render(summary(run=dry, status="dry_run", problems=[problem(n) for n in range(60)]))
    assert "`servicetitan-netsuite latest ALB --json` lists them" in text


def test_the_closing_queue_is_told_by_age():
    moved = summary()["roll_forward"]
    closing = {"count": 3, "amount": "9.00"}
    ages = [{"age": "month", "count": 3, "amount": "9.00"}]
    text = render(summary(roll_forward={**moved, "closing": closing, "ages": ages}))
    assert re.search(r"8 to 30 days +3 +9.00", text)
    assert "waited here for 0 days" in text


def test_cost_of_sales_that_is_not_posted_is_told_also_where_there_was_none():
    left = {"count": 12, "amount": "1234.50"}
    assert "not posted (cost_of_sales: none): 1,234.50 of 12 invoices" in render(
        summary(cost_not_posted=left)
    )
    assert "none): 0.00 of 0 invoices" in render(summary(cost_not_posted=NOTHING))
    assert "Cost of sales" not in render(summary())


def test_only_accounts_that_differ_are_listed_when_books_differ():
    rows = [row("4000", "10.00", "10.00"), row("5000", "10.00", "7.50")]
    tied = {**NO_TIE, "checked": True, "difference": "2.50", "rows": rows}
    text = render(summary(tie_out=tied))
    assert "difference 2.50" in text
    assert "5000" in text
    assert "4000" not in text


def test_books_that_agree_are_totals_by_period_and_subsidiary():
    rows = [row("4000", "10.00", "10.00"), row("5000", "1000.25", "1000.25")]
    tied = {**NO_TIE, "checked": True, "rows": rows}
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
    controls = [{"control": "Sales tax", "expected": "-12.50", "netsuite": None}]
    tied = {**NO_TIE, "reason": "A dry run sends nothing.", "controls": controls}
    text = render(summary(tie_out={**tied, "rows": rows}))
    assert re.search(r"Sales tax +-12.50", text)
    assert re.search(r"Sep 2026 +Albany +4000 +1,234.50 +0.00", text)


def test_nothing_from_outside_can_act_on_a_terminal():
    problem = {
        "cause": "c", "key": "", "key_name": "", "sentence": "evil \x1b[31m\nname\u202e",
        "advice": "x\r", "documents": 1, "waiting": 0, "amount": "5.00", "examples": ["\x07 7"],
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
