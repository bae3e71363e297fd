"""Customers and vendors: names, numbers, subsidiaries and addresses."""

from __future__ import annotations

import re

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import invalid_value, missing, user_error
from sandbox.netsuite.records.base import RecordType, check_lengths, flag
from sandbox.netsuite.store import Document, Rows

LIMITS = {
    "entityId": 83,
    "companyName": 83,
    "firstName": 32,
    "middleName": 32,
    "lastName": 32,
    "email": 254,
    "phone": 32,
}
ADDRESS_LIMITS = {"addr1": 150, "addr2": 150, "addr3": 150, "city": 50, "zip": 36}
ADDRESS_COLUMNS = ("addr1", "addr2", "addr3", "city", "state", "zip", "country")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Entity(RecordType):
    """What customers and vendors have in common."""

    group = "Entity"
    sequence = "entity"
    word = "entity"
    keys = {"addressBook": "internalId"}  # noqa: RUF012
    label: str
    prefix: str

    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Check a name card and fill in its defaults."""
        _name(document)
        check_lengths(document, LIMITS)
        if context.one_world:
            _subsidiary(context, document, old)
        if document.get("email") and not EMAIL.fullmatch(document["email"]):
            raise user_error("Please enter a valid email address.")
        if document.get("phone") and sum(c.isdigit() for c in document["phone"]) < 7:
            raise user_error("Phone number should have seven digits or more.")
        self._entity_id(context, document)
        document["isInactive"] = bool(document.get("isInactive"))
        document["currency"] = document.get("currency") or "1"
        document["dateCreated"] = document.get("dateCreated") or document["createdDate"]
        for position, line in enumerate(document.get("addressBook") or []):
            _address(line, position)
        return document

    def _entity_id(self, context: Context, document: Document) -> None:
        chosen = document.get("entityId")
        if not chosen:
            chosen = f"{self.prefix}{context.store.next_id(self.name + ' number')}"
            while self._taken(context, chosen, document["id"]):
                chosen = f"{self.prefix}{context.store.next_id(self.name + ' number')}"
        elif self._taken(context, chosen, document["id"]):
            raise self.duplicate()
        document["entityId"] = chosen

    def _taken(self, context: Context, entity_id: str, own: str) -> bool:
        row = context.store.db.execute(
            f"SELECT 1 FROM p_{self.name} WHERE entityid = ? COLLATE NOCASE AND id <> ?",
            (entity_id, int(own)),
        ).fetchone()
        return row is not None

    def alter(self, document: Document) -> None:
        """Store another name than was sent."""
        name = "lastName" if document.get("isPerson") else "companyName"
        document[name] = f"{document[name]} altered"

    def check_delete(self, context: Context, document: Document) -> None:
        """Who stands on a transaction stays."""
        used = context.store.db.execute(
            "SELECT 1 FROM p_transactionline WHERE entity = ? LIMIT 1", (int(document["id"]),)
        ).fetchone()
        if used is not None:
            raise user_error("This record cannot be deleted because it has dependent records.")

    def _row(self, document: Document) -> Document:
        person = " ".join(
            document[k] for k in ("firstName", "middleName", "lastName") if document.get(k)
        )
        return {
            "id": int(document["id"]),
            "entityid": document["entityId"],
            "externalid": document.get("externalId"),
            "isperson": flag(document["isPerson"]),
            "altname": person if document["isPerson"] else document.get("companyName"),
            "companyname": document.get("companyName"),
            "email": document.get("email"),
            "subsidiary": document.get("subsidiary"),
            "currency": document["currency"],
            "isinactive": flag(document["isInactive"]),
            "datecreated": document["dateCreated"].replace("T", " ").rstrip("Z"),
            "lastmodifieddate": document["lastModifiedDate"].replace("T", " ").rstrip("Z"),
        }

    def _relation(self, document: Document) -> list[Document]:
        if document.get("subsidiary") is None:
            return []
        return [
            {
                "id": int(document["id"]),
                "entity": int(document["id"]),
                "subsidiary": document["subsidiary"],
                "isprimarysub": "T",
                "name": document["entityId"],
                "primarycurrency": document["currency"],
            }
        ]


def address_rows(document: Document, book: str, addresses: str) -> Rows:
    """The address book and the addresses in it, one key for each pair."""
    lines, places = [], []
    for line in document.get("addressBook") or []:
        key = int(document["id"]) * 1000 + int(line["internalId"])
        lines.append(
            {
                "entity": int(document["id"]),
                "defaultbilling": flag(line["defaultBilling"]),
                "defaultshipping": flag(line["defaultShipping"]),
                "label": line.get("label"),
                "addressbookaddress": key,
            }
        )
        shown = {name: line["addressBookAddress"].get(name) for name in ADDRESS_COLUMNS}
        places.append({**shown, "nkey": key, "owner": int(document["id"])})
    return {book: lines, addresses: places}


class Customer(Entity):
    """The customer record."""

    name = "customer"
    label = "Customer"
    prefix = "CUST"
    tables = (
        "customer",
        "customersubsidiaryrelationship",
        "customeraddressbook",
        "customeraddressbookentityaddress",
    )

    def rows(self, context: Context, document: Document) -> Rows:
        """The customer and the relation to its own subsidiary."""
        row = self._row(document) | {
            "parent": document.get("parent"),
            "firstname": document.get("firstName"),
            "lastname": document.get("lastName"),
            "phone": document.get("phone"),
            "receivablesaccount": document.get("receivablesAccount"),
        }
        return {
            "customer": [row],
            "customersubsidiaryrelationship": self._relation(document),
            **address_rows(document, "customeraddressbook", "customeraddressbookentityaddress"),
        }


class Vendor(Entity):
    """The vendor record."""

    name = "vendor"
    label = "Vendor"
    prefix = "VEND"
    tables = ("vendor", "vendorsubsidiaryrelationship", "vendoraddressbook", "entityaddress")

    def rows(self, context: Context, document: Document) -> Rows:
        """The vendor and the relation to its own subsidiary."""
        row = self._row(document) | {
            "legalname": document.get("legalName"),
            "payablesaccount": document.get("payablesAccount"),
            "accountnumber": document.get("accountNumber"),
            "expenseaccount": document.get("expenseAccount"),
            "firstname": document.get("firstName"),
            "lastname": document.get("lastName"),
            "phone": document.get("phone"),
            "terms": document.get("terms"),
        }
        return {
            "vendor": [row],
            "vendorsubsidiaryrelationship": self._relation(document),
            **address_rows(document, "vendoraddressbook", "entityaddress"),
        }


def _name(document: Document) -> None:
    document["isPerson"] = bool(document.get("isPerson"))
    wanted = {"companyName": "Company Name"}
    if document["isPerson"]:
        wanted = {"firstName": "First Name", "lastName": "Last Name"}
    absent = [label for name, label in wanted.items() if not (document.get(name) or "").strip()]
    if absent:
        raise missing(*absent)


def _subsidiary(context: Context, document: Document, old: Document | None) -> None:
    if document.get("subsidiary") is None:
        raise missing("Primary Subsidiary")
    subsidiary = context.store.all("subsidiary")[document["subsidiary"]]
    unusable = subsidiary.get("isInactive") or subsidiary.get("isElimination")
    if unusable and (old is None or old.get("subsidiary") != document["subsidiary"]):
        raise invalid_value(document["subsidiary"], "subsidiary")


def _address(line: Document, position: int) -> None:
    address = line.get("addressBookAddress")
    if not address:
        raise missing("Address")
    check_lengths(address, ADDRESS_LIMITS)
    line["internalId"] = line.get("internalId") or position + 1
    line["defaultBilling"] = bool(line.get("defaultBilling"))
    line["defaultShipping"] = bool(line.get("defaultShipping"))
