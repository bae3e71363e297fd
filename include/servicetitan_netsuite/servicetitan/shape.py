"""Values out of ServiceTitan's JSON, each in the one form the sync keeps, or refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from servicetitan_netsuite.documents import Json, content_hash, to_money

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ]|$)")
_GUID = re.compile(r"[0-9A-Za-z-]{1,64}")
# JSON may hold what neither UTF-8 nor PostgreSQL's text can: lone surrogates and NUL.
_UNKEEPABLE = re.compile("[\ud800-\udfff\x00]")
_MOST_DIGITS = 40
# The ledger counts cents in 64 bits.
MOST_MONEY = Decimal(10) ** 15
_NUMBER = re.compile(r"[0-9]{1,19}")
_INT64_MAX = 2**63 - 1
_INT32_MAX = 2**31 - 1


class Misshapen(ValueError):
    """A value is not what ServiceTitan's contract says; the text names the field and the value."""

    def __init__(self, field: str, value: object, wanted: str) -> None:
        shown = _UNKEEPABLE.sub("?", repr(value))
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        told = "missing" if value is None else f"{shown} instead of {wanted}"
        super().__init__(f"{field} is {told}")


def an_object(value: object, field: str) -> Json:
    """A JSON object.

    Raises:
        Misshapen: anything else.
    """
    if not isinstance(value, dict):
        raise Misshapen(field, value, "a record")
    return value


def identifier(value: object, field: str) -> str:
    """An id, number or text in JSON, as text.

    Raises:
        Misshapen: anything that cannot be one.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and 0 < len(value.strip()) <= 200:
        return clean(value.strip())
    raise Misshapen(field, value, "an id")


def row_id(value: object, field: str) -> str:
    """The id of a document or line as plain digits, safe in an address and in an external id.

    Raises:
        Misshapen: anything but a positive int64, as JSON's number or as text.
    """
    shown = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(shown, str) and _NUMBER.fullmatch(shown.strip()):
        number = int(shown)
        if 0 < number <= _INT64_MAX:
            return str(number)
    raise Misshapen(field, value, "an id")


def guid(value: object, field: str) -> str:
    """A journal entry's id in lower case, safe in an address and in an external id.

    Raises:
        Misshapen: anything else.
    """
    if isinstance(value, str) and _GUID.fullmatch(value.strip()):
        return value.strip().lower()
    raise Misshapen(field, value, "a GUID")


def integer(value: object, field: str) -> int:
    """A whole number.

    Raises:
        Misshapen: anything else, a number in quotes too.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise Misshapen(field, value, "a whole number")
    return value


def flag(value: object, field: str) -> bool:
    """True or false.

    Raises:
        Misshapen: anything else.
    """
    if not isinstance(value, bool):
        raise Misshapen(field, value, "true or false")
    return value


