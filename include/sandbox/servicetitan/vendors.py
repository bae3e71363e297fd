"""Vendors: list, one, create and change, each with external data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiohttp import web

from sandbox.faults import asked_to_alter
from sandbox.servicetitan import exact, external_data
from sandbox.servicetitan.asking import Body, read_body
from sandbox.servicetitan.listing import Listing, find, repeated
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import State

KIND = "vendor"
VENDORS = Listing(KIND, (repeated("ids", "id"),), external=KIND, custom="customField")
DELIVERY = (
    "Manual", "EmailAsExcel", "EmailAsPdf", "EmailAsPdfRollupView", "Electronic", "MarkAsSent",
    "EmailAsExcelAndPdf", "VendorPortal",
)  # fmt: skip
CONTACT = ("firstName", "lastName", "phone", "email", "fax")
PLACE = ("street", "unit", "city", "state", "zip", "country")
FLAGS = {
    "active": "active",
    "isTruckReplenishment": "isTruckReplenishment",
    "restrictedMobileCreation": "isMobileCreationRestricted",
}
REQUIRED = ("active", "isTruckReplenishment", "taxRate", "restrictedMobileCreation", "address")
EMPTY: dict[str, Any] = {
    "id": 0,
    "name": "",
    "active": True,
    "isTruckReplenishment": False,
    "isMobileCreationRestricted": False,
    "memo": "",
    "deliveryOption": "Manual",
    "defaultTaxRate": Decimal("0.0"),
    "contactInfo": dict.fromkeys(CONTACT, ""),
    "address": dict.fromkeys(PLACE),
    "createdOn": "",
    "modifiedOn": "",
    "externalData": [],
    "customFields": [],
}


class Vendors:
    """The handlers that write vendors."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def create(self, request: web.Request) -> web.Response:
        """POST: answers with the id; two vendors may bear one name."""
        body = await read_body(request)
        for name in REQUIRED:
            if not body.has(name):
                body.refuse(name, f"The {name} field is required.")
        if not body.text("name"):
            body.refuse("name", "The name field is required.")
        shown = _changed(EMPTY, body)
        change = external_data.Change(body)
        body.check()
        if asked_to_alter(request):
            shown["name"] += " (altered)"
        tenant = int(request.match_info["tenant"])
        with self._state.writing() as db:
            last = db.execute("SELECT max(id) FROM record WHERE type = ?", (KIND,)).fetchone()[0]
            shown |= {"id": (last or 3300) + 1, "createdOn": now()}
            shown["modifiedOn"] = shown["createdOn"]
            db.execute(
                "INSERT INTO record (tenant_id, type, id, body) VALUES (?, ?, ?, ?)",
                (tenant, KIND, shown["id"], exact.dumps(shown)),
            )
            change.apply(db, KIND, shown["id"])
        return exact.answer(exact.dumps({"id": shown["id"]}))

    async def update(self, request: web.Request) -> web.Response:
        """PATCH the fields given; answers with the id."""
        body, row = await read_body(request), find(self._state, request, KIND)
        shown = _changed(exact.loads(row["body"]), body) | {"modifiedOn": now()}
        change = external_data.Change(body)
        body.check()
        with self._state.writing() as db:
            db.execute("UPDATE record SET body = ? WHERE row = ?", (exact.dumps(shown), row["row"]))
            change.apply(db, KIND, row["id"])
        return exact.answer(exact.dumps({"id": row["id"]}))


def _changed(old: dict[str, Any], body: Body) -> dict[str, Any]:
    """The vendor with the fields given; wrong ones are noted in the body."""
    shown = dict(old)
    for name in ("name", "memo"):
        shown[name] = body.text(name) or old[name]
    for field, name in FLAGS.items():
        given = body.flag(field)
        shown[name] = old[name] if given is None else given
    shown["deliveryOption"] = body.choice("deliveryOption", DELIVERY) or old["deliveryOption"]
    rate = body.number("taxRate")
    shown["defaultTaxRate"] = old["defaultTaxRate"] if rate is None else rate
    contact = {name: body.text(name) for name in CONTACT}
    shown["contactInfo"] = old["contactInfo"] | {n: v for n, v in contact.items() if v is not None}
    place = Body(body.value("address", dict, "an object") or {}, "address.")
    given_place = {name: place.text(name) for name in PLACE}
    shown["address"] = old["address"] | {n: v for n, v in given_place.items() if v is not None}
    place.check()
    body.integer("paymentTermId")
    body.integer("remittanceVendorId")
    return shown
