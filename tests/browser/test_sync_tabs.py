"""The sync's tabs in Airflow's own UI, as a person meets them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from browser.conftest import HIDDEN_DAG, HIDDEN_FROM, PASSWORDS, AirflowUi
from browser.ledger_rows import AT_WORK, DAG, FINISHED, HOSTILE

pytestmark = pytest.mark.timeout(180)
_AIRFLOW_S = 20_000


@pytest.fixture(scope="module")
def signed_in(browser: Browser, airflow_ui: AirflowUi) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 1400, "height": 950},
        locale="en-US",
        timezone_id="America/New_York",
        color_scheme="light",
    )
    page = context.new_page()
    page.goto(airflow_ui.url)
    page.fill("input[name=username]", "ann")
    page.fill("input[name=password]", PASSWORDS["ann"])
    page.click("button[type=submit]")
    page.wait_for_url(f"{airflow_ui.url}/", timeout=_AIRFLOW_S)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext) -> Iterator[Page]:
    """A page on which nothing of ours may complain in the console."""
    opened = signed_in.new_page()
    opened.set_default_timeout(_AIRFLOW_S)
    complaints: list[str] = []
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    assert complaints == []


def open_tab(page: Page, address: str, tab: str) -> FrameLocator:
    """Go to Airflow's page and press our tab; the frame that it shows."""
    page.goto(address)
    page.get_by_role("link", name=tab, exact=True).click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    return frame


def run_address(site: AirflowUi, dag_id: str = DAG, run_id: str = FINISHED) -> str:
    return f"{site.url}/dags/{dag_id}/runs/{quote(run_id, safe='')}"


def test_the_dags_tab_shows_its_latest_run_and_follows_it(
    page: Page, airflow_ui: AirflowUi
) -> None:
    frame = open_tab(page, f"{airflow_ui.url}/dags/{DAG}", "Latest run")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Albany Heating & Air")
    expect(frame.locator(".verdict")).to_have_text("Running")
    expect(frame.locator(".headline")).to_contain_text("132 of 180")
    with sqlite3.connect(airflow_ui.log.with_name("ledger.db")) as ledger:
        ledger.execute(
            "UPDATE run_step SET done = 171 WHERE step = 'post_to_netsuite' AND run_id = "
            "(SELECT id FROM run WHERE run_id = ?)",
            (AT_WORK,),
        )
    expect(frame.locator(".headline")).to_contain_text("171 of 180", timeout=15_000)


def test_the_runs_tab_shows_what_was_synced_and_what_waits(
    page: Page, airflow_ui: AirflowUi
) -> None:
    frame = open_tab(page, run_address(airflow_ui), "Sync results")
    expect(frame.locator(".verdict")).to_have_text("Completed with errors")
    expect(frame.locator(".headline")).to_contain_text("135 of 166 documents in NetSuite")
    expect(frame.locator("#problems")).to_contain_text("Account not mapped: 6999 Subcontract labor")
    expect(frame.locator("#included")).to_contain_text("Confirmed")
    expect(frame.locator("#tie-out")).to_contain_text("No difference")
    expect(frame.locator("#document-list tbody tr")).to_have_count(100)
    expect(frame.locator("time").first).to_have_text("19 Oct 2026, 02:00:02")

    frame.get_by_label("State").select_option("rejected")
    expect(frame.locator("#document-list tbody tr")).to_have_count(2)
    with page.expect_download() as download:
        frame.get_by_role("link", name="Download CSV").click()
    assert download.value.path().read_text().count("\n") == 3


def test_links_lead_to_both_sides_in_a_new_tab(
    page: Page, signed_in: BrowserContext, airflow_ui: AirflowUi
) -> None:
    frame = open_tab(page, run_address(airflow_ui), "Sync results")
    frame.get_by_label("State").select_option("posted")
    expect(frame.locator("#document-list tbody tr")).to_have_count(6)
    row = frame.locator("#document-list tbody tr").first
    for name, host in (
        ("ServiceTitan", "go.servicetitan.com"),
        ("NetSuite", "1234567-sb1.app.netsuite.com"),
    ):
        with (
            signed_in.expect_page() as opened,
            signed_in.expect_event("request", lambda asked, host=host: f"//{host}/" in asked.url),
        ):
            row.get_by_role("link", name=name).click()
        opened.value.close()


def test_html_in_a_memo_stays_text(page: Page, airflow_ui: AirflowUi) -> None:
    frame = open_tab(page, run_address(airflow_ui), "Sync results")
    frame.get_by_label("Search").fill("ALB-9001")
    frame.get_by_role("button", name="Show").click()
    frame.get_by_role("link", name="ALB-9001", exact=True).click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("ALB-9001")
    expect(frame.locator("#history")).to_contain_text("Confirmed")
    expect(frame.locator("#attempts")).to_contain_text("a1b2c3d4-")
    frame.get_by_text("Exact body of attempt 1").click()
    expect(frame.locator("#attempts pre")).to_contain_text(HOSTILE.replace('"', '\\"'))
    expect(frame.locator("#attempts pre img")).to_have_count(0)


def test_another_dag_is_told_kindly_that_it_is_no_tenants_sync(
    page: Page, airflow_ui: AirflowUi
) -> None:
    for address, tab in (
        (f"{airflow_ui.url}/dags/something_else", "Latest run"),
        (run_address(airflow_ui, "something_else", "manual__1"), "Sync results"),
    ):
        frame = open_tab(page, address, tab)
        expect(frame.get_by_role("heading", level=1)).to_have_text("Not a tenant\u2019s sync")


def test_a_narrow_page_in_the_dark_has_nothing_cut_off(
    browser: Browser, airflow_ui: AirflowUi, signed_in: BrowserContext
) -> None:
    context = browser.new_context(
        viewport={"width": 380, "height": 800},
        color_scheme="dark",
        storage_state=signed_in.storage_state(),
    )
    narrow = context.new_page()
    query = f"dag_id={DAG}&run_id={quote(FINISHED, safe='')}"
    narrow.goto(f"{airflow_ui.url}/sync/run?{query}")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 380
    ground = narrow.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(17, 20, 19)"
    context.close()


def test_airflows_own_login_and_rights_guard_the_pages(airflow_ui: AirflowUi) -> None:
    shown, hidden = (f"/sync/latest?dag_id={dag_id}" for dag_id in (DAG, HIDDEN_DAG))
    assert airflow_ui.call(shown)[0] == 401
    assert airflow_ui.call(shown, token="not-a-token")[0] in (401, 403)
    assert airflow_ui.call(shown, token=airflow_ui.token(HIDDEN_FROM))[0] == 200
    assert airflow_ui.call(hidden, token=airflow_ui.token(HIDDEN_FROM))[0] == 403
    assert airflow_ui.call(hidden, token=airflow_ui.token("ann"))[0] == 200
