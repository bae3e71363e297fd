"""Execute All over many tenants, with everything going wrong that can; then both books must agree.

Run by `make compose-test`, which builds and starts the stack, on a machine where it is root.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stack import Stack, read_settings, say, wait_until

_TENANT_ID = re.compile(r"tenant_id: (\d+)")
_LEASE_S = 20.0
DONE = ("success", "failed")
BOOKS_DIFFER, NOT_FINISHED = 3, 1
"""Exit codes: a promise was broken, or this machine could not show that it was kept."""
NETSUITE_FAULTS = [
    {"route": "record/*", "fault": "drop_after_write", "probability": 0.04},
    {"route": "record/*", "fault": "drop_before_write", "probability": 0.03},
    {"route": "record/*", "fault": "500_after_write", "probability": 0.03},
    {"route": "record/*", "fault": "500_before_write", "probability": 0.03},
    {"route": "record/*", "fault": "no_location", "probability": 0.02},
    {"route": "record/*", "fault": "reset", "probability": 0.02},
    {"route": "*", "fault": "429", "probability": 0.03},
]
SERVICETITAN_FAULTS = [
    {"route": "*", "fault": "429", "probability": 0.02},
    {"route": "*", "fault": "500_after_write", "probability": 0.02},
    {"route": "*", "fault": "reset", "probability": 0.02},
]
ACCOUNTS = ("netsuite", "netsuite_single")
SIDES = ("servicetitan", *ACCOUNTS)


class Drill:
    """One stack, one lot of documents, and the harm done meanwhile."""

    def __init__(self, stack: Stack, cut_s: float, within_s: float) -> None:
        self.stack = stack
        self.cut_s = cut_s
        self.within_s = within_s
        self.dead_until: dict[str, float] = {}

    # --- before -----------------------------------------------------------------------------------

    def ready(self) -> None:
        """Wait until every service says that it is healthy, and Airflow knows every tenant."""
        services = ["postgres", "redis", "api-server", "scheduler-1", "scheduler-2"]
        services += ["dag-processor", "triggerer", "worker", "sandbox"]
        names = [self.stack.container(name) for name in services]
        names.append(self.stack.container("worker", 2))
        for name in names:
            wait_until(f"{name} is healthy", lambda n=name: self.stack.healthy(n), 300)
        set_up = self.stack.container("sandbox-init")
        wait_until(
            "connections and pools are made",
            lambda: self.stack.inspect(set_up, ".State.Status") == "exited",
            300,
        )
        assert self.stack.inspect(set_up, ".State.ExitCode") == "0", self.stack.logs(set_up)
        wanted = len(self.tenants()) + 1
        path = "/dags?limit=1"
        wait_until("all Dags", lambda: self.stack.airflow(path)["total_entries"] >= wanted, 120)
        say(f"healthy: {len(names)} containers, {wanted} Dags")

    def tenants(self) -> list[int]:
        """ServiceTitan's ids of the tenants that have a file."""
        files = Path(self.stack.settings["TENANTS_DIR"]).glob("*.yaml")
        return sorted(int(_TENANT_ID.findall(one.read_text())[0]) for one in files)

    def documents(self) -> list[dict[str, Any]]:
        """ServiceTitan's truth about the journal entries of those tenants."""
        ours = set(self.tenants())
        found = self.stack.sandbox("servicetitan", "/truth")["documents"]
        return [d for d in found if d["tenant_id"] in ours and d["type"] == "journal_entry"]

    def fill(self, entries: int, latency_s: float) -> None:
        """Fresh books, everything pending, faults on."""
        for side in SIDES:
            self.stack.sandbox(side, "/reset", {"seed": 1, "size": str(entries)})
        for tenant in self.tenants():
            body = {"tenant_id": tenant, "all": True}
            self.stack.sandbox("servicetitan", "/journal-entries/start-syncing", body)
        for account in ACCOUNTS:
            self.stack.sandbox(account, "/settings", {"latency_median_s": latency_s})
            self.stack.sandbox(account, "/faults", {"faults": NETSUITE_FAULTS})
        self.stack.sandbox("servicetitan", "/faults", {"faults": SERVICETITAN_FAULTS})
        valid = sum(1 for one in self.documents() if one["valid"])
        say(f"pending: {valid} documents that must post, of {len(self.tenants())} tenants")

    # --- running ----------------------------------------------------------------------------------

    def execute_all(self, run_id: str) -> None:
        """Trigger the Integration Run Controller."""
        body = {"dag_run_id": run_id, "logical_date": None}
        self.stack.airflow("/dags/execute_all/dagRuns", body)
        say(f"Execute All {run_id}: triggered")

    def ended(self, run_id: str) -> str:
        """The controller's final state once neither it nor any tenant's run goes on."""
        found = self.stack.airflow(f"/dags/execute_all/dagRuns/{run_id}")["state"]
        running = self.stack.airflow("/dags/~/dagRuns?limit=1&state=running&state=queued")
        return found if found in DONE and not running["total_entries"] else ""

    def worker_posting(self) -> tuple[str, int] | None:
        """The worker with most documents on their way just now, and how many."""
        rows = self.stack.ledger(
            "SELECT holder, count(*) FROM lease JOIN document USING (tenant_id) "
            "WHERE state = 'sending' AND expires_at > utc_after(0) GROUP BY 1"
        )
        busy: Counter[str] = Counter()
        for number in (1, 2):
            name = self.stack.container("worker", number)
            if self.dead_until.get(name, 0.0) > time.monotonic():
                continue  # its container is new, its leases are still those of the dead
            host = self.stack.inspect(name, ".Id")[:12]
            busy[name] = sum(int(count) for holder, count in rows if f"@{host}," in holder)
        name, count = max(busy.items(), key=lambda one: one[1], default=("", 0))
        return (name, count) if count else None

    def while_posting(self, what: str, harm: Callable[[str], None]) -> None:
        """Do harm to a worker in the middle of its sending; AssertionError when nobody sends."""
        worker, count = wait_until(what, self.worker_posting, 300, every_s=0.3)
        say(f"{what}: {worker}, {count} documents on their way")
        harm(worker)

    # --- harm -------------------------------------------------------------------------------------

    def all_harm(self) -> None:
        """Each kind once, each while somebody sends."""
        self.while_posting("a worker killed", self.kill_worker)
        self.while_posting("a worker paused beyond its lease, then resumed", self.pause)
        for other in ("postgres", "redis", "api-server", "sandbox"):
            self.while_posting(f"a worker cut off from {other}", self.cut(other))
        self.while_posting("PostgreSQL restarted", lambda _: self.restart("postgres"))
        self.while_posting("a scheduler killed", lambda _: self.kill("scheduler-1"))

    def some_harm(self) -> None:
        """The three that the promise hangs on most."""
        self.while_posting("a worker killed", self.kill_worker)
        self.while_posting("a worker paused beyond its lease, then resumed", self.pause)
        self.while_posting("PostgreSQL restarted", lambda _: self.restart("postgres"))

    def kill_worker(self, worker: str) -> None:
        self.stack.kill(worker)
        self.dead_until[worker] = time.monotonic() + _LEASE_S

    def pause(self, worker: str) -> None:
        with self.stack.paused(worker):
            time.sleep(self.cut_s)

    def cut(self, other: str) -> Callable[[str], None]:
        def harm(worker: str) -> None:
            with self.stack.cut_off(worker, self.stack.container(other)):
                time.sleep(self.cut_s)

        return harm

    def restart(self, service: str) -> None:
        self.stack.restart(self.stack.container(service))

    def kill(self, service: str) -> None:
        self.stack.kill(self.stack.container(service))

    # --- after ------------------------------------------------------------------------------------

    def heal(self) -> None:
        """No faults, no latency."""
        for side in SIDES:
            self.stack.sandbox(side, "/faults", method="DELETE")
        for account in ACCOUNTS:
            self.stack.sandbox(account, "/settings", {"latency_median_s": 0.0})
        say("healed: no more faults")

    def finish(self, run_id: str) -> None:
        """Wait for a run of the controller and say what became of it."""
        state = wait_until(f"{run_id} ends", lambda: self.ended(run_id), self.within_s, 3.0)
        path = f"/dags/~/dagRuns?limit=1000&run_id=execute_all__{run_id}"
        runs = self.stack.airflow(path)["dag_runs"]
        states = Counter(
            run["state"] for run in runs if run["dag_run_id"] == f"execute_all__{run_id}"
        )
        say(f"Execute All {run_id}: {state}; tenants: {dict(states)}")

    def books(self) -> tuple[set[str], list[str], set[str]]:
        """What is missing in NetSuite, what is there twice, and what nobody asked for."""
        wanted = {
            f"st-{d['tenant_id']}-journal_entry-{d['id']}" for d in self.documents() if d["valid"]
        }
        held = [
            record["external_id"]
            for account in ACCOUNTS
            for record in self.stack.sandbox(account, "/truth")["records"]
            if record["type"].lower() == "journalentry"
            and (record["external_id"] or "").startswith("st-")
        ]
        counts = Counter(held)
        return wanted - set(held), [one for one, n in counts.items() if n > 1], set(held) - wanted

    def verdict(self) -> int:
        """Compare both books; 0 when every document is there once and marked Synced."""
        lost, doubled, unexpected = self.books()
        unmarked = [d for d in self.documents() if d["valid"] and d["sync_status"] != "Synced"]
        states = self.stack.ledger("SELECT state, count(*) FROM document GROUP BY 1 ORDER BY 1")
        say(f"ledger: {', '.join(f'{n} {state}' for state, n in states)}")
        for side in SIDES:
            fired = self.stack.sandbox(side, "/truth").get("faults", {})
            say(f"faults that {side} showed: {fired}")
        say(
            f"lost {len(lost)}, doubled {len(doubled)}, unexpected {len(unexpected)}, "
            f"not marked Synced {len(unmarked)}"
        )
        for name in sorted(lost | set(doubled) | unexpected)[:10]:
            print(f"  {name}")
        return BOOKS_DIFFER if lost or doubled or unexpected or unmarked else 0


