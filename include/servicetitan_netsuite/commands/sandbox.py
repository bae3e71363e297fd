"""The stand-in servers, and the connections by which the sync reaches them."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from servicetitan_netsuite.commands.base import Exit, say, say_json
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.orchestration.sandbox_connections import connections_of


def serve(arguments: Sequence[str]) -> NoReturn:
    """Become `python -m sandbox serve`, with its own options."""
    sys.stdout.flush()
    os.execv(  # noqa: S606 - no shell, and our own interpreter
        sys.executable, [sys.executable, "-m", "sandbox", "serve", *arguments]
    )


def env(info_file: Path, *, as_json: bool) -> int:
    """Print what a shell needs to sync against running stand-ins: `eval "$(... sandbox env)"`.

    The lines hold the stand-ins' own made-up secrets, never a real one.
    """
    found = {
        f"AIRFLOW_CONN_{fields['conn_id'].upper()}": json.dumps(_without_id(fields))
        for fields in connections_of(_read(info_file))
    }
    if as_json:
        say_json(found)
    else:
        for name, value in found.items():
            say(f"export {name}={shlex.quote(value)}")
    return Exit.FINE


def _without_id(fields: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name != "conn_id"}
    return {**kept, "extra": json.loads(kept["extra"])}


def _read(info_file: Path) -> Any:
    try:
        return json.loads(info_file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{info_file} cannot be read ({error.strerror}): start the stand-ins with "
            "`servicetitan-netsuite sandbox`, or name their file with --info-file."
        ) from error
    except ValueError as error:
        raise ConfigurationError(f"{info_file} is not what the stand-ins write.") from error
