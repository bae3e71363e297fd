"""What a request asks: query parameters and body fields, read strictly.

Wrong values are collected and refused together, each under the name of its field; parameters
and fields nobody knows are dropped without a word, as ASP.NET binding does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from aiohttp import web

from sandbox.servicetitan import exact
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.stamps import parse_day, parse_stamp

MAX_ITEMS = 50
T = TypeVar("T")
INT32, INT64 = 2**31 - 1, 2**63 - 1


def whole(text: str) -> int:
    """An int64 from text; raises ValueError."""
    value = int(text)
    if abs(value) > INT64:
        raise ValueError(text)
    return value


def guid(text: str) -> str:
    """A GUID in its usual form; raises ValueError."""
    return str(UUID(text))


class Query:
    """The query string; `check` refuses what could not be read."""

    def __init__(self, request: web.Request) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in request.query.items():
            self._values.setdefault(name.lower(), []).append(value)
        self._errors: dict[str, list[str]] = {}

    def refuse(self, name: str, text: str) -> None:
        """Note what is wrong with a parameter."""
        self._errors.setdefault(name, []).append(text)

    def check(self) -> None:
        """Refuse the request if any parameter was wrong."""
        if self._errors:
            raise Refusal(400, self._errors)

    def one(self, name: str, read: Callable[[str], T]) -> T | None:
        """The parameter as `read` understands it; None when absent or empty."""
        text = self._values.get(name.lower(), [""])[-1]
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.refuse(name, f"The value '{text}' is not valid.")
            return None

    def text(self, name: str, longest: int = 255) -> str | None:
        """A text of limited length."""
        value = self.one(name, str)
        if value is not None and len(value) > longest:
            self.refuse(name, f"The field {name} must have a maximum length of {longest}.")
        return value

    def flag(self, name: str) -> bool | None:
        """true or false."""
        return self.one(name, _flag)

    def stamp(self, name: str) -> str | None:
        """A date-time, as a stamp that sorts."""
        return self.one(name, parse_stamp)

    def day(self, name: str) -> str | None:
        """The day of a date-time, as ISO text."""
        return self.one(name, lambda text: parse_day(text).isoformat())

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        """One of the allowed words."""
        words = {word.lower(): word for word in allowed}
        return self.one(name, lambda text: _known(text, words))

    def choices(self, name: str, allowed: Iterable[str]) -> list[str]:
        """Repeated parameters, each one of the allowed words."""
        words = {word.lower(): word for word in allowed}
        found: list[str] = []
        for text in self._values.get(name.lower(), []):
            try:
                found.append(_known(text, words))
            except ValueError:
                self.refuse(name, f"The value '{text}' is not valid.")
        self._limit(name, found)
        return found

    def each(self, name: str, read: Callable[[str], T]) -> list[T]:
        """Repeated parameters, each as `read` understands it."""
        found: list[T] = []
        for text in self._values.get(name.lower(), []):
            try:
                found.append(read(text))
            except ValueError:
                self.refuse(name, f"The value '{text}' is not valid.")
        return found

    def listing(self, name: str, read: Callable[[str], T]) -> list[T]:
        """A comma-delimited list of at most fifty items."""
        items = self.one(name, lambda text: [read(part.strip()) for part in text.split(",")])
        self._limit(name, items or [])
        return items or []

    def _limit(self, name: str, items: list[Any]) -> None:
        if len(items) > MAX_ITEMS:
            self.refuse(name, f"At most {MAX_ITEMS} items are allowed.")

    def prefixed(self, prefix: str) -> dict[str, str]:
        """Parameters named `prefix` and more, by the rest of their names (in lower case)."""
        start = prefix.lower()
        return {k[len(start) :]: v[-1] for k, v in self._values.items() if k.startswith(start)}

    def has(self, name: str) -> bool:
        """Whether the parameter was given."""
        return bool(self._values.get(name.lower()))

    def paging(self, most: int) -> tuple[int, int, bool]:
        """Page, page size and whether the total is wanted."""
        page, size = self.one("page", whole), self.one("pageSize", whole)
        page = 1 if page is None else page
        size = 50 if size is None else size
        if not 1 <= page <= INT32:
            self.refuse("page", "The field page must be at least 1.")
        if not 1 <= size <= most:
            self.refuse("pageSize", f"The field pageSize must be between 1 and {most}.")
        return page, size, bool(self.flag("includeTotal"))

    def order(self, columns: dict[str, str], default: str) -> str:
        """ORDER BY of the `sort` parameter: +Field or -Field, one of the allowed columns."""
        text = self.one("sort", str)
        if text is None:
            return default
        # An unescaped + arrives as a space.
        direction, field = ("DESC", text[1:]) if text[0] == "-" else ("ASC", text.lstrip("+ "))
        column = {name.lower(): value for name, value in columns.items()}.get(field.lower())
        if column is None:
            self.refuse("sort", f"Sorting by '{field}' is not possible: {', '.join(columns)}.")
            return default
        return f"{column} {direction}, {default}"


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _known(text: str, words: dict[str, str]) -> str:
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


class Body:
    """A JSON object's fields by name, case ignored; each reader refuses a wrong type."""

    def __init__(self, fields: dict[str, Any], path: str = "") -> None:
        self._fields = {name.lower(): value for name, value in fields.items()}
        self._path = path
        self._errors: dict[str, list[str]] = {}

    def refuse(self, name: str, text: str) -> None:
        """Note what is wrong with a field."""
        self._errors.setdefault(f"{self._path}{name}", []).append(text)

    def check(self) -> None:
        """Refuse the request if any field was wrong."""
        if self._errors:
            raise Refusal(400, self._errors)

    def has(self, name: str) -> bool:
        """Whether the field was given, be it null."""
        return name.lower() in self._fields

    def value(self, name: str, kind: type[T], what: str) -> T | None:
        """The field if it is of that kind; None when absent or null."""
        found = self._fields.get(name.lower())
        if found is None:
            return None
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            self.refuse(name, f"The JSON value could not be converted to {what}.")
            return None
        return found

    def text(self, name: str) -> str | None:
        """A string."""
        return self.value(name, str, "a string")

    def integer(self, name: str, most: int = INT64) -> int | None:
        """An integer."""
        found = self.value(name, int, "an integer")
        if found is not None and abs(found) > most:
            self.refuse(name, "The JSON value is out of range.")
        return found

    def number(self, name: str) -> Decimal | None:
        """A number, exact."""
        found = self._fields.get(name.lower())
        if isinstance(found, bool) or not isinstance(found, int | Decimal | None):
            self.refuse(name, "The JSON value could not be converted to a decimal.")
            return None
        return None if found is None else Decimal(found)

    def flag(self, name: str) -> bool | None:
        """A boolean."""
        return self.value(name, bool, "a boolean")

    def choice(self, name: str, allowed: Iterable[str], required: bool = False) -> str | None:
        """One of the allowed words."""
        words = list(allowed)
        found = self.text(name)
        if found is None:
            if required:
                self.refuse(name, f"The {name} field is required.")
            return None
        if found not in words:
            self.refuse(name, f"The value '{found}' is not valid. Values: {', '.join(words)}.")
        return found

    def strings(self, name: str) -> dict[str, str | None] | None:
        """A map of strings, each of which may be null."""
        found = self.value(name, dict, "a map of strings")
        if found is None:
            return None
        for key, value in found.items():
            if not isinstance(value, str | None):
                self.refuse(f"{name}.{key}", "The JSON value could not be converted to a string.")
        return found


async def read_body(request: web.Request) -> Body:
    """The request's JSON object, or a refusal."""
    try:
        data = exact.loads(await request.read())
    except ValueError as error:
        raise Refusal(400, {"": ["The body is not valid JSON."]}) from error
    if not isinstance(data, dict):
        raise Refusal(400, {"": ["A JSON object is expected."]})
    return Body(data)
