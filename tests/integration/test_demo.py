"""`make demo` as a new user runs it: real scheduler, real HTTP, everything ended by `make down`."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from servicetitan_netsuite.orchestration.demo.processes import MARK
from support.site import call

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("AIRFLOW_PORT", "SERVICETITAN_PORT", "NETSUITE_PORT", "NETSUITE_SINGLE_PORT")
Env = dict[str, str]


def demo(command: str, env: Env) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "servicetitan_netsuite.orchestration.demo", command]
    return subprocess.run(asked, env=env, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Env]:
    with_ports = {**os.environ, "COLUMNS": "200"}
    with_ports["SYNC_RUN"] = str(tmp_path_factory.mktemp("demo") / "run")
    for name in PORTS:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            with_ports[name] = str(free.getsockname()[1])
    yield with_ports
    demo("clean", with_ports)


@pytest.fixture(scope="module")
def up(env: Env) -> str:
    """What a first demo says."""
    done = demo("up", env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def listening(env: Env) -> set[str]:
    """Addresses that the demo's processes listen on."""
    mine = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) in _sessions(env):
                mine += process.net_connections(kind="inet")
        except (psutil.Error, OSError):
            continue
    return {found.laddr.ip for found in mine if found.status == psutil.CONN_LISTEN}


def _sessions(env: Env) -> set[int]:
    records = (Path(env["SYNC_RUN"]) / "logs").glob("*.pid")
    return {json.loads(path.read_text())["pid"] for path in records}


def left_over(env: Env) -> list[str]:
    sessions, found = _sessions(env), []
    for process in psutil.process_iter():
        try:
            marked = process.environ().get(MARK) == env["SYNC_RUN"]
            if marked or os.getsid(process.pid) in sessions:
                found.append(process.name())
        except (psutil.Error, OSError):
            continue
    return found


@pytest.mark.timeout(400)
def test_a_first_demo_syncs_a_tenant_and_shows_it(up: str, env: Env):
    assert "post_to_netsuite: success" in up
    assert "confirmed" in up
    assert "Tie-out: difference 0.00" in up
    assert f"http://127.0.0.1:{env['AIRFLOW_PORT']}/dags/netsuite_sync_alb" in up
    assert "admin / " in up
    truth = call(f"http://127.0.0.1:{env['NETSUITE_PORT']}", "/sandbox/truth")
    posted = [r for r in truth["records"] if str(r["external_id"]).startswith("st-1001-journal")]
    assert len(posted) > 20
    assert len({record["external_id"] for record in posted}) == len(posted)


@pytest.mark.timeout(120)
def test_everything_listens_on_loopback_and_what_it_keeps_is_private(up: str, env: Env):
    assert listening(env) == {"127.0.0.1"}
    open_to_others = [
        path for path in Path(env["SYNC_RUN"]).rglob("*") if path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


@pytest.mark.timeout(120)
def test_no_secret_is_in_a_log(up: str, env: Env):
    run = Path(env["SYNC_RUN"])
    sandbox = json.loads((run / "sandbox.json").read_text())
    keys = json.loads((run / "keys.json").read_text())
    secrets = [sandbox["servicetitan"]["app_key"], *keys.values()]
    secrets += [tenant["client_secret"] for tenant in sandbox["servicetitan"]["tenants"]]
    key = Path(sandbox["netsuite"]["private_key_path"]).read_text()
    secrets += [line for line in key.splitlines() if not line.startswith("-----")]
    for log in (*(run / "logs").glob("*.log"), *(run / "airflow" / "logs").rglob("*.log")):
        text = log.read_text(encoding="utf-8", errors="replace")
        assert not [secret[:6] for secret in secrets if secret in text], log


@pytest.mark.timeout(300)
def test_a_second_demo_works_on_what_is_there(up: str, env: Env):
    done = demo("up", env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Airflow scheduler: already there" in done.stdout
    truth = call(f"http://127.0.0.1:{env['NETSUITE_PORT']}", "/sandbox/truth")
    ids = [record["external_id"] for record in truth["records"] if record["external_id"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.timeout(120)
def test_the_command_line_takes_its_connections_from_airflow(up: str, env: Env):
    command = str(Path(sys.executable).with_name("servicetitan-netsuite-airflow"))
    inside = {
        **env,
        "AIRFLOW_HOME": f"{env['SYNC_RUN']}/airflow",
        "SYNC_HOME": str(ROOT / "include"),
    }
    asked = [command, "tenants", "check", "ALB", "--connect"]
    done = subprocess.run(asked, env=inside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "alb.yaml: Albany Heating & Air fine" in done.stdout
    assert "OneWorld with 8 subsidiaries" in done.stdout
    newest = [command, "latest", "ALB", "--json"]
    told = subprocess.run(newest, env=inside, capture_output=True, text=True, check=False)
    assert json.loads(told.stdout), told.stderr


@pytest.mark.timeout(120)
def test_down_ends_every_process(up: str, env: Env):
    done = demo("down", env)
    assert done.returncode == 0
    assert left_over(env) == []


@pytest.mark.timeout(60)
def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path, env: Env):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = demo("up", {**env, "SYNC_RUN": str(tmp_path / "run"), "SERVICETITAN_PORT": port})
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "SERVICETITAN_PORT=" in done.stderr
    assert "Traceback" not in done.stderr
