"""What each page shows, gathered from the ledger for its template."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from servicetitan_netsuite import tenants
from servicetitan_netsuite.dashboard import overview
from servicetitan_netsuite.dashboard.problems import FIRST, problem_rows
from servicetitan_netsuite.dashboard.summary import ProblemPart, read_summary
from servicetitan_netsuite.documents import Json, to_cents, to_money
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import master_data, pages, totals
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.pages import DocumentFilter, RunPage

MASTER_DATA = "netsuite_master_data_"


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One line of a document's effect on the general ledger, in cents."""

    account: str
    name: str
    debit: int | None
    credit: int | None
    details: str


def is_master_data(dag_id: str) -> bool:
    """Whether the Dag takes vendors and accounts to ServiceTitan, not documents to NetSuite."""
    return dag_id.startswith(MASTER_DATA)


def master_view(ledger: Ledger, page: RunPage) -> Json:
    """Everything on the page of a run that took vendors and accounts to ServiceTitan."""
    steps = pages.steps(ledger, page).values()
    return {
        **heading(page),
        "status": status_of(page),
        "counts": master_data.counts(ledger, page.id),
        "records": master_data.results(ledger, page.id),
        "messages": [step.message for step in steps if step.message and step.state != "done"],
    }


def tenant_of(dag_id: str) -> str | None:
    """The name of the tenant that the Dag syncs, None when no tenant file has such a Dag."""
    for path in tenants.tenant_files():
        if dag_id in (f"netsuite_sync_{path.stem}", f"{MASTER_DATA}{path.stem}"):
            try:
                return tenants.read_tenant_file(path).name
            except ConfigurationError:
                return path.stem.upper()
    return None


def run_view(ledger: Ledger, page: RunPage, wanted: DocumentFilter, number: int) -> Json:
    """Everything on a run's page; `number` is the page of its documents, from 1."""
    tally = pages.tally(ledger, page)
    made = overview.tiles(page, tally)
    steps = overview.step_rows(page, pages.steps(ledger, page))
    matching = pages.count_documents(ledger, page, wanted)
    last = max(1, -(-matching.documents // pages.PER_PAGE))
    number = min(max(1, number), last)
    return {
        **heading(page),
        "status": status_of(page),
        "headline": overview.headline(page, made, steps),
        "tiles": made,
        "segments": overview.segments(made),
        "steps": steps,
        "included": overview.included(page, tally),
        "states": sorted({line.state for line in tally}),
        "problems": problem_rows(_problems(ledger, page)),
        "first_problems": FIRST,
        "documents": pages.documents(ledger, page, wanted, number),
        "matching": matching,
        "wanted": wanted,
        "number": number,
        "last": last,
        "first_row": (number - 1) * pages.PER_PAGE + 1,
        "generations": pages.generations(ledger, page),
        "unreadable_summary": page.summary is not None and read_summary(page.summary) is None,
    }


def _problems(ledger: Ledger, page: RunPage) -> Sequence[ProblemPart]:
    """As the summary has them, or what is known while there is none."""
    summary = read_summary(page.summary)
    if summary is not None:
        return summary.problems
    return [ProblemPart(**told) for told in totals.problems(ledger, page, whole=False)]


def heading(page: RunPage) -> Json:
    """Whose run a page is about, and its summary when there is one."""
    summary = read_summary(page.summary)
    name = summary.tenant.name if summary else ""
    return {
        "page": page,
        "summary": summary,
        "tenant": name or tenant_of(page.dag_id) or page.dag_id,
    }


def status_of(page: RunPage) -> str:
    """The overall status; a run without one is still at work."""
    return page.status or "running"


def document_view(ledger: Ledger, page: RunPage, row: Row[Any]) -> Json:
    """Everything on a document's page."""
    known = row.document_id is not None
    return {
        **heading(page),
        "document": row,
        "problems": pages.document_problems(ledger, page, row),
        "parents": pages.parents(ledger, page, row),
        "children": pages.children(ledger, page, row),
        "effect": effect_lines(row.gl, pages.account_names(ledger, page)),
        "events": pages.document_events(ledger, row.document_id) if known else [],
        "attempts": pages.attempts(ledger, row.document_id) if known else [],
    }


def effect_lines(text: str | None, names: dict[str, str]) -> list[EffectLine]:
    """The effect on the general ledger from its JSON; nothing when it cannot be read."""
    try:
        found = json.loads(text) if text else []
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [_effect_line(item, names) for item in found if isinstance(item, dict)]


def _effect_line(item: Json, names: dict[str, str]) -> EffectLine:
    account = str(item.get("account") or "")
    shown = ("account", "account_name", "debit", "credit")
    more = [f"{key.strip('_')} {item[key]}" for key in item if key not in shown and item[key]]
    return EffectLine(
        account=account,
        name=str(item.get("account_name") or names.get(account, "")),
        debit=cents(item.get("debit")),
        credit=cents(item.get("credit")),
        details=", ".join(more),
    )


def cents(value: object) -> int | None:
    """Money as integer cents; None for nothing, zero and what is no money."""
    try:
        amount = to_money(value)
    except ValueError:
        return None
    return int(to_cents(amount) * 100) or None


def searched_amount(text: str) -> int | None:
    """The cents that a search text names, such as 1,234.5; None when it names no amount."""
    try:
        amount: Decimal = to_money(text.replace(",", ""))
    except ValueError:
        return None
    wanted = amount * 100
    return int(wanted) if wanted == wanted.to_integral_value() and abs(wanted) < 10**15 else None
