"""The demo's Airflow: its configuration, its keys and login, made once and private."""

from __future__ import annotations

import base64
import configparser
import json
import os
import secrets
import sys
from pathlib import Path
from typing import TextIO

from servicetitan_netsuite.orchestration.demo.places import HOST, Places

USER = "admin"


def prepare(places: Places) -> str:
    """Write `airflow.cfg` and the login; the password of `USER`."""
    places.airflow_home.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = _keys(places.run / "keys.json")
    _write_config(places, keys)
    _private(_password_file(places), json.dumps({USER: keys["password"]}))
    return keys["password"]


def environment(places: Places) -> dict[str, str]:
    """The environment of every process: nothing of another Airflow on this machine."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    return {
        **env,
        "AIRFLOW_HOME": str(places.airflow_home),
        "SYNC_HOME": str(places.root / "include"),
        "SYNC_RUN": str(places.run),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        # A proxy of this machine has nothing to do with loopback.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def migrated(places: Places) -> Path:
    """The file that says that the database is of the installed Airflow's version."""
    from importlib.metadata import version

    return places.airflow_home / f"migrated-{version('apache-airflow-core')}"


def _write_config(places: Places, keys: dict[str, str]) -> None:
    port = places.ports["AIRFLOW_PORT"]
    sections = {
        "core": {
            "dags_folder": str(places.root / "dags"),
            "plugins_folder": str(places.root / "plugins"),
            "load_examples": "False",
            "executor": "LocalExecutor",
            "parallelism": "8",
            "max_map_length": "4096",
            "fernet_key": keys["fernet"],
            "execution_api_server_url": f"{places.ui}/execution/",
            "simple_auth_manager_users": f"{USER}:admin",
            "simple_auth_manager_passwords_file": str(_password_file(places)),
            "sensitive_var_conn_names": "app_key,consumer_key",
            "test_connection": "Enabled",
        },
        "database": {"sql_alchemy_conn": f"sqlite:///{places.airflow_home / 'airflow.db'}"},
        "logging": {
            "base_log_folder": str(places.airflow_home / "logs"),
            "colored_console_log": "False",
        },
        "api": {
            "host": HOST,
            "port": str(port),
            "base_url": f"{places.ui}/",
            "secret_key": keys["api"],
        },
        "api_auth": {"jwt_secret": keys["jwt"]},
        "scheduler": {
            "max_dagruns_to_create_per_loop": "100",
            "task_instance_heartbeat_timeout": "60",
        },
        "dag_processor": {
            "dag_version_inflation_check_level": "error",
            "min_file_process_interval": "10",
            "parsing_processes": "1",
        },
        "usage_data_collection": {"enabled": "False"},
    }
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_dict(sections)
    path = places.airflow_home / "airflow.cfg"
    with _opened(path) as file:
        parser.write(file)


def _keys(path: Path) -> dict[str, str]:
    """Password and keys, made on first use; a second demo opens what the first one locked."""
    if path.is_file():
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    made = {
        "password": secrets.token_urlsafe(9),
        "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "api": secrets.token_urlsafe(32),
        "jwt": secrets.token_urlsafe(48),
    }
    _private(path, json.dumps(made))
    return made


def _password_file(places: Places) -> Path:
    return places.airflow_home / "simple_auth_manager_passwords.json"


def _private(path: Path, text: str) -> None:
    with _opened(path) as file:
        file.write(text + "\n")


def _opened(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8")
