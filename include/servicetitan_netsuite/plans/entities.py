"""Records that documents need first: customers and items, ready to be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicetitan_netsuite.documents import DocumentType


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """An item to be created on first use: one sale item per income account, one purchase item
    per account that orders reach.

    It is for `subsidiary` and the further ones in `others`, their children included; None without
    OneWorld.
    """

    external_id: str
    name: str
    account: str
    subsidiary: str | None
    others: tuple[str, ...] = ()
    kind: DocumentType = DocumentType.ITEM


@dataclass(frozen=True, slots=True)
class CustomerPlan:
    """A customer to be created on first use: what ServiceTitan holds, names not yet split."""

    external_id: str
    name: str
    is_person: bool
    subsidiary: str | None
    suffix: str | None
    address: Mapping[str, str] = field(default_factory=dict, hash=False)
    phone: str | None = None
    email: str | None = None
