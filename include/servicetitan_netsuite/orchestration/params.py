"""What the trigger form asks for; `RunParams` is what the answers are checked against."""

from __future__ import annotations

from airflow.sdk import Param

from servicetitan_netsuite.documents import DocumentType


def tenant_params() -> dict[str, Param]:
    """The form of a tenant's Dag."""
    return {
        "dry_run": dry_run_param(),
        "document_types": Param(
            [],
            type="array",
            title="Document types",
            description_md="Only these types. Empty: all.",
            items={"type": "string", "enum": [kind.value for kind in DocumentType]},
            examples=[kind.value for kind in DocumentType],
        ),
        "documents": Param(
            [],
            type="array",
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


def dry_run_param() -> Param:
    """Whether to show what would be posted instead of posting it."""
    return Param(
        False,
        type="boolean",
        title="Dry run",
        description_md="Show what would be posted, and why not; write nothing anywhere.",
    )
