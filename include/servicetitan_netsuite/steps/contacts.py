"""Contacts of companies that this sync created, where the tenant wants them.

No document needs one: whatever goes wrong is noted, and nothing waits for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from servicetitan_netsuite.documents import MappingRow, external_id
from servicetitan_netsuite.errors import LeaseLost, SyncError, TransientError
from servicetitan_netsuite.ledger import mappings
from servicetitan_netsuite.netsuite import contact
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.outcome import OutcomeKind, outcome
from servicetitan_netsuite.steps.work import Work

KIND = "contact"
MOST = 1000
_COMPANY = '%"isPerson":false%'
"""Bodies are kept as canonical JSON, without spaces."""

log = logging.getLogger(__name__)


async def make_contacts(work: Work, netsuite: NetSuite) -> None:
    """Make the contacts that are missing, some a run; never raises for want of one."""
    if not work.context.tenant.sync.customers.contact:
        return
    rows = await asyncio.to_thread(
        work.ledger.rows,
        "documents/read_without_contact",
        tenant_id=work.tenant_id,
        company=_COMPANY,
        limit=MOST,
    )
    names = {external_id(work.tenant_id, KIND, row.source_id): row for row in rows}
    try:
        # One whose answer was lost is there already.
        held = await contact.contacts(netsuite, list(names)) if names else {}
        for name, row in names.items():
            await _make(work, netsuite, name, row, held.get(name))
    except LeaseLost:
        raise
    except SyncError as error:
        log.warning("Contacts of companies are not made now; the next run tries again: %s", error)


async def _make(work: Work, netsuite: NetSuite, name: str, row: Any, held: str | None) -> None:
    """Make one, unless it is there already.

    Raises:
        TransientError: NetSuite did not answer, or lets this role make none; the others wait too.
    """
    said = ""
    if held is None:
        body = contact.body(name, row.netsuite_id, json.loads(row.body))
        meaning = outcome(await netsuite.send("POST", contact.PATH, body=body))
        if meaning.kind not in (OutcomeKind.POSTED, OutcomeKind.REJECTED, OutcomeKind.EXISTS):
            raise TransientError(f"{name}: {meaning.detail}")
        held = meaning.netsuite_id
        said = "" if meaning.kind is OutcomeKind.POSTED else meaning.detail
    if said:
        log.warning("NetSuite refused contact %s: %s", name, said)
    told = f"refused by NetSuite: {said}" if said else row.number
    kept = MappingRow(KIND, row.source_id, row.number, held, told)
    await work.writer.done(
        lambda c: mappings.put(c, work.tenant_id, [kept], f"contact, run {work.run.id}")
    )
