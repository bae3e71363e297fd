"""The books of a drill: what is made pending in ServiceTitan, and what NetSuite holds of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import verdict
from stack import Stack, sh
from verdict import Findings

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.tenants import Method, Tenant, read_tenant_file
from support.audit import (
    ENTITIES,
    Document,
    Lists,
    Record,
    batchable_of,
    came_in,
    chosen,
    shown_lists,
)

ACCOUNTS = ("netsuite", "netsuite_single")
SIDES = ("servicetitan", *ACCOUNTS)
LEAST = 300
"""Fewer documents, and the seed leaves out every awkward case."""
_INFO = "/opt/sync/sandbox/sandbox.json"
Key = tuple[str, str]


class Books:
    """Both stand-ins' books, for the tenants that have a file in the stack."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.opening: dict[str, list[Record]] = {}
        self.chosen: list[Document] = []
        self.batched: set[Key] = set()
        self.used: set[Key] = set()

    # --- whose ------------------------------------------------------------------------------------

    @cached_property
    def tenants(self) -> dict[int, Tenant]:
        """The tenants by ServiceTitan's id."""
        files = Path(self.stack.settings["TENANTS_DIR"]).glob("*.yaml")
        found = {int(t.servicetitan.tenant_id): t for t in map(read_tenant_file, sorted(files))}
        assert found, "no tenant has a file"
        return found

    @cached_property
    def papers(self) -> int:
        """The tenant that syncs documents: the stand-ins have one."""
        found = [n for n, t in self.tenants.items() if t.sync.method is Method.DOCUMENTS]
        assert len(found) == 1, f"{len(found)} tenants sync documents; TENANTS is at least 2"
        return found[0]

    @cached_property
    def ledgers(self) -> list[int]:
        """The tenants that sync journal entries."""
        return [number for number in self.tenants if number != self.papers]

    def short_name(self, tenant_id: int) -> str:
        """Such as DEN."""
        return str(self.tenants[tenant_id].short_name)

    # --- what is pending --------------------------------------------------------------------------

    def open(self, size: int, most: int) -> None:
        """Fresh books, nothing pending, no faults.

        Args:
            size: the seed's, for each tenant.
            most: how many documents of each type's every case may be batched, at most.
        """
        for side in SIDES:
            body = {"seed": 1, "size": str(max(LEAST, size))}
            self.stack.sandbox(side, "/reset", body)
            self.stack.sandbox(side, "/faults", method="DELETE")
        self.opening = {account: self.records(account) for account in ACCOUNTS}
        self.chosen = chosen(batchable_of(self.truth(self.papers)), most)
        self.batched, self.used = set(), set()

    def start_syncing(self, limit: int) -> None:
        """Press *Start Syncing* on so many more journal entries of each tenant."""
        for tenant in self.ledgers:
            body = {"tenant_id": tenant, "all": True, "limit": limit}
            self.stack.sandbox("servicetitan", "/journal-entries/start-syncing", body)

    def post_batch(self, part: int = 0, of: int = 1) -> None:
        """Batch the chosen documents, or one part of so many, and post the batch.

        What a document needs may be in another part: the books agree only after all of them.
        """
        # A return is not judged by a credit that nobody knows of yet: what must not post is first.
        whole = [d for d in self.chosen if d["type"] in ("return", "ap_credit") and not d["valid"]]
        some = [d for d in self.chosen if d["type"] != "purchase_order" and d not in whole]
        mine = some[part::of] + ([] if part else whole)
        body = {
            "tenant_id": self.papers,
            "name": "drill",
            "documents": [{"type": d["type"], "id": d["id"]} for d in mine],
        }
        batch = self.stack.sandbox("servicetitan", "/batches", body)
        self.stack.sandbox("servicetitan", f"/batches/{batch['id']}/post", {})
        # An order is never batched: it comes with the receipts and bills of it.
        orders = {tuple(k) for d in mine for k in d["parents"] if k[0] == "purchase_order"}
        self.batched |= {_key(d) for d in mine} | orders

    def use_deposits(self) -> int:
        """What was paid in advance, and is a deposit by now, is used on its invoice; how many."""
        exported = {d["id"] for d in self.documents() if d["sync_status"] == "Exported"}
        used = [
            d
            for d in self.documents()
            if d["later"] and d["id"] in exported and _key(d) not in self.used
        ]
        for document in used:
            shares = [{"invoice": number, "amount": amount} for number, amount in document["later"]]
            path = f"/documents/{document['type']}/{document['id']}"
            self.stack.sandbox("servicetitan", path, {"apply": shares}, "PATCH")
            self.used.add(_key(document))
        return len(used)

    # --- what is there ----------------------------------------------------------------------------

    def truth(self, tenant_id: int) -> list[Document]:
        """ServiceTitan's truth about one tenant's documents."""
        answer = self.stack.sandbox("servicetitan", f"/truth?tenant_id={tenant_id}")
        return [d for d in answer["documents"] if d["tenant_id"] == tenant_id]

    def records(self, account: str) -> list[Record]:
        """NetSuite's truth."""
        return list(self.stack.sandbox(account, "/truth")["records"])

    def entries(self) -> list[Document]:
        """The journal entries whose sync was started."""
        found = self.stack.sandbox("servicetitan", "/truth")["documents"]
        return [
            d for d in found if d["tenant_id"] in self.ledgers and d["sync_status"] != "NotSynced"
        ]

    def documents(self) -> list[Document]:
        """What was batched, and the orders that come with it."""
        return [d for d in self.truth(self.papers) if _key(d) in self.batched]

    def pending(self) -> str:
        """How many documents must post, in one line."""
        entries = sum(1 for d in self.entries() if d["valid"])
        documents = [d for d in self.documents() if d["valid"]]
        assert entries, "no journal entry must post"
        assert documents, "no document must post"
        return (
            f"{entries} journal entries of {len(self.ledgers)} tenants, "
            f"{len(documents)} documents of {self.short_name(self.papers)}: "
            + _listed(d["type"] for d in documents)
        )

    def findings(self) -> dict[str, Findings]:
        """All that is wrong of journal entries, of documents, and of what is nobody's."""
        came = {a: came_in(self.records(a), self.opening[a]) for a in ACCOUNTS}
        every = [r for account in ACCOUNTS for r in came[account]]
        posted = [r for r in verdict.of_tenants(every, self.ledgers) if r["type"] not in ENTITIES]
        rest = {
            account: [r for r in came[account] if not verdict.of_tenants([r], self.ledgers)]
            for account in ACCOUNTS
        }
        theirs = self.tenants[self.papers].netsuite.connection
        strangers = [r for a in ACCOUNTS if a != theirs for r in rest[a]]
        documents = self.documents()
        return {
            "journal entries": verdict.journals(self.entries(), posted),
            f"documents of {self.short_name(self.papers)}": verdict.documents(
                self.papers, self._account_id(theirs), documents, rest[theirs], self._lists()
            ),
            "in other accounts": {"unexpected": strangers} if strangers else {},
        }

    def posted(self) -> str:
        """How many records of each type came into NetSuite, in one line."""
        return _listed(
            r["type"] for a in ACCOUNTS for r in came_in(self.records(a), self.opening[a])
        )

    # --- how to call them -------------------------------------------------------------------------

    @cached_property
    def _info(self) -> dict[str, Any]:
        """What the stand-ins say that a client needs."""
        sandbox = self.stack.container("sandbox")
        return dict(json.loads(sh(self.stack.engine, "exec", sandbox, "cat", _INFO)))

    def _account_id(self, account: str) -> str:
        return str(self._info[account]["account_id"])

    def _lists(self) -> Lists:
        part = self._info["servicetitan"]
        own = next(t for t in part["tenants"] if int(t["tenant_id"]) == self.papers)
        url = f"http://127.0.0.1:{self.stack.settings['SERVICETITAN_PORT']}"
        fields = ConnectionFields(
            id="drill", kind="servicetitan", host=url,
            login=own["client_id"], password=own["client_secret"],
            extra={"app_key": part["app_key"], "auth_url": url},
        )  # fmt: skip
        return shown_lists(fields, str(self.papers))


def _key(document: Document) -> Key:
    return document["type"], document["id"]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(Counter(names).items()))
