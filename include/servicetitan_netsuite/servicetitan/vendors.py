"""ServiceTitan's vendors, with the NetSuite id they carry as external data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import UncertainOutcome
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.external_data import value_of
from servicetitan_netsuite.servicetitan.shape import Misshapen, clean, row_id

MODULE, LIST = "inventory", "vendors"
CONTACT = ("firstName", "lastName", "phone", "email", "fax")
ADDRESS = ("street", "unit", "city", "state", "zip", "country")


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor; texts are empty where it has none.

    `linked_id` is the NetSuite id that was written on it, None without one. `contact` has
    firstName, lastName, phone, email and fax; `address` street, unit, city, state, zip, country.
    """

    id: str
    name: str
    active: bool
    linked_id: str | None
    contact: Mapping[str, str] = field(default_factory=dict, hash=False)
    address: Mapping[str, str] = field(default_factory=dict, hash=False)


async def vendors(
    client: ServiceTitan, application_guid: str | None = None, key: str | None = None
) -> list[Vendor]:
    """All vendors, inactive ones too, once each; what has no id cannot be linked and is left.

    `application_guid` and `key` tell where NetSuite's ids are kept; without them none is read.
    """
    params = {"active": "Any", "externalDataApplicationGuid": application_guid}
    found: dict[str, Vendor] = {}
    async for rows in client.pages(MODULE, LIST, params):
        for row in rows:
            vendor = _vendor(row, key)
            if vendor:
                found.setdefault(vendor.id, vendor)
    return list(found.values())


def _vendor(row: Any, key: str | None) -> Vendor | None:
    if not isinstance(row, dict):
        return None
    try:
        id_ = row_id(row.get("id"), "id")
    except Misshapen:
        return None
    return Vendor(
        id=id_,
        name=_text(row.get("name")),
        active=row.get("active") is True,
        linked_id=value_of(row.get("externalData"), key) if key else None,
        contact=_texts(row.get("contactInfo"), CONTACT),
        address=_texts(row.get("address"), ADDRESS),
    )


def _texts(value: Any, names: tuple[str, ...]) -> Json:
    raw = value if isinstance(value, dict) else {}
    return {name: _text(raw.get(name)) for name in names}


def _text(value: object) -> str:
    return clean(value.strip()) if isinstance(value, str) else ""


async def create_vendor(client: ServiceTitan, values: Mapping[str, str], link: Json) -> str:
    """Make a vendor of `values` (name, phone, email, and the address's parts); its id.

    `link` is the external data it carries from its first moment, by which a creation whose answer
    was lost is found again.

    Raises:
        Refused: ServiceTitan's no.
        UncertainOutcome: nobody knows whether it was made.
    """
    body = {
        "name": values["name"],
        "active": True,
        "isTruckReplenishment": False,
        "taxRate": 0,
        "restrictedMobileCreation": False,
        "address": {name: values.get(name, "") for name in ADDRESS},
        "externalData": link,
    }
    body |= {name: values[name] for name in ("phone", "email") if values.get(name)}
    answer = await client.post(MODULE, LIST, body)
    return _made(answer)


async def change_vendor(
    client: ServiceTitan, vendor: Vendor, changes: Mapping[str, str], link: Json | None = None
) -> None:
    """Change some of a vendor's values, or the external data it carries.

    Raises:
        Refused: ServiceTitan's no.
    """
    body: Json = {name: changes[name] for name in ("name", "phone", "email") if name in changes}
    if "active" in changes:
        body["active"] = changes["active"] == "yes"
    if any(name in changes for name in ADDRESS):
        # An address is written as a whole.
        body["address"] = {n: changes.get(n, vendor.address.get(n, "")) for n in ADDRESS}
    if link:
        body["externalData"] = link
    await client.patch(MODULE, f"{LIST}/{vendor.id}", body)


def _made(answer: Any) -> str:
    try:
        return row_id(answer.get("id") if isinstance(answer, dict) else None, "id")
    except Misshapen as error:
        raise UncertainOutcome(
            f"ServiceTitan made a vendor without saying which: {error}."
        ) from error
