"""The app key and each tenant's client, made once and kept in a private file."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.private import write_private
from sandbox.seed.tenants import DOCUMENTS, LAYOUTS


@dataclass(frozen=True, slots=True)
class Client:
    """One tenant's client id and secret."""

    tenant_id: int
    short_name: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an integration needs to call the stand-in."""

    app_key: str
    clients: tuple[Client, ...]

    def tenant_of(self, client_id: str, secret: str) -> int | None:
        """The tenant whose client that is; None when there is none or the secret is wrong."""
        for client in self.clients:
            if secrets.compare_digest(client.client_id.encode(), client_id.encode()):
                good = secrets.compare_digest(client.client_secret.encode(), secret.encode())
                return client.tenant_id if good else None
        return None


def generate() -> Credentials:
    """Fresh credentials for the seeded tenants."""
    clients = tuple(
        Client(
            one.tenant_id,
            one.short_name,
            f"cid.{secrets.token_urlsafe(18)}",
            f"cs1.{secrets.token_urlsafe(36)}",
        )
        for one in (*LAYOUTS, DOCUMENTS)
    )
    return Credentials(f"ak1.{secrets.token_urlsafe(24)}", clients)


def kept(path: Path) -> Credentials:
    """The credentials in `path` (0600), made where they are not there."""
    made = generate()
    if path.exists():
        data = json.loads(path.read_text(encoding="utf-8"))
        known = {one["tenant_id"]: Client(**one) for one in data["clients"]}
        clients = tuple(known.get(one.tenant_id, one) for one in made.clients)
        if set(known) >= {one.tenant_id for one in made.clients}:
            return Credentials(data["app_key"], clients)
        made = Credentials(data["app_key"], clients)
    write_private(path, json.dumps(asdict(made), indent=1))
    return made
