"""A worker killed at any moment loses nothing and doubles nothing."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site, call, lost_doubled_unexpected

KILLS = 100
ROUNDS = 10
FAULTS = (
    "drop_after_write",
    "drop_before_write",
    "500_after_write",
    "500_before_write",
    "reset",
    "no_location",
    "429",
    "late",
)


class Host:
    """Starts posting workers as processes and kills them."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._context = folder / "context.pickle"

    def start(self, step: str, context: Any) -> int:
        """Start one worker; its process id."""
        self._context.write_bytes(pickle.dumps(context))
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"step": step, "context": str(self._context)}) + "\n")
        self._process.stdin.flush()
        return self._number()

    def ended(self) -> int:
        """Wait for the worker's end; its exit code, negative for a signal."""
        return self._number()

    def _number(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


@contextmanager
def hosting(folder: Path) -> Iterator[Host]:
    script = Path(__file__).parent / "posting_host.py"
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield Host(process, folder)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(10)


def _kill_after(pid: int, seconds: float) -> None:
    """Let the worker work for a while (this is the load, not synchronisation), then kill it."""
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _lease_expired(site: Site) -> int:
    """A killed worker's lease must run out before the next one is let in; the lease's fence."""
    with Ledger(site.ledger_url) as ledger:
        rows = ledger.rows("lease/read_lease", tenant_id=site.tenant_id)
    time.sleep(max(0.0, float(rows[0].left_s)) + 0.01)
    return int(rows[0].fence)


def _at_work(site: Site, fence: int) -> None:
    """Wait until the worker has its lease, however slowly a busy machine starts it."""
    give_up_at = time.monotonic() + 20
    with Ledger(site.ledger_url) as ledger:
        while time.monotonic() < give_up_at:
            rows = ledger.rows("lease/read_lease", tenant_id=site.tenant_id)
            if int(rows[0].fence) > fence:
                return
            time.sleep(0.005)


@pytest.mark.timeout(400)
def test_a_hundred_kills_with_faults_on_post_every_valid_document_exactly_once(
    make_site: Callable[..., Site], tmp_path: Path
) -> None:
    site = make_site("aus", settle_s=0.6, timeout_s=0.3, lease_s=0.5, renew_s=0.08)
    dice = random.Random(20260105)
    numbers = [d["number"] for d in site.entries() if d["sync_status"] == "NotSynced"]
    dice.shuffle(numbers)
    call(site.netsuite, "/sandbox/settings", {"latency_median_s": 0.03, "latency_sigma": 0.6})
    site.faults(
        *(
            {"route": f"record/{record}", "fault": fault, "probability": 0.05, "delay_s": 0.2}
            if fault == "late"
            else {"route": f"record/{record}", "fault": fault, "probability": 0.05}
            for record in ("journalEntry", "customer")
            for fault in FAULTS
        )
    )
    killed = 0
    with hosting(tmp_path) as host:
        for number in range(ROUNDS):
            site.start_syncing(numbers[number::ROUNDS])
            context = site.prepare(f"round-{number}")
            for _ in range(KILLS // ROUNDS):
                fence = _lease_expired(site)
                pid = host.start("post_to_netsuite", context)
                _at_work(site, fence)
                _kill_after(pid, dice.uniform(0.0, 0.45))
                killed += host.ended() == -signal.SIGKILL
    fired = site.truth()["faults"]
    site.no_faults()
    site.run("healing", waits=40)
    site.run("healed", waits=40)
    assert killed > KILLS * 0.6, "most workers were still at work when they were killed"
    # How many sends fit between two kills is the machine's affair: most kinds must have struck.
    assert sum(fired.get(fault, 0) for fault in FAULTS) >= 10, fired
    assert sum(fault in fired for fault in FAULTS) >= 5, fired
    assert lost_doubled_unexpected(site) == (set(), [], set())
    customers = [
        r["external_id"]
        for r in site.truth()["records"]
        if r["type"].lower() == "customer" and (r["external_id"] or "").startswith("st-")
    ]
    assert len(customers) == len(set(customers))
    states = {d.state for d in site.documents().values()}
    assert states <= {"confirmed", "blocked", "skipped", "rejected"}, states
