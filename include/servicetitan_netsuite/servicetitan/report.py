"""Tell ServiceTitan what became of a journal entry; safe to repeat after a lost answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from urllib.parse import quote

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.errors import TransientError
from servicetitan_netsuite.servicetitan.client import Refused, ServiceTitan
from servicetitan_netsuite.servicetitan.entry import Header, header_of
from servicetitan_netsuite.servicetitan.journal_entries import LIST, MODULE, headers
from servicetitan_netsuite.servicetitan.shape import Misshapen, one_line

MESSAGE_LENGTH = 400
_OPEN = ("InProgress", "OutOfSync", "Error")


class Reported(StrEnum):
    """What ServiceTitan made of a report."""

    ACCEPTED = "accepted"
    MOVED_ON = "moved_on"
    GONE = "gone"


async def synced(client: ServiceTitan, source_id: str, version: int, message: str) -> Reported:
    """Mark a journal entry Synced at the version that was posted.

    Returns:
        moved_on when it has another version by now, or a person took it out of the sync.

    Raises:
        TransientError: refused although nothing changed; to be reported again later.
    """
    body: Json = {
        "syncStatus": "Synced",
        "versionId": version,
        "message": one_line(message, MESSAGE_LENGTH),
    }
    try:
        header = _read(await _send(client, source_id, body))
    except Refused as refusal:
        now = await _now(client, source_id, refusal)
        if now is None:
            return Reported.GONE
        if _is_synced(now, version):
            return Reported.ACCEPTED
        if now.version_id == version and now.sync_status in _OPEN:
            raise TransientError(f"{refusal} although the entry has not changed.") from refusal
        return Reported.MOVED_ON
    header = header or (await headers(client, [source_id])).get(source_id.lower())
    if header is None:
        return Reported.GONE
    return Reported.ACCEPTED if _is_synced(header, version) else Reported.MOVED_ON


async def failed(
    client: ServiceTitan, source_id: str, message: str, *, version: int | None = None
) -> Reported:
    """Set a journal entry to Error with our sentence, unless a person settled it otherwise.

    Returns:
        moved_on when it is no longer in the sync, or is not at `version` where that is given.
    """
    return await _set(client, source_id, "Error", message, version)


async def in_progress(client: ServiceTitan, source_id: str, message: str) -> Reported:
    """Set a journal entry back to InProgress, so that the next run takes it up again.

    Returns:
        moved_on when it is no longer in the sync.
    """
    return await _set(client, source_id, "InProgress", message, None)


async def _set(
    client: ServiceTitan, source_id: str, status: str, message: str, version: int | None
) -> Reported:
    # ServiceTitan guards these states with no version, so what a person did since is looked up.
    now = (await headers(client, [source_id])).get(source_id.lower())
    if now is None:
        return Reported.GONE
    if now.sync_status not in _OPEN or version not in (None, now.version_id):
        return Reported.MOVED_ON
    try:
        await _send(
            client, source_id, {"syncStatus": status, "message": one_line(message, MESSAGE_LENGTH)}
        )
    except Refused as refusal:
        now = await _now(client, source_id, refusal)
        if now is None:
            return Reported.GONE
        return Reported.ACCEPTED if now.sync_status == status else Reported.MOVED_ON
    return Reported.ACCEPTED


async def _send(client: ServiceTitan, source_id: str, body: Json) -> Any:
    return await client.patch(MODULE, f"{LIST}/{quote(source_id, safe='')}/sync", body)


async def _now(client: ServiceTitan, source_id: str, refusal: Refused) -> Header | None:
    """The entry's header after a refusal; None when it is gone."""
    if refusal.status == 404:
        return None
    return (await headers(client, [source_id])).get(source_id.lower())


def _read(answer: object) -> Header | None:
    try:
        return header_of(answer)
    except Misshapen:
        return None


def _is_synced(header: Header, version: int) -> bool:
    return header.sync_status == "Synced" and header.version_id == version
