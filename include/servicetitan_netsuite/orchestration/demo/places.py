"""Where the demo keeps things, and which ports it takes."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from servicetitan_netsuite.tenants import home

HOST = "127.0.0.1"
_PORTS = {
    "AIRFLOW_PORT": 8080,
    "SERVICETITAN_PORT": 8181,
    "NETSUITE_PORT": 8282,
    "NETSUITE_SINGLE_PORT": 8283,
}


class DemoError(Exception):
    """The demo cannot go on; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """One demo: all that it writes is below `run`, which `make clean` removes."""

    root: Path
    ports: dict[str, int]
    run: Path

    @property
    def airflow_home(self) -> Path:
        """Airflow's configuration, database and task logs."""
        return self.run / "airflow"

    @property
    def logs(self) -> Path:
        """What each process writes."""
        return self.run / "logs"

    @property
    def sandbox_file(self) -> Path:
        """What the stand-ins say about themselves."""
        return self.run / "sandbox.json"

    @property
    def ui(self) -> str:
        """Address of Airflow's pages and API."""
        return f"http://{HOST}:{self.ports['AIRFLOW_PORT']}"

    def need_free(self, *variables: str) -> None:
        """Raises DemoError when somebody else listens on a port that the demo needs."""
        for variable in variables:
            port = self.ports[variable]
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError as error:
                    raise DemoError(
                        f"Port {port} is taken ({error.strerror}). Stop what listens there, or "
                        f"choose another: make demo {variable}={port + 1000}"
                    ) from error


def places() -> Places:
    """The demo of this source tree, with the ports, and the folder, that the environment asks for.

    Raises:
        DemoError: a port is no port.
    """
    root = home().parent
    ports = {name: _port(name, usual) for name, usual in _PORTS.items()}
    return Places(root, ports, Path(os.environ.get("SYNC_RUN") or root / ".run").absolute())


def _port(variable: str, usual: int) -> int:
    text = os.environ.get(variable) or str(usual)
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise DemoError(f"{variable}={text} is not a port: choose a number from 1024 to 65535.")
    return int(text)
