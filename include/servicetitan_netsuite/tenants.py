"""Read and check a tenant file: what a data engineer edits, one YAML file per tenant."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from servicetitan_netsuite.errors import ConfigurationError

ShortName = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,6}$")]
FieldId = Annotated[str, Field(pattern=r"^cust[a-z]+_[a-z0-9_]{1,60}$")]
ConnectionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,200}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_NTH_WEEKDAY = re.compile(r"^(1st|2nd|3rd|4th|5th|last) (mon|tue|wed|thu|fri|sat|sun)$")


if TYPE_CHECKING:
    from yaml import SafeLoader as _Safe
else:
    # libyaml's parser takes a tenth of the time; every parse of the Dags reads every tenant file.
    _Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Method(StrEnum):
    """How documents are prepared in ServiceTitan, and so what is read there."""

    JOURNAL_ENTRIES = "journal_entries"
    JOURNAL_ENTRIES_AND_AP = "journal_entries_and_ap_documents"
    DOCUMENTS = "documents"


class ServiceTitanSection(_Section):
    """Where the tenant's field service lives."""

    tenant_id: Annotated[
        str,
        BeforeValidator(str),
        Field(pattern=r"^[0-9]{1,18}$"),
        WithJsonSchema({"type": ["integer", "string"], "pattern": "^[0-9]{1,18}$"}),
    ]
    connection: ConnectionId


class NetSuiteSection(_Section):
    """Where the tenant's books live, and its share of that account's concurrency."""

    connection: ConnectionId
    concurrency: int = Field(default=2, ge=1, le=200)
    mandatory: tuple[Literal["department", "class", "location"], ...] = Field(
        default=(), description="What its accounting preferences demand on every line."
    )
    number_override: bool = Field(
        default=True, description="Whether it lets document numbers be given: Allow Override."
    )
    tax_codes: bool = Field(
        default=False, description="Whether its lines need a tax code: journal entries only then."
    )


class LegacyId(_Section):
    """Where ServiceTitan keeps the NetSuite id of customers that were in the books before."""

    application_guid: str
    key: str


class Customers(_Section):
    """Whether customers may be created on first use, and how older ones are found."""

    create: bool = False
    legacy_id: LegacyId | None = None
    contact: bool = Field(
        default=False, description="Also create a contact for each company; it never blocks."
    )
    further_subsidiaries: bool = Field(
        default=False, description="Add a customer to a further subsidiary that needs it."
    )


class CustomFields(_Section):
    """NetSuite's custom body fields that are filled in, where the account has them."""

    batch: FieldId | None = Field(default=None, description="Takes the batch's number.")
    link: FieldId | None = Field(default=None, description="Takes the link to ServiceTitan.")


