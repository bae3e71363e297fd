"""What docker-compose.yaml promises without running it: no default secret, loopback, limits."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yaml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
ONCE = {"init", "sandbox-init"}


@pytest.fixture
def made(tmp_path):
    """A `.env` made by the script behind `make env`."""
    subprocess.run([ROOT / "scripts/compose/env", tmp_path / ".env"], check=True)
    return tmp_path / ".env"


def values(path):
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_no_secret_has_a_default():
    secrets = set(re.findall(r"\$\{(\w*(?:PASSWORD|KEY|SECRET)\w*)", TEXT))
    assert {"POSTGRES_PASSWORD", "FERNET_KEY", "JWT_SECRET", "ADMIN_PASSWORD"} <= secrets
    for name in secrets:
        assert f"${{{name}:?" in TEXT, f"{name} must be demanded"
        assert f"${{{name}:-" not in TEXT, f"{name} must have no default"


def test_make_env_makes_every_secret_that_is_demanded(made):
    demanded = set(re.findall(r"\$\{(\w+):\?", TEXT))
    found = values(made)
    assert demanded <= set(found)
    assert len({found[name] for name in demanded}) == len(demanded)
    assert all(len(found[name]) >= 40 for name in demanded)


def test_env_is_readable_by_its_owner_alone_and_never_made_anew(made):
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    before = made.read_text()
    subprocess.run([ROOT / "scripts/compose/env", made], check=True)
    assert made.read_text() == before


def test_passwords_fit_into_urls_and_json_as_they_are(made):
    for name, value in values(made).items():
        assert re.fullmatch(r"[\w.=-]+", value), name


def test_every_published_port_is_on_loopback_unless_told_otherwise():
    ports = [port for one in SERVICES.values() for port in one.get("ports", [])]
    assert len(ports) == 4
    assert all(port.startswith("${BIND:-127.0.0.1}:") for port in ports)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_limits_restarts_and_tells_its_health(name):
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    assert set(service["ulimits"]) == {"nofile", "nproc"}
    if name in ONCE:
        assert service["restart"] != "unless-stopped"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


def test_init_starts_before_airflow_has_a_database():
    """The official image would look for one, give up and never make it."""
    assert SERVICES["init"]["environment"]["CONNECTION_CHECK_MAX_COUNT"] == "0"


def test_the_stand_ins_run_only_when_asked_for():
    demo = {name for name, one in SERVICES.items() if one.get("profiles") == ["demo"]}
    assert demo == {"sandbox", "sandbox-init"}
