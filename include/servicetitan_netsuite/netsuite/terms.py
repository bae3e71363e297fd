"""NetSuite's payment terms."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.suiteql import rows

_TERMS = "SELECT t.id AS id, t.name AS name, t.isinactive AS isinactive FROM term t ORDER BY t.id"


async def terms(client: NetSuite) -> tuple[Json, ...]:
    """Every payment term with id, name and inactive; none where the role may not see them."""
    try:
        found = await rows(client, _TERMS)
    except ReadRefused:
        return ()
    return tuple(
        {"id": row["id"], "name": row.get("name", ""), "inactive": row.get("isinactive") == "T"}
        for row in found
    )
