from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from browser.ledger_rows import DAG, FINISHED, FORMULA, HOSTILE, OTHER, OTHER_DAG
from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.dashboard.app import create_app
from servicetitan_netsuite.dashboard.links import netsuite_record, netsuite_screens, web_link
from servicetitan_netsuite.dashboard.spreadsheet import lines
from servicetitan_netsuite.ledger import pages
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.pages import DocumentFilter, DocumentLine

RUN = {"dag_id": DAG, "run_id": FINISHED}
DOCUMENT = {**RUN, "type": "journal_entry", "source_id": "1"}
ROUTES = [("/latest", RUN), ("/run", RUN), ("/document", DOCUMENT), ("/documents.csv", RUN)]


def test_the_routes_below_are_all_there_are(ledger: Ledger) -> None:
    client = TestClient(create_app(lambda: ledger.url, lambda: None))
    for path in ("/", "/docs", "/openapi.json", "/static/../app.py", "/static/"):
        assert client.get(path).status_code == 404, path
    for path, _ in ROUTES:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert client.request(method, path).status_code == 405, (method, path)


@pytest.mark.parametrize(("path", "query"), ROUTES)
def test_a_stranger_is_refused_everywhere(
    stranger: TestClient, path: str, query: dict[str, str]
) -> None:
    answer = stranger.get(path, params=query)
    assert answer.status_code == 401
    assert "Albany" not in answer.text


@pytest.mark.parametrize(("path", "query"), ROUTES)
def test_who_may_not_read_the_dag_is_refused_everywhere(
    reader: TestClient, path: str, query: dict[str, str]
) -> None:
    answer = reader.get(path, params={**query, "dag_id": OTHER_DAG})
    assert answer.status_code == 403


def test_a_run_of_another_dag_is_out_of_reach_through_a_permitted_one(
    reader: TestClient, ledger: Ledger
) -> None:
    other = pages.find_run(ledger, OTHER_DAG, OTHER)
    assert other
    line = pages.documents(ledger, other, DocumentFilter(), 1)[0]
    foreign = {"dag_id": DAG, "run_id": OTHER}
    assert line.number not in reader.get("/run", params=foreign).text
    assert reader.get("/documents.csv", params=foreign).status_code == 404
    document = {**foreign, "type": line.document_type, "source_id": line.source_id}
    assert reader.get("/document", params=document).status_code == 404
    own = {**document, "run_id": FINISHED}
    assert reader.get("/document", params=own).status_code == 404


def test_the_permission_is_asked_for_the_dag_that_is_shown(reader: TestClient) -> None:
    for order in ([DAG, OTHER_DAG], [OTHER_DAG, DAG]):
        answer = reader.get("/latest", params={"dag_id": order})
        shows_other = OTHER in answer.text
        assert not shows_other
        assert answer.status_code == (403 if order[-1] == OTHER_DAG else 200)


