"""What NetSuite's custom body fields tell of a document in ServiceTitan: its batch, its page.

Invoices, credit memos, payments, vendor bills and vendor credits carry them; purchase orders and
receipts do not. They are only sent, never compared: unposting moves a document to another batch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from servicetitan_netsuite.mapping.values import cut, text
from servicetitan_netsuite.tenants import Tenant

_PAGE = re.compile(r"https?://[!-~]+")
LENGTH = 300
"""What a free-form text field of NetSuite takes."""


def custom_fields(header: Mapping[str, Any], tenant: Tenant) -> dict[str, str]:
    """The fields to send with a document's record, by their ids in the tenant file.

    `header` is a document's content: `batch` {id, number, name}, `url` its page in ServiceTitan,
    either of them None or absent. A field without a value is left out.
    """
    fields = tenant.sync.custom_fields
    wanted = {fields.batch: _batch(header.get("batch")), fields.link: _link(header.get("url"))}
    return {name: cut(value, LENGTH) for name, value in wanted.items() if name and value}


def _batch(batch: object) -> str:
    """Number and name of a batch, on one line."""
    known = batch if isinstance(batch, dict) else {}
    told = (text(known.get(name)) for name in ("number", "name"))
    return " ".join(" ".join(told).split())


def _link(url: object) -> str:
    fits = isinstance(url, str) and len(url) <= LENGTH and _PAGE.fullmatch(url)
    return str(url) if fits else ""
