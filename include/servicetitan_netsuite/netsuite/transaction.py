"""What the bodies of all transactions have in common, by NetSuite's names of the fields."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.amounts import number
from servicetitan_netsuite.plans.transaction import Placed, PostingPlan, TransactionPlan


def filled(**fields: Any) -> Json:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value}


def at(internal_id: str | None) -> Json | None:
    """The reference to a record by its internal id, None where there is none."""
    return {"id": internal_id} if internal_id else None


def header(plan: TransactionPlan, **party: Json) -> Json:
    """Names, who it is about, subsidiary and currency; fields without a value are left out."""
    return {
        "externalId": plan.external_id,
        **filled(tranId=plan.tran_id),
        **party,
        **filled(subsidiary=at(plan.subsidiary), currency=at(plan.currency)),
    }


def dated(plan: PostingPlan) -> Json:
    """Date and posting period."""
    return {"tranDate": plan.date.isoformat(), "postingPeriod": {"id": plan.period}}


def segments(line: Placed) -> Json:
    """Department, class and location, those that there are."""
    places = {"department": line.department, "class": line.class_, "location": line.location}
    return filled(**{name: at(value) for name, value in places.items()})


def no_tax(profile: AccountProfile) -> Json:
    """Tax is a line of ours, so under SuiteTax its details are overridden by none at all."""
    return {"taxDetailsOverride": True, "taxDetails": {"items": []}} if profile.suite_tax else {}


def ticked(applications: Iterable[tuple[str, Decimal]]) -> Json:
    """A sublist with these documents ticked, each with its amount.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    return {
        "items": [
            {"doc": references.to(name), "apply": True, "amount": number(amount)}
            for name, amount in applications
        ]
    }
