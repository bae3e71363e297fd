"""External data: what this sync keeps on ServiceTitan's records under its application's GUID."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.servicetitan.shape import clean


def value_of(pairs: object, key: str) -> str | None:
    """The value under `key` in a record's `externalData`, None without one."""
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, dict) and pair.get("key") == key:
            value = pair.get("value")
            return clean(value.strip()) or None if isinstance(value, str) else None
    return None


def first(application_guid: str, key: str, value: str) -> Json:
    """What a record is created with to carry `value` under `key`."""
    return {
        "applicationGuid": application_guid,
        "externalData": [{"key": key, "value": value}],
    }


def change(application_guid: str, key: str, value: str) -> Json:
    """What a change sends to keep `value` under `key`, leaving other keys as they are."""
    return {"patchMode": "Merge", **first(application_guid, key, value)}
