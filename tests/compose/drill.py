"""Execute All over many tenants, with everything going wrong that can; then both books must agree.

Run by `make compose-test`, which builds and starts the stack, on a machine where it is root.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import verdict
from books import ACCOUNTS, SIDES, Books
from stack import Stack, read_settings, say, wait_until

_LEASE_S = 20.0
_PATIENCE_S = 60.0
"""How long to wait until those send that shall be struck, before anyone is struck who sends."""
JOURNALS, DOCUMENTS = "journal entries", "documents"
DONE = ("success", "failed")
BOOKS_DIFFER, NOT_FINISHED = 3, 1
"""Exit codes: a promise was broken, or this machine could not show that it was kept."""
NETSUITE_FAULTS = [
    {"route": route, "fault": fault, "probability": probability}
    for route in ("record/*", "transform/*", "PATCH record/*")
    for fault, probability in (
        ("drop_after_write", 0.04),
        ("drop_before_write", 0.03),
        ("500_after_write", 0.03),
        ("500_before_write", 0.03),
        ("no_location", 0.02),
        ("reset", 0.02),
    )
] + [{"route": "*", "fault": "429", "probability": 0.03}]
SERVICETITAN_FAULTS = [
    {"route": "*", "fault": "429", "probability": 0.02},
    {"route": "*", "fault": "500_after_write", "probability": 0.02},
    {"route": "*", "fault": "reset", "probability": 0.02},
]


class Drill:
    """One stack, one lot of documents, and the harm done meanwhile."""

    def __init__(self, stack: Stack, cut_s: float, within_s: float) -> None:
        self.stack = stack
        self.cut_s = cut_s
        self.within_s = within_s
        self.books = Books(stack)
        self.dead_until: dict[str, float] = {}
        self.struck: Counter[str] = Counter()

    # --- before -----------------------------------------------------------------------------------

    def ready(self, without: int = 0) -> None:
        """Wait until every service says that it is healthy, and Airflow knows every tenant.

        Args:
            without: so many tenants have a file that this release does not take.
        """
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
        wanted = len(self.books.tenants) + 1 - without
        path = "/dags?limit=1"
        wait_until("all Dags", lambda: self.stack.airflow(path)["total_entries"] >= wanted, 120)
        say(f"healthy: {len(names)} containers, {wanted} Dags")

    def fill(self, entries: int, latency_s: float, most: int = 1) -> None:
        """Fresh books, everything pending, faults on.

        Args:
            entries: journal entries of each tenant whose sync is started, at most.
            latency_s: NetSuite's median.
            most: documents of each type's every case, at most.
        """
        self.books.open(entries, most)
        self.books.start_syncing(entries)
        self.books.post_batch()
        self.faults(latency_s)
        say(f"must post: {self.books.pending()}")

    def faults(self, latency_s: float) -> None:
        """Let both servers fail and NetSuite take its time."""
        for account in ACCOUNTS:
            self.stack.sandbox(account, "/settings", {"latency_median_s": latency_s})
            self.stack.sandbox(account, "/faults", {"faults": NETSUITE_FAULTS})
        self.stack.sandbox("servicetitan", "/faults", {"faults": SERVICETITAN_FAULTS})

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

    def posting(self) -> dict[str, Counter[int]]:
        """How many documents each worker has on their way just now, by tenant."""
        rows = self.stack.ledger(
            "SELECT holder, tenant_id, count(*) FROM lease JOIN document USING (tenant_id) "
            "WHERE state = 'sending' AND expires_at > utc_after(0) GROUP BY 1, 2"
        )
        busy: dict[str, Counter[int]] = {}
        for number in (1, 2):
            name = self.stack.container("worker", number)
            if self.dead_until.get(name, 0.0) > time.monotonic():
                continue  # its container is new, its leases are still those of the dead
            host = self.stack.inspect(name, ".Id")[:12]
            busy[name] = Counter(
                {int(t): int(count) for holder, t, count in rows if f"@{host}," in holder}
            )
        return busy

    def worker_posting(self, among: str) -> tuple[str, Counter[int]] | None:
        """The worker with most on their way of what is asked for, and all that it has."""
        ours = self.books.ledgers if among == JOURNALS else [self.books.papers]
        busy = self.posting()
        name = max(busy, key=lambda one: sum(busy[one][t] for t in ours), default="")
        return (name, busy[name]) if name and any(busy[name][t] for t in ours) else None

    def while_posting(self, what: str, among: str, harm: Callable[[str], None]) -> None:
        """Do harm to a worker in the middle of sending journal entries or documents.

        Where for a while nobody sends those, whoever sends the others is struck.

        Raises:
            AssertionError: nobody sends anything.
        """
        since = time.monotonic()

        def found() -> tuple[str, Counter[int]] | None:
            other = DOCUMENTS if among == JOURNALS else JOURNALS
            first = self.worker_posting(among)
            late = time.monotonic() - since > _PATIENCE_S
            return first or (self.worker_posting(other) if late else None)

        worker, counts = wait_until(what, found, 300, every_s=0.3)
        kinds = {self._kind(tenant) for tenant in counts}
        self.struck.update(kinds)
        of = ", ".join(
            f"{count} {self._kind(tenant)} of {self.books.short_name(tenant)}"
            for tenant, count in sorted(counts.items())
        )
        say(f"{what}: {worker}, on their way: {of}")
        harm(worker)

    def _kind(self, tenant_id: int) -> str:
        return DOCUMENTS if tenant_id == self.books.papers else JOURNALS

    # --- harm -------------------------------------------------------------------------------------

    def all_harm(self) -> None:
        """Each kind, each while somebody sends, in turn among documents and journal entries."""
        self.some_harm()
        self.while_posting("a worker killed", JOURNALS, self.kill_worker)
        for other in ("postgres", "redis", "api-server", "sandbox"):
            among = DOCUMENTS if other in ("postgres", "sandbox") else JOURNALS
            self.while_posting(f"a worker cut off from {other}", among, self.cut(other))
        self.while_posting("a scheduler killed", JOURNALS, lambda _: self.kill("scheduler-1"))

    def some_harm(self) -> None:
        """The three that the promise hangs on most."""
        pause = "a worker paused beyond its lease, then resumed"
        self.while_posting(pause, JOURNALS, self.pause)
        self.while_posting("a worker killed", DOCUMENTS, self.kill_worker)
        self.while_posting("PostgreSQL restarted", DOCUMENTS, lambda _: self.restart("postgres"))

    def both_struck(self) -> None:
        """AssertionError unless harm came among documents and among journal entries."""
        for kind in (JOURNALS, DOCUMENTS):
            assert self.struck[kind], f"nobody was struck while sending {kind}"

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
        name = self.stack.container(service)
        self.stack.restart(name)
        wait_until(f"{name} is healthy again", lambda: self.stack.healthy(name), 60)

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

    def next_morning(self) -> None:
        """What people do then: deposits are used, Execute All runs again.

        What was unknown has settled by then.
        """
        say(f"used on their invoices: {self.books.use_deposits()} deposits")
        self.execute_all("after")
        self.finish("after")

    def verdict(self) -> int:
        """Compare both books; 0 when everything is there once as it shall be, and told."""
        states = self.stack.ledger(
            "SELECT document_type, state, count(*) FROM document GROUP BY 1, 2 ORDER BY 1, 2"
        )
        say(f"ledger: {', '.join(f'{n} {kind} {state}' for kind, state, n in states)}")
        for side in SIDES:
            fired = self.stack.sandbox(side, "/truth").get("faults", {})
            say(f"faults that {side} showed: {fired}")
        say(f"must be there: {self.books.pending()}")
        say(f"came into NetSuite: {self.books.posted()}")
        found = self.books.findings()
        for whose, findings in found.items():
            say(f"{whose}: {verdict.counted(findings)}")
            for what, wrong in findings.items():
                for one in wrong[:10]:
                    print(f"  {what}: {one}")
        return BOOKS_DIFFER if any(found.values()) else 0


def main() -> int:
    """Run the drill; 0 when every document is in the books once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("podman", "docker"), default="podman")
    parser.add_argument("--project", required=True)
    parser.add_argument("--env-file", type=Path, required=True)
    parser.add_argument("--entries", type=int, default=60, help="journal entries a tenant")
    parser.add_argument("--most", type=int, default=0, help="documents of each case (1 or 3)")
    parser.add_argument("--latency", type=float, default=0.5, help="NetSuite's median, seconds")
    parser.add_argument("--cut", type=float, default=30.0, help="seconds; the lease lasts 20")
    parser.add_argument("--within", type=float, default=900.0, help="seconds for a whole run")
    parser.add_argument("--small", action="store_true", help="only the worst kinds of harm")
    asked = parser.parse_args()
    stack = Stack(asked.engine, asked.project, read_settings(asked.env_file))
    drill = Drill(stack, asked.cut, asked.within)
    try:
        drill.ready()
        drill.fill(asked.entries, asked.latency, asked.most or (1 if asked.small else 3))
        drill.execute_all("drill")
        (drill.some_harm if asked.small else drill.all_harm)()
        drill.heal()
        drill.finish("drill")
        drill.next_morning()
        drill.both_struck()
        return drill.verdict()
    except AssertionError as error:
        say(f"NOT FINISHED: {error}")
        return NOT_FINISHED


if __name__ == "__main__":
    sys.exit(main())
