"""Addresses: of the dashboard's own pages, relative to each other, and of records in NetSuite."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from servicetitan_netsuite.ledger.pages import DocumentFilter, RunPage

_RECORD_PAGES = {
    "customer": "app/common/entity/custjob.nl",
    "vendor": "app/common/entity/vendor.nl",
}
_TRANSACTION_PAGE = "app/accounting/transactions/transaction.nl"


def page(name: str, **query: object) -> str:
    """`name` with those parameters that say something; always relative, so any base path works."""
    said = {key: str(value) for key, value in query.items() if value not in (None, "", 0)}
    return f"{name}?{urlencode(said)}" if said else name


def run_page(name: str, of: RunPage, wanted: DocumentFilter | None = None, **query: object) -> str:
    """A page about one generation of one run, showing the documents that `wanted` asks for."""
    narrowed: dict[str, object] = {}
    if wanted:
        narrowed = {
            "state": wanted.state,
            "type": wanted.document_type,
            "text": wanted.text,
            "cause": wanted.cause,
            "key": wanted.key,
        }
    return page(
        name,
        dag_id=of.dag_id,
        run_id=of.run_id,
        generation=of.generation,
        **{**narrowed, **query},
    )


def document_page(of: RunPage, document_type: str, source_id: str, part: str) -> str:
    """The page of one document in one run."""
    return run_page("document", of, type=document_type, source_id=source_id, part=part)


def web_link(url: str | None) -> str | None:
    """`url` when a browser may open it: an absolute http or https address, nothing else."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def netsuite_record(base: str | None, document_type: str, internal_id: str | None) -> str | None:
    """The record's page in NetSuite's own screens; None when no base address is known."""
    if not base or not internal_id:
        return None
    path = _RECORD_PAGES.get(document_type, _TRANSACTION_PAGE)
    return web_link(f"{base.rstrip('/')}/{path}?id={quote(internal_id, safe='')}")
