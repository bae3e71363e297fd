"""A ledger that an earlier release filled: brought up to date with every row, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from ledger_world import World
from sqlalchemy import text

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import pages
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.lease import Lease
from servicetitan_netsuite.ledger.migrations import current, head, migrate, open_ledger
from support import old_ledger

FIRST = "0001_ledger"
RUNS = {
    "netsuite_sync_alb": [
        "good and wrong",
        "altered",
        "refused",
        "unanswered",
        "not told",
        "killed",
    ],
    "netsuite_sync_aus": ["extracted"],
    "netsuite_sync_den": ["invoices"],
}


@pytest.fixture(scope="module")
def lines() -> old_ledger.Lines:
    return old_ledger.read()


@pytest.fixture
def old_url(bare_url: str, lines: old_ledger.Lines) -> str:
    """A ledger of the first revision with documents in every state."""
    old_ledger.make(bare_url, FIRST, lines)
    return bare_url


def sorted_rows(lines: old_ledger.Lines, table: str) -> list[str]:
    return sorted(alike(row.values()) for row in lines[table])


def alike(values: Iterable[object]) -> str:
    """A row as text: SQLite has no booleans but 0 and 1."""
    return repr([int(one) if isinstance(one, bool) else one for one in values])


def test_the_kept_ledger_holds_a_document_in_every_state(lines: old_ledger.Lines) -> None:
    assert {row["state"] for row in lines["document"]} == set(State)
    assert all(len(lines[table]) > 5 for table in ("attempt", "attempt_result", "run_document"))


def test_every_row_is_there_after_the_upgrade_as_it_was(
    old_url: str, lines: old_ledger.Lines
) -> None:
    assert current(old_url) == FIRST
    assert migrate(old_url) == head() == current(old_url)
    with Ledger(old_url) as ledger, ledger.reading() as connection:
        for table in lines:
            if table != "landed":
                rows = connection.execute(text(f"SELECT * FROM {table}")).all()
                assert sorted(map(alike, rows)) == sorted_rows(lines, table), table


def test_a_ledger_filled_by_an_earlier_release_is_made_like_a_new_one(
    old_url: str, tmp_path: Path
) -> None:
    """Nothing that the rows do may leave an upgraded ledger without a table, index or guard."""
    migrate(old_url)
    with Ledger(old_url) as ledger:
        world = World(ledger)
        upgraded = set(world.tables())
        for forbidden in (
            "DELETE FROM document_event",
            "UPDATE attempt SET body = ''",
            "UPDATE document SET state = 'sending' WHERE state = 'confirmed'",
        ):
            with pytest.raises(Exception, match=r"append-only|not listed"):
                world.run_sql(forbidden)
    new = f"sqlite:///{tmp_path}/new.db"
    migrate(new)
    with Ledger(new) as ledger:
        assert upgraded == set(World(ledger).tables())


def test_the_pages_of_runs_before_the_upgrade_are_still_read(
    old_url: str, lines: old_ledger.Lines
) -> None:
    migrate(old_url)
    told = 0
    with open_ledger(old_url) as ledger:
        for dag_id, wanted in RUNS.items():
            found = pages.recent_runs(ledger, dag_id)
            assert [line.run_id for line in reversed(found)] == wanted
            for name in wanted:
                page = pages.find_run(ledger, dag_id, name)
                assert page
                shown = list(pages.every_document(ledger, page, pages.DocumentFilter()))
                told += len(shown)
                assert pages.tally(ledger, page)
    assert told == len(lines["run_document"])


def test_a_lease_and_new_rows_go_on_where_the_earlier_release_stopped(
    old_url: str, lines: old_ledger.Lines
) -> None:
    migrate(old_url)
    fence = next(row["fence"] for row in lines["lease"] if row["tenant_id"] == "1001")
    with open_ledger(old_url) as ledger:
        world = World(ledger)
        with Lease(ledger, "1001", "the next run", 30.0, 5.0) as lease:
            assert lease.fence == fence + 1
        known = {row["id"] for row in lines["run"]}
        assert world.start().id > max(known)


def test_an_upgrade_that_fails_leaves_the_earlier_ledger_as_it_was(
    old_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from servicetitan_netsuite.ledger import statements

    real = statements.migration_statements
    monkeypatch.setattr(
        "servicetitan_netsuite.ledger.statements.migration_statements",
        lambda revision, dialect: [*real(revision, dialect), "CREATE TABLE this is no SQL"],
    )
    with Ledger(old_url) as ledger:
        world = World(ledger)
        before = world.dump(world.tables())
        with pytest.raises(Exception, match="syntax"):
            migrate(old_url)
        assert world.dump(world.tables()) == before
    assert current(old_url) == FIRST
    monkeypatch.undo()
    assert migrate(old_url) == head()


def test_this_release_says_what_to_do_with_an_older_ledger(old_url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        open_ledger(old_url)
    assert str(refused.value) == (
        f"The ledger is at revision {FIRST}, this code needs {head()}: "
        "run `servicetitan-netsuite ledger migrate`."
    )


@pytest.mark.parametrize("touch", [open_ledger, migrate])
def test_this_release_says_what_to_do_with_a_newer_ledger(ledger_url: str, touch) -> None:
    with Ledger(ledger_url) as ledger:
        World(ledger).run_sql("UPDATE ledger_version SET version_num = '9999_newer'")
    with pytest.raises(ConfigurationError, match=r"9999_newer.*newer release.*backup"):
        touch(ledger_url)
    assert current(ledger_url) == "9999_newer"


def test_the_command_line_says_it_in_one_sentence_and_no_trace(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    migrate(url)
    with Ledger(url) as ledger:
        World(ledger).run_sql("UPDATE ledger_version SET version_num = '9999_newer'")
    for asked in (["ledger", "migrate"], ["ledger", "status"], ["errors", "ALB"]):
        done = subprocess.run(
            [str(Path(sys.executable).with_name("servicetitan-netsuite")), *asked],
            env={**os.environ, "SYNC_LEDGER_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
        told = done.stdout + done.stderr
        assert done.returncode, asked
        assert "a newer release has worked with it" in told, told
        assert "Traceback" not in told
