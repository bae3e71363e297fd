"""Read a request body against a record's shape.

The result holds canonical names and plain values: references and enumerations as id strings,
money as Decimal, dates as ISO text, sublists as lists of dicts, None where a field is cleared.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sandbox.netsuite.errors import Refusal, invalid_value, user_error
from sandbox.netsuite.shapes import Field, Shape

Resolve = Callable[[str, str, str | None], str | None]
"""`(record type, id, external id or None)` to the internal id, None when there is none."""

IGNORED = {"links", "refname"}
MODES = {"error", "warning", "ignore"}
_DIGITS = re.compile(r"-?\d+")


@dataclass(slots=True)
class Reader:
    """Reads one body; `warnings` collects what was dropped under mode Warning."""

    resolve: Resolve
    mode: str = "warning"
    warnings: list[str] = field(default_factory=list)

    def read(self, shape: Shape, data: object, path: str = "") -> dict[str, Any]:
        """The body's values by canonical name; raises Refusal."""
        if not isinstance(data, dict):
            raise invalid_value(data, path or "body", path or "$")
        result: dict[str, Any] = {}
        for name, value in data.items():
            spec = shape.fields.get(name.lower())
            where = f"{path}.{name}" if path else name
            if spec is not None:
                result[spec.name] = self._value(shape, spec, value, where)
            elif name.lower() not in IGNORED:
                self._unknown(name, where)
        return result

    def _unknown(self, name: str, where: str) -> None:
        if self.mode == "error":
            raise Refusal(
                400, "INVALID_CONTENT", f"Unknown property name: {name}.", ("o:errorPath", where)
            )
        if self.mode == "warning":
            self.warnings.append(where)

    def _value(self, shape: Shape, spec: Field, value: object, where: str) -> Any:
        if value is None:
            return None
        if spec.kind == "coll":
            return self._lines(shape, spec, value, where)
        if spec.kind == "sub":
            return self.read(shape.lists[spec.name], value, where)
        if spec.kind == "ref":
            return self._reference(spec, value, where)
        if spec.kind == "enum":
            return _choice(spec, value, where)
        read = _SCALARS.get(spec.kind)
        return value if read is None else read(spec, value, where)

    def _lines(self, shape: Shape, spec: Field, value: object, where: str) -> list[Any]:
        items = value.get("items") if isinstance(value, dict) else value
        if items is None and isinstance(value, dict):
            return []
        if not isinstance(items, list) or not isinstance(value, dict):
            raise invalid_value(_short(value), spec.name, where)
        element = shape.lists.get(spec.name)
        if element is None:
            part = Field(spec.name, "ref", spec.target)
            return [
                self._reference(part, item, f"{where}.items[{n}]") for n, item in enumerate(items)
            ]
        return [self.read(element, item, f"{where}.items[{n}]") for n, item in enumerate(items)]

    def _reference(self, spec: Field, value: object, where: str) -> str | None:
        key: object = value
        external: str | None = None
        if isinstance(value, dict):
            named = {name.lower(): item for name, item in value.items()}
            key, external = named.get("id"), named.get("externalid")
            if key is None and external is None:
                raise invalid_value(_short(value), spec.name, where)
        if key is not None and (isinstance(key, bool) or not isinstance(key, int | str)):
            raise invalid_value(_short(key), spec.name, where)
        if external is not None and key is None:
            found = self.resolve(spec.target, "", str(external))
            if found is None:
                raise user_error(f"Invalid externalId {external}.")
            return found
        found = self.resolve(spec.target, str(key), None)
        if found is None:
            raise invalid_value(key, spec.name.lower(), where)
        return found


def _short(value: object) -> str:
    return str(value)[:60]


def _choice(spec: Field, value: object, where: str) -> str:
    key = value.get("id") if isinstance(value, dict) else value
    if isinstance(key, bool) or not isinstance(key, int | str):
        raise invalid_value(_short(value), spec.name, where)
    if spec.choices and str(key) not in spec.choices:
        raise invalid_value(key, spec.name, where)
    if spec.name == "country" and not isinstance(value, dict):
        raise invalid_value(key, spec.name, where)
    return str(key)


def _string(spec: Field, value: object, where: str) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise invalid_value(_short(value), spec.name, where)
    return str(value) or None


def _decimal(spec: Field, value: object, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise invalid_value(_short(value), spec.name, where)
    number = Decimal(value)
    if not number.is_finite():
        raise invalid_value(_short(value), spec.name, where)
    return number


def _integer(spec: Field, value: object, where: str) -> int:
    if isinstance(value, bool) or not _DIGITS.fullmatch(str(value)):
        raise invalid_value(_short(value), spec.name, where)
    return int(str(value))


def _boolean(spec: Field, value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise invalid_value(_short(value), spec.name, where)
    return value


def _date(spec: Field, value: object, where: str) -> str:
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise invalid_value(_short(value), spec.name, where) from None


def _stamp(spec: Field, value: object, where: str) -> str:
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise invalid_value(_short(value), spec.name, where) from None


_SCALARS: dict[str, Callable[[Field, object, str], Any]] = {
    "string": _string,
    "num": _decimal,
    "float": _decimal,
    "int": _integer,
    "bool": _boolean,
    "date": _date,
    "dt": _stamp,
}
