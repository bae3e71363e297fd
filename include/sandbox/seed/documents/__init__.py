"""The documents of the tenant that syncs documents, and what must become of them."""

from __future__ import annotations

from sandbox.seed.documents.tenant import DocumentTenant, document_tenant

__all__ = ["DocumentTenant", "document_tenant"]
