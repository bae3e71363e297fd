"""SuiteQL over REST: constant statements, every outside value bound through `?`, all pages.

Values come back as text, booleans as T or F, columns in lower case; a NULL column is absent. A
statement needs a unique ORDER BY, or its pages may repeat or miss rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import SyncError, TransientError
from servicetitan_netsuite.netsuite.client import NetSuite

PATH = "query/v1/suiteql"
PAGE = 1000
MOST_IDS = 1000
MOST_ROWS = 100_000
VALUES = "{values}"

Row = dict[str, str]


class TooManyRows(SyncError):
    """The query would return more rows than NetSuite gives; ask for fewer ids."""


async def rows(client: NetSuite, sql: str, params: Sequence[str] = ()) -> list[Row]:
    """Every row of `sql`, page after page.

    Raises:
        TooManyRows: more than 100,000 rows, noticed before the second page is asked for.
        ReadRefused: NetSuite's own no: a table, column or permission is missing.
        TransientError: NetSuite was not to be had.
    """
    found: list[Row] = []
    while True:
        page = await _page(client, sql, params, PAGE, len(found))
        items = _items(page)
        found += items
        if not page.get("hasMore"):
            return found
        total = page.get("totalResults")
        if len(found) >= MOST_ROWS or (isinstance(total, int) and total > MOST_ROWS):
            raise TooManyRows(f"A query would return {total or 'over 100000'} rows.")
        if len(items) != PAGE:
            raise TransientError(f"NetSuite gave a page of {len(items)} rows and says more follow.")


async def first(client: NetSuite, sql: str, params: Sequence[str] = ()) -> Row | None:
    """The first row of `sql`, or None; no more is asked for."""
    items = _items(await _page(client, sql, params, 1, 0))
    return items[0] if items else None


async def page(client: NetSuite, sql: str, params: Sequence[str], limit: int) -> list[Row]:
    """The first rows of `sql`, at most `limit`: for lists that are read on from the last row's id.

    Raises:
        ReadRefused: as `rows`.
        TransientError: as `rows`.
    """
    return _items(await _page(client, sql, params, limit, 0))


async def rows_in(
    client: NetSuite, sql: str, values: Sequence[str], params: Sequence[str] = ()
) -> list[Row]:
    """Every row of `sql` for `values`, asked for in chunks that NetSuite takes.

    `sql` holds `{values}` once, where the placeholders of a chunk go (`IN ({values})`); `params`
    are bound to the `?` before it. A chunk with too many rows is halved.
    """
    distinct = list(dict.fromkeys(values))
    found: list[Row] = []
    for start in range(0, len(distinct), MOST_IDS):
        found += await _chunk(client, sql, distinct[start : start + MOST_IDS], params)
    return found


async def _chunk(
    client: NetSuite, sql: str, values: Sequence[str], params: Sequence[str]
) -> list[Row]:
    statement = sql.replace(VALUES, ", ".join("?" * len(values)))
    try:
        return await rows(client, statement, [*params, *values])
    except TooManyRows:
        if len(values) == 1:
            raise
        half = len(values) // 2
        left = await _chunk(client, sql, values[:half], params)
        return left + await _chunk(client, sql, values[half:], params)


async def _page(client: NetSuite, sql: str, params: Sequence[str], limit: int, offset: int) -> Json:
    body: Json = {"q": sql}
    if params:
        body["params"] = list(params)
    return await client.read(
        "POST",
        PATH,
        body=body,
        params={"limit": str(limit), "offset": str(offset)},
        headers={"Prefer": "transient"},
    )


def _items(page: Json) -> list[Row]:
    items = page.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise TransientError("NetSuite answered a query without a list of rows.")
    return [
        {name.lower(): _text(value) for name, value in item.items() if _is_value(name, value)}
        for item in items
    ]


def _is_value(name: str, value: Any) -> bool:
    return value is not None and name != "links"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)
