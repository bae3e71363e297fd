"""The small lists every rule asks: accounts, subsidiaries, classifications and periods."""

from __future__ import annotations

from sandbox.netsuite.context import Context
from sandbox.netsuite.errors import missing, user_error
from sandbox.netsuite.records.base import RecordType, flag
from sandbox.netsuite.store import Document, Rows


class Listed(RecordType):
    """A record of a small list: some fields are required, the rest is kept as sent."""

    required: dict[str, str]
    references: tuple[tuple[str, str], ...] = ()  # (table, column) that must not point here

    @property
    def sequence(self) -> str:  # type: ignore[override]
        """Each list counts for itself."""
        return self.name

    @property
    def group(self) -> str:  # type: ignore[override]
        """Each list has its own external ids."""
        return self.name

    def complete(self, context: Context, document: Document, old: Document | None) -> Document:
        """Check that nothing required is absent."""
        absent = [label for name, label in self.required.items() if not document.get(name)]
        if absent:
            raise missing(*absent)
        document["isInactive"] = bool(document.get("isInactive"))
        return document

    def check_delete(self, context: Context, document: Document) -> None:
        """What a transaction uses stays."""
        for table, column in self.references:
            used = context.store.db.execute(
                f'SELECT 1 FROM p_{table} WHERE "{column}" = ? LIMIT 1', (int(document["id"]),)
            ).fetchone()
            if used is not None:
                raise user_error("This record cannot be deleted because it has dependent records.")

    def alter(self, document: Document) -> None:
        """Store another name than was sent."""
        name = next(iter(self.required))
        document[name] = f"{document[name]} altered"


class Account(Listed):
    """The account record."""

    name = "account"
    tables = ("account", "accountsubsidiarymap")
    required = {"acctName": "Name", "acctType": "Type"}  # noqa: RUF012
    references = (("transactionaccountingline", "account"),)

    def rows(self, context: Context, document: Document) -> Rows:
        """The account and the subsidiaries that may use it."""
        number, name = document.get("acctNumber"), document["acctName"]
        full = f"{number} {name}" if number else name
        row = {
            "id": int(document["id"]),
            "externalid": document.get("externalId"),
            "parent": document.get("parent"),
            "acctnumber": number,
            "acctname": name,
            "accttype": document["acctType"],
            "sspecacct": document.get("sSpecAcct"),
            "fullname": name,
            "accountsearchdisplaynamecopy": name,
            "displaynamewithhierarchy": full,
            "description": document.get("description"),
            "currency": document.get("currency"),
            "isinactive": flag(document["isInactive"]),
            "issummary": flag(document.get("isSummary")),
            "eliminate": flag(document.get("eliminate")),
            "includechildren": flag(document.get("includeChildren")),
        }
        return {"account": [row], "accountsubsidiarymap": _map(context, document, "account")}


class Subsidiary(Listed):
    """The subsidiary record; an account without OneWorld does not have it."""

    name = "subsidiary"
    tables = ("subsidiary",)
    required = {"name": "Name"}  # noqa: RUF012
    references = (("transaction", "subsidiary"),)

    def rows(self, context: Context, document: Document) -> Rows:
        """The subsidiary."""
        row = {
            "id": int(document["id"]),
            "name": document["name"],
            "fullname": _full_name(context, self.name, document),
            "legalname": document.get("legalName"),
            "parent": document.get("parent"),
            "currency": document.get("currency"),
            "country": document.get("country"),
            "iselimination": flag(document.get("isElimination")),
            "isinactive": flag(document["isInactive"]),
            "externalid": document.get("externalId"),
        }
        return {"subsidiary": [row]}


