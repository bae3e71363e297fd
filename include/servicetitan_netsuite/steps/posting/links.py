"""Once an entity is in NetSuite, whatever needs it next finds it by its link."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger import sending
from servicetitan_netsuite.ledger.runs import Run

_LINKED = (DocumentType.CUSTOMER, DocumentType.ITEM, DocumentType.PURCHASE_ITEM)


def link(connection: Connection, of: Run, document: Any, netsuite_id: str) -> None:
    """Keep the link of a customer or item (a row or intent); other types need none."""
    if document.document_type in _LINKED:
        kind, name = str(document.document_type), document.number
        sending.link_entity(connection, of, kind, document.source_id, name, netsuite_id)
