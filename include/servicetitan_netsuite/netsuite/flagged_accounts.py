"""NetSuite's GL accounts as ServiceTitan is to know them: those with a tick in a check box."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.suiteql import rows

_ACCOUNTS = (
    "SELECT a.id AS id, a.acctnumber AS acctnumber, "
    "a.accountsearchdisplaynamecopy AS name, a.description AS description, "
    "a.accttype AS accttype, a.isinactive AS isinactive, a.issummary AS issummary, "
    "COALESCE(a.{flag}, 'F') AS flagged FROM account a ORDER BY a.id"
)


async def accounts(client: NetSuite, flag: str) -> tuple[Json, ...]:
    """Every account with id, number, name, description, type, active and flagged.

    A summary account is not active here: nothing posts to it.

    Raises:
        ConfigurationError: the account has no field `flag`, or the role sees no accounts.
        TransientError: NetSuite was not to be had.
    """
    try:
        found = await rows(client, _ACCOUNTS.replace("{flag}", flag))
    except ReadRefused as refused:
        raise ConfigurationError(
            f"NetSuite connection {client.credentials.connection!r}: its accounts cannot be read "
            f"with the field {flag}. Make it there as a check box on accounts, or set "
            f"master_data.account_flag in the tenant file. NetSuite said: {refused}"
        ) from refused
    return tuple(
        {
            "id": row["id"],
            "number": row.get("acctnumber", "").strip(),
            "name": row.get("name", "").strip(),
            "description": row.get("description", "").strip(),
            "type": row.get("accttype", ""),
            "active": row.get("isinactive") != "T" and row.get("issummary") != "T",
            "flagged": row.get("flagged") == "T",
        }
        for row in found
    )
