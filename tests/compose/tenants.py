"""Tenant files for as many tenants as the stand-ins serve: `tenants.py FOLDER NUMBER`."""

from __future__ import annotations

import sys
from pathlib import Path

SEEDED = Path(__file__).resolve().parents[2] / "include" / "tenants"
KINDS = {"alb": "1001", "den": "1004", "boi": "1003", "aus": "1002"}
"""The seeded tenants. The first three hold both accounts, journal entries and documents."""


def write(folder: Path, number: int) -> None:
    """The seeded tenants' files, then more of the kind of ALB and of BOI, as the seed has them."""
    folder.mkdir(mode=0o755)
    for name in list(KINDS)[:number]:
        save(folder / f"{name}.yaml", (SEEDED / f"{name}.yaml").read_text())
    for i in range(1, number - len(KINDS) + 1):
        kind, key = ("alb", "boi")[i % 2], f"t{i:02d}"
        text = (SEEDED / f"{kind}.yaml").read_text()
        text = text.replace(f"tenant_id: {KINDS[kind]}", f"tenant_id: {1100 + i}")
        text = text.replace(f"short_name: {kind.upper()}", f"short_name: {key.upper()}")
        text = text.replace(f"servicetitan_{kind}", f"servicetitan_{key}")
        save(folder / f"{key}.yaml", text)


def save(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
