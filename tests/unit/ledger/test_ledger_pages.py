"""What pages ask of the ledger, on either database."""

from __future__ import annotations

import pytest

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.ledger import pages
from servicetitan_netsuite.ledger.pages import OWN, DocumentFilter
from support.ledger_story import Story, account_missing


@pytest.fixture
def story(ledger_url):
    """a is blocked, b waits for it; d waits for c, which is ready."""
    told = Story(ledger_url)
    of = told.start(dag_id="dag", run_id="run")
    told.see(of, a="10.00", b="20.00", c="30.00", d="40.00")
    told.judge(of, State.BLOCKED, "a", problems=(account_missing("7", "4000 Sales"),))
    told.judge(of, State.READY, "b", after=("a",))
    told.judge(of, State.READY, "c")
    told.judge(of, State.READY, "d", after=("c",))
    yield told
    told.ledger.close()


def page(story):
    found = pages.find_run(story.ledger, "dag", "run")
    assert found
    return found


def row(story, source_id):
    return pages.document(story.ledger, page(story), "journal_entry", source_id, "")


def numbers(rows):
    return [row.number for row in rows]


def test_a_document_and_what_it_needs_and_holds_up(story):
    of, ledger = page(story), story.ledger
    assert numbers(pages.parents(ledger, of, row(story, "d"))) == ["C"]
    assert numbers(pages.children(ledger, of, row(story, "c"))) == ["D"]
    assert numbers(pages.parents(ledger, of, row(story, "b"))) == ["A"]
    assert numbers(pages.children(ledger, of, row(story, "a"))) == ["B"]


def test_a_cause_finds_what_it_holds_up_and_what_waits_for_that(story):
    wanted = DocumentFilter(cause="account_not_mapped", key="7")
    found = pages.documents(story.ledger, page(story), wanted, 1)
    assert {line.number for line in found} == {"A", "B"}
    assert pages.count_documents(story.ledger, page(story), wanted).documents == 2


def test_documents_alone_are_told_from_their_further_records(story):
    own = DocumentFilter(document_type="journal_entry", part=OWN)
    total = pages.count_documents(story.ledger, page(story), own)
    assert (total.documents, total.amount_cents) == (4, 10_000)
    costs = DocumentFilter(document_type="journal_entry", part="cogs")
    assert pages.count_documents(story.ledger, page(story), costs).documents == 0
    assert {line.part for line in pages.tally(story.ledger, page(story))} == {""}
