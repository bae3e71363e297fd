"""What both stand-ins hold at first, made from a seed number: the same number, the same data."""

from __future__ import annotations

from sandbox.seed.documents import document_tenant, expected_balances
from sandbox.seed.netsuite import netsuite_books
from sandbox.seed.tenants import servicetitan_tenants

__all__ = ["document_tenant", "expected_balances", "netsuite_books", "servicetitan_tenants"]
