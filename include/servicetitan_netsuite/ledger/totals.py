"""What a run adds up to: counted and grouped by the database, so that memory stays flat."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from servicetitan_netsuite.documents import ENTITIES, Json
from servicetitan_netsuite.ledger.engine import Ledger, Rows, moment
from servicetitan_netsuite.ledger.runs import Run

RESULTS = (
    "posted",
    "confirmed",
    "ready",
    "blocked",
    "skipped",
    "withdrawn",
    "rejected",
    "uncertain",
    "conflict",
    "unreadable",
    "held",
)
"""Where a document stands after a run, in the order in which a summary shows it."""

AGES = ("week", "month", "two_months", "older", "no_date")
"""How long ago what is open is dated: up to 7, 30 or 60 days, longer, or it has no date."""
_AGE_DAYS = {"week": 7, "month": 30, "two_months": 60}

_CHUNK = 1000
_MOST_PROBLEMS = 500
_EXAMPLES = 5
_MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class Posted:
    """A document that NetSuite holds: `canonical` is what was sent and is known to be there."""

    external_id: str
    number: str
    canonical: Json


class OfRun(Protocol):
    """A generation of a run."""

    @property
    def id(self) -> int:
        """The ledger's number of it."""

    @property
    def tenant_id(self) -> str:
        """ServiceTitan's id of its tenant."""


def types(ledger: Ledger, run_id: int) -> list[Json]:
    """Counts and amounts of a run's documents by type and by where they stand.

    Further records of a document (`part`: cogs, deposit, application) are counted apart. `queued`
    is all that was listed as pending in ServiceTitan: everything but what was withdrawn.
    """
    found: dict[tuple[str, str], Json] = {}
    for row in ledger.rows("totals/count_results", run_id=run_id):
        cents = int(row.cents)
        empty = {name: [0, 0] for name in ("queued", *RESULTS)}
        tally = found.setdefault((row.document_type, row.part), empty)
        shown = (row.result, *(() if row.result == "withdrawn" else ("queued",)))
        for name in shown:
            if name in tally:
                tally[name] = [tally[name][0] + int(row.n), tally[name][1] + cents]
    return [
        {
            "type": name,
            "part": part,
            "counts": {key: _counted(*pair) for key, pair in tally.items()},
        }
        for (name, part), tally in found.items()
    ]


def cost_not_posted(ledger: Ledger, run_id: int) -> Json:
    """Count and amount of the cost of sales that this run left out as the tenant wants it."""
    row = ledger.rows("totals/sum_cost_not_posted", run_id=run_id)[0]
    return _counted(int(row.n), int(row.cents))


def left_undone(ledger: Ledger, run_id: int) -> int:
    """How many documents of a run were seen or found ready and are still waiting to be sent."""
    rows = ledger.rows("totals/count_results", run_id=run_id)
    return sum(int(row.n) for row in rows if row.result in ("seen", "ready"))


def standing(ledger: Ledger, tenant_id: str) -> int:
    """How many of a tenant's documents somebody must still settle, whichever run met them."""
    return int(ledger.rows("totals/count_standing", tenant_id=tenant_id)[0].n)


def problems(ledger: Ledger, run: OfRun, *, whole: bool) -> list[Json]:
    """Why documents stand still: one entry per cause and missing thing, the gravest first.

    Each has `documents` and their `amount`, and beside them as `waiting` how many others wait for
    those. `whole` adds what stands still since earlier runs and this one did not look at (`here` is
    false). More than 500 entries are cut, and the last one says so.
    """
    rows = ledger.rows(
        "totals/read_problems",
        run_id=run.id,
        tenant_id=run.tenant_id,
        whole=int(whole),
        examples=_EXAMPLES,
        limit=(_MOST_PROBLEMS + 1) * _EXAMPLES,
    )
    found: dict[tuple[str, str], Json] = {}
    for row in rows:
        entry = found.setdefault((row.cause, row.group_key), _problem(row))
        entry["examples"].append(row.number)
    listed = list(found.values())
    return [*listed[:_MOST_PROBLEMS], _MORE] if len(listed) > _MOST_PROBLEMS else listed


def would_create(ledger: Ledger, run: Run) -> Json:
    """Customers, items and mappings a dry run would have made or filled in; at most 1,000 each.

    A customer's name is followed by NetSuite's of equal name, phone or e-mail, if there are any.
    """
    if not run.dry_run:
        return {"customers": [], "items": [], "mappings": []}
    limit = _MOST_NAMES
    customers = ledger.rows("totals/read_would_customers", run_id=run.id, limit=limit)
    items = ledger.rows("totals/read_would_items", run_id=run.id, limit=limit)
    mappings = ledger.rows("totals/read_would", run_id=run.id, limit=limit)
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for row in ledger.rows("totals/read_candidates", run_id=run.id, limit=limit):
        alike[row.source_name].append(f"{row.target_name} ({row.target})")
    return {
        "customers": [_with_candidates(row.name, alike[row.name]) for row in customers],
        "items": [row.name for row in items],
        "mappings": [dict(row._mapping) for row in mappings],
    }


def _with_candidates(name: str, alike: Sequence[str]) -> str:
    return f"{name}; NetSuite has {', '.join(alike)}" if alike else name


def filled_mappings(ledger: Ledger, run: Run) -> list[Json]:
    """Mappings that this run filled in by itself, for a person to look over; at most 1,000."""
    rows = ledger.rows(
        "totals/read_filled",
        tenant_id=run.tenant_id,
        person=f"first fill, run {run.id}",
        limit=_MOST_NAMES,
    )
    wanted = ("kind", "source_key", "source_name", "target", "target_name")
    values = [json.loads(row.new_value) for row in rows if row.new_value]
    return [{name: value.get(name) for name in wanted} for value in values]


