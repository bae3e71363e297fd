"""What every record type of the stand-in answers for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import ROUND_HALF_UP, Decimal

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import user_error
from sandbox.netsuite.store import Document, Rows


class RecordType(ABC):
    """One record type: its rules and the rows SuiteQL sees of it."""

    name: str
    group: str  # external ids are unique within a group of record types
    sequence: str  # internal ids count up within a sequence
    tables: tuple[str, ...]  # the SuiteQL tables its rows live in
    word: str = "record"  # "This record already exists" or "This entity already exists"
    keys: dict[str, str] = {}  # noqa: RUF012 - a keyed sublist's key field, by sublist
    statuses: dict[str, str] = {}  # noqa: RUF012 - what status letters say
    read_only: tuple[str, ...] = ()  # fields a body may name to no effect

    @abstractmethod
    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Check a record and fill in its defaults; `old` is what it was, None for a new one.

        Raises Refusal when a business rule forbids it. The id is set already.
        """

    @abstractmethod
    def rows(self, context: Context, document: Document) -> Rows:
        """The record's rows by table, one entry (maybe empty) for each of its tables."""

    def check_delete(self, context: Context, document: Document) -> None:
        """Refuse to delete what must stay; here nothing must."""
        del context, document

    def settle(self, context: Context, document: Document) -> None:
        """Bring what other records decide up to date: amounts open, quantities left, status."""
        del context, document

    def removed(self, context: Context, document: Document) -> None:
        """Clear away what went with a record that has just been deleted."""
        del context, document

    def shown(self, context: Context, document: Document) -> Document:
        """The record as GET shows it, with what is only worked out then."""
        del context
        return document

    def alter(self, document: Document) -> None:
        """Make what is stored differ from what was sent."""
        document["memo"] = f"{document.get('memo') or ''} (altered)"

    def summary(self, document: Document) -> Document:
        """What the table of truth shows beside type, id and external id."""
        return {"tran_id": document.get("entityId"), "total": None, "lines": []}

    def duplicate(self) -> Exception:
        """The refusal of an external id or name that is taken."""
        return user_error(f"This {self.word} already exists.")


def money(value: object) -> Decimal:
    """A stored amount; None counts as zero."""
    return Decimal(str(value)) if value is not None else Decimal(0)


def cents(value: Decimal) -> Decimal:
    """An amount in whole cents, halves away from zero."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def stamp(moment: str) -> str:
    """A record's date and time as SuiteQL's tables keep it."""
    return moment.replace("T", " ").rstrip("Z")


def flag(value: object) -> str:
    """NetSuite's 'T' or 'F'."""
    return "T" if value else "F"


def too_long(label: str, limit: int) -> Exception:
    """The refusal of a text that does not fit."""
    return user_error(
        f"The field {label} contained more than the maximum number ( {limit} ) "
        "of characters allowed."
    )


def check_lengths(document: Document, limits: dict[str, int]) -> None:
    """Refuse texts longer than their field."""
    for name, limit in limits.items():
        if len(document.get(name) or "") > limit:
            raise too_long(name.lower(), limit)