class Dimension(Listed):
    """A department, class or location."""

    required = {"name": "Name"}  # noqa: RUF012

    def __init__(self, name: str, column: str) -> None:
        self.name = name
        self.tables = (name, f"{name}subsidiarymap")
        self.references = (("transactionline", column),)

    def rows(self, context: Context, document: Document) -> Rows:
        """The record and the subsidiaries that may use it."""
        allowed = document.get("subsidiary") or []
        row = {
            "id": int(document["id"]),
            "name": document["name"],
            "fullname": _full_name(context, self.name, document),
            "externalid": document.get("externalId"),
            "parent": document.get("parent"),
            "isinactive": flag(document["isInactive"]),
            "subsidiary": ", ".join(allowed)
            if self.name != "location"
            else next(iter(allowed), None),
            "includechildren": flag(document.get("includeChildren")),
        }
        return {
            self.name: [row],
            f"{self.name}subsidiarymap": _map(context, document, self.name),
        }


class Period(Listed):
    """The accountingPeriod record."""

    name = "accountingPeriod"
    tables = ("accountingperiod",)
    required = {  # noqa: RUF012
        "periodName": "Name",
        "startDate": "Start Date",
        "endDate": "End Date",
    }
    references = (("transaction", "postingperiod"),)

    def rows(self, context: Context, document: Document) -> Rows:
        """The period with its locks; a closed one is locked in every respect."""
        closed = bool(document.get("closed"))
        names = ("allLocked", "apLocked", "arLocked")
        row = {
            "id": int(document["id"]),
            "periodname": document["periodName"],
            "startdate": document["startDate"],
            "enddate": document["endDate"],
            "closed": flag(closed),
            "allownonglchanges": "F",
            "isinactive": flag(document["isInactive"]),
            "isposting": flag(not document.get("isYear") and not document.get("isQuarter")),
            "isadjust": flag(document.get("isAdjust")),
            "isquarter": flag(document.get("isQuarter")),
            "isyear": flag(document.get("isYear")),
            "parent": document.get("parent"),
        }
        row |= {name.lower(): flag(closed or document.get(name)) for name in names}
        return {"accountingperiod": [row]}


class SubsidiaryRelationship(Listed):
    """A further subsidiary that somebody may trade in."""

    required = {"entity": "Entity", "subsidiary": "Subsidiary"}  # noqa: RUF012

    def rows(self, context: Context, document: Document) -> Rows:
        """The relation."""
        row = {
            "id": int(document["id"]),
            "entity": document["entity"],
            "subsidiary": document["subsidiary"],
            "isprimarysub": "F",
            "externalid": document.get("externalId"),
        }
        return {self.tables[0]: [row]}


class CustomerSubsidiaryRelationship(SubsidiaryRelationship):
    """A further subsidiary of a customer."""

    name = "customerSubsidiaryRelationship"
    tables = ("customersubsidiaryrelationship",)


class VendorSubsidiaryRelationship(SubsidiaryRelationship):
    """A further subsidiary of a vendor."""

    name = "vendorSubsidiaryRelationship"
    tables = ("vendorsubsidiaryrelationship",)


class Term(Listed):
    """The terms of payment."""

    name = "term"
    tables = ("term",)
    required = {"name": "Terms"}  # noqa: RUF012
    references = (("transaction", "terms"), ("vendor", "terms"))

    def rows(self, context: Context, document: Document) -> Rows:
        """The term and its days."""
        row = {
            "id": int(document["id"]),
            "name": document["name"],
            "daysuntilnetdue": document.get("daysUntilNetDue"),
            "isinactive": flag(document["isInactive"]),
            "externalid": document.get("externalId"),
        }
        return {"term": [row]}


def _map(context: Context, document: Document, column: str) -> list[Document]:
    if not context.one_world:
        return []
    allowed = document.get("subsidiary") or context.subsidiaries()
    return [{column: int(document["id"]), "subsidiary": int(item)} for item in allowed]


def _full_name(context: Context, record_type: str, document: Document) -> str:
    names = [document["name"]]
    parent = document.get("parent")
    while parent is not None and len(names) < 20:
        above = context.store.get(record_type, parent)
        if above is None:
            break
        names.append(above["name"])
        parent = above.get("parent")
    return " : ".join(reversed(names))
