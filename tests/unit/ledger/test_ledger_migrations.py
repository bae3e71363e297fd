"""The ledger's tables: made from nothing, made once, the same in both databases."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys

import pytest
from ledger_world import World
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import statements
from servicetitan_netsuite.ledger.engine import Ledger, stamp
from servicetitan_netsuite.ledger.engine import moment as parsed
from servicetitan_netsuite.ledger.migrations import current, head, migrate, open_ledger
from servicetitan_netsuite.ledger.statements import statement
from servicetitan_netsuite.tenants import home
from support.ledgers import Server


def columns(url: str) -> dict[str, set[str]]:
    with Ledger(url) as ledger:
        found = inspect(ledger.engine)
        names = [*found.get_table_names(), *found.get_view_names()]
        return {name: {column["name"] for column in found.get_columns(name)} for name in names}


def indexes(ledger: Ledger, table: str) -> list[str]:
    """Names of those that hold nothing unique; SQLAlchemy knows none on an expression of SQLite."""
    catalogue = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table",
    }[ledger.engine.dialect.name]
    with ledger.reading() as connection:
        rows = connection.execute(text(catalogue), {"table": table}).all()
    return sorted(name for name, made in rows if made and " UNIQUE " not in made)


def keys(url: str) -> dict[str, list[object]]:
    with Ledger(url) as ledger:
        found = inspect(ledger.engine)
        return {
            name: [
                found.get_pk_constraint(name)["constrained_columns"],
                sorted(
                    (tuple(k["constrained_columns"]), k["referred_table"])
                    for k in found.get_foreign_keys(name)
                ),
                sorted(tuple(k["column_names"]) for k in found.get_unique_constraints(name)),
                indexes(ledger, name),
            ]
            for name in found.get_table_names()
        }


def test_a_ledger_is_made_from_nothing_and_made_once(bare_url):
    assert current(bare_url) is None
    assert migrate(bare_url) == head() == current(bare_url)
    with Ledger(bare_url) as ledger:
        world = World(ledger)
        world.see(world.start(), "e1")
        before = world.dump(world.tables())
    assert migrate(bare_url) == head()
    with Ledger(bare_url) as ledger:
        assert World(ledger).dump(world.tables()) == before


def test_two_that_migrate_at_once_make_one_ledger(bare_url):
    code = f"from servicetitan_netsuite.ledger.migrations import migrate; migrate({bare_url!r})"
    workers = [
        subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)
    ]
    errors = [worker.communicate(timeout=60)[1].decode() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0], errors
    assert current(bare_url) == head()


def test_a_migration_that_fails_leaves_no_half_of_it(bare_url, monkeypatch):
    real = statements.migration_statements

    def broken(revision: str, dialect: str) -> list[str]:
        return [*real(revision, dialect), "CREATE TABLE this is no SQL"]

    monkeypatch.setattr("servicetitan_netsuite.ledger.statements.migration_statements", broken)
    with pytest.raises(Exception, match="syntax"):
        migrate(bare_url)
    assert set(columns(bare_url)) <= {"ledger_version"}
    monkeypatch.undo()
    assert migrate(bare_url) == head()


@pytest.mark.parametrize("revision", [None, "0001_ledger"])
def test_any_work_on_a_ledger_of_another_revision_names_the_command(bare_url, revision):
    if revision:
        migrate(bare_url)
        with Ledger(bare_url) as ledger, ledger.writing() as connection:
            connection.execute(text("UPDATE ledger_version SET version_num = :r"), {"r": revision})
    with pytest.raises(ConfigurationError) as refused:
        open_ledger(bare_url)
    assert "servicetitan-netsuite ledger migrate" in str(refused.value)
    assert (revision or "none") in str(refused.value)


def test_a_ledger_of_this_revision_opens(ledger_url):
    with open_ledger(ledger_url) as ledger:
        assert ledger.rows("runs/read_newest_generation", dag_id="d", run_id="r") == []


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_both_databases_have_the_same_tables_views_columns_and_keys(
    migrated_file, postgresql_server: Server
):
    sqlite = f"sqlite:///{migrated_file}"
    with postgresql_server.database("ledger_template") as postgresql:
        assert columns(sqlite) == columns(postgresql)
        assert keys(sqlite) == keys(postgresql)


def test_every_statement_is_understood_by_both_databases(ledger):
    """Each file is planned, not run: a name or a type that does not fit fails here."""
    folder = home() / "sql"
    names = {
        str(path.relative_to(folder)).split(".")[0]
        for path in folder.glob("*/*.sql")
        if "migrations" not in path.parts
    }
    assert len(names) > 60
    for name in sorted(names):
        found = statement(name, ledger.dialect)
        lists = [bound for bound in found._bindparams.values() if bound.expanding]
        binds = {key: ["x"] if b.expanding else None for key, b in found._bindparams.items()}
        with ledger.writing() as connection:
            plan = text(f"EXPLAIN {found.text}").bindparams(*lists)
            assert connection.execute(plan, binds).all(), name


def test_the_ledgers_stamps_sort_as_time_does(ledger):
    with ledger.reading() as connection:
        row = connection.execute(
            text("SELECT utc_after(-1) AS a, utc_after(0) AS b, utc_after(0.5) AS c")
        ).one()
    assert row.a < row.b < row.c
    assert abs((parsed(row.c) - parsed(row.a)).total_seconds() - 1.5) < 0.25
    assert stamp(parsed(row.b)) == row.b


def test_several_processes_share_one_ledger(ledger_url):
    """Each writes fifty runs while the others do; nobody fails and nothing is lost."""
    code = f"""
