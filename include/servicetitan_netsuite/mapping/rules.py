"""What every document of a chunk is judged by, whatever its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import AccountProfile, Json, SourceDocument
from servicetitan_netsuite.mapping.account_rules import join_accounts
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.plan import (
    document_external_id,
    subsidiary_currency,
    transaction_number,
)
from servicetitan_netsuite.mapping.reference import ReferenceFrames
from servicetitan_netsuite.mapping.unit_rules import join_units
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame, Series


@dataclass(frozen=True, slots=True)
class Rules:
    """A tenant's mappings and settings, and NetSuite's own master data."""

    mappings: MappingFrames
    reference: ReferenceFrames
    tenant: Tenant
    profile: AccountProfile

    def joined(self, lines: DataFrame, by_account: Series[bool]) -> DataFrame:
        """The rows with their NetSuite accounts, by account or by role, and their units' mappings.

        `by_account` says of each row whether its `account` is one, else it is a role.
        """
        import pandas as pd

        parts = [
            join_accounts(lines[by_account], self.mappings, self.reference),
            join_accounts(lines[~by_account], self.mappings, self.reference, "account_role"),
        ]
        return join_units(pd.concat(parts, ignore_index=True), self.mappings, self.profile)

    def names_of(self, document: SourceDocument, subsidiary: str | None) -> Json:
        """What the plan of any transaction tells of its document, but for its period.

        The document has no problems, so it has a date and names that NetSuite takes.
        """
        assert document.business_date is not None
        return {
            "external_id": document_external_id(document, self.tenant),
            "date": document.business_date,
            "subsidiary": subsidiary,
            "currency": subsidiary_currency(subsidiary, self.profile, self.reference),
            "tran_id": transaction_number(document, self.tenant, self.profile),
        }

    def header_of(self, document: SourceDocument, subsidiary: str | None) -> Json:
        """The same with its period: the document's date is known to lie in an open one."""
        names = self.names_of(document, subsidiary)
        period = self.reference.period(names["date"])
        assert period is not None
        return names | {"period": str(period["id"])}
