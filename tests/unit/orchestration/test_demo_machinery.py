"""The demo's own machinery: ports, keys, and processes that all end."""

from __future__ import annotations

import os
import socket
import stat
import sys
import time
from pathlib import Path

import psutil
import pytest

from servicetitan_netsuite.orchestration.demo import airflow_home, processes
from servicetitan_netsuite.orchestration.demo.places import DemoError, Places, places

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
FAMILY = """
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env={})
time.sleep(60)
"""


@pytest.fixture
def demo(tmp_path: Path) -> Places:
    made = places()
    return Places(tmp_path, made.ports, tmp_path / ".run")


def test_a_taken_port_is_named_with_its_variable(demo: Places):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        there = Places(demo.root, {**demo.ports, "NETSUITE_PORT": port}, demo.run)
        with pytest.raises(DemoError, match=f"Port {port} is taken.*NETSUITE_PORT="):
            there.need_free("NETSUITE_PORT")


@pytest.mark.parametrize("text", ["http", "80", "70000", "-1"])
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("AIRFLOW_PORT", text)
    with pytest.raises(DemoError, match="AIRFLOW_PORT"):
        places()


def test_keys_and_login_are_made_once_and_private(demo: Places):
    demo.run.mkdir(mode=0o700)
    first = airflow_home.prepare(demo)
    config = (demo.airflow_home / "airflow.cfg").read_text()
    assert airflow_home.prepare(demo) == first
    assert (demo.airflow_home / "airflow.cfg").read_text() == config
    for path in (demo.run / "keys.json", *demo.airflow_home.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "host = 127.0.0.1" in config


def test_nothing_of_another_airflow_reaches_the_demo(demo: Places, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    monkeypatch.setenv("AIRFLOW_CONN_NETSUITE", "secret")
    found = airflow_home.environment(demo)
    assert [name for name in found if name.startswith("AIRFLOW")] == ["AIRFLOW_HOME"]


def test_a_process_is_found_again_and_stopped(demo: Places):
    processes.start(demo, "one", [sys.executable, "-c", "import time; time.sleep(60)"], {})
    assert processes.running(demo, "one")
    assert processes.stop_all(demo) == 1
    assert not processes.running(demo, "one")


def test_children_that_lost_every_mark_end_too(demo: Places):
    processes.start(demo, "family", [sys.executable, "-c", FAMILY], dict(os.environ))
    deadline = time.monotonic() + 10
    while len(found := processes._ours(demo)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes.stop_all(demo) == len(found) == 2
    assert not any(psutil.pid_exists(p.pid) and p.is_running() for p in found)


def test_one_that_does_not_listen_is_ended_all_the_same(
    demo: Places, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(processes, "STOP_S", 0.5)
    processes.start(demo, "stubborn", [sys.executable, "-c", STUBBORN], {})
    assert processes.running(demo, "stubborn")
    processes.stop_all(demo)
    assert not processes.running(demo, "stubborn")


def test_a_process_that_fell_is_told_with_the_end_of_its_log(demo: Places):
    processes.start(demo, "fallen", [sys.executable, "-c", "print('no such table')"], {})
    processes.wait_for("its end", lambda: not processes.running(demo, "fallen"), 10)
    with pytest.raises(DemoError, match="no such table"):
        processes.need_running(demo, "fallen")


def test_somebody_elses_process_with_an_old_number_is_left_alone(demo: Places):
    demo.logs.mkdir(parents=True)
    record = f'{{"pid": {os.getppid()}, "created": 1.0}}'
    (demo.logs / "old.pid").write_text(record)
    assert not processes.running(demo, "old")
    assert processes.stop_all(demo) == 0
