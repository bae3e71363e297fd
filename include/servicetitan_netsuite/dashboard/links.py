"""Addresses: of the dashboard's own pages, relative to each other, and of records in NetSuite."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.ledger.pages import DocumentFilter, RunPage

_RECORD_PAGES = {
    "customer": "app/common/entity/custjob.nl",
    "vendor": "app/common/entity/vendor.nl",
    "item": "app/common/item/item.nl",
    "purchase_item": "app/common/item/item.nl",
}
_ACCOUNT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
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
            "type": wanted.kind,
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


def netsuite_screens(connection: ConnectionFields) -> str | None:
    """The base address of NetSuite's own screens that a connection tells.

    Its extra `app_url` says it outright; without one the account id does, unless the connection
    leads to a host that is not NetSuite's, such as a stand-in. None when nothing tells.
    """
    told = web_link(str(connection.extra.get("app_url") or ""))
    if told:
        return told.rstrip("/")
    account = str(connection.extra.get("account_id") or "").lower().replace("_", "-")
    host = urlsplit(connection.url()).hostname or ""
    if (host and not host.endswith(".netsuite.com")) or not _ACCOUNT.fullmatch(account):
        return None
    return f"https://{account}.app.netsuite.com"
