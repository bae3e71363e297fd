"""The `q` of a record list: `companyName START_WITH "A" AND isInactive IS false`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.netsuite.errors import Refusal
from sandbox.netsuite.shapes import Field, Shape
from sandbox.netsuite.store import Document

Test = Callable[[Document], bool]
_TOKEN = re.compile(r'\s*(\(|\)|\[[^\]]*\]|"(?:[^"\\]|\\.)*"|[^\s()\[\]"]+)')


def _bad(detail: str) -> Refusal:
    return Refusal(400, "INVALID_PARAMETER", detail, ("o:errorQueryParam", "q"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).lower()


def _number(text: Any) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        raise _bad(f"Invalid number in query: {text}.") from None


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%m/%d/%Y").strftime("%Y-%m-%d")  # noqa: DTZ007
    except ValueError:
        raise _bad(f"Invalid date in query: {text}.") from None


def _items(text: str) -> list[str]:
    return [part.strip().strip('"') for part in text.strip("[]").split(",")]


_TEXT: dict[str, Callable[[str, str], bool]] = {
    "IS": lambda have, want: have == want,
    "CONTAIN": lambda have, want: want in have,
    "START_WITH": lambda have, want: have.startswith(want),
    "END_WITH": lambda have, want: have.endswith(want),
    "ENDWITH": lambda have, want: have.endswith(want),
}
_NUMBER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "EQUAL": lambda have, want: have == want,
    "GREATER": lambda have, want: have > want,
    "GREATER_OR_EQUAL": lambda have, want: have >= want,
    "LESS": lambda have, want: have < want,
    "LESS_OR_EQUAL": lambda have, want: have <= want,
}
_DATE: dict[str, Callable[[str, str], bool]] = {
    "ON": lambda have, want: have == want,
    "AFTER": lambda have, want: have > want,
    "BEFORE": lambda have, want: have < want,
    "ON_OR_AFTER": lambda have, want: have >= want,
    "ON_OR_BEFORE": lambda have, want: have <= want,
}


def _condition(spec: Field, operator: str, value: str) -> Test:
    name, base = spec.name, operator.removesuffix("_NOT")
    want = value.strip('"')
    if base in _TEXT:
        compare = _TEXT[base]
        return lambda d: d.get(name) is not None and compare(_text(d[name]), want.lower())
    if base in _NUMBER:
        number, order = _number(want), _NUMBER[base]
        return lambda d: d.get(name) is not None and order(_number(d[name]), number)
    if base in _DATE:
        day, calendar = _day(want), _DATE[base]
        return lambda d: d.get(name) is not None and calendar(str(d[name])[:10], day)
    if base == "ANY_OF":
        allowed = {item.lower() for item in _items(value)}
        return lambda d: d.get(name) is not None and _text(d[name]) in allowed
    raise _bad(f"Invalid query operator: {operator}.")


class _Parser:
    """Recursive descent; AND binds tighter than OR."""

    def __init__(self, text: str, shape: Shape) -> None:
        self._tokens = _TOKEN.findall(text)
        self._shape = shape

    def _peek(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str:
        if not self._tokens:
            raise _bad("Invalid query: it ends too early.")
        return str(self._tokens.pop(0))

    def whole(self) -> Test:
        test = self._any()
        if self._tokens:
            raise _bad(f"Invalid query near {self._peek()}.")
        return test

    def _any(self) -> Test:
        tests = [self._all()]
        while self._peek().upper() == "OR":
            self._take()
            tests.append(self._all())
        return lambda d: any(test(d) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._peek().upper() == "AND":
            self._take()
            tests.append(self._one())
        return lambda d: all(test(d) for test in tests)

    def _one(self) -> Test:
        if self._peek() == "(":
            self._take()
            test = self._any()
            if self._take() != ")":
                raise _bad("Invalid query: a bracket is not closed.")
            return test
        field = self._take()
        spec = self._shape.fields.get(field.lower())
        if spec is None or spec.kind in ("coll", "sub"):
            raise _bad(f"Invalid query field: {field}.")
        operator = self._take().upper()
        if operator in ("EMPTY", "EMPTY_NOT"):
            empty = operator == "EMPTY"
            return lambda d: (d.get(spec.name) is None) == empty
        test = _condition(spec, operator, self._take())
        return (lambda d: not test(d)) if operator.endswith("_NOT") else test


def parse(text: str, shape: Shape) -> Test:
    """A test of stored records; raises Refusal on a query that makes no sense."""
    return _Parser(text, shape).whole()
