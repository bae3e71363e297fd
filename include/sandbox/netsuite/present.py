"""A stored record as GET shows it: references with links, sublists as links or expanded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.netsuite.context import Context
from sandbox.netsuite.records import REGISTRY, canonical
from sandbox.netsuite.shapes import Field, Shape
from sandbox.netsuite.store import Document

NUMBERS = {"num", "float"}
ENUM_NAMES = {
    ("approvalStatus", "1"): "Pending Approval",
    ("approvalStatus", "2"): "Approved",
    ("approvalStatus", "3"): "Rejected",
    ("country", "US"): "United States",
}


@dataclass(frozen=True, slots=True)
class View:
    """How one GET wants to see records."""

    context: Context
    base: str  # absolute url of record/v1
    expand: bool = False
    simple_enums: bool = False
    only: frozenset[str] = frozenset()  # lower-case body fields, empty for all

    def record(self, record_type: str, document: Document) -> dict[str, Any]:
        """The JSON document of a record."""
        url = f"{self.base}/{record_type}/{document['id']}"
        known = self.context.shape(record_type)
        result: dict[str, Any] = {"links": [{"rel": "self", "href": url}]}
        for spec in known.fields.values():
            value = document.get(spec.name)
            if value is None or (self.only and spec.name.lower() not in self.only):
                continue
            result[spec.name] = self._value(known, spec, value, url)
        letters = REGISTRY[record_type].statuses
        if letters and "status" in result and not self.simple_enums:
            letter = document["status"]
            result["status"] = {"id": letter, "refName": letters.get(letter, letter)}
        result["id"] = document["id"]
        result["refName"] = name_of(document)
        return result

    def lines(self, known: Shape, spec: Field, value: list[Any], url: str) -> dict[str, Any]:
        """A sublist, expanded."""
        element = known.lists.get(spec.name)
        items = [
            self._reference(spec.target, item)
            if element is None
            else {
                "links": [{"rel": "self", "href": f"{url}/{spec.name}/{position}"}],
                **self._fields(element, item, url),
            }
            for position, item in enumerate(value)
        ]
        shown = {"count": len(items), "hasMore": False, "offset": 0, "totalResults": len(items)}
        return {"links": [{"rel": "self", "href": f"{url}/{spec.name}"}], "items": items, **shown}

    def _fields(self, known: Shape, document: Document, url: str) -> dict[str, Any]:
        return {
            spec.name: self._value(known, spec, document[spec.name], url)
            for spec in known.fields.values()
            if document.get(spec.name) is not None
        }

    def _value(self, known: Shape, spec: Field, value: Any, url: str) -> Any:
        if spec.kind == "coll":
            if self.expand:
                return self.lines(known, spec, value, url)
            return {"links": [{"rel": "self", "href": f"{url}/{spec.name}"}]}
        if spec.kind == "sub":
            return self._fields(known.lists[spec.name], value, url)
        if spec.kind == "ref":
            return self._reference(spec.target, value)
        if spec.kind == "enum" and not self.simple_enums:
            return {"id": value, "refName": ENUM_NAMES.get((spec.name, value), value)}
        return float(value) if spec.kind in NUMBERS else value

    def _reference(self, target: str, record_id: str) -> dict[str, Any]:
        name, found = self.context.referred(canonical(target), record_id) or (
            canonical(target),
            None,
        )
        shown = {"id": record_id} | ({"refName": name_of(found)} if found else {})
        return {"links": [{"rel": "self", "href": f"{self.base}/{name}/{record_id}"}], **shown}


def name_of(document: Document) -> str:
    """The name a reference to a record shows."""
    number = document.get("acctNumber")
    if number:
        return f"{number} {document['acctName']}"
    if "entityId" in document:
        shown = document.get("companyName") or document.get("lastName") or ""
        return f"{document['entityId']} {shown}".strip()
    names = ("name", "itemId", "acctName", "periodName", "tranId", "id")
    return str(next(document[name] for name in names if document.get(name)))
