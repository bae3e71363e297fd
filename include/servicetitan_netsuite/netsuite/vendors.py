"""NetSuite's vendors: the books keep them, ServiceTitan is only told."""

from __future__ import annotations

from collections import defaultdict

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.suiteql import Row, rows

_VENDORS = (
    "SELECT v.id AS id, v.entityid AS entityid, v.isperson AS isperson, "
    "v.companyname AS companyname, v.firstname AS firstname, v.lastname AS lastname, "
    "v.isinactive AS isinactive, v.externalid AS externalid, v.terms AS terms, "
    "v.phone AS phone, v.email AS email{more} FROM vendor v ORDER BY v.id"
)
_PLACES = (
    "SELECT r.entity AS entity, r.subsidiary AS subsidiary "
    "FROM vendorsubsidiaryrelationship r ORDER BY r.entity, r.subsidiary"
)

_ADDRESSES = (
    "SELECT b.entity AS entity, a.addr1 AS addr1, a.addr2 AS addr2, a.city AS city, "
    "a.state AS state, a.zip AS zip, a.country AS country FROM vendoraddressbook b "
    "JOIN entityaddress a ON a.nkey = b.addressbookaddress "
    "WHERE b.defaultbilling = 'T' ORDER BY b.entity, a.nkey"
)
ADDRESS = ("addr1", "addr2", "city", "state", "zip", "country")


async def vendors(
    client: NetSuite, profile: AccountProfile, flag: str | None = None
) -> tuple[Json, ...]:
    """Every vendor, inactive ones too, by id.

    Each has id, name (a company's or a person's, else the entity id), entity_id, inactive,
    flagged, subsidiaries, external_id, terms, phone, email; what it does not have is None.
    `subsidiaries` are the ids of those it serves, none without OneWorld. `flagged` tells whether
    the check box `flag` is ticked, None where none is asked for or the account has no such field.

    Raises:
        ReadRefused: the role may not see vendors.
        TransientError: NetSuite was not to be had.
    """
    found = await _read(client, profile, flag)
    places: defaultdict[str, set[str]] = defaultdict(set)
    if profile.one_world:
        for row in await _relationships(client):
            places[row["entity"]].add(row["subsidiary"])
    return tuple(_vendor(row, places[row["id"]]) for row in found)


async def addresses(client: NetSuite) -> dict[str, Json]:
    """Each vendor's default billing address by its id: addr1, addr2, city, state, zip, country.

    Empty texts where it has none; no address of a vendor without one.

    Raises:
        ReadRefused: the role may not see addresses.
        TransientError: NetSuite was not to be had.
    """
    found = await rows(client, _ADDRESSES)
    return {row["entity"]: {name: row.get(name, "") for name in ADDRESS} for row in found}


async def _read(client: NetSuite, profile: AccountProfile, flag: str | None) -> list[Row]:
    place = ", v.subsidiary AS subsidiary" if profile.one_world else ""
    if flag:
        try:
            asked = f"{place}, COALESCE(v.{flag}, 'F') AS flagged"
            return await rows(client, _VENDORS.replace("{more}", asked))
        except ReadRefused:
            # Either the field or the whole table is not there for the role: the next read tells.
            pass
    return await rows(client, _VENDORS.replace("{more}", place))


async def _relationships(client: NetSuite) -> list[Row]:
    """Further subsidiaries; a role that may not see them sees each vendor's first one."""
    try:
        return await rows(client, _PLACES)
    except ReadRefused:
        return []


def _vendor(row: Row, places: set[str]) -> Json:
    own = {row["subsidiary"]} if row.get("subsidiary") else set()
    return {
        "id": row["id"],
        "name": _name(row),
        "entity_id": row.get("entityid", ""),
        "inactive": row.get("isinactive") == "T",
        "flagged": row["flagged"] == "T" if "flagged" in row else None,
        "subsidiaries": tuple(sorted(own | places)),
        "external_id": row.get("externalid"),
        "terms": row.get("terms"),
        "phone": row.get("phone"),
        "email": row.get("email"),
    }


def _name(row: Row) -> str:
    person = f"{row.get('firstname', '')} {row.get('lastname', '')}".strip()
    own = person if row.get("isperson") == "T" else row.get("companyname", "").strip()
    return own or row.get("entityid", "").strip()
