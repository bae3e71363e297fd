"""What the trigger form asks for; `RunParams` is what the answers are checked against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow import sdk
from airflow.sdk.definitions._internal.types import NOTSET

from servicetitan_netsuite.documents import ENTITIES, DocumentType
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.steps.context import RunParams

_LISTS = ("document_types", "documents")
_TYPES = [kind.value for kind in DocumentType if kind not in ENTITIES]
"""What a person may choose: customers and items come with the documents that need them."""


class Param(sdk.Param):
    """A Param whose default is known to fit its schema, so that only other values are checked.

    Airflow checks the schema and the default again a dozen times for each Dag it parses, which
    takes longer than all the rest. A test checks the defaults. It goes by its base's name, for
    Airflow stores no other kind of Param with its schema.
    """

    __module__ = sdk.Param.__module__

    def resolve(self, value: Any = NOTSET, suppress_exception: bool = False) -> Any:
        """The value, checked unless it is the default."""
        if value is NOTSET:
            return self.value
        return super().resolve(value, suppress_exception)


def tenant_params() -> dict[str, Param]:
    """The form of a tenant's Dag."""
    return {
        "dry_run": dry_run_param(),
        "document_types": Param(
            [],
            type=["array", "null"],
            title="Document types",
            description_md="Only these types. Empty: all that the tenant syncs.",
            items={"type": "string", "enum": _TYPES},
            examples=_TYPES,
            values_display={kind: kind.replace("_", " ").capitalize() for kind in _TYPES},
        ),
        "documents": Param(
            [],
            type=["array", "null"],
            title="Documents",
            description_md="Only these numbers or ids, one a line. Empty: all.",
            items={"type": "string"},
        ),
        "batch": Param(
            None,
            type=["string", "null"],
            title="Batch",
            description_md="Only this batch of ServiceTitan's: its number, id or name. Empty: all.",
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


def only_dry_run(conf: Mapping[str, Any] | None) -> RunParams:
    """What a run was asked to do that takes no other param.

    Raises:
        ConfigurationError: any other key, or a wrong value.
    """
    unknown = sorted(set(conf or {}) - {"dry_run"})
    if unknown:
        raise ConfigurationError(
            f"The run's conf has {', '.join(unknown)}; it can be given dry_run only. "
            "Nothing was read or sent."
        )
    return RunParams.parse(dict(conf or {}))


def dry_run_param() -> Param:
    """Whether to show what would be posted instead of posting it."""
    return Param(
        False,
        type="boolean",
        title="Dry run",
        description_md="Show what would be posted, and why not; write nothing anywhere.",
    )
