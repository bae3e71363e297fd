"""What a run does when it is stopped, refused or overtaken in the middle, over real HTTP."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from servicetitan_netsuite.errors import (
    ConfigurationError,
    SyncError,
    TransientError,
    UncertainOutcome,
)
from servicetitan_netsuite.ledger import actions
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite.client import Exchange, NetSuite
from servicetitan_netsuite.steps import extract_pending, post_to_netsuite, validate_mappings
from servicetitan_netsuite.steps.kinds import journal_entries
from support.site import Site, call, lost_doubled_unexpected

PATIENT = {"timeout_s": 5.0, "settle_s": 6.0, "lease_s": 12.0}


def _slow(site: Site, median_s: float) -> None:
    call(
        site.netsuite,
        "/sandbox/settings",
        {"latency_median_s": median_s, "latency_sigma": 0.01, "concurrency_limit": 10},
    )


def _states(site: Site, kind: str = "journal_entry") -> Counter[str]:
    return Counter(row.state for row in site.documents(kind).values())


def _signal_once_posting(monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    """Send this process a signal as soon as NetSuite has answered that it stored something."""
    send, first = NetSuite.send, iter([True])

    async def send_then_signal(*args: Any, **kwargs: Any) -> Exchange:
        exchange = await send(*args, **kwargs)
        if exchange.status == 204 and next(first, False):
            os.kill(os.getpid(), number)
        return exchange

    monkeypatch.setattr(NetSuite, "send", send_then_signal)


@contextmanager
def _interruptible() -> Iterator[None]:
    """A shell starts what runs in its background deaf to interrupts; a test must not be."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SyncError)]
)
def test_a_stopped_run_sends_nothing_new_and_keeps_the_answers_that_come(
    make_site: Callable[..., Site],
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    error: type[BaseException],
) -> None:
    site = make_site("alb", **PATIENT)
    site.start_syncing([d["number"] for d in site.valid(60)])
    context = site.prepare("first")
    _slow(site, 0.3)
    _signal_once_posting(monkeypatch, number)
    with _interruptible(), pytest.raises(error):
        post_to_netsuite.run(context)
    states = _states(site)
    assert states["sending"] == 0
    assert states["posted"] + states["confirmed"] == len(site.posted()) < 30
    _slow(site, 0.0)
    site.post(context)
    assert _states(site) == {"confirmed": 60}


def test_a_refused_login_lets_what_is_under_way_be_answered(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_to_netsuite, "GRACE_S", 0.0)
    site = make_site("alb", **PATIENT)
    site.start_syncing([d["number"] for d in site.valid(12)])
    context = site.prepare("first")
    _slow(site, 0.3)
    site.faults(
        {"route": "record/journalEntry", "fault": "slow", "next": 1, "delay_s": 3.0},
        {"route": "record/journalEntry", "fault": "403", "next": 1},
    )
    with pytest.raises(ConfigurationError, match="permission"):
        post_to_netsuite.run(context)
    assert _states(site)["sending"] == 0
    assert len(site.posted()) >= 1


