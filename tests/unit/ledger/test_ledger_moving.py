"""A ledger moved into another database: all of it arrives, and nothing goes on in the old one."""

from __future__ import annotations

import pytest
from ledger_world import TENANT, World
from sqlalchemy import text

from servicetitan_netsuite.documents import State
from servicetitan_netsuite.errors import ConfigurationError, LeaseHeld
from servicetitan_netsuite.ledger import moving
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.lease import Lease
from servicetitan_netsuite.ledger.migrations import (
    VERSION_TABLE,
    current,
    head,
    migrate,
    open_ledger,
)

AWKWARD = "100 % \N{SNOWMAN} \t \\N \\. \"'\r\n"
MAPPING = """INSERT INTO mapping (tenant_id, kind, source_key, source_name, updated_at, updated_by)
             VALUES ('1001', 'account', '7', :name, '2026-01-01T00:00:00.000000Z', 'Ann')"""


@pytest.fixture(params=["sqlite", "postgresql"])
def target_url(request, tmp_path):
    """A database that no ledger was ever in."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'target.db'}"
        return
    with request.getfixturevalue("postgresql_server").database() as url:
        yield url


@pytest.fixture
def source(ledger_url):
    """A ledger with a document in every state, and a lease that was given back."""
    with Ledger(ledger_url) as ledger:
        world = World(ledger)
        for state in State:
            world.reach(state, state.value)
        world.start(dry_run=True)
        world.run_sql(MAPPING, name=AWKWARD)
        for _ in range(3):
            with Lease(ledger, TENANT, "a run", 30.0, 5.0):
                pass
    return ledger_url


def content(url):
    with Ledger(url) as ledger:
        world = World(ledger)
        tables = [name for name in world.tables() if name != VERSION_TABLE]
        return world.dump(tables)


def test_every_row_arrives_and_is_counted(source, target_url):
    before = content(source)
    told = {}
    counts = moving.move(source, target_url, told.__setitem__)
    after = content(target_url)
    assert after == before
    assert counts == told == {name: len(after[name]) for name in counts}
    assert set(after) - set(counts) == {"state", "transition", "document_type"}
    assert counts["document"] == len(State)
    assert current(target_url) == head()


def test_the_moved_ledger_goes_on_with_ids_and_fences_of_its_own(source, target_url):
    moving.move(source, target_url)
    with open_ledger(target_url) as ledger:
        world = World(ledger)
        ids = {row.id for row in world.sql("SELECT id FROM run")}
        world._runs = len(ids)
        world.reach(State.CONFIRMED, "after")
        assert world.sql("SELECT max(id) AS id FROM run")[0].id > max(ids)
        with Lease(ledger, TENANT, "the next run", 30.0, 5.0) as lease:
            assert lease.fence == 4


def test_nothing_goes_on_in_a_ledger_that_was_moved(source, target_url):
    moving.move(source, target_url)
    for touch in (open_ledger, migrate):
        with pytest.raises(ConfigurationError, match="was moved"):
            touch(source)


def test_a_ledger_that_somebody_works_on_is_not_moved(source, target_url):
    with Ledger(source) as ledger, Lease(ledger, TENANT, "dag/run/task/1", 30.0, 5.0):
        with pytest.raises(LeaseHeld, match="dag/run/task/1") as refused:
            moving.move(source, target_url)
        assert 0 < refused.value.wait_s <= 30
    assert not any(content(target_url)[name] for name in ("document", "run", "lease"))
    open_ledger(source).close()


def test_two_ledgers_are_never_merged(source, target_url):
    migrate(target_url)
    with Ledger(target_url) as ledger:
        World(ledger).start()
    before = content(target_url)
    with pytest.raises(ConfigurationError, match="not empty"):
        moving.move(source, target_url)
    assert content(target_url) == before
    open_ledger(source).close()


@pytest.mark.parametrize("which", ["source", "target"])
def test_a_ledger_of_another_revision_is_neither_moved_nor_moved_into(source, target_url, which):
    migrate(target_url)
    with Ledger(source if which == "source" else target_url) as ledger, ledger.writing() as one:
        one.execute(text("UPDATE ledger_version SET version_num = '0000_older'"))
    with pytest.raises(ConfigurationError, match="0000_older"):
        moving.move(source, target_url)


def test_a_ledger_is_not_moved_into_itself(source):
    with pytest.raises(ConfigurationError, match="one ledger"):
        moving.move(source, source)
    assert current(source) == head()


def test_a_row_that_arrives_changed_leaves_both_as_they_were(source, target_url, monkeypatch):
    real = moving._put

    def careless(connection, table, rows):
        real(connection, table, rows)
        if table.name == "run":
            connection.execute(text("UPDATE run SET dag_id = 'another'"))

    monkeypatch.setattr(moving, "_put", careless)
    before = content(source)
    with pytest.raises(ConfigurationError, match="Table run did not arrive"):
        moving.move(source, target_url)
    assert not content(target_url)["run"]
    assert content(source) == before
    assert current(source) == head()


def test_the_database_refuses_after_the_move_what_it_refused_before(source, target_url):
    moving.move(source, target_url)
    with Ledger(target_url) as ledger:
        world = World(ledger)
        for forbidden in (
            "DELETE FROM document_event",
            "UPDATE attempt SET body = ''",
            "UPDATE document SET state = 'sending' WHERE state = 'confirmed'",
        ):
            with pytest.raises(Exception, match=r"append-only|not listed"):
                world.run_sql(forbidden)
