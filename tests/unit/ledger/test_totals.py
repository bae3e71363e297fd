"""What a run adds up to, on a ledger filled through the functions that the steps use.

On SQLite, and on PostgreSQL where it is installed: the same statements, the same sums.
"""

from __future__ import annotations

import pytest

from servicetitan_netsuite.documents import DocumentType, Draft, MappingRow, State
from servicetitan_netsuite.ledger import mappings, runs, totals
from servicetitan_netsuite.ledger.verdicts import NewParent, add_parents
from support.ledger_story import PATH, TENANT, Story, account_missing, form, refusal

HELD = form("9", "2", ("101", "10.00"), ("102", "-10.00"))


@pytest.fixture
def story(ledger_url):
    told = Story(ledger_url)
    yield told
    told.ledger.close()


def counts(story, of):
    (part,) = totals.types(story.ledger, of.id)
    return {name: value for name, value in part["counts"].items() if value["count"]}


def test_each_document_is_counted_once_where_it_stands_after_the_run(story):
    of = story.start()
    story.see(of, a="10.00", b="20.00", c="30.05", d="0.00", e="5.00")
    story.unreadable(of, "x")
    story.judge(of, State.READY, "a", "b", "e")
    story.judge(of, State.BLOCKED, "c", problems=(account_missing("7", "4000 Sales"),))
    story.judge(of, State.SKIPPED, "d", problems=(account_missing("", ""),))
    story.post(of, a=HELD)
    story.refuse(of, "b", "Invalid date")
    story.lose(of, "e")
    assert counts(story, of) == {
        "queued": {"count": 6, "amount": "65.05"},
        "posted": {"count": 1, "amount": "10.00"},
        "rejected": {"count": 1, "amount": "20.00"},
        "uncertain": {"count": 1, "amount": "5.00"},
        "blocked": {"count": 1, "amount": "30.05"},
        "skipped": {"count": 1, "amount": "0.00"},
        "unreadable": {"count": 1, "amount": "0.00"},
    }
    assert totals.left_undone(story.ledger, of.id) == 0
    assert totals.standing(story.ledger, TENANT) == 3


def test_a_document_in_the_middle_of_being_sent_counts_as_uncertain(story):
    of = story.start()
    story.see(of, a="10.00")
    story.judge(of, State.READY, "a")
    story.send(of, "a", HELD)
    assert counts(story, of)["uncertain"]["count"] == 1


def test_what_was_never_sent_counts_as_left_undone(story):
    of = story.start()
    story.see(of, a="1.00", b="2.00")
    story.judge(of, State.READY, "a")
    assert totals.left_undone(story.ledger, of.id) == 2
    assert counts(story, of)["ready"] == {"count": 1, "amount": "1.00"}


def test_withdrawn_documents_are_not_part_of_the_queue(story):
    first = story.start()
    story.see(first, a="1.00", b="2.00")
    second = story.start()
    story.see(second, a="1.00")
    story.withdraw_missing(second)
    found = counts(story, second)
    assert found["queued"]["count"] == 1
    assert found["withdrawn"] == {"count": 1, "amount": "2.00"}


def test_one_missing_mapping_is_one_problem_with_all_it_holds_up(story):
    of = story.start()
    names = {f"n{i}": "1.50" for i in range(7)}
    story.see(of, **names)
    both = (account_missing("7", "4000 Sales"), account_missing("8", "5000 Parts"))
    story.judge(of, State.BLOCKED, "n0", problems=both)
    story.judge(of, State.BLOCKED, *list(names)[1:], problems=both[:1])
    first, second = totals.problems(story.ledger, of, whole=True)
    assert (first["key"], first["documents"], first["amount"]) == ("7", 7, "10.50")
    assert first["examples"] == ["N0", "N1", "N2", "N3", "N4"]
    assert first["key_name"] == "4000 Sales"
    assert first["advice"] == "Map it under Mappings."
    assert (second["key"], second["documents"], second["examples"]) == ("8", 1, ["N0"])


def test_refusals_are_grouped_by_netsuites_own_words(story):
    of = story.start()
    story.see(of, a="1", b="2", c="3")
    story.judge(of, State.READY, "a", "b", "c")
    story.refuse(of, "a", "Invalid date")
    story.refuse(of, "b", "Missing location")
    story.refuse(of, "c", "Invalid date")
    first, second = totals.problems(story.ledger, of, whole=True)
    assert (first["sentence"], first["examples"]) == (refusal("Invalid date").sentence, ["A", "C"])
    assert (second["sentence"], second["documents"]) == (refusal("Missing location").sentence, 1)


