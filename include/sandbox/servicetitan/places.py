"""Locations, services, materials and equipment: read only here."""

from __future__ import annotations

from sandbox.servicetitan.asking import Query
from sandbox.servicetitan.filters import Where
from sandbox.servicetitan.listing import Filter, Listing, at, number, numbers

PLACES = ("street", "unit", "city", "state", "zip", "country")


def _like_address(query: Query, where: Where) -> None:
    where.contains(at("name"), query.text("name"))
    for name in PLACES:
        where.contains(at(f"address.{name}"), query.text(name))
    for name in ("latitude", "longitude"):
        if query.one(name, float) is not None:
            where.add("FALSE")


def _searched(query: Query, where: Where) -> None:
    wanted = query.text("searchText")
    if wanted:
        where.contains(f"{at('code')} || ' ' || {at('displayName')}", wanted)


LOCATIONS = Listing(
    "location",
    (numbers("ids", "id"), number("customerId", "customerId")),
    more=_like_address,
    external="location",
)
SERVICES = Listing(
    "service", (numbers("ids", "id"),), more=_searched, external="service",
    flags=("calculatePrices",),
)  # fmt: skip
MATERIALS = Listing(
    "material",
    (
        numbers("ids", "id"),
        numbers("costTypeIds", "costTypeId"),
        Filter("isOtherDirectCost", lambda query, name: query.flag(name),
               f"{at('isOtherDirectCost')} = ?"),
    ),
    more=_searched,
    external="material",
)  # fmt: skip
EQUIPMENT = Listing("equipment", (numbers("ids", "id"),), more=_searched, external="equipment")