def main() -> int:
    """Run the drill; 0 when every document is in the books once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("podman", "docker"), default="podman")
    parser.add_argument("--project", required=True)
    parser.add_argument("--env-file", type=Path, required=True)
    parser.add_argument("--entries", type=int, default=120, help="journal entries a tenant")
    parser.add_argument("--latency", type=float, default=0.5, help="NetSuite's median, seconds")
    parser.add_argument("--cut", type=float, default=30.0, help="seconds; the lease lasts 20")
    parser.add_argument("--within", type=float, default=900.0, help="seconds for a whole run")
    parser.add_argument("--small", action="store_true", help="only the worst kinds of harm")
    asked = parser.parse_args()
    stack = Stack(asked.engine, asked.project, read_settings(asked.env_file))
    drill = Drill(stack, asked.cut, asked.within)
    try:
        drill.ready()
        drill.fill(asked.entries, asked.latency)
        drill.execute_all("drill")
        (drill.some_harm if asked.small else drill.all_harm)()
        drill.heal()
        drill.finish("drill")
        # What a person would do the next morning; what is unknown has settled by then.
        drill.execute_all("after")
        drill.finish("after")
        return drill.verdict()
    except AssertionError as error:
        say(f"NOT FINISHED: {error}")
        return NOT_FINISHED


if __name__ == "__main__":
    sys.exit(main())
