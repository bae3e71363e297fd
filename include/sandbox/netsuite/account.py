"""One NetSuite account at work: what it holds, who may enter, and what it counted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.netsuite.context import ENTITIES, ITEMS, Context
from sandbox.netsuite.credentials import Credentials
from sandbox.netsuite.errors import invalid_login, standard
from sandbox.netsuite.gate import Gate
from sandbox.netsuite.oauth2 import OAuth2
from sandbox.netsuite.opening import fill
from sandbox.netsuite.operations import Operations
from sandbox.netsuite.records import GROUPS, REGISTRY, TRANSACTIONS, canonical
from sandbox.netsuite.settings import Settings
from sandbox.netsuite.store import Store
from sandbox.netsuite.suiteql.service import SuiteQL
from sandbox.netsuite.tba import TbaVerifier
from sandbox.seed.books import Books, Preferences

TRUTH_TYPES = (*TRANSACTIONS, *ENTITIES, "contact", *ITEMS)


def route_name(request: web.Request) -> str:
    """The name faults know a request by.

    `record/journalEntry` is a create; other methods carry theirs: `PATCH record/journalEntry`.
    What a record becomes is known by its own name: `transform/itemReceipt`.
    """
    parts = [part for part in request.path.split("/") if part]
    if parts[-1:] in (["token"], ["suiteql"]):
        return parts[-1]
    if "record" in parts[:3] and len(parts) > 4:
        if "!transform" in parts:
            return f"transform/{canonical(parts[-1])}"
        name = f"record/{canonical(parts[4])}"
        return name if request.method == "POST" else f"{request.method} {name}"
    return "/".join(parts[2:])


class Account:
    """Everything one account's application shares; state lives in `state_path`."""

    def __init__(self, books: Books, state_path: Path | str, credentials: Credentials) -> None:
        self.account_id = credentials.account_id
        self.store = Store(state_path)
        if self.store.recall("account") is None:
            self._open(books)
        self._recall()
        self.faults = Faults(standard, route_name)
        self.gate = Gate()
        self.oauth2 = OAuth2(credentials, self.store.db)
        self.tba = TbaVerifier(credentials.account_id, credentials.tba)
        self.suiteql = SuiteQL(self.context)
        self.operations = Operations(self.context, self._wrote)

    def _open(self, books: Books) -> None:
        fill(Context(self.store, books.preferences), books)
        self.store.remember("settings", asdict(Settings.of(books.preferences)))

    def _recall(self) -> None:
        preferences = Preferences(**self.store.recall("preferences"))
        settings = Settings(**self.store.recall("settings"))
        self.context = Context(self.store, preferences, settings, GROUPS)
        counted = self.store.recall("counts", {"calls": 0, "writes": 0})
        self.calls: int = counted["calls"]
        self.writes: int = counted["writes"]

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.context.settings

    def set(self, changes: dict[str, Any]) -> Settings:
        """Change settings; raises ValueError with a sentence on a wrong one."""
        self.context.settings = self.settings.changed(changes)
        self.store.remember("settings", asdict(self.settings))
        self.suiteql.show()
        return self.settings

    def reset(self, books: Books, seed: int) -> None:
        """Start over from these books; tokens and keys stay good."""
        self.store.clear()
        self._open(books)
        self._recall()
        self.gate.peak = 0
        self.faults.reseed(seed)
        self.suiteql = SuiteQL(self.context)
        self.operations = Operations(self.context, self._wrote)

    def authorize(self, request: web.Request) -> None:
        """Let a signed request in; raises Refusal."""
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer ") and self.oauth2.accepts(header):
            return
        path, _, query = request.raw_path.partition("?")
        url = f"{request.scheme}://{request.host.lower()}{path}"
        if not self.tba.accepts(request.method, url, query, header):
            raise invalid_login()

    def sees(self, record_type: str) -> bool:
        """Whether the role sees records of a type."""
        return record_type.lower() not in {name.lower() for name in self.settings.hide}

    def _wrote(self) -> None:
        self.writes += 1
        self.keep_counts()

    def keep_counts(self) -> None:
        """Write the counters down, so that a restart goes on counting."""
        self.store.remember("counts", {"calls": self.calls, "writes": self.writes})

    def truth(self) -> dict[str, Any]:
        """What really stands in the books, whatever the role may see."""
        ledger = self._ledger()
        records = [
            {"type": name, "id": record_id, "external_id": document.get("externalId")}
            | REGISTRY[name].summary(document)
            | ({"ledger": ledger.get(record_id, [])} if name in TRANSACTIONS else {})
            for name in TRUTH_TYPES
            for record_id, document in self.store.all(name).items()
        ]
        return {
            "calls": self.calls,
            "writes": self.writes,
            "peak_concurrency": self.gate.peak,
            "records": records,
            "faults": dict(self.faults.fired),
        }

    def _ledger(self) -> dict[str, list[dict[str, Any]]]:
        """Every transaction's effect on the ledger by account, by its id."""
        rows = self.store.db.execute(
            """SELECT "transaction", account, SUM(amount) FROM p_transactionaccountingline
               WHERE posting = 'T' AND amount <> 0 GROUP BY "transaction", account"""
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for record_id, account, amount in rows:
            entry = {"account": str(account), "amount": f"{amount:.2f}"}
            found.setdefault(str(record_id), []).append(entry)
        return found

    def close(self) -> None:
        """Keep the counts and let go of the file."""
        self.keep_counts()
        self.store.db.close()
