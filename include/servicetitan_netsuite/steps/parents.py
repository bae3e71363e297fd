"""Entities to be created first, under the names by which the ledger knows them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.ledger.verdicts import NewParent
from servicetitan_netsuite.steps.work import Work


async def as_known(work: Work, parents: Sequence[NewParent]) -> list[NewParent]:
    """The same, under the ledger's external id where a person had one posted again."""
    return await asyncio.to_thread(_as_known, work, parents)


def _as_known(work: Work, parents: Sequence[NewParent]) -> list[NewParent]:
    ids: dict[DocumentType, list[str]] = defaultdict(list)
    for parent in parents:
        ids[parent.document_type].append(parent.source_id)
    names = {
        (kind, row.source_id): row.external_id
        for kind, wanted in ids.items()
        for row in work.ledger.rows(
            "documents/read_known",
            tenant_id=work.tenant_id,
            document_type=kind,
            source_ids=wanted,
        )
    }
    return [
        _renamed(parent, names.get((parent.document_type, parent.source_id), parent.external_id))
        for parent in parents
    ]


def _renamed(parent: NewParent, name: str) -> NewParent:
    if name == parent.external_id:
        return parent
    draft = replace(parent.draft, body={**parent.draft.body, "externalId": name})
    return replace(parent, external_id=name, draft=draft)
