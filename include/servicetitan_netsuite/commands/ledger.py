"""The ledger itself: bring it up to date, or say what is in it."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy.engine import make_url

from servicetitan_netsuite.commands.base import Exit, say, say_json
from servicetitan_netsuite.connections import ledger_url
from servicetitan_netsuite.ledger import migrations, totals
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
        if found != wanted:
            say("Run `servicetitan-netsuite ledger migrate`.")
    return Exit.FINE if found == wanted else Exit.WRONG


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
