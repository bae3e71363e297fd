"""The stand-ins as processes of their own: started, described, stopped, found again."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.__main__ import main
from sandbox.serve import NETSUITE, NETSUITE_SINGLE, SERVICETITAN, Plan, ServeError, running


def ask(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data)) as answer:
        return json.load(answer)


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_both_stand_ins_answer_and_say_all_a_client_needs(tmp_path: Path) -> None:
    with running(tmp_path / "state") as info:
        titan, netsuite, single = (info[n] for n in (SERVICETITAN, NETSUITE, NETSUITE_SINGLE))
        for part in (titan, netsuite, single):
            assert "calls" in ask(f"{part['url']}/sandbox/truth")
    assert set(titan) == {"url", "auth_url", "app_key", "tenants"}
    assert [t["short_name"] for t in titan["tenants"]] == ["ALB", "AUS", "BOI", "DEN"]
    assert set(titan["tenants"][0]) == {"tenant_id", "short_name", "client_id", "client_secret"}
    for part, account in ((netsuite, "1234567_SB1"), (single, "7654321")):
        assert set(part) == {
            "url", "account_id", "client_id", "certificate_id", "private_key_path", "tba",
        }  # fmt: skip
        assert part["account_id"] == account
        assert Path(part["private_key_path"]).stat().st_mode & 0o777 == 0o600
    with pytest.raises(urllib.error.URLError):
        ask(f"{titan['url']}/sandbox/truth")


def test_state_and_credentials_are_found_again(tmp_path: Path) -> None:
    plans = (Plan(SERVICETITAN),)
    with running(tmp_path, plans, size="9") as first:
        url = first[SERVICETITAN]["url"]
        ask(f"{url}/sandbox/journal-entries/start-syncing", {"tenant_id": 1001, "all": True})
        before = ask(f"{url}/sandbox/truth")
    with running(tmp_path, plans) as second:
        after = ask(f"{second[SERVICETITAN]['url']}/sandbox/truth")
    assert after == before
    assert second[SERVICETITAN]["tenants"] == first[SERVICETITAN]["tenants"]


def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    with (
        taken_port() as port,
        pytest.raises(ServeError, match=f"Port {port} for servicetitan is taken"),
        running(tmp_path, (Plan(SERVICETITAN, port),)),
    ):
        pass


def test_the_command_ends_with_two_when_a_port_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with taken_port() as port:
        code = main(
            ["serve", "--servicetitan-port", str(port), "--state-dir", str(tmp_path / "s"),
             "--info-file", str(tmp_path / "info.json")]
        )  # fmt: skip
    assert code == 2
    error = capsys.readouterr().err
    assert f"Port {port}" in error
    assert "--servicetitan-port" in error
    assert error.count("\n") == 1
    assert not (tmp_path / "info.json").exists()


@contextmanager
def served(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    ports = [str(free_port()) for _ in range(3)]
    command = [
        sys.executable, "-m", "sandbox", "serve", "--size", "5",
        "--state-dir", str(folder / "state"), "--info-file", str(folder / "info.json"),
        "--servicetitan-port", ports[0], "--netsuite-port", ports[1],
        "--netsuite-single-port", ports[2],
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        while not process.stdout.readline().startswith(b"logs"):
            assert process.poll() is None
        yield process
    finally:
        process.kill()
        process.wait()


def test_sigterm_stops_all_at_once_and_the_info_file_is_private(tmp_path: Path) -> None:
    with served(tmp_path / "run") as process:
        path = tmp_path / "run" / "info.json"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        info = json.loads(path.read_text())
        assert set(info) == {SERVICETITAN, NETSUITE, NETSUITE_SINGLE}
        process.terminate()
        assert process.wait(10) == 0
        for part in info.values():
            with pytest.raises(urllib.error.URLError):
                ask(f"{part['url']}/sandbox/truth")


def test_the_stand_ins_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with served(tmp_path / "run") as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("needs /proc/<pid>/task/<pid>/children")
        started = [int(number) for number in children.read_text().split()]
        handles = [os.pidfd_open(number) for number in started]
        assert len(handles) == 3
        process.send_signal(signal.SIGKILL)
        for handle in handles:
            assert select.select([handle], [], [], 10)[0]
            os.close(handle)
