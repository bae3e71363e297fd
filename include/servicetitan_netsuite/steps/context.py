"""What a step is given: the tenant, the run it belongs to, and the way to both servers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.documents import DocumentType
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.tenants import Tenant

_DOCUMENT = re.compile(r"[\w .:#/-]{1,100}")


class RunParams(BaseModel):
    """What a person chooses when triggering a run; an unknown key fails the run before any read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    dry_run: bool = False
    document_types: tuple[Annotated[DocumentType, Field(strict=False)], ...] = Field(
        default=(), strict=False, description="Only these types; empty means all."
    )
    documents: tuple[str, ...] = Field(
        default=(), strict=False, description="Only these numbers or ids; empty means all."
    )
    batch: str | None = Field(
        default=None, description="Only this batch: its number, id or name; empty means all."
    )
    retry_rejected: bool = False

    @field_validator("batch")
    @classmethod
    def _one_batch(cls, value: str | None) -> str | None:
        name = (value or "").strip()
        if name and not _DOCUMENT.fullmatch(name):
            raise ValueError(f"{name!r} is not a batch's number, id or name")
        return name or None

    @field_validator("documents")
    @classmethod
    def _plain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = tuple(dict.fromkeys(v.strip() for v in value if v.strip()))
        for name in cleaned:
            if not _DOCUMENT.fullmatch(name):
                raise ValueError(f"{name!r} is not a document's number or id")
        return cleaned

    @classmethod
    def parse(cls, conf: dict[str, Any]) -> RunParams:
        """The params in a run's conf.

        Raises:
            ConfigurationError: an unknown key or a wrong value, named.
        """
        try:
            return cls.model_validate(conf)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()
            )
            raise ConfigurationError(
                f"The run's conf is not understood, so nothing was read or sent: {faults}."
            ) from error


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is; `rate` in documents a second, `left_s` the seconds still to go."""

    step: str
    done: int
    total: int
    rate: float = 0.0
    left_s: float | None = None


def _ignore(_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class RunContext:
    """One task of one run.

    `on_secret` is given every token obtained, so that logs can mask it; `on_progress` is called
    now and then while a step works.
    """

    tenant: Tenant
    params: RunParams
    dag_id: str
    run_id: str
    ledger_url: str = field(repr=False)
    servicetitan: ConnectionFields
    netsuite: ConnectionFields
    on_secret: Callable[[str], None] = _ignore
    on_progress: Callable[[Progress], None] = _ignore
