"""What every document of a chunk is judged by, whatever its type."""

from __future__ import annotations

from dataclasses import dataclass

from servicetitan_netsuite.documents import AccountProfile, Json, SourceDocument
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.plan import (
    document_external_id,
    subsidiary_currency,
    transaction_number,
)
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.tenants import Tenant


@dataclass(frozen=True, slots=True)
class Rules:
    """A tenant's mappings and settings, and NetSuite's own master data."""

    mappings: MappingFrames
    reference: ReferenceFrames
    tenant: Tenant
    profile: AccountProfile

    def header_of(self, document: SourceDocument, subsidiary: str | None) -> Json:
        """What the plan of any transaction tells of its document, by the plan's own names.

        The document has no problems, so its date is known to lie in an open period.
        """
        day = document.business_date
        period = self.reference.period(day) if day else None
        assert period is not None
        return {
            "external_id": document_external_id(document, self.tenant),
            "date": day,
            "period": str(period["id"]),
            "subsidiary": subsidiary,
            "currency": subsidiary_currency(subsidiary, self.profile, self.reference),
            "tran_id": transaction_number(document, self.tenant, self.profile),
        }