import sys
from servicetitan_netsuite.ledger import runs
from servicetitan_netsuite.ledger.engine import Ledger
with Ledger({ledger_url!r}) as ledger:
    for n in range(50):
        runs.open_run(ledger, "1001", sys.argv[1], f"run {{n}}", dry_run=False, params={{}})
        assert ledger.rows("totals/read_latest_run", tenant_id="1001")
"""
    workers = [
        subprocess.Popen([sys.executable, "-c", code, f"dag {n}"], stderr=subprocess.PIPE)
        for n in range(3)
    ]
    errors = [worker.communicate(timeout=60)[1].decode() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0], errors
    with Ledger(ledger_url) as ledger:
        assert len(World(ledger).sql("SELECT 1 FROM run")) == 150


def _open_new_files(folder, together, failures) -> None:
    for number in range(60):
        with Ledger(f"sqlite:///{folder}/{number}.db") as ledger:
            together.wait(30)
            try:
                with ledger.writing() as connection:
                    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (a)")
            except OperationalError as error:
                failures.put(str(error))
    failures.put(None)


def test_processes_that_open_a_new_file_at_the_same_moment_all_get_it(tmp_path):
    fork = multiprocessing.get_context("fork")
    together, failures = fork.Barrier(4), fork.Queue()
    given = (tmp_path, together, failures)
    workers = [fork.Process(target=_open_new_files, args=given) for _ in range(4)]
    for worker in workers:
        worker.start()
    found = []
    while found.count(None) < 4:
        found.append(failures.get(timeout=60))
    for worker in workers:
        worker.join(30)
    assert [failure for failure in found if failure] == []


def test_a_ledger_in_memory_is_refused():
    with (
        pytest.raises(ConfigurationError, match="local disk"),
        Ledger("sqlite:///:memory:") as ledger,
        ledger.reading() as connection,
    ):
        connection.exec_driver_sql("SELECT 1")


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://u@h/db", "sqlite://"])
def test_a_url_that_is_no_ledgers_is_refused_in_a_sentence(url):
    with pytest.raises(ConfigurationError, match="ledger"):
        Ledger(url)
