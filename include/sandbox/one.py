"""One stand-in in this process: what `sandbox.serve` starts."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from sandbox.serve import SERVICETITAN, Info
from sandbox.server import run
from sandbox.servicetitan import credentials
from sandbox.servicetitan.app import create_app


def _servicetitan(state_dir: Path, seed: int, size: str) -> tuple[web.Application, Info]:
    known = credentials.kept(state_dir / "servicetitan.json")
    app = create_app(state_dir / "servicetitan.db", known, seed, size)
    return app, {"app_key": known.app_key, "tenants": [asdict(one) for one in known.clients]}


def _end_with_parent() -> None:
    """The parent holds the other end of standard input; when it is gone, end too."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def serve_one(name: str, port: int, state_dir: Path, seed: int, size: str) -> None:
    """Serve until SIGTERM; one line of JSON on standard output says that it listens.

    Raises:
        OSError: the port is taken.
        ValueError: `size` is not one the seed knows.
    """
    os.umask(0o077)
    app, info = _servicetitan(state_dir, seed, size)

    def ready(urls: list[str]) -> None:
        url = {"url": urls[0], "auth_url": urls[0]} if name == SERVICETITAN else {"url": urls[0]}
        print(json.dumps(url | info), flush=True)

    threading.Thread(target=_end_with_parent, daemon=True).start()
    run([(app, port)], ready)
