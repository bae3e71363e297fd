"""Vendors and GL accounts: how each is read from both sides, and written to ServiceTitan."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.errors import Blocked, ConfigurationError
from servicetitan_netsuite.mapping.master_data import ACCOUNTS, VENDORS, Ours, Theirs, Words
from servicetitan_netsuite.netsuite import vendors as books_vendors
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.flagged_accounts import accounts as books_accounts
from servicetitan_netsuite.servicetitan import external_data, gl_accounts
from servicetitan_netsuite.servicetitan import vendors as field_vendors
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.gl_accounts import AccountTypes
from servicetitan_netsuite.servicetitan.reference import gl_accounts as field_accounts
from servicetitan_netsuite.tenants import MasterData

log = logging.getLogger(__name__)

_PARTS = dict(zip(field_vendors.ADDRESS, books_vendors.ADDRESS, strict=True))
NO_TYPE = "account_type_missing"


class MasterKind(Protocol):
    """One kind of record; `name` is its kind of mapping."""

    name: str
    words: Words

    async def read(self) -> tuple[list[Ours], list[Theirs]]:
        """All records of both sides."""

    async def create(self, ours: Ours) -> str:
        """Make it in ServiceTitan; its id there."""

    async def change(self, theirs: str, changes: Mapping[str, str], carry: str | None) -> None:
        """Change it in ServiceTitan, and have it carry NetSuite's id where one is given."""


@dataclass(slots=True)
class VendorKind:
    """Vendors: name, active, phone, e-mail and address go to ServiceTitan."""

    settings: MasterData
    profile: AccountProfile
    servicetitan: ServiceTitan
    netsuite: NetSuite
    held: dict[str, field_vendors.Vendor] = field(default_factory=dict)
    name: str = "vendor"
    words: Words = VENDORS

    async def read(self) -> tuple[list[Ours], list[Theirs]]:
        """All vendors of both sides."""
        own = self.settings
        ours = await self._ours()
        theirs = await field_vendors.vendors(self.servicetitan, own.application_guid, own.key)
        self.held = {vendor.id: vendor for vendor in theirs}
        return ours, [_their_vendor(vendor) for vendor in theirs]

    async def _ours(self) -> list[Ours]:
        flag, client = self.settings.vendor_flag, self.netsuite
        try:
            rows = await books_vendors.vendors(client, self.profile, flag)
        except ReadRefused as refused:
            raise ConfigurationError(
                f"NetSuite connection {client.credentials.connection!r}: the role sees no "
                f"vendors. Grant it Lists > Vendors (View). NetSuite said: {refused}"
            ) from refused
        if any(row["flagged"] is None for row in rows):
            raise ConfigurationError(
                f"NetSuite connection {client.credentials.connection!r}: vendors have no field "
                f"{flag}. Make it there as a check box on vendors, or set "
                "master_data.vendor_flag in the tenant file."
            )
        return [_our_vendor(row, places) for row, places in await self._with_addresses(rows)]

    async def _with_addresses(self, rows: tuple[Json, ...]) -> list[tuple[Json, Json | None]]:
        """Each vendor with its address, empty where it has none, None where none can be seen."""
        try:
            addresses = await books_vendors.addresses(self.netsuite)
        except ReadRefused as refused:
            log.warning("NetSuite shows no addresses of vendors; none is taken: %s", refused)
            return [(row, None) for row in rows]
        return [(row, addresses.get(row["id"], {})) for row in rows]

    async def create(self, ours: Ours) -> str:
        """Make the vendor; it carries NetSuite's id from its first moment."""
        own = self.settings
        link = external_data.first(own.application_guid, own.key, ours.id)
        return await field_vendors.create_vendor(self.servicetitan, ours.values, link)

    async def change(self, theirs: str, changes: Mapping[str, str], carry: str | None) -> None:
        """Change the vendor, or what it carries."""
        own = self.settings
        link = external_data.change(own.application_guid, own.key, carry) if carry else None
        await field_vendors.change_vendor(self.servicetitan, self.held[theirs], changes, link)


@dataclass(slots=True)
class AccountKind:
    """GL accounts: number, name, description and active go to ServiceTitan.

    They carry no external data there, so that the mapping alone links them.
    """

    settings: MasterData
    servicetitan: ServiceTitan
    netsuite: NetSuite
    types: AccountTypes = field(default_factory=AccountTypes)
    kinds: dict[str, str] = field(default_factory=dict)
    name: str = "gl_account"
    words: Words = ACCOUNTS

    async def read(self) -> tuple[list[Ours], list[Theirs]]:
        """All accounts of both sides, and the types ServiceTitan has."""
        rows = await books_accounts(self.netsuite, self.settings.account_flag)
        theirs, self.types = await asyncio.gather(
            field_accounts(self.servicetitan), gl_accounts.account_types(self.servicetitan)
        )
        self.kinds = {row["id"]: row["type"] for row in rows}
        return [_our_account(row) for row in rows], [
            Theirs(
                one.id,
                one.number,
                one.active,
                values={
                    "number": one.number,
                    "name": one.name,
                    "description": one.description,
                    "active": _yes(one.active),
                },
            )
            for one in theirs
        ]

    async def create(self, ours: Ours) -> str:
        """Make the account under the type that stands for NetSuite's."""
        found = self.types.of(self.kinds[ours.id])
        if found is None:
            raise Blocked(
                NO_TYPE,
                f"ServiceTitan has no account type for NetSuite's {self.kinds[ours.id]} "
                f"(account {ours.label}).",
                "Make the account in ServiceTitan by hand; its number links it.",
            )
        return await gl_accounts.create_account(self.servicetitan, ours.values, *found)

    async def change(self, theirs: str, changes: Mapping[str, str], carry: str | None) -> None:
        """Change the account."""
        del carry  # accounts have nowhere to carry it
        await gl_accounts.change_account(self.servicetitan, theirs, changes)


def _our_vendor(row: Json, address: Json | None) -> Ours:
    values = {
        "name": row["name"],
        "active": _yes(not row["inactive"]),
        "phone": row["phone"] or "",
        "email": row["email"] or "",
    }
    if address is not None:  # what cannot be seen is not known to be empty
        values |= {theirs: address.get(ours, "") for theirs, ours in _PARTS.items()}
    active = not row["inactive"]
    return Ours(row["id"], row["name"], row["name"], active, bool(row["flagged"]), values)


def _their_vendor(vendor: field_vendors.Vendor) -> Theirs:
    values = {
        "name": vendor.name,
        "active": _yes(vendor.active),
        "phone": vendor.contact.get("phone", ""),
        "email": vendor.contact.get("email", ""),
        **vendor.address,
    }
    return Theirs(vendor.id, vendor.name, vendor.active, vendor.linked_id, values)


def _our_account(row: Json) -> Ours:
    values = {name: row[name] for name in ("number", "name", "description")}
    values["active"] = _yes(row["active"])
    label = f"{row['number']} {row['name']}".strip()
    return Ours(row["id"], row["number"], label, row["active"], row["flagged"], values)


def _yes(active: bool) -> str:
    return "yes" if active else "no"
