"""The ledger itself: bring it up to date, or say what is in it."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy.engine import make_url

from servicetitan_netsuite.commands.base import Exit, say, say_json
from servicetitan_netsuite.connections import LEDGER_ID, ledger_url
from servicetitan_netsuite.ledger import migrations, moving, totals
from servicetitan_netsuite.ledger.engine import Ledger


def migrate(*, as_json: bool) -> int:
    """Bring the ledger to this code's revision, making it when there is none."""
    url = ledger_url()
    revision = migrations.migrate(url)
    if as_json:
        say_json({"ledger": _shown(url), "revision": revision})
    else:
        say(f"The ledger at {_shown(url)} is at revision {revision}.")
    return Exit.FINE


def move(source: str, target: str, *, as_json: bool) -> int:
    """Move the ledger at url `source` into the empty database at `target`."""
    counts = moving.move(source, target, _moved if not as_json else _silent)
    if as_json:
        say_json({"from": _shown(source), "to": _shown(target), "rows": counts})
    else:
        say(f"{sum(counts.values()):,} rows moved and compared; {_shown(source)} is retired.")
        say(f"Now make connection {LEDGER_ID} name {_shown(target)}.")
    return Exit.FINE


def _moved(table: str, rows: int) -> None:
    say(f"{table:<16} {rows:>12,}")


def _silent(table: str, rows: int) -> None:
    pass


def status(*, as_json: bool) -> int:
    """Where the ledger is, its revision, and how many documents stand where."""
    url = ledger_url()
    found, wanted = migrations.current(url), migrations.head()
    counts: dict[str, dict[str, int]] = {}
    if found == wanted:
        with Ledger(url) as ledger:
            for tenant_id, rows in groupby(totals.states(ledger), lambda row: row.tenant_id):
                counts[tenant_id] = {row.state: int(row.n) for row in rows}
    if as_json:
        say_json({"ledger": _shown(url), "revision": found, "needed": wanted, "documents": counts})
    else:
        say(f"Ledger   {_shown(url)}")
        say(f"Revision {found or 'none'}{'' if found == wanted else f', this code needs {wanted}'}")
        for tenant_id, states in counts.items():
            told = ", ".join(f"{number:,} {state}" for state, number in states.items())
            say(f"Tenant {tenant_id}: {told}")
        if wrong := migrations.advice(found):
            say(wrong)
    return Exit.FINE if found == wanted else Exit.WRONG


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
