"""A run summary as a plain table: for a task's log and for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.steps.summary_counts import Line, by_state, counts

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_MOST_PROBLEMS = 12
_MOST_ROWS = 30
_MOST_NAMES = 12
_MOST_ACCOUNTS = 200
_STATUS = {
    "success": "success: everything is in NetSuite and the books agree",
    "completed_with_errors": "completed with errors: something below needs a person",
    "failed": "failed: a step did not succeed",
    "dry_run": "dry run: nothing was written to either server",
}

_SIDES = (
    "expected_debit",
    "expected_credit",
    "netsuite_debit",
    "netsuite_credit",
    "difference",
)
_AGES = {
    "week": "dated up to 7 days ago",
    "month": "8 to 30 days",
    "two_months": "31 to 60 days",
    "older": "longer",
    "no_date": "without a date",
}


def render(summary: Json) -> str:
    """The summary's text (all keys but `text`), lines without trailing space."""
    lines = [
        *_head(summary),
        *_types(summary),
        *_cost_not_posted(summary["cost_not_posted"]),
        *_problems(summary),
        *_would_create(summary),
        *_roll_forward(summary["roll_forward"]),
        *_tie_out(summary["tie_out"]),
    ]
    return "\n".join(line.rstrip() for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """Columns as wide as they need; the first `left` ones flush left, the others right."""
    shown = [[plain(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in shown
    ]


def plain(text: object) -> str:
    """`text` on one line, nothing in it that a terminal or log would act on."""
    return _CONTROL.sub(" ", str(text))


def _head(summary: Json) -> Iterator[str]:
    tenant, run = summary["tenant"], summary["run"]
    again = f" (generation {run['generation']})" if run["generation"] > 1 else ""
    yield f"{tenant['short_name']} {plain(tenant['name'])}: {_STATUS[summary['status']]}"
    began, ended = run["started_at"][:19], run["ended_at"][:19]
    yield f"Run {plain(run['run_id'])}{again}, {began} to {ended} UTC"
    if summary["failed_steps"]:
        yield f"Did not succeed: {', '.join(summary['failed_steps'])}"


def _types(summary: Json) -> Iterator[str]:
    types = summary["types"]
    if not types:
        batch = summary["run"]["params"].get("batch")
        yield (
            f"No document of batch {plain(batch)} waits to be synced in ServiceTitan."
            if batch
            else "No document was looked at."
        )
        return
    counted = counts(types, dry_run=summary["run"]["dry_run"])
    head = ("", *(cell for name in counted.columns for cell in (name, "amount")))
    own = [*counted.documents, *([counted.total] if len(counted.documents) > 1 else [])]
    rows = [
        *map(_amounts, own),
        *_group("Further records of them", map(_amounts, counted.further)),
        *_group("Customers and items", map(_numbers, counted.entities)),
    ]
    yield ""
    yield from table(head, [(*row, *[""] * (len(head) - len(row))) for row in rows])
    states = [
        f"{number:,} {_word(name, summary)} ({_grouped(f'{money:.2f}')})"
        for name, (number, money) in by_state(types)
    ]
    if states:
        yield f"  In all: {', '.join(states)}"


def _group(title: str, rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    found = list(rows)
    return [(title,), *((f"  {label}", *cells) for label, *cells in found)] if found else []


def _amounts(line: Line) -> tuple[str, ...]:
    """A type's numbers and amounts; nothing where there is none."""
    pairs = ((f"{n:,}", _grouped(f"{money:.2f}")) if n else ("", "") for n, money in line.cells)
    return (line.label, *(cell for pair in pairs for cell in pair))


def _numbers(line: Line) -> tuple[str, ...]:
    """The same of records that have no amount."""
    return (line.label, *(cell for n, _ in line.cells for cell in (f"{n:,}" if n else "", "")))


def _cost_not_posted(left: Json | None) -> Iterator[str]:
    if left is not None:
        yield ""
        yield (
            f"Cost of sales not posted (cost_of_sales: none): {_grouped(left['amount'])} "
            f"of {left['count']:,} invoices"
        )


def _word(name: str, summary: Json) -> str:
    return "would be posted" if name == "ready" and summary["run"]["dry_run"] else name


def _problems(summary: Json) -> Iterator[str]:
    problems = summary["problems"]
    if not problems:
        return
    yield ""
    yield "What needs a person"
    for problem in problems[:_MOST_PROBLEMS]:
        yield f"  {plain(problem['sentence'])}"
        if problem["advice"]:
            yield f"    {plain(problem['advice'])}"
        if problem["documents"] or problem["waiting"]:
            examples = ", ".join(plain(number) for number in problem["examples"])
            yield f"    Holds up {_held_up(problem)}: {examples}"
    more = len(problems) - _MOST_PROBLEMS
    if more > 0:
        short_name = summary["tenant"]["short_name"]
        # What a dry run finds wrong is on its own page alone: it leaves no document behind.
        lists = (
            f"`servicetitan-netsuite latest {short_name} --json` lists them"
            if summary["run"]["dry_run"]
            else f"`servicetitan-netsuite errors {short_name}` lists every document"
        )
        yield f"  and {more} more that hold up less; {lists}"


def _held_up(problem: Json) -> str:
    """How many documents a problem holds up, their money, and how many wait for them."""
    text = f"{_documents(problem['documents'])} ({_grouped(problem['amount'])})"
    waiting = problem["waiting"]
    return f"{text} and {_documents(waiting)} after them" if waiting else text


def _documents(number: int) -> str:
    return "1 document" if number == 1 else f"{number:,} documents"


def _would_create(summary: Json) -> Iterator[str]:
    would, filled = summary["would_create"], summary["filled_mappings"]
    lines = (
        ("Customers that would be created", would["customers"]),
        ("Items that would be created", would["items"]),
        ("Mappings that would be filled in", [_mapped(row) for row in would["mappings"]]),
        ("Mappings filled in by number or exact name", [_mapped(row) for row in filled]),
    )
    for title, names in lines:
        if names:
            yield ""
            yield f"{title} ({len(names)})"
            yield from (f"  {plain(name)}" for name in names[:_MOST_NAMES])
            if len(names) > _MOST_NAMES:
                yield f"  and {len(names) - _MOST_NAMES} more"


def _mapped(row: Json) -> str:
    kind = row["kind"].replace("_", " ")
    return (
        f"{kind} {row['source_name']} -> {row['target_name'] or row['target'] or 'no subsidiary'}"
    )


def _roll_forward(moved: Json) -> Iterator[str]:
    places = ("opening", "new", "posted", "withdrawn", "skipped", "closing")
    if not any(moved[name]["count"] for name in places):
        return
    yield ""
    yield "Queue"
    sign = {"new": "+ ", "posted": "- ", "withdrawn": "- ", "skipped": "- ", "closing": "= "}
    rows = [(sign.get(name, "  ") + name, *_pair(moved[name])) for name in places]
    rows += [(f"    {_AGES[age['age']]}", *_pair(age)) for age in moved["ages"]]
    yield from table(("", "documents", "amount"), rows)
    if moved["closing"]["count"]:
        days = moved["oldest_days"]
        yield f"  The oldest has waited here for {days} {'day' if days == 1 else 'days'}."


def _tie_out(tied: Json) -> Iterator[str]:
    yield ""
    if not tied["checked"]:
        yield f"Tie-out: not checked. {plain(tied['reason'])}"
        yield from _expected(tied)
        return
    yield f"Tie-out: difference {_grouped(tied['difference'])}"
    yield from controls_table(tied["controls"])
    off = [row for row in tied["rows"] if row["difference"] != "0.00"]
    if not off:
        yield from _tied_totals(tied["rows"])
        return
    yield from tie_out_table(off[:_MOST_ROWS])
    if len(off) > _MOST_ROWS:
        yield f"  and {len(off) - _MOST_ROWS} more"


def _expected(tied: Json) -> Iterator[str]:
    """Debits and credits of what was not sent."""
    rows = tied["rows"]
    if not rows:
        return
    yield "What would be posted"
    controls = [(row["control"], _grouped(row["expected"])) for row in tied["controls"]]
    if controls:
        yield from table(("debits less credits", "would be sent"), controls)
    shown = [
        (
            row["period"],
            row["subsidiary"],
            row["account_name"] or row["account"],
            _grouped(row["expected_debit"]),
            _grouped(row["expected_credit"]),
        )
        for row in rows[:_MOST_ACCOUNTS]
    ]
    yield from table(("period", "subsidiary", "account", "debit", "credit"), shown, left=3)
    if len(rows) > _MOST_ACCOUNTS:
        yield f"  and {len(rows) - _MOST_ACCOUNTS} more"


def controls_table(controls: Sequence[Json]) -> list[str]:
    """What is told apart from other accounts: debits less credits, sent and in NetSuite."""
    if not controls:
        return []
    shown = [
        (row["control"], *(_grouped(row[name]) for name in ("expected", "netsuite", "difference")))
        for row in controls
    ]
    return table(("debits less credits", "sent", "NetSuite", "difference"), shown)


def _tied_totals(rows: Sequence[Json]) -> list[str]:
    """Where both books agree, their totals by period and subsidiary say enough."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for row in rows:
        total = sums.setdefault((row["period"], row["subsidiary"]), [Decimal(0), Decimal(0)])
        total[0] += Decimal(row["netsuite_debit"])
        total[1] += Decimal(row["netsuite_credit"])
    shown = [(*place, *(_grouped(f"{amount:.2f}") for amount in sums[place])) for place in sums]
    return table(("period", "subsidiary", "debit", "credit"), shown, left=2)


def tie_out_table(rows: Sequence[Json]) -> list[str]:
    """Rows of a tie-out, expected beside what NetSuite holds."""
    head = ("period", "subsidiary", "account", "sent debit", "credit", "NetSuite debit", "credit")
    shown = [
        (
            row["period"],
            row["subsidiary"],
            row["account_name"] or row["account"],
            *(_grouped(row[name]) for name in _SIDES),
        )
        for row in rows
    ]
    return table((*head, "difference"), shown, left=3)


def _pair(counted: Json) -> tuple[str, str]:
    return f"{counted['count']:,}", f"{_grouped(counted['amount'])}"


def _grouped(amount: str) -> str:
    return f"{Decimal(amount):,.2f}"
