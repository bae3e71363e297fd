"""Purchase orders, receipts and bills of tenant DEN: what is chosen, posted and found again."""

from __future__ import annotations

from typing import Any

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site, call

TYPES = {"purchase_order": "purchase_order", "receipt": "receipt", "ap_bill": "vendor_bill"}
CHOSEN = tuple(DocumentType(kind) for kind in TYPES.values())
# Its only receipt holds a line that is none, so that nobody can tell what came of it.
NAMED_BY_NOBODY = "dirty_order_of_null_item"


def purchases(site: Site) -> list[dict[str, Any]]:
    """Orders, and receipts and bills that a person may batch."""
    return [
        d for d in site.entries() if d["type"] in TYPES and not d["why"].startswith("not_pending")
    ]


def post(site: Site, documents: list[dict[str, Any]]) -> int:
    """Post the receipts and bills of these in one batch; orders are in none."""
    return site.post_batch(d for d in documents if d["type"] != "purchase_order")


def of_order(site: Site, case: str) -> list[dict[str, Any]]:
    """The order of that case with all its receipts and bills, the order first."""
    order = next(d for d in purchases(site) if d["case"] == case)
    own = ["purchase_order", order["id"]]
    return [order, *(d for d in purchases(site) if own in d["parents"])]


def cases(site: Site, *names: str) -> list[dict[str, Any]]:
    """The first document of each of these cases."""
    found = purchases(site)
    return [next(d for d in found if d["case"] == name) for name in names]


def name_of(document: dict[str, Any]) -> str:
    return f"st-1004-{TYPES[document['type']]}-{document['id']}"


def held(site: Site) -> dict[str, dict[str, Any]]:
    """NetSuite's records of ours, by external id, each once."""
    return site.records()


def shown(site: Site, document: dict[str, Any]) -> dict[str, Any]:
    """The document as ServiceTitan shows it now."""
    path = f"/sandbox/documents/{document['type']}/{document['id']}"
    change = {"summary" if document["type"] != "receipt" else "memo": "seen"}
    return dict(call(site.servicetitan, path, change, "PATCH"))


def run(site: Site, name: str, **params: Any) -> dict[str, int]:
    return site.run(name, waits=40, document_types=CHOSEN, **params)


def state_of(site: Site, document: dict[str, Any]) -> Any:
    """The ledger's row of a document."""
    return site.rows().get((TYPES[document["type"]], document["id"]))


def pages(site: Site) -> dict[tuple[str, str], Any]:
    """What the latest run says of each document, by type and ServiceTitan's id."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT * FROM run_document WHERE run_id = (SELECT MAX(id) FROM run)"
        ).all()
    return {(row.document_type, row.source_id): row for row in found}
