"""Mappings in and out of the ledger, and their first fill."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

from servicetitan_netsuite.commands.base import Books, Exit, books, person, say, say_json
from servicetitan_netsuite.documents import AccountProfile, MappingRow
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import mappings, profiles
from servicetitan_netsuite.mapping.first_fill import first_fill
from servicetitan_netsuite.mapping.table import export_csv, import_csv
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite import reference as master
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.servicetitan import reference as field_service
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps.summary_text import plain

STDIO = "-"


def export(key: str, file: str, *, as_json: bool) -> int:
    """Write a tenant's mappings as CSV (or JSON) to `file`, `-` for stdout."""
    with books(key) as own:
        rows = mappings.read(own.ledger, own.tenant_id)
    if as_json:
        say_json([asdict(row) for row in rows])
        return Exit.FINE
    text = export_csv(rows)
    if file == STDIO:
        sys.stdout.write(text)
        return Exit.FINE
    try:
        Path(file).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}.") from error
    say(f"{len(rows)} mappings written to {file}.")
    return Exit.FINE


def import_(key: str, file: str, *, as_json: bool) -> int:
    """Take in a CSV whole, or not at all when anything in it is wrong."""
    who = person()
    text = _bytes(file)
    with books(key) as own:
        reference, _ = asyncio.run(_netsuite(own))
        rows = import_csv(text, reference)
        changed = mappings.save(own.ledger, own.tenant_id, rows, who)
    if as_json:
        say_json({"rows": len(rows), "changed": changed})
    else:
        say(f"{len(rows)} mappings read, {changed} of them changed.")
    return Exit.FINE


def fill(key: str, *, dry_run: bool, as_json: bool) -> int:
    """Map what is not mapped yet: accounts by number, business units by exact name."""
    who = person()
    with books(key) as own:
        rows = asyncio.run(_new(own))
        if not dry_run:
            mappings.save(own.ledger, own.tenant_id, rows, f"first fill, {who}")
    if as_json:
        say_json([asdict(row) for row in rows])
        return Exit.FINE
    would = "would be " if dry_run else ""
    for row in rows:
        target = row.target_name or row.target or "no subsidiary"
        say(f"{row.kind.replace('_', ' ')} {plain(row.source_name)} -> {plain(target)}")
    say(f"{len(rows)} mappings {would}filled in.")
    return Exit.FINE


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == STDIO else Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from error


async def _new(own: Books) -> list[MappingRow]:
    credentials = servicetitan_credentials(own.servicetitan, own.tenant_id)
    async with ServiceTitan(credentials) as client:
        (reference, profile), accounts, units = await asyncio.gather(
            _netsuite(own), field_service.gl_accounts(client), field_service.business_units(client)
        )
    known = mappings.read(own.ledger, own.tenant_id)
    return first_fill(accounts, units, reference, known, profile)


async def _netsuite(own: Books) -> tuple[master.Reference, AccountProfile]:
    fields = own.netsuite
    async with NetSuite(netsuite_credentials(fields), times(fields)) as client:
        profile = own.known_profile()
        if profile is None:
            profile = await account.discover(client)
            profiles.store(own.ledger, fields.id, profile)
        return await master.reference(client, profile), profile