def test_a_whole_run_also_lists_what_stands_still_since_earlier_runs(story):
    first = story.start()
    story.see(first, a="9.00")
    story.judge(first, State.READY, "a")
    story.refuse(first, "a", "Invalid date")
    second = story.start()
    assert totals.problems(story.ledger, second, whole=False) == []
    (standing,) = totals.problems(story.ledger, second, whole=True)
    assert (standing["cause"], standing["examples"]) == ("refused_by_netsuite", ["A"])


def test_a_document_looked_at_again_is_not_listed_twice(story):
    for _ in range(2):
        of = story.start()
        story.see(of, a="1.00")
        story.judge(of, State.BLOCKED, "a", problems=(account_missing("7", "Sales"),))
    (problem,) = totals.problems(story.ledger, of, whole=True)
    assert problem["documents"] == 1


def test_what_waits_for_a_stopped_document_counts_with_what_stops_that_one(story):
    of = story.start()
    story.see(of, a="10.00", b="10.00", c="3.00", d="2.00")
    story.judge(of, State.BLOCKED, "a", "b", problems=(account_missing("7", "4000 Sales"),))
    story.judge(of, State.READY, "c", after=("a", "b"))
    story.judge(of, State.READY, "d", after=("c",))
    (problem,) = totals.problems(story.ledger, of, whole=True)
    assert (problem["key"], problem["documents"], problem["waiting"]) == ("7", 2, 2)
    assert problem["amount"] == "20.00", "what waits is not counted again"
    assert problem["examples"] == ["A", "B", "C", "D"]


def test_what_waits_for_a_document_that_posting_refused_counts_with_the_refusal(story):
    of = story.start()
    story.see(of, a="10.00", b="3.00")
    story.judge(of, State.READY, "a")
    story.judge(of, State.READY, "b", after=("a",))
    story.refuse(of, "a", "Invalid date")
    story.orphans(of)
    (problem,) = totals.problems(story.ledger, of, whole=True)
    assert (problem["cause"], problem["documents"]) == ("refused_by_netsuite", 1)
    assert problem["waiting"] == 1


def test_what_waits_for_something_skipped_is_told_for_itself(story):
    of = story.start()
    story.see(of, a="10.00", b="3.00", c="4.00")
    story.judge(of, State.SKIPPED, "a", problems=(account_missing("", "too old"),))
    story.judge(of, State.READY, "b", "c", after=("a",))
    (problem,) = totals.problems(story.ledger, of, whole=True)
    assert (problem["cause"], problem["documents"], problem["waiting"]) == ("parent_blocked", 2, 0)
    assert "journal entry A, which is skipped" in problem["sentence"]


def test_the_closing_queue_is_told_by_age(story):
    of = story.start()
    story.see(of, a="10.00", b="3.00")
    (age,) = totals.roll_forward(story.ledger, of)["ages"]
    assert age["age"] in totals.AGES
    assert (age["count"], age["amount"]) == (2, "13.00")


def test_problems_beyond_the_limit_are_cut_and_the_last_entry_says_so(story, monkeypatch):
    monkeypatch.setattr(totals, "_MOST_PROBLEMS", 2)
    of = story.start()
    story.see(of, a="1", b="2", c="3")
    for name in "abc":
        story.judge(of, State.BLOCKED, name, problems=(account_missing(name, name),))
    found = totals.problems(story.ledger, of, whole=True)
    assert [problem["cause"] for problem in found] == ["account_not_mapped"] * 2 + ["more"]


def rolled(story, of):
    moved = totals.roll_forward(story.ledger, of)
    return {
        name: value["count"] for name, value in moved.items() if name not in ("oldest_days", "ages")
    }


def test_opening_plus_movements_is_closing(story):
    first = story.start()
    story.see(first, a="1.00", b="2.00", c="3.00", d="4.00")
    story.judge(first, State.READY, "a", "b", "c")
    story.post(first, a=HELD)
    assert rolled(story, first) == {
        "opening": 0, "new": 4, "posted": 1, "withdrawn": 0, "skipped": 0, "closing": 3,
    }  # fmt: skip
    second = story.start()
    story.see(second, b="2.00", d="4.00", e="5.00", f="0.00")
    story.withdraw_missing(second)
    story.judge(second, State.READY, "b", "e")
    story.judge(second, State.SKIPPED, "f", problems=(account_missing("", ""),))
    story.post(second, b=HELD)
    story.verify(second)
    moved = totals.roll_forward(story.ledger, second)
    assert rolled(story, second) == {
        "opening": 3, "new": 2, "posted": 1, "withdrawn": 1, "skipped": 1, "closing": 2,
    }  # fmt: skip
    assert moved["opening"]["amount"] == "9.00"
    assert moved["closing"]["amount"] == "9.00"
    assert moved["oldest_days"] == 0


def test_a_dry_run_moves_no_queue(story):
    story.see(story.start(), a="1.00")
    dry = story.start(dry_run=True)
    story.see(dry, a="1.00", b="2.00")
    story.judge(dry, State.READY, "a", "b")
    found = rolled(story, dry)
    assert (found["opening"], found["new"], found["closing"]) == (1, 0, 1)
    assert counts(story, dry)["ready"] == {"count": 2, "amount": "3.00"}


