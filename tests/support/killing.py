"""Workers as processes of their own, killed with SIGKILL while they work."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site

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
"""What may become of a write while workers are killed."""


class Host:
    """Starts workers as processes and kills them."""

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

    def killed(
        self, site: Site, step: str, context: Any, dice: random.Random, most_s: float
    ) -> bool:
        """Let one worker do a step and kill it at some moment; whether it was still at work."""
        fence = _lease_expired(site)
        pid = self.start(step, context)
        _at_work(site, fence)
        _kill_after(pid, dice.uniform(0.0, most_s))
        return self.ended() == -signal.SIGKILL

    def _number(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


@contextmanager
def hosting(folder: Path) -> Iterator[Host]:
    """A host for as long as the block lasts; `folder` takes what it hands its workers."""
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


def fault_rules(probability: float, *routes: str) -> list[dict[str, Any]]:
    """Every kind of fault on each of the routes, each as likely; what is late lands soon."""
    return [
        {"route": route, "fault": fault, "probability": probability}
        | ({"delay_s": 0.2} if fault == "late" else {})
        for route in routes
        for fault in FAULTS
    ]


def _kill_after(pid: int, seconds: float) -> None:
    """Let the worker work for a while (this is the load, not synchronisation), then kill it."""
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _lease_expired(site: Site) -> int:
    """A killed worker's lease must run out before the next one is let in; the lease's fence."""
    with Ledger(site.ledger_url) as ledger:
        rows = ledger.rows("lease/read_lease", tenant_id=site.tenant_id)
    if not rows:
        return 0
    time.sleep(max(0.0, float(rows[0].left_s)) + 0.01)
    return int(rows[0].fence)


def _at_work(site: Site, fence: int) -> None:
    """Wait until the worker has its lease, however slowly a busy machine starts it."""
    give_up_at = time.monotonic() + 20
    with Ledger(site.ledger_url) as ledger:
        while time.monotonic() < give_up_at:
            rows = ledger.rows("lease/read_lease", tenant_id=site.tenant_id)
            if rows and int(rows[0].fence) > fence:
                return
            time.sleep(0.005)
