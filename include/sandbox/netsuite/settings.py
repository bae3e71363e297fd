"""What a test may set while the stand-in runs: pace, limits, preferences, what the role sees."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, get_args, get_type_hints

from sandbox.netsuite.custom_fields import is_field
from sandbox.seed.books import Preferences


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything settable, with the values an account starts with.

    `hide`: record types or tables whose rows the role does not see (no error). `deny`: tables
    the role may not read at all. `over_limit`: what a request too many gets.

    `sales_tax_rate`, in percent, is what NetSuite adds by itself: to taxable sales lines, and
    under SuiteTax to every line unless the tax details are overridden. `tax_codes_mandatory`:
    an account whose lines need a tax code. `expand_account_lists`: whether items take cost and
    balance sheet accounts too, beside income and expenses. `custom_fields`: see `custom_fields.py`.
    """

    latency_median_s: float = 0.0
    latency_sigma: float = 0.0
    concurrency_limit: int = 5
    over_limit: str = "429"  # or "hang_401": nothing for hang_s, then 401
    hang_s: float = 60.0
    overlap_conflict: bool = True
    token_lifetime_s: float = 3600.0
    hide: list[str] = field(default_factory=list)
    deny: list[str] = field(default_factory=list)
    departments_mandatory: bool = False
    classes_mandatory: bool = False
    locations_mandatory: bool = False
    max_journal_lines: int = 1000
    allow_transaction_number_override: bool = True
    sales_tax_rate: float = 8.0
    tax_codes_mandatory: bool = False
    expand_account_lists: bool = True
    bill_in_advance_of_receipt: bool = True
    custom_fields: list[str] = field(
        default_factory=lambda: [
            "custbody_st_batch",
            "custbody_st_link",
            "custentity_st_available:bool",
            "custrecord_st_available:bool",
        ]
    )

    @classmethod
    def of(cls, preferences: Preferences) -> Settings:
        """The settings an account with these preferences starts with."""
        known = {item.name for item in fields(cls)}
        return cls(**{k: v for k, v in asdict(preferences).items() if k in known})

    def changed(self, changes: dict[str, Any]) -> Settings:
        """A copy with changes applied; raises ValueError with a sentence on a wrong one."""
        hints = get_type_hints(Settings)
        for name, value in changes.items():
            if name not in hints:
                allowed = ", ".join(sorted(hints))
                raise ValueError(f"unknown setting {name!r}; allowed are {allowed}")
            _check(name, value, hints[name])
        return replace(self, **changes)


def _check(name: str, value: Any, kind: Any) -> None:
    if name == "custom_fields":
        right = isinstance(value, list) and all(isinstance(f, str) and is_field(f) for f in value)
    elif get_args(kind):
        right = isinstance(value, list) and all(isinstance(item, str) for item in value)
    elif kind is float:
        right = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    elif kind is int:
        right = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    elif name == "over_limit":
        right = value in ("429", "hang_401")
    else:
        right = isinstance(value, kind)
    if not right:
        raise ValueError(f"setting {name} cannot be {value!r}")
