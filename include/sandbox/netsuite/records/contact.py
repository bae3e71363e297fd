"""Contacts: the people of a customer or vendor."""

from __future__ import annotations

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, user_error
from sandbox.netsuite.records.base import RecordType, check_lengths, flag, stamp
from sandbox.netsuite.records.entity import EMAIL
from sandbox.netsuite.store import Document, Rows

LIMITS = {
    "entityId": 83,
    "firstName": 32,
    "middleName": 32,
    "lastName": 32,
    "email": 254,
    "phone": 32,
    "title": 100,
    "comments": 999,
}
NAMES = ("firstName", "middleName", "lastName")
TAKEN = (
    "A contact record with this name already exists. Every contact record must have a unique name."
)


class Contact(RecordType):
    """The contact record."""

    name = "contact"
    group = "Entity"
    sequence = "entity"
    word = "entity"
    tables = ("contact",)
    keys = {"addressBook": "internalId"}  # noqa: RUF012

    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Check a contact and fill in its defaults."""
        named = " ".join(document[name] for name in NAMES if document.get(name))
        document["entityId"] = document.get("entityId") or named
        if not document["entityId"].strip():
            raise missing("Contact Name")
        if context.one_world:
            if document.get("subsidiary") is None:
                raise missing("Subsidiary")
            if context.store.all("subsidiary")[document["subsidiary"]].get("isInactive"):
                raise invalid_value(document["subsidiary"], "subsidiary")
        check_lengths(document, LIMITS)
        if document.get("email") and not EMAIL.fullmatch(document["email"]):
            raise user_error("Please enter a valid email address.")
        taken = context.store.db.execute(
            "SELECT 1 FROM p_contact WHERE entityid = ? COLLATE NOCASE AND id <> ?",
            (document["entityId"], int(document["id"])),
        ).fetchone()
        if taken is not None:
            raise user_error(TAKEN)
        document["isInactive"] = bool(document.get("isInactive"))
        document["dateCreated"] = document.get("dateCreated") or document["createdDate"]
        return document

    def rows(self, context: Context, document: Document) -> Rows:
        """The contact."""
        row = {
            "id": int(document["id"]),
            "entityid": document["entityId"],
            "externalid": document.get("externalId"),
            "company": document.get("company"),
            "firstname": document.get("firstName"),
            "lastname": document.get("lastName"),
            "email": document.get("email"),
            "phone": document.get("phone"),
            "title": document.get("title"),
            "subsidiary": document.get("subsidiary"),
            "isinactive": flag(document["isInactive"]),
            "datecreated": stamp(document["dateCreated"]),
        }
        return {"contact": [row]}

    def alter(self, document: Document) -> None:
        """Store another name than was sent."""
        document["lastName"] = f"{document.get('lastName') or ''} altered".strip()

    def summary(self, document: Document) -> Document:
        """The name and whose contact it is."""
        return super().summary(document) | {"company": document.get("company")}
