"""Tell ServiceTitan which documents are in NetSuite; safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.servicetitan.client import Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.listing import EXPORTED, Listing, is_posted
from servicetitan_netsuite.servicetitan.report import MESSAGE_LENGTH, Reported
from servicetitan_netsuite.servicetitan.selection import IDS_A_CALL, pieces, rows_by_id
from servicetitan_netsuite.servicetitan.shape import Misshapen, one_line, row_id

_REASON_LENGTH = 300
_SILENT = "ServiceTitan's answer does not say whether it was marked."


@dataclass(frozen=True, slots=True)
class Mark:
    """One document, its name in NetSuite where it has a record there, and a word about it."""

    source_id: str
    external_id: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Marked:
    """What ServiceTitan made of a mark.

    `reported` is None where it refused although the document is still posted, or could not be
    asked; `refused` then says why, and the mark is to be repeated.
    """

    reported: Reported | None
    refused: str = ""


async def still_posted(client: ServiceTitan, kind: Listing, ids: Iterable[str]) -> dict[str, bool]:
    """Whether each document still waits to be synced; what is gone is absent.

    A document whose status cannot be read counts as not posted.
    """
    rows = await rows_by_id(client, kind, ids)
    return {id_: _is_posted(row) for id_, row in rows.items()}


async def mark_exported(
    client: ServiceTitan, kind: Listing, marks: Sequence[Mark]
) -> dict[str, Marked]:
    """Mark documents exported, at most 50 a call; what became of each, by source id.

    A document that ServiceTitan says no to is looked up: exported already is accepted, unposted
    is moved_on. When ServiceTitan is away the rest is left for later, and nothing is raised.
    """
    wanted = list({mark.source_id: mark for mark in marks}.values())
    found: dict[str, Marked] = {}
    try:
        for piece in pieces(wanted, IDS_A_CALL):
            refused = await _send(client, kind, piece)
            if not kind.answers_marks:  # the whole call was taken, which is read back for each
                refused = {m.source_id: refused.get(m.source_id, _SILENT) for m in piece}
            accepted = (mark.source_id for mark in piece if mark.source_id not in refused)
            found.update((id_, Marked(Reported.ACCEPTED)) for id_ in accepted)
            now = await rows_by_id(client, kind, refused) if refused else {}
            found.update((id_, _settled(now.get(id_), why)) for id_, why in refused.items())
    except TransientError as error:
        away = Marked(None, str(error))
        found.update((m.source_id, away) for m in wanted if m.source_id not in found)
    return found


async def _send(client: ServiceTitan, kind: Listing, marks: Sequence[Mark]) -> dict[str, str]:
    """Those not marked for certain, and why; a call refused as a whole is sent in halves."""
    try:
        # Marking twice does no harm: the second answer is settled by looking the document up.
        path = kind.marks_at or f"{kind.marks_path or kind.path}/markasexported"
        answer = await client.post(kind.module, path, _body(kind, marks), repeatable=True)
    except Refused as refusal:
        if len(marks) == 1:
            return {marks[0].source_id: str(refusal)}
    else:
        if not kind.answers_marks:
            return {}
        said = _answers(kind, answer)
        return {
            m.source_id: said.get(m.source_id) or _SILENT
            for m in marks
            if said.get(m.source_id) != ""
        }
    half = len(marks) // 2
    return {
        **await _send(client, kind, marks[:half]),
        **await _send(client, kind, marks[half:]),
    }


def _body(kind: Listing, marks: Sequence[Mark]) -> Any:
    """What a call of these marks sends."""
    if kind.marked_by:
        return {kind.marked_by: [int(mark.source_id) for mark in marks], **kind.marks_with}
    if not kind.named_marks:
        return [{kind.id_field: int(mark.source_id)} for mark in marks]
    return [
        {
            kind.id_field: int(mark.source_id),
            **({"externalId": mark.external_id} if mark.external_id else {}),
            "externalMessage": one_line(mark.message, MESSAGE_LENGTH),
        }
        for mark in marks
    ]


def _answers(kind: Listing, answer: Any) -> dict[str, str]:
    """Why each document named in the answer was refused, empty where it was not."""
    said: dict[str, str] = {}
    for row in answer if isinstance(answer, list) else []:
        try:
            id_ = row_id(row.get(kind.id_field), kind.id_field)
        except (Misshapen, AttributeError):
            continue
        why = "" if row.get("success") is True else _reason(row.get("errorMessage"))
        said[id_] = said.get(id_) or why
    return said


def _reason(message: object) -> str:
    said = one_line(message, _REASON_LENGTH) if isinstance(message, str) else ""
    return said or "ServiceTitan did not mark it and gave no reason."


def _settled(row: Json | None, why: str) -> Marked:
    if row is None:
        return Marked(Reported.GONE)
    if row.get("syncStatus") == EXPORTED:
        return Marked(Reported.ACCEPTED)
    try:
        return Marked(None, why) if is_posted(row) else Marked(Reported.MOVED_ON)
    except Misshapen:
        return Marked(None, why)


def _is_posted(row: Json) -> bool:
    try:
        return is_posted(row)
    except Misshapen:
        return False
