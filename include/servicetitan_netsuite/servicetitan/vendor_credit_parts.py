"""What became of a vendor credit since it was posted: applied to bills that it was not applied to.

AP credits come when the vendor grants them, often long after the goods went back. The credit itself
has not changed then, so it is shown as it was posted; each bill it is applied to since is a
document of its own, with the whole of what that bill gets. While the AP credits come to less than
what was returned, nothing says whether more is to come: their applications tell so, and wait. Any
other change stays a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from servicetitan_netsuite.documents import Json, SourceDocument, application
from servicetitan_netsuite.servicetitan.shape import version_of

GRANTED = "granted"
"""In the content of a posted credit: what was granted of it so far, where that is not all."""


def records_since(
    document: SourceDocument, posted: Json | None, version: int, parts: Mapping[str, int | None]
) -> list[SourceDocument]:
    """The credit and its later applications.

    Args:
        document: the credit as ServiceTitan shows it.
        posted: the content it was posted with, where that is known.
        version: the version it was posted at.
        parts: its later applications in the ledger, with the version each was posted at, if it was.
    """
    itself = document if document.version == version else _as_posted(document, posted, version)
    if itself is None or posted is None:
        return [document]
    now, before = _applied(document.content), _applied(posted)
    if any(now.get(bill, Decimal(0)) < amount for bill, amount in before.items()):
        return [document]
    later = {bill: amount for bill, amount in now.items() if amount != before.get(bill)}
    made = [_application(document, bill, amount) for bill, amount in later.items()]
    # One that has been taken back since it was posted is shown with nothing applied.
    gone = set(parts) - {part.part for part in made}
    made += [
        _application(document, part.partition("-")[2], Decimal(0))
        for part in sorted(gone)
        if parts[part] is not None
    ]
    return [itself, *made]


def _as_posted(
    document: SourceDocument, posted: Json | None, version: int
) -> SourceDocument | None:
    """The credit as it was posted, if it is applied to more since and nothing else has changed."""
    if posted is None:
        return None
    header = {**document.content["header"], "applied": posted["header"]["applied"]}
    content = {**document.content, "header": header}
    granted = _granted(document)
    if granted is not None:
        header["credited"] = posted["header"].get("credited")
        content[GRANTED] = granted
    if version_of(content) != version:
        return None
    return replace(document, content=content, version=version)


def _applied(content: Json) -> dict[str, Decimal]:
    return {one["to"]: Decimal(one["amount"]) for one in content["header"]["applied"]}


def _granted(document: SourceDocument) -> str | None:
    """What its AP credits come to, where that is a part of what was returned."""
    header = document.content["header"]
    credited = header.get("credited")
    in_part = credited is not None and 0 <= Decimal(credited) < Decimal(header["total"])
    return str(credited) if in_part else None


def _application(document: SourceDocument, bill: str, amount: Decimal) -> SourceDocument:
    header = document.content["header"]
    told = ["id", "number", "batch"]
    if _granted(document) is not None:
        told += ["credited", "total"]
    content: Json = {
        "header": {name: header[name] for name in told},
        "lines": [{"to": bill, "amount": f"{amount:f}"}],
        "credits": [],
    }
    return replace(
        document,
        part=application(bill),
        version=version_of(content),
        amount=amount,
        content=content,
    )
