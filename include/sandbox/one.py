"""One stand-in in this process: what `sandbox.serve` starts."""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import asdict
from functools import partial
from pathlib import Path

from aiohttp import web

from sandbox.serve import NETSUITE, SERVICETITAN, Info
from sandbox.server import run


def _servicetitan(state_dir: Path, seed: int, size: str) -> tuple[web.Application, Info]:
    from sandbox.servicetitan import credentials
    from sandbox.servicetitan.app import create_app

    known = credentials.kept(state_dir / "servicetitan.json")
    app = create_app(state_dir / "servicetitan.db", known, seed, size)
    return app, {"app_key": known.app_key, "tenants": [asdict(one) for one in known.clients]}


def _netsuite(name: str, state_dir: Path, seed: int, size: str) -> tuple[web.Application, Info]:
    from sandbox.netsuite.app import create_app
    from sandbox.netsuite.credentials import load_or_create
    from sandbox.seed import netsuite_books

    one_world, single = netsuite_books(seed, size)
    books = one_world if name == NETSUITE else single
    known = load_or_create(state_dir, books.account_id)
    return create_app(books, state_dir / f"{name}.db", known), known.shown()


def _end_with_parent() -> None:
    """The parent holds the other end of standard input; when it is gone, end too."""
    # Not sys.stdin, whose lock a waiting thread would still hold at the interpreter's end.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def serve_one(name: str, port: int, state_dir: Path, seed: int, size: str) -> None:
    """Serve until SIGTERM; one line of JSON on standard output says that it listens.

    Raises:
        OSError: the port is taken.
        ValueError: `size` is not one the seed knows.
    """
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    make = _servicetitan if name == SERVICETITAN else partial(_netsuite, name)
    app, info = make(state_dir, seed, size)

    def ready(urls: list[str]) -> None:
        url = {"url": urls[0], "auth_url": urls[0]} if name == SERVICETITAN else {"url": urls[0]}
        print(json.dumps(url | info), flush=True)

    threading.Thread(target=_end_with_parent, daemon=True).start()
    run([(app, port)], ready)
