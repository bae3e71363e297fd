"""Which subsidiaries NetSuite's customers trade in, and adding one to a further subsidiary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.suiteql import Row, rows_in

PATH = "record/v1/customerSubsidiaryRelationship"
_CUSTOMERS = (
    "SELECT c.id AS id, c.entityid AS entityid, c.altname AS altname, c.subsidiary AS subsidiary "
    "FROM customer c WHERE c.id IN ({values}) ORDER BY c.id"
)
_FURTHER = (
    "SELECT r.entity AS entity, r.subsidiary AS subsidiary FROM customersubsidiaryrelationship r "
    "WHERE r.entity IN ({values}) ORDER BY r.entity, r.subsidiary"
)


@dataclass(frozen=True, slots=True)
class Trading:
    """A customer and the ids of the subsidiaries it trades in."""

    name: str
    subsidiaries: frozenset[str]


async def trading(client: NetSuite, customers: Sequence[str]) -> dict[str, Trading]:
    """Of these internal ids those that are customers the role sees.

    Raises:
        ReadRefused: the role may not read customers.
        TransientError: NetSuite was not to be had.
    """
    found = await rows_in(client, _CUSTOMERS, customers)
    places: defaultdict[str, set[str]] = defaultdict(set)
    for row in await _further(client, [row["id"] for row in found]):
        places[row["entity"]].add(row["subsidiary"])
    return {
        row["id"]: Trading(
            row.get("altname") or row.get("entityid") or row["id"],
            frozenset(places[row["id"]] | {row["subsidiary"]}),
        )
        for row in found
        if row.get("subsidiary")
    }


async def add(client: NetSuite, customer: str, subsidiary: str) -> str:
    """Add the customer to a subsidiary; empty when it is there now, else NetSuite's words.

    Safe to repeat: there is one relationship of a customer and a subsidiary, and whatever was
    answered, what NetSuite then shows counts.
    """
    body: Json = {"entity": {"id": customer}, "subsidiary": {"id": subsidiary}}
    exchange = await client.send("POST", PATH, body=body)
    held = (await trading(client, [customer])).get(customer)
    if held and subsidiary in held.subsidiaries:
        return ""
    said = [error.sentence for error in exchange.own_errors]
    return "; ".join(said) or exchange.detail or f"NetSuite answered {exchange.status}"


async def _further(client: NetSuite, customers: Sequence[str]) -> list[Row]:
    """Further subsidiaries; none without the feature Multi-Subsidiary Customer."""
    try:
        return await rows_in(client, _FURTHER, customers)
    except ReadRefused:
        return []
