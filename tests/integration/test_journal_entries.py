"""What is promised about journal entries, shown on both stand-ins over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from servicetitan_netsuite.errors import ConfigurationError, LeaseHeld, UncertainOutcome
from servicetitan_netsuite.ledger import actions, mappings
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.lease import Lease
from servicetitan_netsuite.steps import (
    extract_pending,
    post_to_netsuite,
    summarize,
    validate_mappings,
)
from support.site import Site, call, lost_doubled_unexpected

TRUTH = ("document", "attempt", "document_event", "dependency", "mapping", "mapping_event")


@pytest.mark.parametrize("tenant", ["alb", "aus", "boi"])
def test_every_valid_entry_is_posted_once_verified_and_marked_synced(
    make_site: Callable[..., Site], tenant: str
) -> None:
    site = make_site(tenant)
    site.start_syncing()
    site.run("first")
    lost, doubled, unexpected = lost_doubled_unexpected(site)
    assert (lost, doubled, unexpected) == (set(), [], set())
    for entry in site.entries():
        document = site.documents().get(str(entry["number"]))
        if entry["valid"]:
            assert document.state == "confirmed"
            assert entry["sync_status"] == "Synced"
        elif document:
            assert document.state in ("blocked", "skipped", "rejected"), entry["why"]
            assert document.sentence
            assert document.advice
            assert entry["sync_status"] != "Synced", entry["why"]


def test_a_second_run_over_the_same_queue_posts_nothing(site: Site) -> None:
    site.start_syncing()
    site.run("first")
    before, held = site.truth()["writes"], site.posted()
    site.run("second")
    assert site.truth()["writes"] == before
    assert site.posted() == held


def test_a_dry_run_writes_nothing_anywhere_and_plans_what_a_real_run_does(site: Site) -> None:
    site.start_syncing()
    both = (site.servicetitan, site.netsuite)
    writes = [call(url, "/sandbox/truth")["writes"] for url in both]
    truth = site.dump(*TRUTH)
    planned = site.run("dry", dry_run=True)
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == writes
    assert site.dump(*TRUTH) == truth
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        bodies = connection.exec_driver_sql(
            "SELECT external_id, body FROM run_document WHERE verdict = 'ready'"
        ).all()
    site.run("real")
    assert planned == {"would_post": len(bodies)}
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        sent = connection.exec_driver_sql(
            "SELECT d.external_id, a.body FROM attempt a JOIN document d ON d.id = a.document_id"
        ).all()
    assert sorted(map(tuple, sent)) == sorted(map(tuple, bodies))


def test_an_unknown_key_in_the_conf_fails_the_run_before_anything_is_read(site: Site) -> None:
    calls = call(site.servicetitan, "/sandbox/truth")["calls"]
    with pytest.raises(ConfigurationError, match="dryrun"):
        site.run("typo", dryrun=True)
    assert call(site.servicetitan, "/sandbox/truth")["calls"] == calls
    assert site.dump("run") == "[[]]"


def test_an_entry_edited_between_read_and_report_is_not_marked_synced(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    context = site.prepare("first")
    site.edit(entry, memo="changed by a person")
    site.post(context)
    assert site.entry(entry["number"])["sync_status"] != "Synced"
    document = site.documents()[str(entry["number"])]
    assert (document.state, document.report) == ("posted", "moved_on")


def test_a_changed_entry_updates_the_same_journal(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.run("first")
    (before,) = site.posted()
    site.edit(entry, post_date="2026-10-05")
    site.start_syncing([entry["number"]])
    site.run("second")
    (after,) = site.posted()
    assert after["id"] == before["id"]
    document = site.documents()[str(entry["number"])]
    now = site.entry(entry["number"])
    assert (document.state, document.posted_version) == ("confirmed", now["version_id"])
    assert document.business_date == "2026-10-05"
    assert now["sync_status"] == "Synced"


def test_a_changed_entry_whose_journal_is_in_a_closed_period_is_blocked_not_moved(
    site: Site,
) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.run("first")
    _period_of(site, closed=True)
    site.edit(entry, post_date="2026-11-05")
    site.start_syncing([entry["number"]])
    writes = site.truth()["writes"]
    site.run("second")
    document = site.documents()[str(entry["number"])]
    assert (document.state, document.cause) == ("blocked", "period_closed")
    assert site.truth()["writes"] == writes
    _period_of(site, closed=False)
    site.run("third")
    assert site.documents()[str(entry["number"])].state == "confirmed"
    assert len(site.posted()) == 1


def test_a_journal_edited_by_hand_in_netsuite_is_never_overwritten(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.run("first")
    site.faults({"route": "PATCH record/journalEntry", "fault": "alter", "next": 1})
    site.edit(entry, post_date="2026-10-05")
    site.start_syncing([entry["number"]])
    site.run("altered")
    document = site.documents()[str(entry["number"])]
    assert (document.state, document.cause) == ("conflict", "changed_in_netsuite")
    writes = site.truth()["writes"]
    site.edit(entry, post_date="2026-10-06")
    site.start_syncing([entry["number"]])
    site.run("third")
    assert site.truth()["writes"] == writes
    assert site.documents()[str(entry["number"])].state == "conflict"


def test_what_netsuite_stored_differently_is_found_and_named(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.faults({"route": "record/journalEntry", "fault": "alter", "next": 1})
    site.run("first")
    document = site.documents()[str(entry["number"])]
    assert document.state == "conflict"
    assert document.sentence
    assert site.entry(entry["number"])["sync_status"] == "Error"


def test_a_mapping_changed_between_a_crash_and_the_look_up_makes_no_conflict(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    context = site.prepare("first")
    site.faults({"route": "record/journalEntry", "fault": "drop_after_write", "next": 1})
    site.faults({"route": "suiteql", "fault": "500_before_write", "probability": 1.0})
    with pytest.raises(Exception, match="NetSuite"):
        post_to_netsuite.run(context)
    site.no_faults()
    with Ledger(site.ledger_url) as ledger:
        rows = mappings.read(ledger, site.tenant_id)
        accounts = [row for row in rows if row.kind == "gl_account" and row.target]
        moved = [
            type(row)(row.kind, row.source_key, row.source_name, accounts[0].target, "moved")
            for row in accounts
        ]
        mappings.save(ledger, site.tenant_id, moved, "a person")
    site.post(context)
    assert site.documents()[str(entry["number"])].state == "confirmed"
    assert len(site.posted()) == 1


def test_one_excluded_in_servicetitan_while_blocked_here_is_never_posted(site: Site) -> None:
    unmapped = next(
        d for d in site.entries() if d["why"].startswith("account_not_mapped: 6999 Suspense")
    )
    site.start_syncing([unmapped["number"]])
    site.run("first")
    assert site.documents()[str(unmapped["number"])].state == "blocked"
    site.edit(unmapped, sync_status="Excluded")
    with Ledger(site.ledger_url) as ledger:
        rows = mappings.read(ledger, site.tenant_id)
        target = next(row.target for row in rows if row.kind == "gl_account" and row.target)
        row = type(rows[0])("gl_account", _unmapped_key(ledger), "6999 Suspense", target)
        mappings.save(ledger, site.tenant_id, [row], "an accountant")
    site.run("second")
    assert site.documents()[str(unmapped["number"])].state == "withdrawn"
    assert site.posted() == []


def test_a_mapping_given_later_releases_what_it_held_up(site: Site) -> None:
    unmapped = next(
        d for d in site.entries() if d["why"].startswith("account_not_mapped: 6999 Suspense")
    )
    site.start_syncing([unmapped["number"]])
    site.run("first")
    with Ledger(site.ledger_url) as ledger:
        rows = mappings.read(ledger, site.tenant_id)
        target = next(row.target for row in rows if row.kind == "gl_account" and row.target)
        row = type(rows[0])("gl_account", _unmapped_key(ledger), "6999 Suspense", target)
        mappings.save(ledger, site.tenant_id, [row], "an accountant")
    site.run("second")
    assert site.documents()[str(unmapped["number"])].state == "confirmed"


def _unmapped_key(ledger: Ledger) -> str:
    with ledger.reading() as connection:
        return str(
            connection.exec_driver_sql(
                "SELECT problem_key FROM run_problem WHERE cause = 'account_not_mapped'"
            ).scalar_one()
        )


def test_a_refused_document_is_set_to_error_and_goes_again_after_a_reset(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    context = site.prepare("first")
    _period_of(site, closed=True)
    site.post(context)
    document = site.documents()[str(entry["number"])]
    assert (document.state, document.cause) == ("rejected", "refused_by_netsuite")
    assert site.entry(entry["number"])["sync_status"] == "Error"
    site.run("second")
    assert site.documents()[str(entry["number"])].state == "rejected"
    _period_of(site, closed=False)
    with Ledger(site.ledger_url) as ledger:
        assert actions.reset(ledger, site.tenant_id, [str(entry["number"])], "ann") == [
            str(entry["number"])
        ]
    site.run("third")
    assert site.documents()[str(entry["number"])].state == "confirmed"
    assert len(site.posted()) == 1


def _period_of(site: Site, *, closed: bool) -> None:
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        body = (
            connection.exec_driver_sql("SELECT body FROM run_document WHERE body IS NOT NULL")
            .scalars()
            .first()
        )
    period = json.loads(body)["postingPeriod"]["id"]
    call(site.netsuite, f"/sandbox/periods/{period}", {"closed": closed})


def test_a_late_landing_write_is_waited_for_and_not_doubled(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.faults({"route": "record/journalEntry", "fault": "late", "next": 1, "delay_s": 0.5})
    context = site.prepare("first")
    with pytest.raises(UncertainOutcome):
        post_to_netsuite.run(context)
    site.post(context)
    assert len(site.posted()) == 1
    assert site.documents()[str(entry["number"])].state == "confirmed"
    assert site.truth()["writes"] == 1


def test_a_write_that_never_landed_is_sent_again_only_after_settle(site: Site) -> None:
    entry = site.valid(1)[0]
    site.start_syncing([entry["number"]])
    site.faults({"route": "record/journalEntry", "fault": "drop_before_write", "next": 1})
    context = site.prepare("first")
    with pytest.raises(UncertainOutcome) as error:
        post_to_netsuite.run(context)
    assert 0 < error.value.wait_s <= 2.0
    assert site.documents()[str(entry["number"])].state == "uncertain"
    site.post(context)
    assert len(site.posted()) == 1


def test_a_permission_lost_in_the_middle_stops_the_run_and_loses_nothing(site: Site) -> None:
    numbers = [d["number"] for d in site.valid(10)]
    site.start_syncing(numbers)
    context = site.prepare("first")
    site.faults({"route": "record/journalEntry", "fault": "403", "probability": 1.0})
    with pytest.raises(ConfigurationError, match="permission"):
        post_to_netsuite.run(context)
    assert site.posted() == []
    assert {site.documents()[str(n)].state for n in numbers} == {"ready"}
    site.no_faults()
    site.post(context)
    assert len(site.posted()) == 10


def test_an_outage_does_not_turn_the_whole_queue_uncertain(site: Site) -> None:
    numbers = [d["number"] for d in site.valid(40)]
    site.start_syncing(numbers)
    context = site.prepare("first")
    site.faults({"route": "*", "fault": "500_before_write", "probability": 1.0})
    with pytest.raises(Exception, match="NetSuite"):
        post_to_netsuite.run(context)
    states = [site.documents()[str(n)].state for n in numbers]
    share = site.tenant.netsuite.concurrency
    assert states.count("uncertain") <= 3 * share
    assert states.count("ready") >= 40 - 3 * share
    site.no_faults()
    site.post(context)
    assert len(site.posted()) == 40


def test_one_worker_a_tenant_whoever_comes_second_waits(site: Site) -> None:
    with Ledger(site.ledger_url) as ledger, Lease(ledger, site.tenant_id, "somebody else", 5, 1):
        with pytest.raises(LeaseHeld, match="somebody else") as held:
            extract_pending.run(site.context("second"))
        assert 0 < held.value.wait_s <= 6
        assert extract_pending.run(site.context("dry", dry_run=True)) == {}


def test_a_cleared_task_of_an_ended_run_starts_a_new_generation_from_what_is_pending_now(
    site: Site,
) -> None:
    first, second = (d["number"] for d in site.valid(2))
    site.start_syncing([first])
    site.run("run")
    summarize.run(site.context("run"), ())
    site.start_syncing([second])
    site.post(site.context("run"))
    assert {d.state for d in site.documents().values()} == {"confirmed"}
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        found = connection.exec_driver_sql("SELECT generation FROM run ORDER BY id").scalars().all()
    assert found == [1, 2]


def test_customers_of_detailed_entries_are_created_once_on_first_use(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("aus")
    site.start_syncing()
    site.faults({"route": "record/customer", "fault": "drop_after_write", "probability": 0.3})
    site.run("first")
    ours = [
        r["external_id"]
        for r in site.truth()["records"]
        if r["type"].lower() == "customer" and (r["external_id"] or "").startswith("st-1002-")
    ]
    assert len(ours) == len(set(ours)) > 5
    lost, doubled, unexpected = lost_doubled_unexpected(site)
    assert (lost, doubled, unexpected) == (set(), [], set())


def test_a_customer_that_netsuite_refuses_blocks_only_its_own_entries_and_is_named(
    make_site: Callable[..., Site],
) -> None:
    site = make_site("aus")
    site.start_syncing()
    site.faults({"route": "record/customer", "fault": "alter", "next": 1})
    site.run("first")
    customers = site.documents("customer")
    stopped = [name for name, row in customers.items() if row.state == "conflict"]
    assert len(stopped) == 1
    assert sum(d.state == "confirmed" for d in site.documents().values()) > 100


def test_only_chosen_documents_are_synced(site: Site) -> None:
    chosen, other = (d["number"] for d in site.valid(2))
    site.start_syncing([chosen, other])
    site.run("first", documents=(str(chosen),))
    assert list(site.documents()) == [str(chosen)]
    assert len(site.posted()) == 1


def test_a_role_that_sees_no_records_is_not_believed_when_it_finds_none(site: Site) -> None:
    first, second = (d["number"] for d in site.valid(2))
    site.start_syncing([first])
    site.run("first")
    site.start_syncing([second])
    context = site.prepare("second")
    site.faults({"route": "record/journalEntry", "fault": "drop_after_write", "next": 1})
    call(site.netsuite, "/sandbox/settings", {"hide": ["journalEntry"]})
    with pytest.raises(UncertainOutcome):
        post_to_netsuite.run(context)
    writes = site.truth()["writes"]
    for _ in range(2):
        with pytest.raises(UncertainOutcome):
            post_to_netsuite.run(context)
    assert site.truth()["writes"] == writes
    call(site.netsuite, "/sandbox/settings", {"hide": []})
    site.post(context)
    assert site.documents()[str(second)].state == "confirmed"
    assert len(site.posted()) == 2


def test_validation_retried_gives_the_same_page(site: Site) -> None:
    site.start_syncing()
    context = site.prepare("first")
    once = site.dump("run_problem", "dependency")
    validate_mappings.run(context)
    assert site.dump("run_problem", "dependency") == once
