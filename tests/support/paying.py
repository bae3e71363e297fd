"""Payments of tenant DEN and what they are applied to: what is chosen, posted and found again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger.engine import Ledger
from support.site import Site

KINDS = (DocumentType.INVOICE, DocumentType.CREDIT_MEMO, DocumentType.PAYMENT)
Document = dict[str, Any]


def waiting(site: Site, *kinds: DocumentType) -> list[Document]:
    """What a person may batch: those that the seed leaves for ever unbatched stay out."""
    return site.batchable(*(kinds or KINDS))


def cases(documents: Iterable[Document], *names: str) -> list[Document]:
    """The payments of these cases, each after the documents it needs."""
    every = {(d["type"], d["id"]): d for d in documents}
    found: dict[tuple[str, str], Document] = {}

    def take(document: Document) -> None:
        for kind, number in document["parents"]:
            take(every[kind, number])
        found[document["type"], document["id"]] = document

    for document in every.values():
        if document["type"] == "payment" and document["case"] in names:
            take(document)
            for number, _ in document["later"]:
                take(every["invoice", str(number)])
    return list(found.values())


def name_of(document: Document, part: str = "") -> str:
    return f"st-1004-payment-{document['id']}{'-' + part if part else ''}"


def held(site: Site) -> dict[str, Document]:
    """NetSuite's records of payments by our external ids."""
    return site.records("payment")


def rows(site: Site) -> dict[tuple[str, str], Any]:
    """The ledger's payments by source id and part."""
    return {(r.source_id, r.part): r for r in query(site, "SELECT * FROM document")}


def query(site: Site, sql: str) -> list[Any]:
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        found = connection.exec_driver_sql(sql).all()
    return [r for r in found if r.document_type == "payment"]


def run(site: Site, name: str, waits: int = 20, **params: Any) -> dict[str, int]:
    return site.run(name, waits=waits, document_types=[kind.value for kind in KINDS], **params)
