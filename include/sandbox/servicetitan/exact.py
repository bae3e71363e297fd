"""JSON that keeps every digit: money goes out as a number exactly as it is stored."""

from __future__ import annotations

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from aiohttp import web


def dumps(value: Any) -> str:
    """Compact JSON text of plain values and Decimals."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode_basestring(k)}:{dumps(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(dumps, value)) + "]"
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def loads(text: str | bytes) -> Any:
    """JSON with its fractions as Decimals; raises ValueError."""
    return json.loads(text, parse_float=Decimal)


def answer(text: str, status: int = 200) -> web.Response:
    """JSON text as a response."""
    return web.Response(
        body=text.encode(),
        status=status,
        headers={"Content-Type": "application/json; charset=utf-8"},
    )


def page(number: int, size: int, more: bool, total: int | None, rows: list[str]) -> web.Response:
    """The envelope of every list, around rows that are JSON text already."""
    head = f'{{"page":{number},"pageSize":{size},"hasMore":{dumps(more)},'
    return answer(f'{head}"totalCount":{dumps(total)},"data":[{",".join(rows)}]}}')
