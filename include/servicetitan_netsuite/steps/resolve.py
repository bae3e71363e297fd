"""Settle one conflict as a person decided, after a look at what NetSuite holds now."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from typing import Any

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.documents import (
    ENTITIES,
    UPDATABLE,
    DocumentType,
    Json,
    State,
)
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import actions, profiles, sending
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite import credit_application, lookup, update
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.lookup import Held
from servicetitan_netsuite.netsuite.suiteql import first
from servicetitan_netsuite.steps.posting.desk import look_up_of
from servicetitan_netsuite.tenants import Tenant

_PERIOD = (
    "SELECT p.periodname AS name, p.closed AS closed, p.alllocked AS alllocked "
    "FROM accountingperiod p WHERE p.id = ? ORDER BY p.id"
)


class Decision(StrEnum):
    """What a person may decide about a conflict."""

    ACCEPT = "accept"
    """NetSuite's record is right as it is."""
    UPDATE = "update"
    """ServiceTitan is right: the next run changes NetSuite's record, in an open period."""
    AGAIN = "again"
    """The record is deleted or void: the next run posts a new one."""


def resolve(
    ledger: Ledger,
    tenant: Tenant,
    netsuite: ConnectionFields,
    name: str,
    decision: Decision,
    person: str,
    reason: str,
) -> str:
    """Apply `decision` to the document called `name`; a sentence that says what happens now.

    Raises:
        ConfigurationError: no such document, it is not in conflict, or NetSuite holds something
            that does not fit the decision; then nothing was changed.
        TransientError: NetSuite is away.
    """
    if not reason.strip():
        raise ConfigurationError("Say why with --reason: it is kept with your name.")
    row = _conflict(ledger, tenant, name)
    if row.part and (row.path is None or update.changes(row.path)):
        return _settle_application(ledger, netsuite, row, decision, person, reason)
    if decision == Decision.UPDATE and (row.part or row.document_type not in UPDATABLE):
        again = "" if row.document_type in ENTITIES else ", or delete it there and post it --again"
        raise ConfigurationError(
            "Only journal entries and purchase orders are changed in NetSuite by the sync: correct "
            f"{row.number} there by hand, then --accept it{again}. Nothing was changed."
        )
    record, gone = asyncio.run(_look(ledger, netsuite, row, decision))
    if decision == Decision.AGAIN:
        if not gone:
            raise ConfigurationError(
                f"NetSuite still holds {row.number} ({row.external_id}): delete or void it there "
                "first, or --accept it. Nothing was changed."
            )
        renewed = actions.again(ledger, row, person, reason)
        return f"{row.number} is posted again by the next run, as {renewed}."
    if record is None:
        raise ConfigurationError(
            f"NetSuite shows no record of {row.number} ({row.external_id}): there is nothing to "
            f"{decision}. Post it --again, or let the role see it. Nothing was changed."
        )
    if decision == Decision.ACCEPT:
        actions.accept(ledger, row, record.netsuite_id, record.canonical, person, reason)
        return f"{row.number} counts as posted, as NetSuite record {record.netsuite_id} has it."
    actions.update(ledger, row, record.netsuite_id, record.canonical, person, reason)
    return f"NetSuite record {record.netsuite_id} of {row.number} is changed by the next run."


def _settle_application(
    ledger: Ledger,
    netsuite: ConnectionFields,
    row: Any,
    decision: Decision,
    person: str,
    reason: str,
) -> str:
    """Accept what a credit is applied to: a change of the credit, and no record of its own."""
    with ledger.reading() as connection:
        attempts = sending.attempts_of(connection, row.id)
    if decision != Decision.ACCEPT or not (attempts and row.path):
        then = "--accept it" if attempts else "reset it, so that it is compared again"
        raise ConfigurationError(
            f"{row.number} ({row.external_id}) is no record of its own, but what a credit is "
            "applied to: apply the credit in NetSuite by hand as it should be, then "
            f"{then}. Nothing was changed."
        )
    netsuite_id = update.record_id(row.path)
    record = asyncio.run(_shown(netsuite, row.path, netsuite_id))
    if record is None:
        raise ConfigurationError(
            f"NetSuite does not show the credit {netsuite_id} that {row.number} is applied from: "
            "let the role see it. Nothing was changed."
        )
    held = credit_application.held(json.loads(attempts[0].canonical), record)
    actions.accept(ledger, row, netsuite_id, held, person, reason)
    return f"{row.number} counts as applied, as NetSuite's credit {netsuite_id} has it."


async def _shown(netsuite: ConnectionFields, path: str, netsuite_id: str) -> Json | None:
    async with NetSuite(credentials(netsuite), times(netsuite)) as client:
        return await lookup.by_id(client, path, netsuite_id)


def _conflict(ledger: Ledger, tenant: Tenant, name: str) -> Any:
    rows = actions.find(ledger, tenant.servicetitan.tenant_id, [name])
    if len(rows) > 1:
        ids = ", ".join(row.external_id for row in rows)
        raise ConfigurationError(f"Several documents are called {name}: name one of {ids}.")
    if rows[0].state != State.CONFLICT:
        raise ConfigurationError(
            f"{rows[0].number} is {rows[0].state}, and only a conflict can be resolved. "
            "Nothing was changed."
        )
    return rows[0]


async def _look(
    ledger: Ledger, netsuite: ConnectionFields, row: Any, decision: Decision
) -> tuple[Held | None, bool]:
    """What NetSuite holds under the document's external id, and whether it surely is gone."""
    async with NetSuite(credentials(netsuite), times(netsuite)) as client:
        profile = profiles.read(ledger, netsuite.id) or await account.discover(client)
        search = look_up_of(DocumentType(row.document_type))
        record = (await search(client, profile, [row.external_id])).get(row.external_id)
        if decision == Decision.AGAIN:
            return record, await _gone(client, row, record)
        if decision == Decision.UPDATE and record:
            await _check_period(client, record.canonical)
        return record, False


def _record(row: Any) -> str:
    """What names its NetSuite record: only the path tells what a negative invoice became."""
    return str(row.path or row.document_type)


async def _gone(client: NetSuite, row: Any, record: Held | None) -> bool:
    """Deleted or void, looked for in every way; a role that sees nothing proves nothing."""
    if record is not None:
        shown = await lookup.by_id(client, _record(row), record.netsuite_id)
        return shown is not None and shown.get("void") is True
    if not await lookup.shown(client, _record(row)):
        raise ConfigurationError(
            "The NetSuite role is shown no record of this kind at all, so it cannot tell whether "
            "this one is gone. Grant it the permission to see them."
        )
    if await lookup.by_eid(client, _record(row), row.external_id) is not None:
        return False
    if row.netsuite_id is None:
        return True
    shown = await lookup.by_id(client, _record(row), row.netsuite_id)
    return shown is None or shown.get("void") is True


async def _check_period(client: NetSuite, held: Json) -> None:
    """The period that the record stands in takes changes; an order stands in none.

    What is changed are journals and orders, which locks of receivables or payables do not hold up.
    """
    if not held.get("posting"):
        return
    period = await first(client, _PERIOD, [str(held.get("period") or "")])
    if period is None or "T" in (period.get("closed"), period.get("alllocked")):
        name = period["name"] if period else "its period"
        raise ConfigurationError(
            f"The record cannot be changed: {name} is closed or locked in NetSuite. Open it, or "
            "--accept the record. Nothing was changed."
        )
