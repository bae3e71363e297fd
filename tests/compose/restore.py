"""Back the ledger up, post on, lose it, restore it by the README's commands; the books must agree.

Run by `DRILL=restore scripts/compose/test`, which builds and starts the stack.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from books import Books
from drill import BOOKS_DIFFER, NOT_FINISHED, Drill
from stack import Stack, read_settings, say, sh

PARTS = 3
"""Before the backup, between it and the loss, after it was restored."""
AGAIN = 10
BROKEN = ("lost", "doubled", "unexpected")
"""What no restore may cause; other differences are conflicts that a person decides."""
UNTOLD = "told wrongly"
DUMPS = ("ledger.dump", "airflow.dump")
README = Path(__file__).resolve().parents[2] / "README.md"
_OUTSIDE = ("sandbox",)
"""Servers that are not ours: they go on as they are."""


class Ledger:
    """The stack's ledger, saved to a file and put back; Airflow's own database with it."""

    def __init__(self, stack: Stack, dump: Path) -> None:
        self.stack = stack
        self.dump = dump

    def back_up(self) -> None:
        """As the README says, while the stack is up."""
        for name in DUMPS:
            self._do("pg_dump", name)
        say(f"backed up: {self.dump.stat().st_size:,} bytes; {self.counted()}")

    def restore(self) -> None:
        """As the README says, with every service but PostgreSQL stopped."""
        stopped = [name for name in self._running() if name != self.stack.container("postgres")]
        sh(self.stack.engine, "stop", "-t", "120", *stopped)
        say(f"stopped {len(stopped)} containers")
        for name in DUMPS:
            self._do("pg_restore", name)
        say(f"restored; {self.counted()}")
        for name in stopped:
            sh(self.stack.engine, "start", name)

    def counted(self) -> str:
        """How many documents there are of each state."""
        query = "SELECT state, count(*) FROM document GROUP BY 1 ORDER BY 1"
        return "documents: " + ", ".join(f"{n} {state}" for state, n in self.stack.ledger(query))

    def _running(self) -> list[str]:
        """Containers of the project, the outside world left out."""
        wanted = f"label=com.docker.compose.project={self.stack.project}"
        names = sh(self.stack.engine, "ps", "--filter", wanted, "--format", "{{.Names}}").split()
        outside = [self.stack.container(service) for service in _OUTSIDE]
        return [name for name in names if name not in outside]

    def _do(self, program: str, names: str) -> None:
        """The README's own line for it, word by word; only compose is spoken past."""
        (line,) = [
            one.strip()
            for one in README.read_text(encoding="utf-8").splitlines()
            if one.startswith("    docker compose exec") and program in one and names in one
        ]
        container = self.stack.container("postgres")
        command = line.replace(
            "docker compose exec -T postgres", f"{self.stack.engine} exec -i {container}"
        )
        assert command != line, line
        done = subprocess.run(
            command, shell=True, cwd=self.dump.parent, capture_output=True, text=True, check=False
        )
        assert not done.returncode, done.stderr


def run(drill: Drill, books: Books, entries: int, dump: Path) -> None:
    """Three parts of the documents, the ledger of the first put back before the last."""
    ledger = Ledger(drill.stack, dump)
    books.open(entries, 3)
    for part, run_id in enumerate(("before", "since", "restored")):
        books.start_syncing(entries // PARTS)
        books.post_batch(part, PARTS)
        if run_id == "restored":
            say(f"since the backup: {books.posted()}; {ledger.counted()}")
            ledger.restore()
            drill.ready()
            pending_again(drill.stack, books)
        drill.execute_all(run_id)
        drill.finish(run_id)
        if run_id == "before":
            ledger.back_up()
    linked = "SELECT count(*) FROM mapping WHERE updated_by LIKE 'found in NetSuite%'"
    there = "SELECT count(*) FROM attempt_result WHERE outcome = 'exists'"
    say(
        f"linked because NetSuite held it: {drill.stack.ledger(linked)[0][0]}; sent and found "
        f"there already: {drill.stack.ledger(there)[0][0]}"
    )


def pending_again(stack: Stack, books: Books) -> None:
    """What a person doubts: some of what is done is pending once more."""
    entries = [d for d in books.entries() if d["sync_status"] == "Synced"][-AGAIN:]
    exported = [d for d in books.documents() if d["sync_status"] == "Exported"]
    # Deposits as the README says: what is used later is followed only when they are known again.
    papers = [d for n, d in enumerate(exported[::-1]) if n < AGAIN or d["later"]]
    for document in [*entries, *papers]:
        status = "InProgress" if document in entries else "Posted"
        path = f"/documents/{document['type']}/{document['id']}"
        stack.sandbox("servicetitan", path, {"sync_status": status}, "PATCH")
    say(f"pending again: {len(entries)} journal entries, {len(papers)} documents")


def left(drill: Drill) -> int:
    """0 when nothing is lost, twice or unknown, and whatever else differs stands as a conflict."""
    query = "SELECT external_id FROM document WHERE state = 'conflict'"
    conflicts = {name for (name,) in drill.stack.ledger(query)}
    hidden, untold = 0, 0
    for found in drill.books.findings().values():
        for what, wrong in found.items():
            if what == UNTOLD:
                untold += len(wrong)
            else:
                hidden += sum(what in BROKEN or one[0] not in conflicts for one in wrong)
    say(f"left for a person, as conflicts: {', '.join(sorted(conflicts)) or 'nothing'}")
    # What is not told is what a conflict holds up.
    return BOOKS_DIFFER if hidden or untold > len(conflicts) else 0


def main() -> int:
    """Run it; 0 when every document is in the books once, or named as a conflict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("podman", "docker"), default="podman")
    parser.add_argument("--project", required=True)
    parser.add_argument("--env-file", type=Path, required=True)
    parser.add_argument("--entries", type=int, default=60, help="journal entries a tenant")
    parser.add_argument("--within", type=float, default=600.0, help="seconds for a whole run")
    asked, _ = parser.parse_known_args()
    stack = Stack(asked.engine, asked.project, read_settings(asked.env_file))
    drill = Drill(stack, 0.0, asked.within)
    try:
        drill.ready()
        with tempfile.TemporaryDirectory() as folder:
            run(drill, drill.books, asked.entries, Path(folder) / "ledger.dump")
        drill.next_morning()
        drill.verdict()
        return left(drill)
    except AssertionError as error:
        say(f"NOT FINISHED: {error}")
        return NOT_FINISHED


if __name__ == "__main__":
    sys.exit(main())