def roll_forward(ledger: Ledger, run: Run) -> Json:
    """How the queue moved: opening + new - posted - withdrawn - skipped = closing.

    Open is what NetSuite does not certainly hold and ServiceTitan still waits for; customers are
    left out. `oldest_days` is how long the oldest open document has been known; `ages` is the
    closing queue by how long ago its documents are dated, in the order of AGES.
    """
    rows = ledger.rows("totals/sum_roll_forward", run_id=run.id, tenant_id=run.tenant_id)
    sums = {row.place: _counted(int(row.n), int(row.cents)) for row in rows}
    places = ("opening", "new", "posted", "withdrawn", "skipped", "closing")
    oldest = ledger.rows("totals/read_oldest_open", tenant_id=run.tenant_id)[0].first_seen_at
    days = (datetime.now(UTC) - moment(oldest)).days if oldest else 0
    return {
        **{name: sums.get(name, _counted(0, 0)) for name in places},
        "oldest_days": days,
        "ages": _ages(ledger, run.tenant_id),
    }


def _ages(ledger: Ledger, tenant_id: str) -> list[Json]:
    today = datetime.now(UTC).date()
    since = {name: (today - timedelta(days=days)).isoformat() for name, days in _AGE_DAYS.items()}
    rows = ledger.rows("totals/sum_ages", tenant_id=tenant_id, **since)
    sums = {row.age: _counted(int(row.n), int(row.cents)) for row in rows}
    return [{"age": age, **sums[age]} for age in AGES if age in sums]


def posted_in_run(ledger: Ledger, run_id: int) -> Iterator[list[Posted]]:
    """What a run posted or confirmed, in chunks of at most 1,000."""
    return _chunks(ledger, "totals/read_posted_in_run", run_id=run_id)


def would_post(ledger: Ledger, run_id: int) -> Iterator[list[Posted]]:
    """What a dry run would post, as it would be sent, in chunks of at most 1,000."""
    after = {"type": "", "source_id": "", "part": ""}
    while rows := ledger.rows("totals/read_would_post", run_id=run_id, limit=_CHUNK, **after):
        yield [Posted(row.external_id, row.number, json.loads(row.canonical)) for row in rows]
        last = rows[-1]
        after = {"type": last.document_type, "source_id": last.source_id, "part": last.part}


def posted_in_period(ledger: Ledger, tenant_id: str, period: str) -> Iterator[list[Posted]]:
    """All of a tenant's documents that went into a posting period (NetSuite's id), in chunks."""
    query = "totals/read_posted_in_period"
    return _chunks(ledger, query, tenant_id=tenant_id, period=period)


def newest_generation(ledger: Ledger, dag_id: str, run_id: str) -> Any | None:
    """The row of a run's newest generation, ended or not; None when it was never opened."""
    rows = ledger.rows("totals/read_run", dag_id=dag_id, run_id=run_id)
    return rows[0] if rows else None


def latest_run(ledger: Ledger, tenant_id: str) -> Any | None:
    """The row of a tenant's newest run, whoever started it; None when there was none."""
    rows = ledger.rows("totals/read_latest_run", tenant_id=tenant_id)
    return rows[0] if rows else None


def steps(ledger: Ledger, run_id: int) -> list[Json]:
    """How far each step of a run is."""
    return [dict(row._mapping) for row in ledger.rows("totals/read_steps", run_id=run_id)]


def stuck(ledger: Ledger, tenant_id: str) -> Iterator[Rows]:
    """A tenant's documents that somebody must settle, as they stand now, in chunks."""
    after = 0
    while rows := ledger.rows("totals/read_stuck", tenant_id=tenant_id, after=after, limit=_CHUNK):
        yield rows
        after = rows[-1].id


def unreadable(ledger: Ledger, tenant_id: str) -> Rows:
    """What the tenant's newest run could not read in ServiceTitan; at most 1,000."""
    return ledger.rows("totals/read_unreadable", tenant_id=tenant_id, limit=_MOST_NAMES)


def states(ledger: Ledger) -> Rows:
    """How many documents are in each state: rows of tenant_id, state and n."""
    return ledger.rows("totals/count_states")


_MORE: Json = {
    "cause": "more",
    "key": "",
    "key_name": "",
    "sentence": f"There are more than {_MOST_PROBLEMS} causes; these hold up the most documents.",
    "advice": "Settle these first; `servicetitan-netsuite errors` lists every document.",
    "documents": 0,
    "waiting": 0,
    "here": False,
    "amount": "0.00",
    "examples": [],
}


def _chunks(ledger: Ledger, query: str, **params: Any) -> Iterator[list[Posted]]:
    after = 0
    while rows := ledger.rows(query, after=after, limit=_CHUNK, **params):
        yield [
            Posted(row.external_id, row.number, json.loads(row.posted_canonical))
            for row in rows
            if row.posted_canonical and row.document_type not in ENTITIES
        ]
        after = rows[-1].id


def _problem(row: Any) -> Json:
    return {
        "cause": row.cause,
        "key": row.problem_key,
        "key_name": row.key_name,
        "sentence": row.sentence,
        "advice": row.advice,
        "documents": int(row.documents),
        "waiting": int(row.waiting),
        "here": bool(row.here),
        "amount": _money(int(row.cents)),
        "examples": [],
    }


def _counted(number: int, cents: int) -> Json:
    return {"count": number, "amount": _money(cents)}


def _money(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"