def text(value: object, field: str) -> str | None:
    """A text, None where there is none or it is empty.

    Raises:
        Misshapen: neither text nor null.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise Misshapen(field, value, "text")
    return clean(value) or None


def clean(value: str) -> str:
    """`value` without what no database keeps: lone surrogates become ?, NUL is dropped."""
    return _UNKEEPABLE.sub(lambda found: "" if found[0] == "\0" else "?", value)


def one_line(value: str, longest: int) -> str:
    """`value` on one line, cut to `longest` characters."""
    line = " ".join(clean(value).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def rows_of(value: object, field: str) -> list[Any]:
    """The rows of a list; null is an empty one.

    Raises:
        Misshapen: anything else.
    """
    if value is not None and not isinstance(value, list):
        raise Misshapen(field, value, "a list")
    return list(value or [])


def lines_of(
    rows: Sequence[Any], read: Callable[[Any, str], Json | None], noun: str = "line"
) -> list[Json]:
    """Lines in the order of their ids, without those that `read` makes None of.

    `read` is given a row and what messages call it: the noun and its place from 1.
    """
    lines = (read(row, f"{noun} {n}") for n, row in enumerate(rows, 1))
    return sorted((line for line in lines if line is not None), key=lambda line: int(line["id"]))


def decimal(value: object, field: str) -> Decimal:
    """An exact number, from JSON's number or string.

    Raises:
        Misshapen: not a number, or one too long to be money or a quantity.
    """
    try:
        amount = to_money(value)
    except ValueError as error:
        raise Misshapen(field, value, "an amount") from error
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MOST_DIGITS or amount.adjusted() > 20:
        raise Misshapen(field, value, "an amount of sensible length")
    return amount


def money(value: object, field: str) -> Decimal:
    """An exact amount that the ledger can count.

    Raises:
        Misshapen: not a number, or one too large or too long to be money.
    """
    amount = decimal(value, field)
    if abs(amount) >= MOST_MONEY:
        raise Misshapen(field, value, "an amount of sensible size")
    return amount


def plain(amount: Decimal) -> str:
    """The one text of a number: no exponent, no trailing zeros, however it was written."""
    shown = format(amount, "f")
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


def named(value: object, field: str, *names: str) -> dict[str, Any] | None:
    """`{id, *names}` of a reference such as a business unit; None where there is none.

    Names are texts; `ref_number` is read from `refNumber`.

    Raises:
        Misshapen: something else than a reference.
    """
    if value is None:
        return None
    raw = an_object(value, field)
    kept: dict[str, Any] = {"id": identifier(raw.get("id"), f"{field}.id")}
    for name in names:
        key = "refNumber" if name == "ref_number" else name
        kept[name] = text(raw.get(key), f"{field}.{key}")
    return kept


def linked(value: object, field: str, *names: str) -> Json | None:
    """A reference as `named` reads it; the id 0 is .NET's way to say that there is none."""
    found = named(value, field, *names)
    return None if found is None or found["id"] == "0" else found


def account_called(value: object, field: str) -> Json | None:
    """A GL account as the inventory module shows it: id, number and name, of which any may lack.

    Raises:
        Misshapen: something else than an account.
    """
    if value is None:
        return None
    raw = an_object(value, field)
    found: Json = {"id": optional_id(raw.get("id"), f"{field}.id")}
    found |= {name: text(raw.get(name), f"{field}.{name}") for name in ("number", "name")}
    return found if any(found.values()) else None


def optional_id(value: object, field: str) -> str | None:
    """An id as `row_id` reads it, None for null and for 0.

    Raises:
        Misshapen: as `row_id`.
    """
    none = value is None or (value == 0 and not isinstance(value, bool))
    return None if none else row_id(value, field)


def text_or(value: object, otherwise: str) -> object:
    """`value`, or `otherwise` where it is null or blank."""
    return otherwise if value is None or (isinstance(value, str) and not value.strip()) else value


def or_false(value: object) -> object:
    """`value`, false where it is null."""
    return False if value is None else value


def iso(day: date | None) -> str | None:
    """The ISO text of a day."""
    return day.isoformat() if day else None


def business_day(value: object, field: str, zone: tzinfo) -> date | None:
    """The accounting day that a date or stamp means; None for null and for .NET's empty date.

    A date, a zoneless stamp and midnight in whatever zone mean their own day; only a stamp with a
    zone and a time of day is converted to `zone`.

    Raises:
        Misshapen: neither.
    """
    if value is None:
        return None
    if not isinstance(value, str) or not _DAY.match(value):
        raise Misshapen(field, value, "a date")
    try:
        stamp = datetime.fromisoformat(value)
        if stamp.tzinfo is not None and stamp.time() != time(0):
            stamp = stamp.astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise Misshapen(field, value, "a date") from error
    return stamp.date() if stamp.year > 1 else None


def version_of(content: Json) -> int:
    """The version of a document that ServiceTitan does not number: 1 to 2**31 - 1, by content.

    Of what a document refers to only the id counts, so that renaming a customer or an account makes
    no new version; the batch does not count at all, as unposting moves documents between batches.
    """
    counted = {
        "header": _counted({**content["header"], "batch": None}),
        "lines": [_counted(line) for line in content["lines"]],
    }
    return int(content_hash(counted)[:16], 16) % _INT32_MAX + 1


def _counted(row: Json) -> Json:
    return {name: each["id"] if isinstance(each, dict) else each for name, each in row.items()}