class SyncSection(_Section):
    """What is synced, from when, and how."""

    method: Method
    from_: date = Field(alias="from", description="Go-live: earlier documents are skipped.")
    pending: tuple[Literal["InProgress", "OutOfSync"], ...] = ("InProgress",)
    journal_detail: Literal["summary", "detailed"] = "summary"
    purchase_orders: bool = True
    naming: bool = True
    customers: Customers = Customers()
    refunds: Literal["native", "journal"] = Field(
        default="native", description="How money paid back of credit memos is booked."
    )
    payment_remainder: Literal["unapplied", "deposit"] = Field(
        default="unapplied", description="What becomes of the part of a payment not applied."
    )
    cost_of_sales: Literal["journal", "none"] | None = Field(
        default=None, description="Cost of sold inventory; to be decided in method documents."
    )
    mark_zero_exported: bool = Field(
        default=True, description="Mark invoices exported that come to nothing at all."
    )
    prefix_bill_numbers: bool = Field(
        default=False, description="Prefix vendors' invoice numbers as all others."
    )
    custom_fields: CustomFields = CustomFields()

    @field_validator("pending")
    @classmethod
    def _at_least_one(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("name at least InProgress")
        return tuple(dict.fromkeys(value))

    @model_validator(mode="after")
    def _decided(self) -> Self:
        if self.method is Method.DOCUMENTS and self.cost_of_sales is None:
            raise ValueError("cost_of_sales: say journal or none; there is no default")
        return self


class Schedule(_Section):
    """What the SuiteApp's Set Schedule form holds; times are in the tenant's time zone."""

    status: Literal["scheduled", "not_scheduled"] = "not_scheduled"
    frequency: Literal["single", "daily", "weekly", "monthly", "yearly"] = "daily"
    every: int = Field(default=1, ge=1, le=1000)
    on: tuple[Weekday, ...] | int | str | None = None
    at: time = time(2, 0)
    starts: date | None = None
    ends: date | None = None

    @field_validator("at", mode="before")
    @classmethod
    def _clock(cls, value: object) -> object:
        # YAML 1.1 reads an unquoted 14:30 as the number 870.
        if isinstance(value, int):
            raise ValueError('write the time in quotes, like "02:00"')
        return value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.status == "scheduled" and self.starts is None:
            raise ValueError("starts: a schedule needs its first day")
        if self.ends and self.starts and self.ends < self.starts:
            raise ValueError("ends lies before starts")
        if self.frequency == "weekly":
            if not isinstance(self.on, tuple) or not self.on:
                raise ValueError("on: weekly needs days, like [mon, thu]")
        elif self.frequency == "monthly":
            self._check_month_day()
        elif self.on is not None:
            raise ValueError(f"on: has no meaning for {self.frequency}")
        return self

    def _check_month_day(self) -> None:
        day = self.on
        fits = isinstance(day, int) and 1 <= day <= 31
        fits = fits or (isinstance(day, str) and bool(_NTH_WEEKDAY.match(day)))
        if not fits:
            raise ValueError('on: monthly needs a day from 1 to 31, or e.g. "last fri", "2nd mon"')


class MasterData(_Section):
    """What goes from NetSuite to ServiceTitan, and when: a Dag of its own."""

    vendors: bool = True
    accounts: bool = True
    vendor_flag: FieldId = "custentity_st_available"
    account_flag: FieldId = "custrecord_st_available"
    application_guid: str = Field(description="Under which ServiceTitan keeps NetSuite's ids.")
    key: str = "netsuite_id"
    schedule: Schedule = Field(default_factory=lambda: Schedule())


class Tenant(_Section):
    """One tenant file, checked."""

    name: str = Field(min_length=1, max_length=200)
    short_name: ShortName
    timezone: str
    servicetitan: ServiceTitanSection
    netsuite: NetSuiteSection
    sync: SyncSection
    schedule: Schedule = Field(default_factory=lambda: Schedule())
    master_data: MasterData | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in _time_zones():
            raise ValueError(f"{value} is not an IANA time zone, like America/New_York")
        return value

    @model_validator(mode="after")
    def _taxable(self) -> Self:
        if self.netsuite.tax_codes and self.sync.method is not Method.JOURNAL_ENTRIES:
            raise ValueError(
                "netsuite.tax_codes: ServiceTitan's tax is one amount, without tax codes, so an "
                "account that demands them takes journal entries only; set sync.method to "
                "journal_entries"
            )
        return self

    @property
    def key(self) -> str:
        """Short name in lower case: the tenant's name in files, Dag ids and the ledger."""
        return self.short_name.lower()

    @property
    def dag_id(self) -> str:
        """Id of the tenant's Dag."""
        return f"netsuite_sync_{self.key}"

    @property
    def master_data_dag_id(self) -> str:
        """Id of the Dag that takes the tenant's vendors and accounts to ServiceTitan."""
        return f"netsuite_master_data_{self.key}"

    @property
    def zone(self) -> ZoneInfo:
        """The accounting time zone."""
        return ZoneInfo(self.timezone)


def json_schema() -> str:
    """The JSON Schema of a tenant file: what `include/tenants/tenant.schema.json` must hold."""
    return json.dumps(Tenant.model_json_schema(by_alias=True), indent=2) + "\n"


@cache
def _time_zones() -> set[str]:
    """Every IANA time zone: a walk over hundreds of files, so once a process."""
    return available_timezones()


def home() -> Path:
    """The folder that holds `sql/` and `tenants/`: `SYNC_HOME`, or the source tree's `include`."""
    return Path(os.environ.get("SYNC_HOME") or Path(__file__).resolve().parent.parent)


def tenant_files() -> Iterator[Path]:
    """Every tenant file, in the order of their names."""
    yield from sorted((home() / "tenants").glob("*.yaml"))


def read_tenant(key: str) -> Tenant:
    """The tenant named `key` (short name, any case).

    Raises:
        ConfigurationError: no such file, or it does not hold what a tenant file must.
    """
    path = home() / "tenants" / f"{key.lower()}.yaml"
    if not re.fullmatch(r"[A-Za-z0-9]{2,6}", key) or not path.is_file():
        known = ", ".join(p.stem for p in tenant_files()) or "none"
        raise ConfigurationError(f"There is no tenant {key!r}. Tenant files: {known}.")
    return read_tenant_file(path)


def read_tenant_file(path: Path) -> Tenant:
    """The tenant in `path`.

    Raises:
        ConfigurationError: naming the file, the field and what is wrong with it.
    """
    try:
        raw: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
        tenant = Tenant.model_validate(raw)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name}: cannot be read: {_one_line(error)}") from error
    except ValidationError as error:
        faults = "; ".join(_fault(e) for e in error.errors())
        raise ConfigurationError(f"{path.name}: {faults}") from error
    if path.stem != tenant.key:
        raise ConfigurationError(
            f"{path.name}: short_name is {tenant.short_name}, so the file must be {tenant.key}.yaml"
        )
    return tenant


class _Loader(_Safe):
    """A safe loader that refuses a key given twice and keeps `on` a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


# YAML 1.1 takes on, off, yes and no for booleans; here only true and false are.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF")
)


def _fault(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"] if not str(part).startswith("function-"))
    return f"{where or 'file'}: {error['msg'].removeprefix('Value error, ')}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
