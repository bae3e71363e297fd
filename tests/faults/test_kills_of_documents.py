"""Workers killed among documents of all types and their parents lose and double nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from support.audit import Document, audit, batchable, chosen
from support.killing import FAULTS, Host, fault_rules, hosting
from support.site import STEPS, Site, call, patiently

ROUNDS = 3
EARLY = {"extract_pending": 2, "validate_mappings": 2}
"""Kills a round in the steps before posting; the rest is posting's."""
POSTING = 10
ROUTES = ("record/*", "transform/*", "PATCH record/*")


@pytest.mark.timeout(400)
def test_forty_kills_among_all_types_leave_every_document_in_netsuite_once_as_it_shall_be(
    make_site: Callable[..., Site], tmp_path: Path
) -> None:
    site = make_site("den", settle_s=0.6, timeout_s=0.3, lease_s=0.6, renew_s=0.08)
    dice = random.Random(20261005)
    opening = site.truth()["records"]
    documents = chosen(batchable(site), most=3)
    call(site.netsuite, "/sandbox/settings", {"latency_median_s": 0.01, "latency_sigma": 0.6})
    site.faults(*fault_rules(0.04, *ROUTES))
    with hosting(tmp_path) as host:
        killed = _rounds(site, host, documents, dice)
    fired = site.truth()["faults"]
    site.no_faults()
    site.run("healing", waits=40)
    site.run("healed", waits=40)
    wrong = audit(site, documents, opening).findings()
    assert wrong == {}
    assert {row.state for row in site.rows().values()} <= {"confirmed", "blocked", "skipped"}
    kills = ROUNDS * (sum(EARLY.values()) + POSTING)
    assert killed.total() > kills * 0.6, killed
    assert all(killed[step] for step in ("post_to_netsuite", *EARLY)), killed
    assert sum(fired.get(fault, 0) for fault in FAULTS) >= 20, fired
    assert sum(fault in fired for fault in FAULTS) >= 6, fired


def _rounds(site: Site, host: Host, documents: list[Document], dice: random.Random) -> Counter[str]:
    """Batch and post some of the documents at a time, children often before their parents."""
    killed: Counter[str] = Counter()
    used = 0
    # A return is not judged by a credit of which nobody knows yet, so what must not post is first.
    whole = [d for d in documents if d["type"] in ("return", "ap_credit") and not d["valid"]]
    waiting = [d for d in documents if d["type"] != "purchase_order" and d not in whole]
    dice.shuffle(waiting)
    for number in range(ROUNDS):
        site.post_batch(waiting[number::ROUNDS] + ([] if number else whole))
        used += _use_deposits(site, documents) if number else 0
        context = site.context(f"round-{number}")
        for step in STEPS[:2]:
            name = step.__module__.rsplit(".", 1)[1]
            for _ in range(EARLY[name]):
                killed[name] += host.killed(site, name, context, dice, most_s=0.6)
            patiently(step, context, waits=40)
        for _ in range(POSTING):
            done = host.killed(site, "post_to_netsuite", context, dice, most_s=1.0)
            killed["post_to_netsuite"] += done
        if not number:
            site.post(context, waits=40)  # to the end, so that its deposits can be used later
    assert used, "some deposit was there to be used"
    return killed


def _use_deposits(site: Site, documents: list[Document]) -> int:
    """What was paid in advance and is a deposit by now is used on its invoice; how many are."""
    exported = {d["id"] for d in site.entries() if d["sync_status"] == "Exported"}
    used = [d for d in documents if d["later"] and d["id"] in exported]
    for document in used:
        shares = [{"invoice": number, "amount": amount} for number, amount in document["later"]]
        site.edit(document, apply=shares)
        document["later"] = []
    return len(used)
