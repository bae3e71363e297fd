"""A whole installation for a test: both stand-ins over real HTTP, a ledger, and the four steps."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.documents import external_id
from servicetitan_netsuite.errors import Waiting
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.steps import extract_pending, post_to_netsuite, validate_mappings
from servicetitan_netsuite.steps.context import RunContext, RunParams
from servicetitan_netsuite.tenants import Tenant

STEPS: tuple[Callable[[RunContext], dict[str, int]], ...] = (
    extract_pending.run,
    validate_mappings.run,
    post_to_netsuite.run,
)
QUICK = {"settle_s": 1.0, "timeout_s": 0.7, "lease_s": 3.0, "renew_s": 0.3, "backoff_s": 0.05}


def call(url: str, path: str, body: Any = None, method: str | None = None) -> Any:
    """One JSON request to a control route; the parsed answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url + path,
        data=data,
        headers={"Content-Type": "application/json"},
        method=method or ("GET" if body is None else "POST"),
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from error


@dataclass(frozen=True)
class Site:
    """One tenant's view of a running sandbox, with a ledger of its own."""

    info: dict[str, Any]
    tenant: Tenant
    ledger_url: str
    times: dict[str, float]

    @property
    def servicetitan(self) -> str:
        return str(self.info["servicetitan"]["url"])

    @property
    def netsuite(self) -> str:
        return str(self._netsuite["url"])

    @property
    def _netsuite(self) -> dict[str, Any]:
        return dict(self.info[self.tenant.netsuite.connection])

    @property
    def account_id(self) -> str:
        """The NetSuite account that the tenant's books are in."""
        return str(self._netsuite["account_id"])

    @property
    def tenant_id(self) -> str:
        return self.tenant.servicetitan.tenant_id

    def with_tenant(self, **sync: Any) -> Site:
        """The same site with other `sync` settings in the tenant file."""
        changed = self.tenant.model_copy(update={"sync": self.tenant.sync.model_copy(update=sync)})
        return replace(self, tenant=changed)

    def reset(self, seed: int = 1) -> None:
        for url in (self.servicetitan, self.netsuite):
            call(url, "/sandbox/faults", method="DELETE")
            call(url, "/sandbox/reset", {"seed": seed, "size": "small"})
        call(self.servicetitan, "/sandbox/settings", {"rate_limit_per_s": 2000})

    def context(self, run_id: str, **params: Any) -> RunContext:
        own = next(
            t for t in self.info["servicetitan"]["tenants"] if str(t["tenant_id"]) == self.tenant_id
        )
        account = self._netsuite
        return RunContext(
            tenant=self.tenant,
            params=RunParams.parse(params),
            dag_id=self.tenant.dag_id,
            run_id=run_id,
            ledger_url=self.ledger_url,
            servicetitan=ConnectionFields(
                id=self.tenant.servicetitan.connection,
                kind="servicetitan",
                host=self.servicetitan,
                login=own["client_id"],
                password=own["client_secret"],
                extra={
                    "app_key": self.info["servicetitan"]["app_key"],
                    "auth_url": self.info["servicetitan"]["auth_url"],
                    "calls_per_second": 2000,
                },
            ),
            netsuite=ConnectionFields(
                id=self.tenant.netsuite.connection,
                kind="netsuite",
                host=account["url"],
                login=account["client_id"],
                password=Path(account["private_key_path"]).read_text(),
                extra={
                    "account_id": account["account_id"],
                    "certificate_id": account["certificate_id"],
                    **self.times,
                },
            ),
        )

    def run(self, run_id: str, waits: int = 20, **params: Any) -> dict[str, int]:
        """All three steps, each tried again after the seconds its error carries."""
        context = self.context(run_id, **params)
        counts: dict[str, int] = {}
        for step in STEPS:
            counts = patiently(step, context, waits)
        return counts

    def prepare(self, run_id: str, **params: Any) -> RunContext:
        """Extract and validate; the context of the posting step that may follow."""
        context = self.context(run_id, **params)
        patiently(extract_pending.run, context)
        patiently(validate_mappings.run, context)
        return context

    def post(self, context: RunContext, waits: int = 20) -> dict[str, int]:
        return patiently(post_to_netsuite.run, context, waits)

    def start_syncing(self, numbers: Iterable[int] | None = None) -> None:
        chosen = {"all": True} if numbers is None else {"numbers": list(numbers)}
        body = {"tenant_id": int(self.tenant_id), **chosen}
        call(self.servicetitan, "/sandbox/journal-entries/start-syncing", body)

    def post_batch(self, documents: Iterable[dict[str, Any]] | None = None) -> int:
        """Batch documents in ServiceTitan and post the batch; its id."""
        chosen: dict[str, Any] = {"all": True}
        if documents is not None:
            chosen = {"documents": [{"type": d["type"], "id": d["id"]} for d in documents]}
        body = {"tenant_id": int(self.tenant_id), "name": "AR", **chosen}
        batch = call(self.servicetitan, "/sandbox/batches", body)
        call(self.servicetitan, f"/sandbox/batches/{batch['id']}/post", {})
        return int(batch["id"])

    def edit(self, entry: dict[str, Any], **changes: Any) -> None:
        """A person's edit in ServiceTitan."""
        path = f"/sandbox/documents/{entry['type']}/{entry['id']}"
        call(self.servicetitan, path, changes, "PATCH")

    def entries(self) -> list[dict[str, Any]]:
        """ServiceTitan's own truth about the tenant's journal entries."""
        documents = call(self.servicetitan, "/sandbox/truth")["documents"]
        return [d for d in documents if str(d["tenant_id"]) == self.tenant_id]

    def batchable(self, *types: str) -> list[dict[str, Any]]:
        """What a person may batch, of these types: what the seed never batches stays out."""
        return [
            d
            for d in self.entries()
            if d["type"] in types
            and d["sync_status"] == "Pending"
            and not d["why"].startswith("not_pending")
        ]

    def valid(self, count: int) -> list[dict[str, Any]]:
        """The first few entries that must post."""
        return [d for d in self.entries() if d["valid"]][:count]

    def entry(self, number: int) -> dict[str, Any]:
        return next(d for d in self.entries() if d["number"] == number)

    def name(self, entry: dict[str, Any]) -> str:
        return external_id(self.tenant_id, "journal_entry", entry["id"])

    def truth(self) -> dict[str, Any]:
        """NetSuite's own truth table."""
        return dict(call(self.netsuite, "/sandbox/truth"))

    def posted(self) -> list[dict[str, Any]]:
        """The journals in NetSuite that carry this tenant's external ids."""
        ours = f"st-{self.tenant_id}-journal_entry-"
        return [
            r
            for r in self.truth()["records"]
            if r["type"].lower() == "journalentry" and (r["external_id"] or "").startswith(ours)
        ]

    def records(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """NetSuite's records by our external ids, each once; of some document types only."""
        ours = tuple(f"st-{self.tenant_id}-{kind}-" for kind in kinds) or f"st-{self.tenant_id}-"
        found: dict[str, dict[str, Any]] = {}
        for record in self.truth()["records"]:
            name = record["external_id"] or ""
            if name.startswith(ours):
                assert name not in found, f"{name} is in NetSuite twice"
                found[name] = record
        return found

    def faults(self, *rules: dict[str, Any], side: str = "netsuite") -> None:
        url = self.netsuite if side == "netsuite" else self.servicetitan
        call(url, "/sandbox/faults", {"faults": list(rules)})

    def no_faults(self) -> None:
        for url in (self.servicetitan, self.netsuite):
            call(url, "/sandbox/faults", method="DELETE")

    def documents(self, kind: str = "journal_entry", part: str = "") -> dict[str, Any]:
        """The ledger's truth about one type's documents or parts, by number."""
        with Ledger(self.ledger_url) as ledger, ledger.reading() as connection:
            rows = connection.exec_driver_sql(
                f"SELECT * FROM document WHERE document_type = '{kind}' AND part = '{part}'"
            ).all()
        return {row.number: row for row in rows}

    def rows(self) -> dict[tuple[str, str], Any]:
        """The ledger's truth about whole documents, by type and ServiceTitan's id."""
        with Ledger(self.ledger_url) as ledger, ledger.reading() as connection:
            found = connection.exec_driver_sql("SELECT * FROM document WHERE part = ''").all()
        return {(row.document_type, row.source_id): row for row in found}

    def account_numbers(self) -> dict[str, str]:
        """Numbers of the mapped accounts, by NetSuite's ids."""
        with Ledger(self.ledger_url) as ledger, ledger.reading() as connection:
            found = connection.exec_driver_sql(
                "SELECT target, target_name FROM mapping "
                "WHERE kind IN ('gl_account', 'account_role')"
            ).all()
        return {row.target: row.target_name.split(" ")[0] for row in found}

    def dump(self, *tables: str) -> str:
        """The whole content of some tables, to compare."""
        with Ledger(self.ledger_url) as ledger, ledger.reading() as connection:
            return repr(
                [
                    sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {t}").all()))
                    for t in tables
                ]
            )


def patiently(
    step: Callable[[RunContext], dict[str, int]], context: RunContext, waits: int = 20
) -> dict[str, int]:
    """Run a step; after a Waiting error wait exactly as told, as the retry policy does."""
    for _ in range(waits):
        try:
            return step(context)
        except Waiting as error:
            time.sleep(error.wait_s)
    return step(context)


def effect(row: Any, numbers: dict[str, str]) -> dict[str, Decimal]:
    """What a ledger row's record does: account number to debit less credit, zero left out."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for account, *_, amount in json.loads(row.posted_canonical)["lines"]:
        sums[numbers[account]] += Decimal(amount)
    return {number: amount for number, amount in sums.items() if amount}


def expected_effect(gl: dict[str, str]) -> dict[str, Decimal]:
    """The same as the seed's truth tells it."""
    return {number: Decimal(amount) for number, amount in gl.items() if Decimal(amount)}


def lost_doubled_unexpected(site: Site) -> tuple[set[str], list[str], set[str]]:
    """What the checker asks of NetSuite's truth: nothing lost, nothing twice, nothing more."""
    wanted = {site.name(d) for d in site.entries() if d["valid"]}
    held = [r["external_id"] for r in site.posted()]
    doubled = sorted({name for name in held if held.count(name) > 1})
    return wanted - set(held), doubled, set(held) - wanted
