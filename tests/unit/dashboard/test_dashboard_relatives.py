"""Documents that need each other, their further records, and long lists of problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from servicetitan_netsuite.dashboard.app import create_app
from servicetitan_netsuite.documents import Draft, State
from servicetitan_netsuite.ledger import verdicts
from servicetitan_netsuite.ledger.verdicts import Decision
from support.ledger_story import JOURNAL, PATH, Story, account_missing

DAG = "netsuite_sync_alb"
NAME = "st-1001-journal_entry-"
DRY = "dry run"
_FURTHER = """
INSERT INTO run_document
    (run_id, document_type, source_id, part, number, version, amount_cents, verdict, notes,
     updated_at)
VALUES ({run}, 'journal_entry', '{source}', '{part}', '{source}-more', 1, 700, 'ready', '', '')
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A run in which b and c wait for a, which is blocked, and e for d, which is not."""
    path: Path = tmp_path_factory.mktemp("relatives") / "ledger.db"
    told = Story(f"sqlite:///{path}")
    of = told.start(dag_id=DAG, run_id="real run")
    amounts = dict.fromkeys("abcde", "10.00")
    told.see(of, **amounts)
    told.judge(of, State.BLOCKED, "a", problems=(account_missing("7", "4000 Sales"),))
    told.judge(of, State.READY, "b", after=("a",))
    told.judge(of, State.READY, "c", after=("b",))
    told.judge(of, State.READY, "d")
    told.judge(of, State.READY, "e", after=("d",))
    with told.ledger.writing() as connection:
        for part in ("cogs", "application-1", "application-2"):
            connection.exec_driver_sql(_FURTHER.format(run=of.id, source="d", part=part))
    many = {f"p{number}": "1.00" for number in range(20)}
    told.see(of, **many)
    for name in many:
        told.judge(of, State.BLOCKED, name, problems=(account_missing(name, name),))
    _dry_run(told)
    yield told
    told.ledger.close()


def _dry_run(told: Story) -> None:
    of = told.start(dry_run=True, dag_id=DAG, run_id=DRY)
    told.see(of, d="10.00", e="10.00")
    named = {"lines": [{"doc": {"externalId": f"{NAME}d"}}]}
    bodies = {"d": {"externalId": f"{NAME}d"}, "e": named}
    decisions = [
        Decision(JOURNAL, name, State.READY, f"{NAME}{name}", draft=Draft(PATH, body, {}))
        for name, body in bodies.items()
    ]
    with told.ledger.writing() as connection:
        verdicts.record(of, decisions)(connection)


@pytest.fixture(scope="module")
def page(story: Story) -> TestClient:
    return TestClient(create_app(lambda: story.ledger.url, lambda: None))


def document(page: TestClient, source_id: str, run_id: str = "real run") -> str:
    query = {"dag_id": DAG, "run_id": run_id, "type": "journal_entry", "source_id": source_id}
    return page.get("/document", params=query).text


def run(page: TestClient, **wanted: str) -> str:
    return page.get("/run", params={"dag_id": DAG, "run_id": "real run", **wanted}).text


def related(html: str, section: str) -> list[str]:
    found = re.search(rf'<section id="{section}".*?</section>', html, re.DOTALL)
    return re.findall(r'<td class="name"><a[^>]*>([^<]+)', found.group()) if found else []


def listed(html: str) -> list[str]:
    table = html[html.index('id="document-list"') :]
    return re.findall(r'data-label="Document" class="name"><a[^>]*>([^<]+)', table)


def test_a_documents_page_names_what_it_needs_and_what_needs_it(page: TestClient) -> None:
    assert related(document(page, "e"), "parents") == ["D"]
    assert related(document(page, "d"), "children") == ["E"]
    assert related(document(page, "d"), "parents") == []


def test_a_blocked_chain_leads_to_its_root(page: TestClient) -> None:
    assert related(document(page, "c"), "parents") == ["A"]
    assert related(document(page, "a"), "children") == ["B", "C"]
    assert "It waits for journal entry A, which is blocked" in unescape(document(page, "c"))


def test_a_dry_run_names_parents_that_are_not_posted_by_external_id(page: TestClient) -> None:
    html = document(page, "e", DRY)
    assert related(html, "parents") == ["D"]
    assert f"<code>{NAME}d</code>" in html
    assert related(document(page, "d", DRY), "children") == ["E"]


def test_a_problem_finds_its_documents_and_what_waits_for_them(page: TestClient) -> None:
    html = run(page)
    link = next(
        unescape(found) for found in re.findall(r'href="(run\?[^"]*key=7)#documents"', html)
    )
    assert listed(page.get(f"/{link}").text) == ["A", "B", "C"]
    assert "and 2 after it" in html


def test_the_problems_that_hold_up_most_come_first_and_the_rest_unfolds(page: TestClient) -> None:
    section = run(page).split('<section id="problems"', 1)[1].split("</section>", 1)[0]
    shown, more = section.split("<details", 1)
    assert shown.count('data-label="Problem"') == 12
    assert more.count('data-label="Problem"') == 9
    assert "9 more that hold up less" in more


def test_further_records_have_names_and_a_filter_of_their_own(page: TestClient) -> None:
    html = unescape(run(page, type="journal_entry.cogs"))
    assert listed(html) == ["d-more"]
    assert "Journal entry: cost of sales" in html
    assert len(listed(run(page, type="journal_entry.application"))) == 2
    assert "d-more" not in listed(run(page, type="journal_entry.-"))
    assert re.search(r'<option value="journal_entry.cogs" selected>', html)