def test_every_answer_carries_the_safe_headers(reader: TestClient, stranger: TestClient) -> None:
    for answer in (
        reader.get("/run", params=RUN),
        reader.get("/documents.csv", params=RUN),
        stranger.get("/run", params=RUN),
        stranger.get("/static/dashboard.js"),
        stranger.get("/nowhere"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_pages_hold_no_inline_script_or_style(reader: TestClient) -> None:
    html = reader.get("/run", params=RUN).text
    assert "style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert html.count("<script") == html.count('<script src="static/') == 1


def test_html_from_outside_stays_text(reader: TestClient, ledger: Ledger) -> None:
    page = pages.find_run(ledger, DAG, FINISHED)
    assert page
    line = pages.documents(ledger, page, DocumentFilter(text="ALB-9001"), 1)[0]
    query = {**DOCUMENT, "source_id": line.source_id}
    document = reader.get("/document", params=query).text
    searched = reader.get("/run", params={**RUN, "text": '"><script>alert(1)</script>'}).text
    listed = reader.get("/run", params={**RUN, "text": "HYPERLINK"}).text
    for html in (document, searched, listed):
        assert "<script>" not in html
        assert "<img" not in html
    assert "&lt;script&gt;document.title=" in document
    assert "&lt;script&gt;document.title=" in listed


def test_what_people_search_for_never_becomes_sql(reader: TestClient, ledger: Ledger) -> None:
    for text in ("' OR 1=1 --", "'; DROP TABLE document; --", ":run_id", "\\", "!"):
        answer = reader.get("/run", params={**RUN, "text": text, "state": text, "cause": text})
        assert answer.status_code == 200
        assert "No documents match" in answer.text
    assert ledger.rows("pages/list_runs", dag_id=DAG, limit=10)


def test_the_csv_holds_every_document_and_no_formula(reader: TestClient, ledger: Ledger) -> None:
    answer = reader.get("/documents.csv", params=RUN)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment;")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 167
    assert f"'{FORMULA}" in {row["number"] for row in rows}
    assert HOSTILE in {row["reason"] for row in rows}
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
        assert float(row["amount"]) >= 0


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "\uff1d1", "\r\n=1"]
)
def test_no_cell_begins_a_formula(ledger: Ledger, text: str) -> None:
    page = pages.find_run(ledger, DAG, FINISHED)
    assert page
    document = DocumentLine(
        document_type="journal_entry",
        source_id="1",
        part="",
        number=text,
        url=None,
        version=1,
        business_date=None,
        amount_cents=-1250,
        verdict="ready",
        state="posted",
        cause=None,
        sentence=text,
        advice=text,
        external_id=None,
        netsuite_id=None,
        notes=text,
    )
    _, row = csv.reader(io.StringIO("".join(lines(page, [document], None)), newline=""))
    assert row.count(f"'{text}") == 4
    assert row[6] == "-12.50"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "x", "", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_link(url) is None


def test_a_netsuite_id_cannot_leave_its_place_in_the_address() -> None:
    made = netsuite_record("https://1.app.netsuite.com/", "customer", "5&x=/../y")
    assert made == "https://1.app.netsuite.com/app/common/entity/custjob.nl?id=5%26x%3D%2F..%2Fy"
    assert netsuite_record(None, "journal_entry", "5") is None


@pytest.mark.parametrize(
    ("host", "extra", "screens"),
    [
        ("", {"account_id": "1234567_SB1"}, "https://1234567-sb1.app.netsuite.com"),
        (
            "1234567.suitetalk.api.netsuite.com",
            {"account_id": "1234567"},
            "https://1234567.app.netsuite.com",
        ),
        ("http://127.0.0.1:8282", {"account_id": "1234567"}, None),
        ("netsuite.com.evil.example", {"account_id": "1234567"}, None),
        ("127.0.0.1", {"app_url": "http://127.0.0.1:8282/ui/"}, "http://127.0.0.1:8282/ui"),
        ("", {"account_id": "evil.example/"}, None),
        ("", {"app_url": "javascript:alert(1)"}, None),
        ("", {}, None),
    ],
)
def test_a_stand_in_gets_no_links_unless_it_names_them(
    host: str, extra: dict[str, str], screens: str | None
) -> None:
    connection = ConnectionFields(id="netsuite", host=host, extra=extra)
    assert netsuite_screens(connection) == screens


def test_a_ledger_that_is_not_ready_is_explained(tmp_path: Path) -> None:
    client = TestClient(create_app(lambda: f"sqlite:///{tmp_path}/new.db", lambda: None))
    answer = client.get("/latest", params={"dag_id": DAG})
    assert answer.status_code == 503
    assert "ledger migrate" in answer.text


def test_a_database_that_fails_is_not_described(tmp_path: Path) -> None:
    url = "postgresql+psycopg://joe:hush@127.0.0.1:1/ledger"
    client = TestClient(create_app(lambda: url, lambda: None))
    answer = client.get("/latest", params={"dag_id": DAG})
    assert answer.status_code == 503
    assert "hush" not in answer.text
    assert "127.0.0.1" not in answer.text


def test_a_page_without_its_dag_is_explained_not_shown(reader: TestClient) -> None:
    answer = reader.get("/latest")
    assert answer.status_code == 422
    assert "Open it from its tab" in answer.text
