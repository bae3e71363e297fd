"""Rules about customers and vendors on journal lines.

A receivable line needs its customer, a payable line its vendor. Any other line carries its
customer where that costs nothing: linked already, or created for a receivable line of the same
document; else its linked vendor. No customer is created for the sake of such a line, because
NetSuite does not ask for it there and a record made for it could not be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from servicetitan_netsuite.documents import Cause, DocumentType, Problem, external_id
from servicetitan_netsuite.mapping.findings import Findings, each
from servicetitan_netsuite.mapping.mappings import MappingFrames
from servicetitan_netsuite.mapping.vendor_rules import vendor_missing
from servicetitan_netsuite.tenants import Tenant

if TYPE_CHECKING:
    from pandas import DataFrame, Series

Waiting = dict[int, set[str]]
_NEEDS = {"AcctRec": "receivable", "AcctPay": "payable"}


def join_entities(
    lines: DataFrame,
    detailed: Collection[int],
    mappings: MappingFrames,
    tenant: Tenant,
    findings: Findings,
) -> tuple[DataFrame, Waiting]:
    """`lines` with `entity`, and by document the customers still to be created for it.

    `detailed` names the documents whose lines carry customers and vendors; in the others a
    receivable or payable account is refused.
    """
    single = lines["doc"].isin(detailed)
    subledger = lines["a_type"].isin(list(_NEEDS))
    for doc, account, name, kind in each(
        lines[~single & subledger], "doc", "account", "account_name", "a_type"
    ):
        findings.add(doc, _refused(account, name, kind))
    if not single.any():
        return lines.assign(entity=None), {}
    receivable, payable = (single & lines["a_type"].eq(kind) for kind in _NEEDS)
    customer = lines["customer"].map(mappings.targets("customer"))
    vendor = lines["vendor"].map(mappings.targets("vendor"))
    _check_named(lines, receivable, payable, findings)
    unlinked = lines[payable & lines["vendor"].notna() & vendor.isna()]
    _report(unlinked, "vendor", vendor_missing, findings)
    to_create = lines[receivable & lines["customer"].notna() & customer.isna()]
    waiting: Waiting = defaultdict(set)
    if tenant.sync.customers.create:
        for doc, key in each(to_create, "doc", "customer"):
            waiting[doc].add(key)
    else:
        _report(to_create, "customer", customer_missing, findings)
    created = _created(lines, waiting, tenant.servicetitan.tenant_id)
    customer = customer.where(customer.notna(), created)
    anyone = customer.where(customer.notna(), vendor)
    entity = anyone.where(~payable, vendor).where(single, None)
    return lines.assign(entity=entity.astype(object).where(entity.notna(), None)), waiting


def _created(lines: DataFrame, waiting: Waiting, tenant_id: str) -> Series[str]:
    import pandas as pd

    entities = [
        external_id(tenant_id, DocumentType.CUSTOMER, customer)
        if customer is not None and customer in waiting.get(doc, ())
        else None
        for doc, customer in zip(lines["doc"].tolist(), lines["customer"].tolist(), strict=True)
    ]
    return pd.Series(entities, index=lines.index, dtype=object)


def _check_named(
    lines: DataFrame, receivable: Series[bool], payable: Series[bool], findings: Findings
) -> None:
    bare = (receivable & lines["customer"].isna()) | (payable & lines["vendor"].isna())
    for doc, account, name, kind in each(lines[bare], "doc", "account", "account_name", "a_type"):
        findings.add(doc, _no_entity(account, name, kind))


def _report(
    lines: DataFrame, who: str, problem: Callable[[str, str], Problem], findings: Findings
) -> None:
    for doc, key, name in each(lines, "doc", who, f"{who}_name"):
        findings.add(doc, problem(key, name))


def _refused(account: str, name: str, kind: str) -> Problem:
    side = "asset" if kind == "AcctRec" else "liability"
    return Problem(
        Cause.ACCOUNT_NEEDS_ENTITY,
        f"ServiceTitan account {name} is mapped to an accounts {_NEEDS[kind]} account of NetSuite, "
        "whose lines must name a customer or vendor; summary journal entries name none.",
        f"Map it to an ordinary current {side} account (a clearing account), "
        "or switch the tenant to detailed journal entries.",
        account,
        name,
    )


def _no_entity(account: str, name: str, kind: str) -> Problem:
    who = "customer" if kind == "AcctRec" else "vendor"
    return Problem(
        Cause.ACCOUNT_NEEDS_ENTITY,
        f"A line on ServiceTitan account {name} names no {who}, "
        f"but the NetSuite account it is mapped to is accounts {_NEEDS[kind]} and needs one.",
        f"Name the {who} in ServiceTitan, or map the account to an ordinary current account.",
        account,
        name,
    )


def customer_missing(key: str, name: str) -> Problem:
    """The customer is in neither the links nor to be created."""
    return Problem(
        Cause.CUSTOMER_MISSING,
        f"Customer {name} is not linked to a NetSuite customer, and this tenant creates none.",
        "Link the customer in the tenant's mappings, "
        "or set customers: {create: true} in the tenant file.",
        key,
        name,
    )
