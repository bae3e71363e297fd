"""Mappings in and out of the ledger, and their first fill."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from servicetitan_netsuite.commands.base import Books, Exit, books, person, say, say_json
from servicetitan_netsuite.documents import UNRESOLVED, AccountProfile, MappingRow
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.ledger import mappings, profiles
from servicetitan_netsuite.mapping.first_fill import first_fill, term_fill
from servicetitan_netsuite.mapping.mappings import OPENING
from servicetitan_netsuite.mapping.table import export_csv, import_csv, refusal
from servicetitan_netsuite.netsuite import profile as account
from servicetitan_netsuite.netsuite import reference as master
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials as netsuite_credentials
from servicetitan_netsuite.netsuite.credentials import times
from servicetitan_netsuite.netsuite.openings import unfit
from servicetitan_netsuite.netsuite.terms import terms
from servicetitan_netsuite.servicetitan import reference as field_service
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from servicetitan_netsuite.steps.kinds import name_terms, roles_of, synced
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
        rows = asyncio.run(_checked(own, text))
        changed = mappings.save(own.ledger, own.tenant_id, rows, who)
    if as_json:
        say_json({"rows": len(rows), "changed": changed})
    else:
        say(f"{len(rows)} mappings read, {changed} of them changed.")
    return Exit.FINE


def fill(key: str, *, dry_run: bool, as_json: bool) -> int:
    """Map what is not mapped yet, without guessing; entities are linked by runs."""
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


async def _checked(own: Books, text: bytes) -> list[MappingRow]:
    """The rows of a file, each of them fit to be kept."""
    fields = own.netsuite
    async with NetSuite(netsuite_credentials(fields), times(fields)) as client:
        reference, _ = await _read(own, client)
        rows = import_csv(text, reference)
        known = {(row.kind, row.source_key): row.target for row in _known(own)}
        new = [
            row
            for row in rows
            if row.kind.startswith(OPENING)
            and row.target
            and known.get((row.kind, row.source_key)) != row.target
        ]
        faults = [*_posted_by_us(own, new), *await _unfit(client, new)]
    if faults:
        raise refusal(faults)
    return rows


def _known(own: Books) -> list[MappingRow]:
    return mappings.read(own.ledger, own.tenant_id)


def _posted_by_us(own: Books, openings: Sequence[MappingRow]) -> Iterator[str]:
    """An opening document was in NetSuite before this sync: what we posted cannot be one."""
    for kind in sorted({row.kind for row in openings}):
        found = own.ledger.rows(
            "documents/read_known",
            tenant_id=own.tenant_id,
            document_type=kind.removeprefix(OPENING),
            source_ids=[row.source_key for row in openings if row.kind == kind],
        )
        for row in found:
            if row.netsuite_id or row.state in UNRESOLVED:
                what = kind.removeprefix(OPENING).replace("_", " ")
                held = f"as {row.netsuite_id}" if row.netsuite_id else "with an outcome unknown yet"
                yield f"{kind} {row.source_id}: this sync has posted that {what} itself, {held}"


async def _unfit(client: NetSuite, openings: Sequence[MappingRow]) -> list[str]:
    if not openings:
        return []
    linked = [(row.kind, row.target or "") for row in openings]
    told = await unfit(client, linked)
    return [
        f"{row.kind} {row.source_key}: {told[key]}"
        for row, key in zip(openings, linked, strict=True)
        if key in told
    ]


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == STDIO else Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from error


async def _new(own: Books) -> list[MappingRow]:
    credentials, fields = servicetitan_credentials(own.servicetitan, own.tenant_id), own.netsuite
    kinds = synced(own.tenant)
    async with (
        ServiceTitan(credentials) as servicetitan,
        NetSuite(netsuite_credentials(fields), times(fields)) as netsuite,
    ):
        (reference, profile), accounts, units = await asyncio.gather(
            _read(own, netsuite),
            field_service.gl_accounts(servicetitan),
            field_service.business_units(servicetitan),
        )
        known = _known(own)
        made = first_fill(accounts, units, reference, known, profile, roles_of(kinds))
        return made + (term_fill(await terms(netsuite), known) if name_terms(kinds) else [])


async def _read(own: Books, client: NetSuite) -> tuple[master.Reference, AccountProfile]:
    profile = own.known_profile()
    if profile is None:
        profile = await account.discover(client)
        profiles.store(own.ledger, own.netsuite.id, profile)
    return await master.reference(client, profile), profile