def test_a_look_that_fails_before_an_update_cuts_off_nobody_elses_answer(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("alb", **PATIENT)
    changed, *others = site.valid(13)
    site.start_syncing([changed["number"]])
    site.run("first")
    site.edit(changed, post_date="2026-10-05")
    site.start_syncing([d["number"] for d in (changed, *others)])
    context = site.prepare("second")
    _slow(site, 0.3)
    site.faults({"route": "GET record/journalEntry", "fault": "403", "probability": 1.0})
    with pytest.raises(ConfigurationError):
        post_to_netsuite.run(context)
    assert _states(site)["sending"] == 0
    site.no_faults()
    site.post(context)
    assert _states(site) == {"confirmed": 13}


def test_writes_that_keep_failing_stop_sending_although_reads_go_well(site: Site) -> None:
    site.start_syncing([d["number"] for d in site.valid(60)])
    context = site.prepare("first")
    site.faults(
        {"route": "POST record/journalEntry", "fault": "500_before_write", "probability": 1.0}
    )
    with pytest.raises(TransientError, match="NetSuite"):
        post_to_netsuite.run(context)
    states = _states(site)
    assert states["ready"] > 60 - 9 * site.tenant.netsuite.concurrency, states
    site.no_faults()
    site.post(context)
    assert _states(site) == {"confirmed": 60}


def test_documents_are_verified_while_others_are_still_sent(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("alb", **PATIENT)
    site.start_syncing([d["number"] for d in site.valid(60)])
    context = site.prepare("first")
    _slow(site, 0.1)
    before = site.truth()["calls"]
    site.post(context)
    assert _states(site) == {"confirmed": 60}
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        verified = connection.exec_driver_sql("SELECT MIN(verified_at) FROM document").scalar_one()
        sent = connection.exec_driver_sql("SELECT MAX(sent_at) FROM attempt").scalar_one()
    assert verified < sent
    assert site.truth()["calls"] - before < 60 + 25, "look-ups take few of the slots"


def test_an_update_that_never_landed_is_not_taken_for_the_one_before_it(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.run("first")
    for run, day in (("second", "2026-10-05"), ("third", "2026-10-06")):
        site.edit(entry, post_date=day)
        site.start_syncing([entry["number"]])
        context = site.prepare(run)
        if run == "second":
            site.post(context)
    site.faults({"route": "PATCH record/journalEntry", "fault": "drop_before_write", "next": 1})
    with pytest.raises(UncertainOutcome):
        post_to_netsuite.run(context)
    assert _states(site) == {"uncertain": 1}
    site.post(context)
    document = site.documents()[str(entry["number"])]
    now = site.entry(entry["number"])
    assert (document.state, document.posted_version) == ("confirmed", now["version_id"])
    assert now["sync_status"] == "Synced"
    assert len(site.posted()) == 1


def test_one_excluded_between_two_tries_of_extraction_is_never_posted(site: Site) -> None:
    first, second = site.valid(2)
    site.start_syncing([first["number"], second["number"]])
    context = site.context("run")
    extract_pending.run(context)
    site.edit(first, sync_status="Excluded")
    extract_pending.run(context)
    validate_mappings.run(context)
    site.post(context)
    assert site.documents()[str(first["number"])].state == "withdrawn"
    assert [r["external_id"] for r in site.posted()] == [site.name(second)]


def _rejected(site: Site) -> dict[str, Any]:
    """An entry that NetSuite refused, because its period was closed after validation."""
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    context = site.prepare("refused")
    _close(site, context.run_id, closed=True)
    site.post(context)
    _close(site, context.run_id, closed=False)
    assert _states(site) == {"rejected": 1}
    return entry


def _close(site: Site, run_id: str, *, closed: bool) -> None:
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        period = connection.exec_driver_sql(
            "SELECT json_extract(body, '$.postingPeriod.id') FROM run_document d "
            f"JOIN run r ON r.id = d.run_id WHERE r.run_id = '{run_id}' AND body IS NOT NULL"
        ).scalar_one()
    call(site.netsuite, f"/sandbox/periods/{period}", {"closed": closed})


@pytest.mark.parametrize("moment", ["pending_entries", "headers"])
def test_a_reset_while_extraction_works_is_kept_and_taken_up_next(
    site: Site, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    entry = _rejected(site)
    if moment == "headers":
        site.edit(entry, sync_status="Excluded")
    original = getattr(journal_entries, moment)
    resets: list[str] = []

    def meanwhile(*args: Any, **named: Any) -> Any:
        if not resets:
            with Ledger(site.ledger_url) as ledger:
                resets.extend(actions.reset(ledger, site.tenant_id, [str(entry["number"])], "ann"))
        return original(*args, **named)

    monkeypatch.setattr(journal_entries, moment, meanwhile)
    extract_pending.run(site.context("meanwhile"))
    assert resets
    assert site.documents()[str(entry["number"])].state == "pending"
    monkeypatch.setattr(journal_entries, moment, original)
    site.run("next")
    kept = "confirmed" if moment == "pending_entries" else "withdrawn"
    assert site.documents()[str(entry["number"])].state == kept


def test_a_change_taken_back_in_servicetitan_is_dropped_and_may_come_again(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.run("first")
    _close(site, "first", closed=True)
    site.edit(entry, post_date="2026-11-05")
    site.start_syncing([entry["number"]])
    site.run("second")
    assert _states(site) == {"blocked": 1}
    site.edit(entry, sync_status="Excluded")
    site.run("third")
    document = site.documents()[str(entry["number"])]
    assert (document.state, document.report) == ("posted", "moved_on")
    assert "NetSuite keeps" in document.sentence
    _close(site, "first", closed=False)
    site.edit(entry, sync_status="InProgress")
    site.run("fourth")
    assert _states(site) == {"confirmed": 1}
    assert len(site.posted()) == 1


def _stop_customer(site: Site, *, netsuite_id: bool) -> Any:
    """A customer in conflict: posted with another content, or one that is hidden."""
    site.start_syncing()
    context = site.prepare("first")
    if netsuite_id:
        site.faults({"route": "record/customer", "fault": "alter", "next": 1})
        site.post(context)
    else:
        steps = ("sending", "uncertain", "conflict")
        with Ledger(site.ledger_url) as ledger, ledger.writing() as connection:
            chosen = "SELECT MIN(id) FROM document WHERE document_type = 'customer'"
            for state in steps:
                connection.exec_driver_sql(
                    f"UPDATE document SET state = '{state}', check_after = state_since, "
                    f"cause = 'exists_but_hidden', sentence = '-', advice = '-' "
                    f"WHERE id = ({chosen})"
                )
    site.no_faults()
    (row,) = (r for r in site.documents("customer").values() if r.state == "conflict")
    return row


def test_a_customer_posted_again_under_a_new_external_id_holds_nobody_up(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("aus", **PATIENT)
    row = _stop_customer(site, netsuite_id=False)
    with Ledger(site.ledger_url) as ledger:
        (found,) = actions.find(ledger, site.tenant_id, [row.external_id])
        renewed = actions.again(ledger, found, "ann", "it is not there")
    site.run("second")
    held = [r["external_id"] for r in site.truth()["records"] if r["type"].lower() == "customer"]
    assert renewed in held
    assert row.external_id not in held
    assert lost_doubled_unexpected(site) == (set(), [], set())
    assert _states(site, "customer").keys() == {"confirmed"}


def test_a_customer_in_conflict_that_is_reset_is_compared_again_and_never_changed(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("aus", **PATIENT)
    row = _stop_customer(site, netsuite_id=True)
    with Ledger(site.ledger_url) as ledger:
        actions.reset(ledger, site.tenant_id, [row.external_id], "ann")
    customers = [r for r in site.truth()["records"] if r["type"].lower() == "customer"]
    site.run("second")
    after = {r.external_id: r for r in site.documents("customer").values()}[row.external_id]
    assert (after.state, after.cause) == ("conflict", "changed_in_netsuite")
    assert after.state_since > row.state_since
    assert [r for r in site.truth()["records"] if r["type"].lower() == "customer"] == customers


def test_a_report_that_is_refused_for_good_forgets_no_report_that_was_taken(
    site: Site,
) -> None:
    numbers = [d["number"] for d in site.valid(20)]
    site.start_syncing(numbers)
    context = site.prepare("first")
    route = "*journal-entries/{id}/sync"
    site.faults(
        {"route": route, "fault": "slow", "next": 5, "delay_s": 0.0},
        {"route": route, "fault": "403", "next": 1},
        side="servicetitan",
    )
    with pytest.raises(ConfigurationError, match="403"):
        post_to_netsuite.run(context)
    synced = {d["number"] for d in site.entries() if d["sync_status"] == "Synced"}
    assert len(synced.intersection(numbers)) == _states(site)["confirmed"] == 19
    site.post(context)
    assert _states(site) == {"confirmed": 20}
