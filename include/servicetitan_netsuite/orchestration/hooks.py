"""Connection types for Airflow's forms, with a Test button that tries the real thing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import BaseHook

from servicetitan_netsuite.connections import LEDGER_ID, ConnectionFields, url_of_ledger
from servicetitan_netsuite.documents import AccountProfile
from servicetitan_netsuite.errors import ConfigurationError, SyncError
from servicetitan_netsuite.orchestration import fields as kept
from servicetitan_netsuite.orchestration.stored import ids_like
from servicetitan_netsuite.tenants import read_tenant_file, tenant_files

Verdict = tuple[bool, str]


class ServiceTitanHook(HttpHook):
    """One tenant's ServiceTitan: host, client id and secret, app key, environment."""

    conn_name_attr = "servicetitan_conn_id"
    default_conn_name = "servicetitan"
    conn_type = "servicetitan"
    hook_name = "ServiceTitan"

    def __init__(self, servicetitan_conn_id: str = default_conn_name, **options: Any) -> None:
        super().__init__(http_conn_id=servicetitan_conn_id, **options)

    def fields(self) -> ConnectionFields:
        """What the connection holds."""
        return kept.read(self.http_conn_id)

    def test_connection(self) -> Verdict:
        """Log in and read a little of a tenant that uses this connection."""
        return _verdict(self._check)

    def _check(self) -> str:
        fields = self.fields()
        tenants = _tenants_of(fields)
        if not tenants:
            raise ConfigurationError(
                "No tenant file names this connection yet, so there is no tenant to try it on. "
                "Save it, name it under servicetitan.connection, and test again."
            )
        for _, tenant_id in tenants:
            asyncio.run(_check_servicetitan(fields, tenant_id))
        return f"ServiceTitan answers for {', '.join(name for name, _ in tenants)}."


class NetSuiteHook(HttpHook):
    """One NetSuite account: OAuth 2.0 machine-to-machine, or token-based authentication."""

    conn_name_attr = "netsuite_conn_id"
    default_conn_name = "netsuite"
    conn_type = "netsuite"
    hook_name = "NetSuite"

    def __init__(self, netsuite_conn_id: str = default_conn_name, **options: Any) -> None:
        super().__init__(http_conn_id=netsuite_conn_id, **options)

    def fields(self) -> ConnectionFields:
        """What the connection holds."""
        return kept.read(self.http_conn_id)

    def test_connection(self) -> Verdict:
        """Log in, read what the account is like, and keep that in the ledger."""
        return _verdict(self._check)

    def _check(self) -> str:
        fields = self.fields()
        message, profile = asyncio.run(_look_at(fields))
        account = fields.extra.get("account_id")
        ids = ids_like(fields, lambda other: other.extra.get("account_id") == account)
        for connection_id in ids:
            _store_profile(connection_id, profile)
        if not ids:
            return f"{message} Save it and test again, so that the account's profile is kept."
        return f"{message} Its profile is kept for {', '.join(ids)}."


class LedgerHook(BaseHook):
    """The sync's own database: a SQLite file or PostgreSQL."""

    conn_name_attr = "ledger_conn_id"
    default_conn_name = LEDGER_ID
    conn_type = "ledger"
    hook_name = "Sync ledger"

    def __init__(self, ledger_conn_id: str = default_conn_name, **options: Any) -> None:
        super().__init__(**options)
        self.ledger_conn_id = ledger_conn_id

    def get_conn(self) -> Any:
        """The ledger, known to be of this code's revision; close it after use."""
        from servicetitan_netsuite.ledger.migrations import open_ledger

        return open_ledger(url_of_ledger(kept.read(self.ledger_conn_id)))

    def test_connection(self) -> Verdict:
        """Open the ledger and compare its revision with this code's."""
        return _verdict(self._check)

    def _check(self) -> str:
        self.get_conn().close()
        return "The ledger can be opened and is up to date."


def _verdict(check: Callable[[], str]) -> Verdict:
    try:
        return True, check()
    except SyncError as error:
        return False, str(error)
    except Exception as error:
        # Anything else may quote what was sent: its type is enough here.
        return False, f"The test ended unexpectedly ({type(error).__name__})."


def _tenants_of(fields: ConnectionFields) -> list[tuple[str, str]]:
    """Short name and ServiceTitan id of the tenants that use this connection."""
    ids = ids_like(fields, lambda other: other.login == fields.login)
    found = []
    for path in tenant_files():
        try:
            tenant = read_tenant_file(path)
        except ConfigurationError:
            continue
        if tenant.servicetitan.connection in ids:
            found.append((tenant.short_name, tenant.servicetitan.tenant_id))
    return found


async def _check_servicetitan(fields: ConnectionFields, tenant_id: str) -> None:
    from servicetitan_netsuite.servicetitan import reference
    from servicetitan_netsuite.servicetitan.client import ServiceTitan
    from servicetitan_netsuite.servicetitan.credentials import credentials

    async with ServiceTitan(credentials(fields, tenant_id), kept.mask) as client:
        await reference.check(client)


async def _look_at(fields: ConnectionFields) -> tuple[str, AccountProfile]:
    from servicetitan_netsuite.netsuite import profile
    from servicetitan_netsuite.netsuite.client import NetSuite
    from servicetitan_netsuite.netsuite.credentials import credentials, times

    async with NetSuite(credentials(fields), times(fields), kept.mask) as client:
        return await profile.check(client), await profile.discover(client)


def _store_profile(connection_id: str, profile: AccountProfile) -> None:
    from servicetitan_netsuite.ledger import profiles
    from servicetitan_netsuite.ledger.migrations import open_ledger

    with open_ledger(kept.ledger_url()) as ledger:
        profiles.store(ledger, connection_id, profile)
