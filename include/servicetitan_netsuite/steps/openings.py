"""Documents that are linked to what NetSuite holds of them already are never posted again.

What was linked as found under the document's own name, after a backup of the ledger was restored,
is no exception to the rule: where it is pending again, it is sent under that name, which NetSuite
refuses to have twice, and compared.
"""

from __future__ import annotations

from collections.abc import Sequence

from servicetitan_netsuite.documents import (
    UNRESOLVED,
    Cause,
    Problem,
    SourceDocument,
    State,
    external_id,
)
from servicetitan_netsuite.ledger.verdicts import Decision, Key
from servicetitan_netsuite.steps.checks import Checks
from servicetitan_netsuite.steps.kinds.kind import Known
from servicetitan_netsuite.steps.work import Work


def linked(
    work: Work, checks: Checks, documents: Sequence[SourceDocument], known: Known
) -> dict[Key, Decision]:
    """Decisions on linked documents and their further records, by source id and part.

    What this sync may have posted itself, whatever is linked, is not among them.
    """
    made: dict[Key, Decision] = {}
    for document in documents:
        key = document.source_id, document.part
        name = external_id(work.tenant_id, document.type, document.source_id)
        row = known.get(key)
        ours = row is not None and (row.netsuite_id or row.state in UNRESOLVED)
        if name in checks.openings and name not in checks.found_again and not ours:
            made[key] = _skipped(work, document, str(checks.openings[name]["id"]))
    return made


def _skipped(work: Work, document: SourceDocument, netsuite_id: str) -> Decision:
    source_id, part = document.source_id, document.part
    held = Problem(
        Cause.BEFORE_GO_LIVE,
        f"NetSuite holds it already: it is linked to record {netsuite_id} there.",
        "Nothing to do; or take that link out of the tenant's mappings, to have it posted.",
    )
    name = external_id(work.tenant_id, document.type, source_id, part)
    return Decision(document.type, source_id, State.SKIPPED, name, (held,), part=part)
