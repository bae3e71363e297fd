"""A tenant's mappings, laid out for lookups and joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import MappingRow

if TYPE_CHECKING:
    from pandas import Series

KINDS = (
    "gl_account",
    "account_role",
    "business_unit",
    "customer",
    "vendor",
    "inventory_location",
    "term",
    "item",
    "purchase_item",
    "contact",
    "opening_invoice",
    "opening_credit_memo",
    "opening_payment",
    "opening_purchase_order",
    "opening_vendor_bill",
)
"""What is mapped. Keys are ServiceTitan's ids; of `account_role` its name of a default account, of
`term` the payment term's id or name, of `item` and `purchase_item` the NetSuite account that the
item stands for."""

OPENING = "opening_"
"""How the kinds begin that link a document from before go-live: the rest is its document type."""


def as_frames(mappings: MappingFrames | Sequence[MappingRow]) -> MappingFrames:
    """The mappings laid out, unless they are already."""
    return mappings if isinstance(mappings, MappingFrames) else MappingFrames(mappings)


class MappingFrames:
    """The mapping rows of one tenant: by key for lookups, as series for joins.

    Make it once per run: its series are built on first use and kept.
    """

    def __init__(self, rows: Iterable[MappingRow]) -> None:
        self._rows: dict[str, dict[str, MappingRow]] = {}
        for row in rows:
            self._rows.setdefault(row.kind, {})[row.source_key] = row
        self._targets: dict[str, Series[str]] = {}

    def row(self, kind: str, source_key: str) -> MappingRow | None:
        """The mapping of one ServiceTitan thing, or None where there is none."""
        return self._rows.get(kind, {}).get(source_key)

    def rows(self, kind: str) -> Mapping[str, MappingRow]:
        """All mappings of `kind` by ServiceTitan id."""
        return self._rows.get(kind, {})

    def targets(self, kind: str) -> Series[str]:
        """NetSuite ids of `kind` by ServiceTitan id; rows without a target are left out."""
        if kind not in self._targets:
            import pandas as pd

            pairs = {key: row.target for key, row in self.rows(kind).items() if row.target}
            self._targets[kind] = pd.Series(
                list(pairs.values()), index=pd.Index(list(pairs), dtype=object), dtype=object
            )
        return self._targets[kind]
