"""The stand-in ServiceTitan on a free port, and clients of its three tenants."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.server import serving
from sandbox.servicetitan.app import create_app
from sandbox.servicetitan.credentials import generate
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import Credentials
from servicetitan_netsuite.tenants import Tenant

FAST = 5000


@dataclass
class StandIn:
    """A served stand-in; its control routes are asked as a person would, not as a client."""

    url: str
    credentials: dict[str, Credentials]
    http: aiohttp.ClientSession

    def client(self, tenant: str = "ALB", **changes: Any) -> ServiceTitan:
        return ServiceTitan(replace(self.credentials[tenant], **changes), backoff_s=0.01)

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, f"{self.url}/sandbox/{path}", json=body) as answer:
            data = await answer.json()
            assert answer.status == 200, data
            return data

    async def start(self, tenant: str, limit: int) -> list[str]:
        """Press *Start Syncing*; the ids of what was started."""
        own = {"tenant_id": int(self.credentials[tenant].tenant_id), "all": True, "limit": limit}
        started = await self.control("POST", "journal-entries/start-syncing", own)
        return list(started["ids"])

    async def truth(self, tenant: str) -> dict[str, Any]:
        """What the stand-in holds of a tenant's journal entries, by id."""
        own = self.credentials[tenant].tenant_id
        documents = (await self.control("GET", f"truth?tenant_id={own}"))["documents"]
        return {each["id"]: each for each in documents}

    async def faults(self, *rules: dict[str, Any]) -> None:
        await self.control("POST", "faults", {"faults": list(rules)})


def against(folder: Path, work: Callable[[StandIn], Awaitable[Any]], rate_limit: int = FAST) -> Any:
    """What `work` returns, given a fresh stand-in."""

    async def main() -> Any:
        made = generate()
        app = create_app(folder / "servicetitan.sqlite", made)
        async with serving(app) as (url,), aiohttp.ClientSession() as http:
            own = {
                one.short_name: Credentials(
                    api_url=url,
                    auth_url=f"{url}/connect/token",
                    tenant_id=str(one.tenant_id),
                    client_id=one.client_id,
                    client_secret=one.client_secret,
                    app_key=made.app_key,
                    calls_per_second=rate_limit,
                    timeout_s=10,
                )
                for one in made.clients
            }
            stand_in = StandIn(url, own, http)
            await stand_in.control("POST", "settings", {"rate_limit_per_s": rate_limit})
            return await work(stand_in)

    return asyncio.run(main())


def tenant(short_name: str = "ALB", tenant_id: str = "1001", **sync: Any) -> Tenant:
    return Tenant.model_validate(
        {
            "name": "Somebody",
            "short_name": short_name,
            "timezone": "America/New_York",
            "servicetitan": {"tenant_id": tenant_id, "connection": "servicetitan"},
            "netsuite": {"connection": "netsuite"},
            "sync": {"method": "journal_entries", "from": "2026-01-01", **sync},
        }
    )
