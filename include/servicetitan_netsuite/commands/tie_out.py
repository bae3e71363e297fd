"""Whether both books agree for a posting period, on demand."""

from __future__ import annotations

import asyncio

from servicetitan_netsuite.commands.base import Books, Exit, books, say, say_json, show_table
from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.ledger import mappings, totals
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.control_accounts import roles_of
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.tie_out import for_period, period_id
from servicetitan_netsuite.steps.summary_text import controls_table, tie_out_table


def tie_out(key: str, period: str, *, as_json: bool) -> int:
    """Compare all that a tenant posted into `period` with NetSuite's general ledger."""
    with books(key) as own:
        found = asyncio.run(_compared(own, period))
    result: Json = {"tenant": own.tenant.short_name, "period": period, **found}
    if as_json:
        say_json(result)
    else:
        _show(result)
    return Exit.FINE if result["difference"] == "0.00" and not result["changed"] else Exit.ERRORS


async def _compared(own: Books, period: str) -> Json:
    fields = own.netsuite
    async with NetSuite(credentials(fields), times(fields)) as client:
        profile = own.known_profile() or await account.discover(client)
        posted = totals.posted_in_period(own.ledger, own.tenant_id, await period_id(client, period))
        roles = roles_of(mappings.read(own.ledger, own.tenant_id))
        return await for_period(client, profile, posted, roles)


def _show(result: Json) -> None:
    say(
        f"{result['tenant']}, {result['period']}: {result['documents']} documents, "
        f"difference {result['difference']}"
    )
    if result["controls"]:
        say("\n".join(line.rstrip() for line in controls_table(result["controls"])))
    if result["rows"]:
        say("\n".join(line.rstrip() for line in tie_out_table(result["rows"])))
    if result["changed"]:
        say(f"\nChanged or deleted in NetSuite since ({len(result['changed'])})")
        rows = ((c["number"], c["what"], c["sentence"]) for c in result["changed"])
        show_table(("document", "what", "how"), rows)
