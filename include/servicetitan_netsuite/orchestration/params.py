"""What the trigger form asks for; `RunParams` is what the answers are checked against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.sdk import Param

from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.steps.context import RunParams

_LISTS = ("document_types", "documents")


def tenant_params() -> dict[str, Param]:
    """The form of a tenant's Dag."""
    return {
        "dry_run": dry_run_param(),
        "document_types": Param(
            [],
            type=["array", "null"],
            title="Document types",
            description_md="Only these types. Empty: all.",
            items={"type": "string", "enum": [kind.value for kind in DocumentType]},
            examples=[kind.value for kind in DocumentType],
        ),
        "documents": Param(
            [],
            type=["array", "null"],
            title="Documents",
            description_md="Only these numbers or ids, one a line. Empty: all.",
            items={"type": "string"},
        ),
        "retry_rejected": Param(
            False,
            type="boolean",
            title="Retry rejected",
            description_md="Take up documents again that NetSuite refused before.",
        ),
    }


def chosen(conf: Mapping[str, Any] | None) -> RunParams:
    """What a run was asked to do, from its own conf: Airflow's merged params hide unknown keys.

    A list that was emptied in the form comes as null, and means all like any empty list.

    Raises:
        ConfigurationError: an unknown key or a wrong value.
    """
    given = dict(conf or {})
    for name in _LISTS:
        if name in given and given[name] is None:
            given[name] = []
    return RunParams.parse(given)


def dry_run_param() -> Param:
    """Whether to show what would be posted instead of posting it."""
    return Param(
        False,
        type="boolean",
        title="Dry run",
        description_md="Show what would be posted, and why not; write nothing anywhere.",
    )
