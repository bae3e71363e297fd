"""A journal entry of ServiceTitan in the form the sync keeps: the same for the same version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal, localcontext
from typing import Any

from servicetitan_netsuite.documents import DocumentType, Json, SourceDocument, canonical
from servicetitan_netsuite.servicetitan.found import Unreadable
from servicetitan_netsuite.servicetitan.shape import (
    Misshapen,
    an_object,
    business_day,
    decimal,
    flag,
    guid,
    identifier,
    integer,
    iso,
    named,
    plain,
    text,
)

_PRECISION = 80


@dataclass(frozen=True, slots=True)
class Header:
    """Where a journal entry stands in ServiceTitan."""

    id: str
    number: str
    sync_status: str
    version_id: int
    last_sync_version_id: int | None
    is_empty: bool


def header_of(raw: object) -> Header:
    """The header in one row of a list.

    Raises:
        Misshapen: naming the field.
    """
    row = an_object(raw, "the row")
    last = row.get("lastSyncVersionId")
    return Header(
        id=guid(row.get("id"), "id"),
        number=identifier(row.get("number"), "number"),
        sync_status=identifier(row.get("syncStatus"), "syncStatus"),
        version_id=integer(row.get("versionId"), "versionId"),
        last_sync_version_id=None if last is None else integer(last, "lastSyncVersionId"),
        is_empty=flag(row.get("isEmpty"), "isEmpty"),
    )


def unreadable(raw: object, reason: str) -> Unreadable:
    """What can be told about a row that is no header."""
    row = raw if isinstance(raw, dict) else {}
    return Unreadable(_known(guid, row.get("id")), _known(identifier, row.get("number")), reason)


def document(
    raw: Json,
    lines: list[Any],
    zone: tzinfo,
    *,
    detailed: bool,
    transaction_types: tuple[str, ...] | None = None,
) -> SourceDocument:
    """The document that a header's row and all its lines make.

    What moves while the version stays (sync state, message, stamps) is no part of the content, and
    lines stand in an order of their own: debits first, then by account. `transaction_types` are
    those asked about that it holds, None where nobody asked.

    Raises:
        Misshapen: naming line and field.
    """
    header = header_of(raw)
    day = business_day(raw.get("postDate"), "postDate", zone)
    url = text(raw.get("url"), "url")
    url = url if url and url.startswith(("https://", "http://")) else None
    kept = [_line(line, f"line {n}", zone, detailed) for n, line in enumerate(lines, 1)]
    kept.sort(key=_place)
    content: Json = {
        "header": {
            "id": header.id,
            "number": header.number,
            "name": text(raw.get("name"), "name"),
            "post_date": iso(day),
            "version_id": header.version_id,
            "last_sync_version_id": header.last_sync_version_id,
            "is_empty": header.is_empty,
            "url": url,
        },
        "lines": kept,
        "detail": "detailed" if detailed else "summary",
    }
    if transaction_types is not None:
        content["header"]["transaction_types"] = sorted(transaction_types)
    return SourceDocument(
        type=DocumentType.JOURNAL_ENTRY,
        source_id=header.id,
        number=header.number,
        version=header.version_id,
        business_date=day,
        amount=total(kept),
        content=content,
        url=url,
    )


def total(lines: list[Json]) -> Decimal:
    """The sum of the debits; a negative credit is a debit, a negative debit a credit."""
    with localcontext() as context:
        context.prec = _PRECISION
        amounts = ((Decimal(line["debit"]), Decimal(line["credit"])) for line in lines)
        return sum((max(d, Decimal(0)) + max(-c, Decimal(0)) for d, c in amounts), Decimal(0))


def _line(raw: object, where: str, zone: tzinfo, detailed: bool) -> Json:
    row = an_object(raw, where)
    account = named(row.get("account"), f"{where}: account", "number", "name", "type", "subtype")
    if account is None:
        raise Misshapen(f"{where}: account", None, "an account")
    line: Json = {
        "account": account,
        "debit": plain(decimal(row.get("debit"), f"{where}: debit")),
        "credit": plain(decimal(row.get("credit"), f"{where}: credit")),
        "memo": text(row.get("memo"), f"{where}: memo"),
        "business_unit": named(row.get("businessUnit"), f"{where}: businessUnit", "name"),
    }
    return line | _detail(row, where, zone) if detailed else line


def _detail(row: Json, where: str, zone: tzinfo) -> Json:
    quantity = row.get("quantity")
    quantity = None if quantity is None else plain(decimal(quantity, f"{where}: quantity"))
    day = business_day(row.get("transactionDate"), f"{where}: transactionDate", zone)
    return {
        "transaction": named(row.get("transaction"), f"{where}: transaction", "type", "ref_number"),
        "customer": named(row.get("customer"), f"{where}: customer", "name"),
        "vendor": named(row.get("vendor"), f"{where}: vendor", "name"),
        "sku": named(row.get("sku"), f"{where}: sku", "type", "code"),
        "transaction_date": iso(day),
        "quantity": quantity,
    }


def _place(line: Json) -> tuple[bool, str, str]:
    debit = Decimal(line["debit"]) > Decimal(line["credit"])
    return not debit, line["account"]["number"] or "", canonical(line)


def _known(read: Any, value: object) -> str:
    try:
        return str(read(value, ""))
    except Misshapen:
        return ""
