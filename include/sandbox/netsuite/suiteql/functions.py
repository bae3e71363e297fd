"""Oracle's date functions, as SQLite functions; dates are ISO text inside."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

ACCOUNT_FORMAT = "MM/DD/YYYY"
_READ = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "HH24": r"(?P<hour>\d{1,2})",
    "MI": r"(?P<minute>\d{1,2})",
    "SS": r"(?P<second>\d{1,2})",
}
_WRITE = {
    "YYYY": "%Y",
    "YY": "%y",
    "MM": "%m",
    "MON": "%b",
    "DD": "%d",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "AM": "%p",
    "DY": "%a",
    "DAY": "%A",
    "Q": "",
}
_TOKEN = re.compile(r'"([^"]*)"|(YYYY|YY|MON|MM|DD|DAY|DY|HH24|HH12|HH|MI|SS|AM|Q)', re.IGNORECASE)


def to_date(text: object, pattern: object = ACCOUNT_FORMAT) -> str | None:
    """ISO text of a date written in an Oracle format; raises ValueError."""
    if text is None:
        return None
    expression = ""
    position = 0
    for match in _TOKEN.finditer(str(pattern)):
        expression += re.escape(str(pattern)[position : match.start()])
        token = (match[2] or "").upper()
        expression += re.escape(match[1]) if match[1] is not None else _READ[token]
        position = match.end()
    expression += re.escape(str(pattern)[position:])
    found = re.fullmatch(expression, str(text))
    if found is None:
        raise ValueError(f"Invalid date value: {text} (must be {pattern})")
    parts = {name: int(value) for name, value in found.groupdict().items()}
    moment = datetime(parts.pop("year"), parts.pop("month", 1), parts.pop("day", 1), **parts)  # type: ignore[arg-type]  # noqa: DTZ001 - the account's own clock
    return moment.strftime("%Y-%m-%d %H:%M:%S" if any(parts.values()) else "%Y-%m-%d")


def to_char(value: object, pattern: object = None) -> str | None:
    """A date or number as text in an Oracle format; numbers ignore it."""
    if value is None or not isinstance(value, str):
        return None if value is None else plain(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if pattern is None:
        return account_date(value)

    def written(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[1]
        token = match[2].upper()
        return str((moment.month + 2) // 3) if token == "Q" else moment.strftime(_WRITE[token])

    return _TOKEN.sub(written, str(pattern))


def trunc(value: object, unit: object = "DD") -> str | int | None:
    """A date cut to its day, month or year; a number cut to a whole one."""
    if isinstance(value, int | float):
        return int(value)
    if not isinstance(value, str):
        return None
    length = {"YEAR": 4, "YYYY": 4, "MONTH": 7, "MM": 7}.get(str(unit).upper(), 10)
    return value[:length] + "-01-01"[: 10 - length] if length < 10 else value[:10]


def sysdate() -> str:
    """Now, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def account_date(text: str) -> str:
    """A date as the account's format shows it: 3/2/2026, without its time."""
    return f"{int(text[5:7])}/{int(text[8:10])}/{text[:4]}"


def plain(value: object) -> str:
    """A number as text: whole ones without a point, others without binary noise."""
    if isinstance(value, float):
        rounded = round(value, 8)
        return str(int(rounded)) if rounded == int(rounded) else repr(rounded)
    return str(value)


def install(db: sqlite3.Connection, display: Callable[[str, object], Any]) -> list[str]:
    """Give a connection the functions; `display(column, value)` is BUILTIN.DF.

    Returns a list whose last entry says why a function raised last.
    """
    problems: list[str] = []

    def date(*arguments: object) -> str | None:
        try:
            return to_date(*arguments)
        except ValueError as error:
            problems[:] = [str(error)]
            raise

    db.create_function("NS_TO_DATE", -1, date, deterministic=True)
    db.create_function("NS_TO_CHAR", -1, to_char, deterministic=True)
    db.create_function("NS_TRUNC", -1, trunc, deterministic=True)
    db.create_function("NS_SYSDATE", 0, sysdate)
    db.create_function("NS_DF", 2, display)
    db.execute("PRAGMA case_sensitive_like = ON")
    return problems
