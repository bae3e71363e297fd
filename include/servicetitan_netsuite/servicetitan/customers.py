"""A customer as NetSuite shall know it, read from ServiceTitan on its first use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from servicetitan_netsuite.documents import Cause, Json
from servicetitan_netsuite.errors import Blocked
from servicetitan_netsuite.servicetitan.client import Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.external_data import value_of
from servicetitan_netsuite.servicetitan.shape import Misshapen, an_object, clean, row_id, text
from servicetitan_netsuite.tenants import LegacyId

_MODULE, _LIST = "crm", "customers"
_ID = re.compile(r"[0-9]{1,19}")
_ADDRESS = ("street", "unit", "city", "state", "zip", "country")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, merges followed.

    `merged_from` is the id that was asked for, where that one was merged into this; `address` has
    street, unit, city, state, zip and country, empty where ServiceTitan has none; `legacy_id` is
    the NetSuite id it had before the sync, where the tenant keeps one.
    """

    source_id: str
    merged_from: str | None
    name: str
    is_company: bool
    address: Mapping[str, str] = field(hash=False)
    phone: str | None
    email: str | None
    legacy_id: str | None


async def customer(
    client: ServiceTitan, source_id: str, legacy: LegacyId | None = None
) -> Customer:
    """The customer `source_id`, or the one it was merged into.

    Args:
        client: an open client.
        source_id: ServiceTitan's id.
        legacy: where the tenant keeps NetSuite ids (`sync.customers.legacy_id` of its file).

    Raises:
        Blocked: there is no such customer, its merges run in a circle, or it cannot be read.
    """
    try:
        row = await _survivor(client, source_id)
        id_ = row_id(row.get("id"), "id")
        name = text(row.get("name"), "name")
        if not name or not name.strip():
            raise Misshapen("name", row.get("name"), "a name")
        contacts = await _contacts(client, id_)
        return Customer(
            source_id=id_,
            merged_from=None if id_ == source_id else source_id,
            name=name.strip(),
            is_company=_is_company(row.get("type")),
            address=_address(row.get("address")),
            phone=contacts.get("Phone"),
            email=contacts.get("Email"),
            legacy_id=await _legacy_id(client, id_, legacy) if legacy else None,
        )
    except (Misshapen, Refused) as error:
        raise Blocked(
            Cause.DIRTY_DATA,
            f"ServiceTitan's customer {source_id} cannot be read: {error}.",
            "Correct the customer in ServiceTitan.",
        ) from error


async def _survivor(client: ServiceTitan, source_id: str) -> Json:
    seen: list[str] = []
    id_ = source_id
    while id_ not in seen:
        seen.append(id_)
        row = await _one(client, id_)
        if row.get("mergedToId") is None:
            return row
        id_ = row_id(row["mergedToId"], "mergedToId")
    raise Blocked(
        Cause.DIRTY_DATA,
        f"ServiceTitan's customer {source_id} is merged in a circle: {' > '.join([*seen, id_])}.",
        "Have ServiceTitan's support correct the merge.",
    )


async def _one(client: ServiceTitan, id_: str) -> Json:
    try:
        if not _ID.fullmatch(id_):
            raise Misshapen("its id", id_, "a number")
        return an_object(await client.get(_MODULE, f"{_LIST}/{id_}"), "the answer")
    except Refused as refusal:
        if refusal.status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND):
            raise
        raise Blocked(
            Cause.CUSTOMER_MISSING,
            f"ServiceTitan has no customer {id_}.",
            "Correct the customer on the transaction in ServiceTitan.",
        ) from refusal


async def _contacts(client: ServiceTitan, id_: str) -> dict[str, str]:
    """The first active contact of each type."""
    first: dict[str, str] = {}
    async for rows in client.pages(_MODULE, f"{_LIST}/{id_}/contacts"):
        for row in rows:
            if not isinstance(row, dict) or row.get("active") is False:
                continue
            kind, value = row.get("type"), row.get("value")
            if isinstance(kind, str) and isinstance(value, str) and value.strip():
                first.setdefault(kind, clean(value.strip()))
    return first


async def _legacy_id(client: ServiceTitan, id_: str, legacy: LegacyId) -> str | None:
    # Reading one customer gives no external data; only the list does, and only for one app.
    params = {
        "ids": id_,
        "active": "Any",
        "externalDataApplicationGuid": legacy.application_guid,
    }
    async for rows in client.pages(_MODULE, _LIST, params, 50):
        for row in rows:
            if isinstance(row, dict) and str(row.get("id")) == id_:
                return value_of(row.get("externalData"), legacy.key)
    return None


def _is_company(kind: object) -> bool:
    if kind not in ("Commercial", "Residential"):
        raise Misshapen("type", kind, "Residential or Commercial")
    return kind == "Commercial"


def _address(value: object) -> dict[str, str]:
    raw = {} if value is None else an_object(value, "address")
    return {name: (text(raw.get(name), f"address.{name}") or "").strip() for name in _ADDRESS}
