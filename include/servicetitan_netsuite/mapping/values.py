"""Read single values of a document's content; what is odd is named in `dirty`, never raised.

A document may come with anything missing or wrong. Each reader takes the set in which the names of
unreadable parts are gathered, and answers with what can be used.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import to_money

HEADER_MEMO = 999
"""NetSuite's limit is nowhere in its REST schema; its forms and CSV import take 999 characters."""
LINE_MEMO = 4000
"""Memos of 4000 characters are taken by live accounts."""
MOST_MONEY = Decimal(10) ** 13
"""Below it every amount of whole cents is exact on the wire."""
_ZERO = Decimal(0)
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Dirty(Exception):
    """A value that is not what ServiceTitan's contract says."""


def money(value: object) -> Decimal:
    """An amount as text or exact number: at most 13 digits before the point and 30 after it.

    Raises:
        Dirty: anything else; a float has lost cents before it came here.
    """
    if isinstance(value, str):
        if len(value) > 64:
            raise Dirty
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Dirty
    try:
        amount = to_money(value)
    except ValueError as error:
        raise Dirty from error
    if not amount:
        return _ZERO
    if abs(amount) >= MOST_MONEY or int(amount.as_tuple().exponent) < -30:
        raise Dirty
    return amount


def identifier(value: object) -> str | None:
    """`value` if it is text that can be an id of ServiceTitan, else None."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def sku_id(line: object) -> str | None:
    """The id of the SKU that a line names, None where it names none."""
    sku = line.get("sku") if isinstance(line, dict) else None
    return identifier(sku.get("id")) if isinstance(sku, dict) else None


def reference(dirty: set[str], raw: dict[str, Any], part: str) -> tuple[str | None, str]:
    """Id and name of what `raw[part]` refers to; the id None where it refers to nothing."""
    value = raw.get(part)
    if value is None:
        return None, ""
    key = identifier(value.get("id")) if isinstance(value, dict) else None
    if key is None:
        dirty.add(part)
        return None, ""
    name = text(value.get("name"))
    number = text(value.get("number")) if part == "account" else ""
    return key, f"{number} {name}".strip() or key


def memo(dirty: set[str], value: object, limit: int) -> tuple[str | None, bool]:
    """A memo as NetSuite takes it, and whether it was cut or cleaned."""
    if value is None or value == "":
        return None, False
    if not isinstance(value, str):
        dirty.add("memo")
        return None, False
    cleaned = _CONTROL.sub("\ufffd", value)
    short = cut(cleaned, limit)
    return short, short != cleaned


def text(value: object) -> str:
    """A name to show to people; empty where there is none."""
    return _CONTROL.sub("\ufffd", value[:200]).strip() if isinstance(value, str) else ""


def cut(value: str, limit: int) -> str:
    """`value` in at most `limit` UTF-16 units, which is how NetSuite counts."""
    if len(value) * 2 <= limit:
        return value
    return value.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore")
