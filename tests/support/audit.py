"""What NetSuite holds of a tenant's documents, told from both servers' own truth, never ours.

Each check gives what is wrong, so that an empty answer means that all is right.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sandbox.seed import netsuite_books
from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials

if TYPE_CHECKING:
    from support.site import Site

Document = dict[str, Any]
Record = dict[str, Any]
Sums = dict[str, Decimal]
Lists = dict[str, dict[str, Document]]

NAMES = {"ap_bill": "vendor_bill", "return": "vendor_credit", "adjustment": "inventory_adjustment"}
"""ServiceTitan's types that our external ids call otherwise."""
NAMED_BY_NOBODY = "dirty_order_of_null_item"
"""An order whose only receipt cannot be read: nothing that can be posted names it."""
ENTITIES = ("customer", "nonInventorySaleItem", "nonInventoryPurchaseItem")
NEVER_TOLD = ("purchase_order", "receipt", "return", "adjustment")
"""ServiceTitan cannot be told of these."""
_MONEY = ("payments", "credit-memos", "ap-credits")


def batchable(site: Site) -> list[Document]:
    """What a person may batch, and the orders that come with it."""
    return batchable_of(site.entries())


def batchable_of(documents: Iterable[Document]) -> list[Document]:
    """The same of a tenant's documents."""
    return [
        d
        for d in documents
        if d["sync_status"] != "Exported" and not d["why"].startswith(("not_pending", "not_synced"))
    ]


def chosen(documents: list[Document], most: int) -> list[Document]:
    """At most so many documents of each case, with all that they need and what comes with them.

    An order is never batched: it comes with the receipts and bills of it.
    """
    by_key = {(d["type"], d["id"]): d for d in documents}
    seen: Counter[tuple[str, str]] = Counter()
    keys: list[tuple[str, str]] = []
    for document in documents:
        seen[document["type"], document["case"]] += 1
        if (
            document["type"] != "purchase_order"
            and seen[document["type"], document["case"]] <= most
        ):
            keys.append((document["type"], document["id"]))
    taken: dict[tuple[str, str], Document] = {}
    while keys:
        key = keys.pop()
        if key in by_key and key not in taken:
            document = taken[key] = by_key[key]
            keys += [(kind, number) for kind, number in document["parents"]]
            keys += [("invoice", str(number)) for number, _ in document["later"]]
            keys += [tuple(document["posts_as"])] if document["posts_as"] else []
    return [d for d in documents if (d["type"], d["id"]) in taken]


