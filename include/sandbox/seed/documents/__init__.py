"""The documents of the tenant that syncs documents, and what must become of them."""

from __future__ import annotations

from sandbox.seed.documents.balances import balances_by_account, expected_balances
from sandbox.seed.documents.tenant import DocumentTenant, document_tenant

__all__ = ["DocumentTenant", "balances_by_account", "document_tenant", "expected_balances"]
