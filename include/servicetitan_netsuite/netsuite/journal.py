"""The body of a journal entry for `POST /record/v1/journalEntry`."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json, to_money
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.amounts import by_account, number
from servicetitan_netsuite.netsuite.transaction import dated, filled, header, segments
from servicetitan_netsuite.plans.journal import JournalPlan, PlannedLine

PATH = "record/v1/journalEntry"


def body(plan: JournalPlan) -> Json:
    """What is sent to create `plan`; fields without a value are left out.

    An entity that is still to be created stands as `{"externalId": ...}` until it is resolved.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {
        **header(plan),
        **dated(plan),
        **filled(memo=plan.memo),
        "line": {"items": [_line(line) for line in plan.lines]},
    }


def gl_effect(body: Json) -> list[Json]:
    """Debit and credit by account, for display, in the order the accounts first appear.

    Rows are `{"account": internal id, "debit": text, "credit": text}` with two decimals.
    """
    return by_account(
        (line["account"]["id"], to_money(line.get("debit", 0)), to_money(line.get("credit", 0)))
        for line in body["line"]["items"]
    )


def _line(line: PlannedLine) -> Json:
    return {
        "account": {"id": line.account},
        "debit" if line.amount >= 0 else "credit": number(abs(line.amount)),
        **filled(memo=line.memo, entity=references.to(line.entity) if line.entity else None),
        **segments(line),
    }
