"""How far lists that only grow were read, and when the whole of them was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger.engine import Ledger, change, moment, stamp


@dataclass(frozen=True, slots=True)
class Watermark:
    """What was modified before `read_at` is known; all of it was read last at `swept_at`."""

    read_at: datetime
    swept_at: datetime


def read(ledger: Ledger, tenant_id: str, kind: DocumentType) -> Watermark | None:
    """The watermark of one tenant's list; None where it was never read to its end."""
    found = ledger.rows("watermarks/read_watermark", tenant_id=tenant_id, document_type=kind)
    return Watermark(moment(found[0].read_at), moment(found[0].swept_at)) if found else None


def put(connection: Connection, tenant_id: str, kind: DocumentType, mark: Watermark) -> None:
    """Keep that the list was read to its end."""
    values = {
        "tenant_id": tenant_id,
        "document_type": kind,
        "read_at": stamp(mark.read_at),
        "swept_at": stamp(mark.swept_at),
    }
    change(connection, "watermarks/put_watermark", values)
