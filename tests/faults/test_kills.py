"""A worker killed at any moment loses nothing and doubles nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from support.killing import FAULTS, fault_rules, hosting
from support.site import Site, call, lost_doubled_unexpected

KILLS = 60
ROUNDS = 10


@pytest.mark.timeout(400)
def test_kills_with_faults_on_post_every_valid_document_exactly_once(
    make_site: Callable[..., Site], tmp_path: Path
) -> None:
    site = make_site("aus", settle_s=0.6, timeout_s=0.3, lease_s=0.5, renew_s=0.08)
    dice = random.Random(20260105)
    numbers = [d["number"] for d in site.entries() if d["sync_status"] == "NotSynced"]
    dice.shuffle(numbers)
    call(site.netsuite, "/sandbox/settings", {"latency_median_s": 0.03, "latency_sigma": 0.6})
    site.faults(*fault_rules(0.05, "record/journalEntry", "record/customer"))
    killed = 0
    with hosting(tmp_path) as host:
        for number in range(ROUNDS):
            site.start_syncing(numbers[number::ROUNDS])
            context = site.prepare(f"round-{number}")
            for _ in range(KILLS // ROUNDS):
                killed += host.killed(site, "post_to_netsuite", context, dice, most_s=0.45)
    fired = site.truth()["faults"]
    site.no_faults()
    site.run("healing", waits=40)
    site.run("healed", waits=40)
    assert killed > KILLS * 0.6, "most workers were still at work when they were killed"
    assert_struck(fired)
    assert lost_doubled_unexpected(site) == (set(), [], set())
    customers = [
        r["external_id"]
        for r in site.truth()["records"]
        if r["type"].lower() == "customer" and (r["external_id"] or "").startswith("st-")
    ]
    assert len(customers) == len(set(customers))
    states = {d.state for d in site.documents().values()}
    assert states <= {"confirmed", "blocked", "skipped", "rejected"}, states


def assert_struck(fired: dict[str, int]) -> None:
    """Enough faults struck; how many sends fit between two kills is the machine's affair."""
    assert sum(fired.get(fault, 0) for fault in FAULTS) >= 10, fired
    assert sum(fault in fired for fault in FAULTS) >= 5, fired
