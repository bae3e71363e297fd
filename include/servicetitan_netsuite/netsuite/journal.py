"""The body of a journal entry for `POST /record/v1/journalEntry`.

Money travels as JSON numbers, which is what NetSuite's schema names. A number is written with the
shortest digits that name it, so up to ten trillion every amount of whole cents is exact in the
text on the wire, in the ledger, and after reading either again; beyond that a body is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from servicetitan_netsuite.documents import CENT, JournalPlan, Json, PlannedLine, to_money

PATH = "record/v1/journalEntry"
OURS = "st-"
"""How every external id of ours begins; NetSuite's internal ids are digits."""


def body(plan: JournalPlan) -> Json:
    """What is sent to create `plan`; fields without a value are left out.

    An entity that is still to be created stands as `{"externalId": ...}` until `resolve`.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    made: Json = {"externalId": plan.external_id}
    if plan.tran_id:
        made["tranId"] = plan.tran_id
    if plan.subsidiary:
        made["subsidiary"] = {"id": plan.subsidiary}
    if plan.currency:
        made["currency"] = {"id": plan.currency}
    made["tranDate"] = plan.date.isoformat()
    made["postingPeriod"] = {"id": plan.period}
    if plan.memo:
        made["memo"] = plan.memo
    made["line"] = {"items": [_line(line) for line in plan.lines]}
    return made


def resolve(body: Json, links: Mapping[str, str]) -> Json:
    """A copy of `body` in which every entity named by external id is named by internal id.

    Raises:
        KeyError: an external id that `links` (external id to internal id) does not hold.
    """
    items = [_resolved(line, links) for line in body["line"]["items"]]
    return {**body, "line": {**body["line"], "items": items}}


def waits_for(body: Json) -> tuple[str, ...]:
    """External ids of the entities that must exist before `body` can be sent."""
    named = (line.get("entity") or {} for line in body["line"]["items"])
    return tuple(dict.fromkeys(e["externalId"] for e in named if "externalId" in e))


def gl_effect(body: Json) -> list[Json]:
    """Debit and credit by account, for display, in the order the accounts first appear.

    Rows are `{"account": internal id, "debit": text, "credit": text}` with two decimals.
    """
    sums: dict[str, list[Decimal]] = {}
    for line in body["line"]["items"]:
        pair = sums.setdefault(line["account"]["id"], [Decimal(0), Decimal(0)])
        pair[0] += to_money(line.get("debit", 0))
        pair[1] += to_money(line.get("credit", 0))
    return [
        {"account": account, "debit": f"{debit:.2f}", "credit": f"{credit:.2f}"}
        for account, (debit, credit) in sums.items()
    ]


def _line(line: PlannedLine) -> Json:
    made: Json = {"account": {"id": line.account}}
    made["debit" if line.amount >= 0 else "credit"] = _number(abs(line.amount))
    if line.memo:
        made["memo"] = line.memo
    if line.entity:
        made["entity"] = {"externalId" if line.entity.startswith(OURS) else "id": line.entity}
    dimensions = {"department": line.department, "class": line.class_, "location": line.location}
    made.update({name: {"id": value} for name, value in dimensions.items() if value})
    return made


def _number(amount: Decimal) -> float:
    if amount != amount.quantize(CENT):
        raise ValueError(f"{amount} is not a whole number of cents")
    number = float(amount)
    if Decimal(repr(number)) != amount:
        raise ValueError(f"{amount} is too large to be sent exactly")
    return number


def _resolved(line: Json, links: Mapping[str, str]) -> Json:
    entity = line.get("entity")
    if not entity or "externalId" not in entity:
        return line
    return {**line, "entity": {"id": links[entity["externalId"]]}}
