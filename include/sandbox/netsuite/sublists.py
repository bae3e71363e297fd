"""How the lines of a request meet the lines of a record (PATCH and PUT)."""

from __future__ import annotations

from typing import Any

from sandbox.netsuite.store import Document

SIDES = ("debit", "credit")


def _updated(line: Document, changes: Document) -> Document:
    """A line with changes; naming one side of a journal line empties the other."""
    merged = {**line, **changes}
    for side, other in (SIDES, SIDES[::-1]):
        if changes.get(side) is not None and other not in changes:
            merged[other] = None
    return merged


def merged_lines(
    old: list[Document], sent: list[Document], key: str | None, replace: bool
) -> list[Document]:
    """The lines after a request.

    With a matching key a line is updated, without one it is added. Lines not sent stay, unless
    `replace` asks for exactly what was sent. A list without a key is only ever added to.
    """
    if key is None:
        return list(sent) if replace else [*old, *sent]
    known = {str(line[key]): line for line in old}
    updated: dict[str, Document] = {}
    added: list[Document] = []
    order: list[Document] = []
    for line in sent:
        name = str(line.get(key))
        fresh = name not in known or name in updated
        entry = dict(line) if fresh else _updated(known[name], line)
        order.append(entry)
        if fresh:
            added.append(entry)
        else:
            updated[name] = entry
    if replace:
        return order
    return [updated.get(name, line) for name, line in known.items()] + added


def merged(
    old: Document, changes: Document, lists: set[str], keys: dict[str, str], replace: set[str]
) -> Document:
    """A record after a request; `replace` holds lower-case names of sublists to replace."""
    document: dict[str, Any] = {**old}
    for name, value in changes.items():
        if name in lists and isinstance(value, list) and value:
            document[name] = merged_lines(
                old.get(name) or [], value, keys.get(name), name.lower() in replace
            )
        else:
            document[name] = value
    return document
