"""Records of ours that a body or canonical form names before NetSuite has given them an id.

In a body such a record stands as `{"externalId": "st-..."}` wherever NetSuite takes a reference:
the customer, a line's entity or item, the document a credit memo is applied to; in the path of a
transform or of a change as `eid:st-...`. In a canonical form, whose entities and documents are
plain text, the external id itself stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from servicetitan_netsuite.documents import Json

OURS = "st-"
"""How every external id of ours begins; NetSuite's internal ids are digits."""
_IN_PATH = re.compile(r"(?<=/)eid:(st-[a-z0-9_-]+)(?=/|$)")
_AT = re.compile(r"record/v1/([A-Za-z]+/(?:eid:)?[a-z0-9_-]+)(?:/.*)?")
_ENTITY = 1  # the place of the entity in a canonical form's line


def to(name: str) -> Json:
    """The reference to a record by its internal id, or by our external id until it has one."""
    return {"externalId" if name.startswith(OURS) else "id": name}


def record_at(path: str) -> str | None:
    """The record that a transform or a change starts from, as `path` names it; None of others."""
    found = _AT.fullmatch(path)
    return found[1] if found else None


def waits_for(body: Json, path: str = "") -> tuple[str, ...]:
    """External ids of the records that must exist before `body` can be sent, in their order."""
    return tuple(dict.fromkeys([*_IN_PATH.findall(path), *_named(list(body.values()))]))


def resolve_path(path: str, links: Mapping[str, str]) -> str:
    """`path` with the record it names by external id named by internal id, if `links` knows it."""
    return _IN_PATH.sub(lambda found: links.get(found[1], found[0]), path)


def resolve(body: Json, links: Mapping[str, str]) -> Json:
    """A copy of `body` in which every record named by external id is named by internal id.

    Raises:
        KeyError: an external id that `links` (external id to internal id) does not hold.
    """
    found = {name: {"id": links[name]} for name in waits_for(body)}
    return _renamed_body(body, found)


def resolve_form(form: Json, links: Mapping[str, str]) -> Json:
    """A copy of the canonical `form` in which entities and documents are named by internal id.

    Raises:
        KeyError: as `resolve`.
    """
    return _renamed_form(form, {name: links[name] for name in named_in(form)})


def named_in(form: Json) -> set[str]:
    """External ids in a canonical form: also of what the body leaves to NetSuite to take over."""
    named = [form.get("entity"), form.get("order")]
    named += [line[_ENTITY] for line in form.get("lines", ())]
    named += [line[0] for line in form.get("items", ())]
    named += [document for document, _ in form.get("applied", ())]
    return {name for name in named if name and name.startswith(OURS)}


def rename(made: Json, names: Mapping[str, Json]) -> Json:
    """A copy of a body or canonical form in which records stand as `names` tells.

    `names` gives, by the external id that stands there, the reference to use: `{"id": ...}` of a
    record found in NetSuite, or `{"externalId": ...}` of the one that is created in its place.
    """
    if "type" in made and "lines" in made:
        found = {name: names[name] for name in named_in(made) if name in names}
        plain = {name: one.get("id") or one["externalId"] for name, one in found.items()}
        return _renamed_form(made, plain)
    return _renamed_body(made, names)


def rename_path(path: str, names: Mapping[str, Json]) -> str:
    """`path` with the record it names by external id named as `names` tells."""

    def name(found: re.Match[str]) -> str:
        one = names.get(found[1])
        return found[0] if one is None else one.get("id") or f"eid:{one['externalId']}"

    return _IN_PATH.sub(name, path)


def _named(values: list[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            name = _own(value)
            if name is None:
                yield from _named(list(value.values()))
            else:
                yield name
        elif isinstance(value, list):
            yield from _named(value)


def _own(value: Json) -> str | None:
    """The external id in a reference; a record's own `externalId` never stands alone."""
    name = value.get("externalId")
    return name if isinstance(name, str) and len(value) == 1 else None


def _renamed_body(body: Json, names: Mapping[str, Json]) -> Json:
    return {key: _renamed(value, names) for key, value in body.items()}


def _renamed(value: Any, names: Mapping[str, Json]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    name = _own(value)
    if name is None:
        return {key: _renamed(one, names) for key, one in value.items()}
    return dict(names.get(name, value))


def _renamed_form(form: Json, names: Mapping[str, str]) -> Json:
    """The lines stay in order of what they say, so that equal forms are equal."""
    made = dict(form)
    for part in ("entity", "order"):
        if form.get(part):
            made[part] = names.get(form[part], form[part])
    if "items" in form:
        rows = ([names.get(item, item), *rest] for item, *rest in form["items"])
        made["items"] = sorted(rows, key=lambda row: (row[0], row[2] or ""))
    lines = [
        [*line[:_ENTITY], names.get(line[_ENTITY], line[_ENTITY]), *line[_ENTITY + 1 :]]
        for line in form.get("lines", ())
    ]
    if "lines" in form:
        made["lines"] = sorted(lines, key=lambda line: [part or "" for part in line[:-1]])
    if "applied" in form:
        made["applied"] = sorted(
            [names.get(name, name), amount] for name, amount in form["applied"]
        )
    return made
