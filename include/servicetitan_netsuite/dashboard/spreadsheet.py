"""A run's documents as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from servicetitan_netsuite.dashboard.links import netsuite_record, web_link
from servicetitan_netsuite.dashboard.words import state_word
from servicetitan_netsuite.ledger.pages import DocumentLine, RunPage

_COLUMNS = (
    "type",
    "number",
    "servicetitan id",
    "part",
    "version",
    "date",
    "amount",
    "state",
    "cause",
    "reason",
    "what to do",
    "notes",
    "external id",
    "netsuite id",
    "servicetitan link",
    "netsuite link",
)
# A cell that begins like this is run as a formula by Excel, LibreOffice or Google Sheets.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def lines(
    page: RunPage, documents: Iterable[DocumentLine], netsuite_base: str | None
) -> Iterator[str]:
    """The CSV's text in pieces: a byte order mark for Excel, the header, a row per document."""
    yield "\ufeff" + _row(_COLUMNS)
    for document in documents:
        yield _row(_cells(page, document, netsuite_base))


def file_name(page: RunPage) -> str:
    """A name that any disk and any header takes."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", f"{page.dag_id}-{page.run_id}") + ".csv"


def _cells(page: RunPage, document: DocumentLine, netsuite_base: str | None) -> list[str]:
    units, cents = divmod(abs(document.amount_cents), 100)
    amount = f"{'-' if document.amount_cents < 0 else ''}{units}.{cents:02d}"
    texts = [
        document.document_type,
        document.number,
        document.source_id,
        document.part,
        str(document.version),
        document.business_date or "",
        state_word(document.state, page.dry_run).label,
        document.cause or "",
        document.sentence or "",
        document.advice or "",
        document.notes,
        document.external_id or "",
        document.netsuite_id or "",
        web_link(document.url) or "",
        netsuite_record(netsuite_base, document.document_type, document.netsuite_id) or "",
    ]
    guarded = [_harmless(text) for text in texts]
    return [*guarded[:6], amount, *guarded[6:]]


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _row(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