@dataclass(frozen=True)
class Audit:
    """A tenant's posted documents against all that came into NetSuite meanwhile.

    Attributes:
        documents: ServiceTitan's truth of those posted, as it is now.
        records: what came into NetSuite.
        lists: what ServiceTitan's own lists show of payments and credits, by list and id.
    """

    tenant_id: str
    account_id: str
    documents: list[Document]
    records: list[Record]
    lists: Lists

    def findings(self) -> dict[str, list[Any]]:
        """All that is wrong, by what it is; nothing if all is right."""
        found = {
            "lost": self.lost(),
            "doubled": self.doubled(),
            "unexpected": self.unexpected(),
            "misbooked": self.misbooked(),
            "misapplied": self.misapplied(),
            "unlinked": self.unlinked(),
            "told wrongly": self.told_wrongly(),
        }
        return {what: wrong for what, wrong in found.items() if wrong}

    @cached_property
    def valid(self) -> list[Document]:
        """Those that must be in NetSuite as a record of their own, or in another's applications."""
        return [
            d
            for d in self.documents
            if d["valid"] and not d["posts_as"] and d["case"] != NAMED_BY_NOBODY
        ]

    @cached_property
    def named(self) -> dict[str, Record]:
        """What came into NetSuite by external id."""
        return {r["external_id"]: r for r in self.records if r["external_id"]}

    @cached_property
    def by_id(self) -> dict[str, Record]:
        """Transactions by NetSuite's id."""
        return {r["id"]: r for r in self.records if r["type"] not in ENTITIES}

    def name(self, document: Document, part: str = "") -> str:
        """The external id of a document or part."""
        kind = NAMES.get(document["type"], document["type"])
        return f"st-{self.tenant_id}-{kind}-{document['id']}" + (part and f"-{part}")

    def lost(self) -> list[Any]:
        """Not there, or not as what it shall become; cost of sales included."""
        missing = []
        for document in self.valid:
            kind = document["becomes"]
            record = self.named.get(self.name(document))
            if kind != "application" and (record is None or record["type"] != kind):
                missing.append((document["type"], document["case"], self.name(document)))
            elif record and record["date"] != document["date"]:
                missing.append((document["case"], record["date"], document["date"]))
            if document["cogs"] and self.name(document, "cogs") not in self.named:
                missing.append((document["type"], document["case"], "cogs"))
        return missing

    def doubled(self) -> list[str]:
        """Records of one document or entity that are there more than once."""
        names = Counter(
            f"{r['type']} {r['external_id']}" if r["type"] in ENTITIES else str(r["external_id"])
            for r in self.records
            if r["external_id"]
        )
        items = Counter(
            f"{r['type']} of account {r['incomeAccount'] or r['expenseAccount']}"
            for r in self.records
            if r["type"] in ENTITIES[1:]
        )
        return [name for name, count in (names + items).items() if count > 1]

    def unexpected(self) -> list[str]:
        """Records of documents that must not be there, and records that nobody knows.

        Paying back a deposit, NetSuite makes the deposit's application, without external id.
        """
        wanted = {self.name(d) for d in self.valid if d["becomes"] != "application"}
        wanted |= {self.name(d, "cogs") for d in self.valid if d["cogs"]}
        wanted |= {self.name(d, part) for d in self.valid for part in self._uses(d)}
        refunded = {a["doc"] for r in self.records if r["type"] == "customerRefund"
                    for a in r["apply"]}  # fmt: skip
        return [
            f"{r['type']} {r['id']} {r['external_id']}"
            for r in self.records
            if (
                not str(r["external_id"]).startswith(f"st-{self.tenant_id}-")
                if r["type"] in ENTITIES
                else r["external_id"] not in wanted and r["id"] not in refunded
            )
        ]

    def _uses(self, document: Document) -> list[str]:
        """The parts of a deposit that are its later applications."""
        if document["becomes"] != "customerDeposit":
            return []
        applied = self.lists["payments"][document["id"]]["appliedTo"] or []
        return [f"application-{one['appliedId']}" for one in applied]

    def misbooked(self) -> list[Any]:
        """Documents whose records debit and credit something else than ServiceTitan says."""
        wrong = []
        for document in self.valid:
            for part, gl in (("", document["gl"]), ("cogs", document["cogs"])):
                expected = {k: Decimal(v) for k, v in gl.items() if Decimal(v)}
                booked = self._booked(document, part)
                if booked != expected:
                    wrong.append((document["type"], document["case"], part, booked, expected))
        return wrong

    def _booked(self, document: Document, part: str) -> Sums:
        names = [
            self.name(document, one) for one in ([part] if part else ["", *self._uses(document)])
        ]
        records = [self.named[name] for name in names if name in self.named]
        for record in [r for r in records if r["type"] == "customerRefund"]:
            made = [self.by_id[one["doc"]] for one in record["apply"] if one["doc"] in self.by_id]
            records += [r for r in made if not r["external_id"]]
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for record in records:
            for line in record["ledger"]:
                sums[self._numbers[line["account"]]] += Decimal(line["amount"])
        return {account: amount for account, amount in sums.items() if amount}

    @cached_property
    def _numbers(self) -> dict[str, str]:
        (books,) = [one for one in netsuite_books(1) if one.account_id == self.account_id]
        return {str(account.id): account.number for account in books.accounts}

    def misapplied(self) -> list[Any]:
        """Payments and credits applied to anything else than ServiceTitan says."""
        expected = self._expected_applications()
        wrong = []
        for name, record in self.named.items():
            if record["type"] in ENTITIES or record["type"] == "journalEntry":
                continue
            applied: Sums = {}
            for one in record["apply"]:
                target = self.by_id.get(one["doc"], {"external_id": f"unknown {one['doc']}"})
                to = target["external_id"] or "of a deposit"
                applied[to] = applied.get(to, Decimal(0)) + Decimal(one["amount"])
            if applied != expected.get(name, {}):
                wrong.append((name, record["type"], applied, expected.get(name, {})))
        return wrong

    def _expected_applications(self) -> dict[str, Sums]:
        expected: defaultdict[str, Sums] = defaultdict(dict)
        by_id = {d["id"]: d for d in self.documents}
        for document in self.valid:
            if document["type"] == "credit_memo":
                shown = self.lists["credit-memos"][document["id"]]
                _add(expected[self.name(document)], self._shares(shown, by_id))
            elif document["type"] == "payment":
                shown = self.lists["payments"][document["id"]]
                self._add_payment(expected, document, self._shares(shown, by_id))
        for credit in self.documents:
            if credit["type"] == "ap_credit" and credit["valid"] and credit["posts_as"]:
                returned = by_id[credit["posts_as"][1]]
                for one in self.lists["ap-credits"][credit["id"]]["splits"]:
                    if one["amount"]:
                        bill = self.name(by_id[str(one["inventoryBillId"])])
                        _add(expected[self.name(returned)], {bill: Decimal(str(one["amount"]))})
        return expected

    def _shares(self, shown: Document, by_id: dict[str, Document]) -> Sums:
        """How much of a document is used on each other, by that one's external id."""
        shares: Sums = {}
        for one in shown["appliedTo"] or []:
            _add(
                shares,
                {self.name(by_id[str(one["appliedTo"])]): Decimal(str(one["appliedAmount"]))},
            )
        return shares

    def _add_payment(self, expected: dict[str, Sums], document: Document, shares: Sums) -> None:
        name = self.name(document)
        if document["becomes"] == "customerPayment":
            expected[name] = shares
        elif document["becomes"] == "customerDeposit":
            for one in self.lists["payments"][document["id"]]["appliedTo"] or []:
                part = self.name(document, f"application-{one['appliedId']}")
                to = f"st-{self.tenant_id}-invoice-{one['appliedTo']}"
                expected[part] = {to: Decimal(one["appliedAmount"])}
        elif document["becomes"] == "customerRefund":
            back = Decimal(document["amount"])
            expected[name] = {to: -share for to, share in shares.items()} or {"of a deposit": back}
        elif document["becomes"] == "application":
            # The credit memo may say the same: one use, shown on both sides.
            (credit,) = [to for to, share in shares.items() if share < 0]
            expected[credit] |= {to: share for to, share in shares.items() if share > 0}

    def unlinked(self) -> list[Any]:
        """Receipts and bills of an order that do not hang on it, line by line."""
        wrong = []
        for document in self.valid:
            order = next((k for k in document["parents"] if k[0] == "purchase_order"), None)
            record = self.named.get(self.name(document))
            if order is None or record is None or document["type"] not in ("receipt", "ap_bill"):
                continue
            of = self.named.get(f"st-{self.tenant_id}-purchase_order-{order[1]}", {"id": "?"})
            lines = [line for line in record["lines"] if line["sublist"] == "item"]
            keyed = lines and all(line["orderLine"] for line in lines)
            if record["created_from"] != of["id"] or not keyed:
                wrong.append((document["case"], record["created_from"], of["id"], lines))
        return wrong

    def told_wrongly(self) -> list[Any]:
        """Documents that ServiceTitan shows as exported and are not there, or the other way."""
        wrong = []
        for document in self.documents:
            if document["type"] in NEVER_TOLD:
                continue
            told = document["valid"] or document["why"].startswith("zero_amount")
            told = told and (document["valid"] or document["type"] == "invoice")
            if (document["sync_status"] == "Exported") != told:
                wrong.append((document["type"], document["case"], document["sync_status"]))
        return wrong