def test_another_tenants_documents_are_nobody_elses_business(story):
    other = Story(story.ledger.url, tenant_id="1002")
    of = other.start(dag_id="other")
    other.see(of, a="1.00")
    other.judge(of, State.BLOCKED, "a", problems=(account_missing("7", "Sales"),))
    other.ledger.close()
    mine = story.start()
    assert totals.standing(story.ledger, TENANT) == 0
    assert totals.problems(story.ledger, mine, whole=True) == []
    assert rolled(story, mine)["closing"] == 0
    assert list(totals.stuck(story.ledger, TENANT)) == []


def test_what_a_run_posted_is_found_by_run_and_by_period(story, monkeypatch):
    monkeypatch.setattr(totals, "_CHUNK", 2)
    first = story.start()
    story.see(first, a="1", b="2", c="3")
    story.judge(first, State.READY, "a", "b", "c")
    story.post(first, a=HELD, b=HELD, c=form("8", "2", ("101", "1.00"), ("102", "-1.00")))
    second = story.start()
    story.see(second, d="4")
    story.judge(second, State.READY, "d")
    story.post(second, d=HELD)

    def numbers(chunks):
        return [document.number for chunk in chunks for document in chunk]

    assert numbers(totals.posted_in_run(story.ledger, first.id)) == ["A", "B", "C"]
    assert numbers(totals.posted_in_run(story.ledger, second.id)) == ["D"]
    assert numbers(totals.posted_in_period(story.ledger, TENANT, "9")) == ["A", "B", "D"]
    (only,) = next(totals.posted_in_run(story.ledger, second.id))
    assert (only.external_id, only.canonical) == ("st-1001-journal_entry-d", HELD)


def test_filled_mappings_are_those_of_this_run_alone(story):
    of = story.start()
    row = MappingRow("gl_account", "7", "4000 Sales", "101", "4000 Income")
    mappings.save(story.ledger, TENANT, [row], f"first fill, run {of.id}")
    mappings.save(story.ledger, TENANT, [MappingRow("gl_account", "8", "x", "1")], "eve")
    assert totals.filled_mappings(story.ledger, of) == [
        {
            "kind": "gl_account",
            "source_key": "7",
            "source_name": "4000 Sales",
            "target": "101",
            "target_name": "4000 Income",
        }
    ]


def test_a_dry_run_tells_what_it_would_create(story):
    dry = story.start(dry_run=True)
    account = MappingRow("gl_account", "7", "4000 Sales", "101", "4000 Income")
    customer = MappingRow("customer", "55", "Ann Lee", None)
    found_by_legacy_id = MappingRow("customer", "56", "Bob Ray", "901")
    with story.ledger.writing() as connection:
        runs.note_would(connection, dry, [account, customer, found_by_legacy_id])
    found = totals.would_create(story.ledger, dry)
    assert found["customers"] == ["Ann Lee"]
    assert [row["source_key"] for row in found["mappings"]] == ["56", "7"]


def test_a_real_run_would_create_nothing_it_did_it(story):
    of = story.start()
    draft = Draft(PATH, {"a": 1}, {})
    parent = NewParent(DocumentType.CUSTOMER, "55", "Ann Lee", "st-1001-customer-55", draft)
    with story.ledger.writing() as connection:
        add_parents(of, [parent])(connection)
    nothing = {"customers": [], "items": [], "mappings": []}
    assert totals.would_create(story.ledger, of) == nothing
    dry = story.start(dry_run=True)
    with story.ledger.writing() as connection:
        add_parents(dry, [parent])(connection)
    assert totals.would_create(story.ledger, dry)["customers"] == ["Ann Lee"]


def test_what_a_dry_run_would_post_is_read_in_chunks_and_without_entities(story, monkeypatch):
    monkeypatch.setattr(totals, "_CHUNK", 2)
    dry = story.start(dry_run=True)
    story.see(dry, a="1.00", b="2.00", c="3.00", d="4.00")
    story.judge(dry, State.READY, "a", "b", "c")
    story.judge(dry, State.BLOCKED, "d", problems=(account_missing("7", "Sales"),))
    parent = NewParent(
        DocumentType.CUSTOMER, "55", "Ann Lee", "st-1001-customer-55", Draft(PATH, {"a": 1}, {})
    )
    with story.ledger.writing() as connection:
        add_parents(dry, [parent])(connection)
    chunks = list(totals.would_post(story.ledger, dry.id))
    assert [len(chunk) for chunk in chunks] == [2, 1]
    names = [one.external_id for chunk in chunks for one in chunk]
    assert names == [f"st-1001-journal_entry-{name}" for name in "abc"]
