"""What mappings are made from: ServiceTitan's GL accounts and business units, the whole of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.shape import Misshapen, clean, identifier


@dataclass(frozen=True, slots=True)
class GlAccount:
    """A GL account of ServiceTitan; texts are empty where it has none.

    `default_account_type` is the role it plays for the tenant, like `AccountsReceivable`.
    """

    id: str
    number: str
    name: str
    type: str
    subtype: str
    active: bool
    default_account_type: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class BusinessUnit:
    """A business unit of ServiceTitan; `currency` is an ISO code or empty."""

    id: str
    name: str
    currency: str
    active: bool


async def gl_accounts(client: ServiceTitan) -> list[GlAccount]:
    """All GL accounts, inactive ones too."""
    return [
        GlAccount(
            id=id_,
            number=_text(row.get("number")),
            name=_text(row.get("name")),
            type=_text(row.get("type")),
            subtype=_text(row.get("subtype")),
            active=row.get("active") is True,
            default_account_type=_text(row.get("defaultAccountType")),
            description=_text(row.get("description")),
        )
        async for id_, row in _all(client, "accounting", "gl-accounts")
    ]


async def business_units(client: ServiceTitan) -> list[BusinessUnit]:
    """All business units, inactive ones too."""
    return [
        BusinessUnit(
            id=id_,
            name=_text(row.get("name")),
            currency=_text(row.get("currency")),
            active=row.get("active") is True,
        )
        async for id_, row in _all(client, "settings", "business-units")
    ]


async def check(client: ServiceTitan) -> str:
    """One cheap read; a sentence that says what works.

    Raises:
        SyncError: what does not, in one sentence.
    """
    # What every method needs, and the app of every tenant may therefore read.
    await client.page("accounting", "gl-accounts", None, 1, 1)
    return (
        f"ServiceTitan answers for tenant {client.credentials.tenant_id}: "
        "general ledger accounts can be read."
    )


async def _all(
    client: ServiceTitan, module: str, path: str
) -> AsyncGenerator[tuple[str, Json], None]:
    """Id and row of everything listed, once each; what has no id cannot be mapped and is left."""
    seen: set[str] = set()
    async for rows in client.pages(module, path, {"active": "Any"}):
        for row in rows:
            id_ = _id(row)
            if id_ and id_ not in seen:
                seen.add(id_)
                yield id_, row


def _id(row: Any) -> str:
    try:
        return identifier(row.get("id"), "id") if isinstance(row, dict) else ""
    except Misshapen:
        return ""


def _text(value: object) -> str:
    return clean(value.strip()) if isinstance(value, str) else ""
