"""Fixtures: a migrated ledger of a test's own, once on SQLite and once on PostgreSQL.

PostgreSQL is one server for the whole session (of each pytest-xdist worker), in a folder of its
own, on a free port of 127.0.0.1. It refuses to run as root: then it runs as the user `postgres`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_postgresql.janitor import DatabaseJanitor

from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.migrations import migrate

DATABASES = ("sqlite", "postgresql")
_TEMPLATE = "ledger_template"
_USER = "postgres"
_ROOM = 1 << 30
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
}


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL that trusts whoever comes from this machine."""

    port: int

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self.port}/{database}"

    def janitor(self, database: str, template: str | None = None) -> DatabaseJanitor:
        return DatabaseJanitor(
            user=_USER,
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            template_dbname=template,
        )

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The url of a database that lives as long as the block."""
        name = f"ledger_{uuid4().hex}"
        with self.janitor(name, template):
            yield self.url(name)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server with a migrated template, stopped at the session's end."""
    tools = _tools()
    if tools is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with _running(tools) as server:
        server.janitor(_TEMPLATE).init()
        migrate(server.url(_TEMPLATE))
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite ledger to copy."""
    path = tmp_path_factory.mktemp("ledger") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=DATABASES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The url of a migrated, empty ledger."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "ledger.db")
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database(_TEMPLATE) as url:
        yield url


@pytest.fixture(params=DATABASES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The url of a database that was never migrated."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database() as url:
        yield url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """A migrated, empty ledger."""
    with Ledger(ledger_url) as opened:
        yield opened


def _tools() -> Path | None:
    """The folder of the newest installed PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    on_path = shutil.which("initdb")
    folders = [*reversed(found), *([Path(on_path).resolve().parent] if on_path else [])]
    complete = (f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists())
    return next(complete, None)


@contextmanager
def _running(tools: Path) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="ledger-pg-", dir=_memory()))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, _USER, _USER)
    control = (str(tools / "pg_ctl"), "-D", str(data), "-w")
    try:
        initdb = (str(tools / "initdb"), "-D", str(data), "-U", _USER, "--auth=trust")
        _do(folder, *initdb, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        port = _start(folder, control)
        try:
            yield Server(port)
        finally:
            _do(folder, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """Where the server's files cost no disk; databases are made and dropped for every test."""
    shared = Path("/dev/shm")
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > _ROOM
    return shared if roomy and os.access(shared, os.W_OK) else None


def _start(folder: Path, control: tuple[str, ...]) -> int:
    """Start the server; the port may be taken between the look and the start, so try again."""
    settings = {**_SETTINGS, "unix_socket_directories": str(folder)}
    for attempt in (1, 2, 3):
        port = _free_port()
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        try:
            log = ("-l", str(folder / "log"))
            _do(folder, *control, *log, "-o", f"-p {port} {options}", "start")
        except RuntimeError:
            if attempt == 3:
                raise
        else:
            return port
    raise AssertionError("unreachable")


def _do(folder: Path, *command: str) -> None:
    """Run one of PostgreSQL's programs, as the user it accepts.

    Its output goes to a file: the server inherits it and would keep a pipe open for ever.
    """
    if os.geteuid() == 0:
        command = ("runuser", "-u", _USER, "--", *command)
    with (folder / "output").open("w+") as output:
        done = subprocess.run(command, stdout=output, stderr=output, cwd=folder, check=False)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command} ended with {done.returncode}: {output.read()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