def audit(site: Site, posted: Iterable[Document], opening: Iterable[Record]) -> Audit:
    """The audit of what was posted: `opening` are NetSuite's records before."""
    keys = {(d["type"], d["id"]) for d in posted}
    now = [d for d in site.entries() if (d["type"], d["id"]) in keys]
    came = came_in(site.truth()["records"], opening)
    lists = shown_lists(site.context("unused").servicetitan, site.tenant_id)
    return Audit(site.tenant_id, site.account_id, now, came, lists)


def came_in(records: Iterable[Record], opening: Iterable[Record]) -> list[Record]:
    """The records that were not among NetSuite's before."""
    before = {(r["type"], r["id"]) for r in opening}
    return [r for r in records if (r["type"], r["id"]) not in before]


def _add(sums: Sums, more: Sums) -> None:
    for name, amount in more.items():
        sums[name] = sums.get(name, Decimal(0)) + amount


def shown_lists(connection: ConnectionFields, tenant_id: str) -> Lists:
    """The whole of ServiceTitan's lists that say what is applied, by list and id."""
    return asyncio.run(_shown(connection, tenant_id))


async def _shown(connection: ConnectionFields, tenant_id: str) -> Lists:
    found: Lists = {}
    async with ServiceTitan(credentials(connection, tenant_id)) as client:
        for path in _MONEY:
            found[path] = {}
            async for page in client.pages("accounting", path):
                found[path] |= {str(one["id"]): one for one in page if isinstance(one, dict)}
    return found
