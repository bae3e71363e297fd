"""Check tenant files and their connections, before a schedule finds out at night."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from servicetitan_netsuite.commands.base import Exit, say, say_json
from servicetitan_netsuite.connections import ConnectionFields, find
from servicetitan_netsuite.errors import ConfigurationError, SyncError, Waiting
from servicetitan_netsuite.netsuite.credentials import concurrency_limit, times
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.orchestration.schedule import schedule_warnings
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps.summary_text import plain
from servicetitan_netsuite.tenants import Tenant, home, read_tenant_file, tenant_files


@dataclass(slots=True)
class Finding:
    """What was found about one tenant file."""

    file: str
    tenant: Tenant | None = None
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)


def check(keys: Sequence[str], *, connect: bool, as_json: bool) -> int:
    """Check all tenant files, or those named; `connect` really asks both servers.

    Missing pools are Airflow's and are checked by its own set-up.
    """
    found = [_read(path) for path in _wanted(keys)]
    _share_ids(found)
    for finding in found:
        if finding.tenant:
            _check_connections(finding, finding.tenant, connect=connect)
            finding.warnings += schedule_warnings(finding.tenant)
    _show(found, as_json=as_json)
    if not found or any(finding.problems for finding in found):
        return Exit.WRONG
    return Exit.LATER if any(finding.away for finding in found) else Exit.FINE


def _wanted(keys: Sequence[str]) -> list[Path]:
    paths = list(tenant_files())
    if not keys:
        return paths
    by_key = {path.stem: path for path in paths}
    unknown = [key for key in keys if key.lower() not in by_key]
    if unknown:
        known = ", ".join(by_key) or "none"
        raise ConfigurationError(f"There is no tenant {', '.join(unknown)}. Tenant files: {known}.")
    return [by_key[key.lower()] for key in keys]


def _read(path: Path) -> Finding:
    try:
        return Finding(path.name, read_tenant_file(path))
    except ConfigurationError as error:
        return Finding(path.name, problems=[str(error)])


def _share_ids(found: list[Finding]) -> None:
    """Two files on one ServiceTitan tenant would both think they own its documents."""
    ids = Counter(f.tenant.servicetitan.tenant_id for f in found if f.tenant)
    for finding in found:
        if finding.tenant and ids[finding.tenant.servicetitan.tenant_id] > 1:
            finding.problems.append(
                f"{finding.file}: another file names ServiceTitan tenant "
                f"{finding.tenant.servicetitan.tenant_id} as well; only one may."
            )


def _check_connections(finding: Finding, tenant: Tenant, *, connect: bool) -> None:
    for name, sync_of in (
        (tenant.servicetitan.connection, _servicetitan),
        (tenant.netsuite.connection, _netsuite),
    ):
        try:
            finding.notes += sync_of(tenant, find(name), connect)
        except Waiting as error:
            finding.away.append(f"{tenant.key}: {error}")
        except SyncError as error:
            finding.problems.append(f"{tenant.key}: {error}")


def _servicetitan(tenant: Tenant, fields: ConnectionFields, connect: bool) -> Iterator[str]:
    from servicetitan_netsuite.servicetitan.client import ServiceTitan
    from servicetitan_netsuite.servicetitan.reference import check as check_server

    own = servicetitan_credentials(fields, tenant.servicetitan.tenant_id)

    async def ask() -> str:
        async with ServiceTitan(own) as client:
            return await check_server(client)

    if connect:
        yield asyncio.run(ask())


def _netsuite(tenant: Tenant, fields: ConnectionFields, connect: bool) -> Iterator[str]:
    from servicetitan_netsuite.netsuite.client import NetSuite
    from servicetitan_netsuite.netsuite.profile import check as check_server

    own, limits = netsuite_credentials(fields), times(fields)
    limit = concurrency_limit(fields)
    if tenant.netsuite.concurrency > limit:
        raise ConfigurationError(
            f"its share of {tenant.netsuite.concurrency} is above the {limit} requests at once of "
            f"NetSuite connection {fields.id!r}; lower netsuite.concurrency."
        )

    async def ask() -> str:
        async with NetSuite(own, limits) as client:
            return await check_server(client)

    if connect:
        yield asyncio.run(ask())


def _show(found: list[Finding], *, as_json: bool) -> None:
    if as_json:
        say_json([_as_json(finding) for finding in found])
        return
    if not found:
        say(f"There is no tenant file in {home() / 'tenants'}.")
    for finding in found:
        name = f" {plain(finding.tenant.name)}" if finding.tenant else ""
        verdict = "wrong" if finding.problems else "away" if finding.away else "fine"
        say(f"{finding.file}:{name} {verdict}")
        for label, sentences in (
            ("wrong", finding.problems),
            ("away", finding.away),
            ("warning", finding.warnings),
            ("found", finding.notes),
        ):
            for sentence in sentences:
                say(f"  {label}: {plain(sentence)}")


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "tenant": finding.tenant.short_name if finding.tenant else None,
        "problems": finding.problems,
        "away": finding.away,
        "warnings": finding.warnings,
        "found": finding.notes,
    }
