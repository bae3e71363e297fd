"""What documents wait for: told as a dry run would have it, and found without reading it all."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_world import JOURNAL, PATH, UNMAPPED, World, entry, name_of

from servicetitan_netsuite.documents import Draft, SourceDocument, State
from servicetitan_netsuite.ledger import verdicts
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.ledger.statements import statement
from servicetitan_netsuite.ledger.verdicts import Decision


def test_in_a_dry_run_a_parent_counts_as_the_run_finds_it_and_not_as_it_stood(
    world: World,
) -> None:
    real = world.start()
    world.see(real, "e1", "e2")
    world.judge(real, "e1", State.BLOCKED, UNMAPPED)
    world.judge(real, "e2", parents=(name_of("e1"),))
    assert world.page(real, "e2").verdict == "blocked"
    dry = world.start(dry_run=True)
    world.see(dry, "e1", "e2")
    world.judge(dry, "e1")
    world.judge(dry, "e2", parents=(name_of("e1"),))
    assert world.page(dry, "e2").verdict == "ready"
    worse = world.start(dry_run=True)
    world.see(worse, "e1", "e2")
    world.judge(worse, "e1", State.BLOCKED, UNMAPPED)
    world.judge(worse, "e2", parents=(name_of("e1"),))
    assert world.page(worse, "e2").verdict == "blocked"


def test_a_parent_that_waits_for_a_person_stops_its_children_in_a_dry_run_too(
    world: World,
) -> None:
    world.reach(State.CONFLICT, "e1")
    dry = world.start(dry_run=True)
    world.see(dry, "e1", "e2")
    world.judge(dry, "e2", parents=(name_of("e1"),))
    assert world.page(dry, "e2").verdict == "blocked"


@pytest.mark.parametrize(
    "name",
    ["documents/read_known_parents", "documents/read_stopped_parents", "run_documents/read_waits"],
)
def test_parents_are_asked_for_by_name_however_many_documents_a_run_has(
    migrated_file: Path, name: str
) -> None:
    sql = re.sub(
        r":\w+", "'1'", re.sub(r"IN :\w+", "IN ('a', 'b')", statement(name, "sqlite").text)
    )
    with Ledger(f"sqlite:///{migrated_file}") as ledger, ledger.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
    asked = [row[3] for row in plan if re.match(r"(SEARCH|SCAN) (rd|run_document)\b", row[3])]
    assert asked
    assert all("run_document_by_name (run_id=? AND external_id=?)" in each for each in asked), plan


def further(version: int = 1) -> SourceDocument:
    """A further record of the entry e1."""
    return replace(entry("e1", version), part="deposit", number="JE-e1-REST")


def judged_ready(world: World, of: Run) -> None:
    name = name_of("e1")
    draft = Draft(PATH, {"id": "rest"}, {})
    ready = Decision(
        JOURNAL, "e1", State.READY, f"{name}-deposit", draft=draft, parents=(name,), part="deposit"
    )
    world.write(verdicts.record(of, [ready]))


@pytest.mark.parametrize(("seen", "sent"), [(1, True), (2, False)])
def test_a_further_record_is_not_sent_beside_another_version_of_its_document(
    world: World, seen: int, sent: bool
) -> None:
    first = world.start()
    world.see(first, entry("e1", 1))
    world.judge(first)
    intent = world.send(first)
    world.doubt(first, intent)
    second = world.start()
    world.see(second, entry("e1", seen), further())
    judged_ready(world, second)
    assert world.ready(second) == []
    world.post(second, intent, from_state=State.UNCERTAIN)  # version 1 had landed after all
    assert [row.part for row in world.ready(second)] == (["deposit"] if sent else [])
