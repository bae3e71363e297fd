from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from browser.ledger_rows import AT_WORK, DAG, DRY, FINISHED
from servicetitan_netsuite.ledger import pages
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.pages import DocumentFilter, DocumentLine, RunPage


def words(html: str) -> str:
    """What a reader sees: no tags, one space between words."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def of(run_id: str, **more: object) -> dict[str, object]:
    return {"dag_id": DAG, "run_id": run_id, **more}


def finished(ledger: Ledger) -> RunPage:
    page = pages.find_run(ledger, DAG, FINISHED)
    assert page
    return page


def first(ledger: Ledger, **wanted: str) -> DocumentLine:
    return pages.documents(ledger, finished(ledger), DocumentFilter(**wanted), 1)[0]


def test_a_finished_run_says_what_was_included_with_amounts(
    reader: TestClient, ledger: Ledger
) -> None:
    seen = words(reader.get("/run", params=of(FINISHED)).text)
    tally = {line.state: line for line in pages.tally(ledger, finished(ledger))}
    assert "Albany Heating & Air" in seen
    assert "Completed with errors" in seen
    assert "135 of 166 documents in NetSuite" in seen
    assert tally["confirmed"].documents == 129
    assert f"129 {tally['confirmed'].amount_cents / 100:,.2f}" in seen
    assert "Confirmed In NetSuite and verified" in seen
    assert "Withdrawn No longer pending" in seen


def test_problems_are_one_row_per_missing_thing_with_what_to_do(reader: TestClient) -> None:
    seen = words(reader.get("/run", params=of(FINISHED)).text)
    assert "Account not mapped: 6999 Subcontract labor" in seen
    assert "Map account 6999 to an account in NetSuite" in seen
    assert "11 e.g. ALB-38777 24,180.12" in seen


def test_a_problem_leads_to_the_documents_it_holds_up(reader: TestClient) -> None:
    html = reader.get("/run", params=of(FINISHED)).text
    links = [unescape(found) for found in re.findall(r'href="(run\?[^"]*cause=[^"]*)"', html)]
    mapped = next(link for link in links if "account_not_mapped" in link)
    assert "1\u201311 of 11" in words(reader.get("/" + mapped.split("#")[0]).text)
    refused = next(link for link in links if "refused_by_netsuite" in link)
    assert "1\u20132 of 2" in words(reader.get("/" + refused.split("#")[0]).text)


def test_the_tie_out_and_the_roll_forward_are_shown(reader: TestClient) -> None:
    seen = words(reader.get("/run", params=of(FINISHED)).text)
    assert "No difference" in seen
    assert "6010 Job materials 6010 Albany Heating & Air LLC Oct 2026 318,412.77" in seen
    assert "Accounts receivable 21,689.40 21,689.40 0.00" in seen
    assert "Closing queue oldest waits 6 days 28 42,977.64" in seen
    assert "Cost of sales not posted, as this tenant has it: 1,234.50 of 12 invoices." in seen


def test_the_latest_run_follows_itself_while_it_works(reader: TestClient) -> None:
    html = reader.get("/latest", params={"dag_id": DAG}).text
    assert AT_WORK in html
    assert "data-live" in html
    assert '<noscript><meta http-equiv="refresh"' in html
    assert "Post to NetSuite and verify: 132 of 180" in words(html)
    assert FINISHED in words(html)


def test_a_finished_run_is_not_fetched_again_and_again(reader: TestClient) -> None:
    html = reader.get("/run", params=of(FINISHED)).text
    assert "<body>" in html
    assert "http-equiv" not in html


def test_a_dry_run_shows_exact_bodies_and_the_effect_on_the_ledger(
    reader: TestClient, ledger: Ledger
) -> None:
    seen = words(reader.get("/run", params=of(DRY)).text)
    assert "A dry run writes nothing to either side" in seen
    assert "25 of 30 documents would be posted" in seen
    assert "6010 Job materials 6010 Albany Heating & Air LLC Oct 2026 318,412.77" in seen
    assert "Brandt, Alice (ALB)" in seen
    assert "GL account: 4010 Service revenue → 4010 Service revenue" in seen
    page = pages.find_run(ledger, DAG, DRY)
    assert page
    line = pages.documents(ledger, page, DocumentFilter(state="ready"), 1)[0]
    query = of(DRY, type=line.document_type, source_id=line.source_id)
    document = words(reader.get("/document", params=query).text)
    assert "Exact body that would be sent" in document
    assert f'"externalId": "{line.external_id}"' in document
    assert f"6010 Job materials 6010 {line.amount_cents / 100:,.2f}" in document


def test_a_documents_page_tells_its_whole_history(reader: TestClient, ledger: Ledger) -> None:
    line = first(ledger, state="rejected")
    query = of(FINISHED, type=line.document_type, source_id=line.source_id)
    seen = words(reader.get("/document", params=query).text)
    assert "Rejected was sending NetSuite said: Please enter a value for Department." in seen
    assert "Sending was ready" in seen
    assert "400 USER_ERROR Please enter value(s) for: Department" in seen
    assert re.search(r"a1b2c3d4-\d{4}", seen)


def test_documents_link_to_both_sides(reader: TestClient, ledger: Ledger) -> None:
    line = first(ledger, state="posted")
    html = unescape(reader.get("/run", params=of(FINISHED, text=line.number)).text)
    assert f'href="{line.url}"' in html
    record = f"/app/accounting/transactions/transaction.nl?id={line.netsuite_id}"
    assert f'href="https://1234567.app.netsuite.com{record}"' in html


def test_a_hundred_documents_a_page(reader: TestClient) -> None:
    one = reader.get("/run", params=of(FINISHED)).text
    two = reader.get("/run", params=of(FINISHED, page=2)).text
    numbers = re.compile(r'<a href="document\?[^"]*source_id=(\d+)')
    assert len(numbers.findall(one)) == 100
    assert len(numbers.findall(two)) == 67
    assert not set(numbers.findall(one)) & set(numbers.findall(two))
    beyond = words(reader.get("/run", params=of(FINISHED, page=999)).text)
    assert "101\u2013167 of 167" in beyond


def test_what_needs_a_person_comes_first(ledger: Ledger) -> None:
    shown = pages.documents(ledger, finished(ledger), DocumentFilter(), 1)
    assert [line.state for line in shown[:3]] == ["uncertain", "rejected", "rejected"]


@pytest.mark.parametrize(
    ("text", "count"),
    [("alb-9001", 1), ("DEPARTMENT", 2), ("%", 0), ("_", 167), ("no such thing", 0)],
)
def test_search_takes_text_literally(ledger: Ledger, text: str, count: int) -> None:
    found = pages.count_documents(ledger, finished(ledger), DocumentFilter(text=text))
    assert found.documents == count


def test_search_finds_an_amount_however_it_is_written(reader: TestClient, ledger: Ledger) -> None:
    line = first(ledger, state="rejected")
    for text in (f"{line.amount_cents / 100:,.2f}", f"{line.amount_cents / 100:.2f}"):
        assert line.number in reader.get("/run", params=of(FINISHED, text=text)).text


def test_a_tenant_without_runs_and_another_dag_are_told_apart(reader: TestClient) -> None:
    none_yet = reader.get("/latest", params={"dag_id": "netsuite_sync_aus"}).text
    assert "No run yet" in none_yet
    not_begun = reader.get("/run", params=of("manual__2026-11-01T00:00:00+00:00")).text
    assert "has not begun" in not_begun
    other = reader.get("/latest", params={"dag_id": "execute_all"}).text
    assert "Not a tenant\u2019s sync" in other


def test_every_address_on_a_page_is_relative_or_leads_outside(reader: TestClient) -> None:
    html = reader.get("/run", params=of(FINISHED)).text
    for address in re.findall(r'(?:href|src|action)="([^"]*)"', html):
        assert not address.startswith("/")
        assert re.match(r"https://|static/|run|document|#", address), address
