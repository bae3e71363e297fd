"""Upgrade the stack in the middle of a night's posting, as the README says; the books must agree.

Run by `DRILL=upgrade FROM=<revision> scripts/compose/test`, which starts that release on this
release's stand-ins.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from drill import JOURNALS, NOT_FINISHED, Drill
from stack import Stack, read_settings, say, sh

from servicetitan_netsuite.ledger.migrations import head

OURS = ("postgres", "redis", "init", "api-server", "scheduler-1", "scheduler-2")
OURS += ("dag-processor", "triggerer", "worker", "sandbox-init")
"""What a new release replaces; the stand-ins are the outside world."""


@dataclass(frozen=True)
class Release:
    """The new release's image and tenant files, and the words that compose is spoken to by."""

    stack: Stack
    image: str
    compose: str
    tenants: Path
    mounted: Path

    @property
    def added(self) -> int:
        """How many tenants come with it: the old release does not take their files."""
        return len(list(self.tenants.iterdir())) - len(list(self.mounted.iterdir()))

    def take(self) -> None:
        """The README's lines, but that the image is built already."""
        say(f"the ledger is at {self.revision()}")
        sh(self.stack.engine, "tag", f"{self.image}-new", self.image)
        sh("sh", self.compose, "stop", "worker")
        say("workers stopped")
        shutil.copytree(self.tenants, self.mounted, dirs_exist_ok=True)
        recreate = ("up", "-d", "--no-build", "--no-deps", "--force-recreate")
        sh("sh", self.compose, *recreate, "--scale", "worker=2", *OURS)

    def revision(self) -> str:
        """The ledger's."""
        return self.stack.ledger("SELECT version_num FROM ledger_version")[0][0]


def run(drill: Drill, release: Release, entries: int, latency_s: float) -> None:
    """The old release posts, the new one goes on."""
    drill.ready(without=release.added)
    drill.fill(entries, latency_s)
    drill.execute_all("before")
    drill.while_posting("upgraded", JOURNALS, lambda _: release.take())
    drill.ready()
    assert release.revision() == head(), release.revision()
    say(f"the ledger is at {release.revision()}")
    drill.heal()
    drill.finish("before")
    # What the old release could not do, and what was unknown.
    drill.execute_all("upgraded")
    drill.finish("upgraded")
    drill.next_morning()


def main() -> int:
    """Run it; 0 when every document is in the books once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("podman", "docker"), default="podman")
    parser.add_argument("--project", required=True)
    parser.add_argument("--env-file", type=Path, required=True)
    parser.add_argument("--image", required=True, help="its tag; the new one is at TAG-new")
    parser.add_argument("--compose", required=True, help="a shell file that calls compose")
    parser.add_argument("--tenants", type=Path, required=True, help="the new release's files")
    parser.add_argument("--entries", type=int, default=60, help="journal entries a tenant")
    parser.add_argument("--latency", type=float, default=0.5, help="NetSuite's median, seconds")
    parser.add_argument("--within", type=float, default=600.0, help="seconds for a whole run")
    asked, _ = parser.parse_known_args()
    settings = read_settings(asked.env_file)
    mounted = Path(settings["TENANTS_DIR"])
    stack = Stack(asked.engine, asked.project, settings | {"TENANTS_DIR": str(asked.tenants)})
    drill = Drill(stack, 0.0, asked.within)
    release = Release(stack, asked.image, asked.compose, asked.tenants, mounted)
    try:
        run(drill, release, asked.entries, asked.latency)
        return drill.verdict()
    except AssertionError as error:
        say(f"NOT FINISHED: {error}")
        return NOT_FINISHED


if __name__ == "__main__":
    sys.exit(main())
