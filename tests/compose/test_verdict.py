"""What the drill counts can fail: each thing that may go wrong with the books is told by name."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest
import verdict

from support.audit import Document, Record, audit, batchable, chosen
from support.site import Site

Judge = Callable[[list[Document], list[Record]], verdict.Findings]
CASES = ("paid_by_Check", "unapplied", "bill_of_rent", "return_open", "configuration_JobInvoice")


@dataclass
class Posted:
    """What a tenant posted, as both servers' truth tells it, and who judges it."""

    judge: Judge
    documents: list[Document]
    records: list[Record]

    def findings(self) -> verdict.Findings:
        return self.judge(self.documents, self.records)

    def journal_or_invoice(self) -> Record:
        return next(r for r in self.records if r["type"] in ("invoice", "journalEntry"))


@pytest.fixture(scope="module")
def journals(make_shared_site: Callable[..., Site]) -> Posted:
    """A few journal entries."""
    site = make_shared_site("alb")
    numbers = [d["number"] for d in site.valid(5)]
    site.start_syncing(numbers)
    site.run("first")
    entries = [d for d in site.entries() if d["number"] in numbers]
    return Posted(verdict.journals, entries, site.posted())


@pytest.fixture(scope="module")
def documents(make_shared_site: Callable[..., Site]) -> Posted:
    """A few documents and what they need."""
    site = make_shared_site("den")
    opening = site.truth()["records"]
    known = batchable(site)
    some = chosen([d for d in known if d["case"] in CASES], most=1)
    needed = {tuple(key) for d in some for key in d["parents"]}
    some += [d for d in known if (d["type"], d["id"]) in needed and d not in some]
    site.post_batch([d for d in some if d["type"] != "purchase_order"])
    site.run("first")
    found = audit(site, some, opening)

    def judge(batched: list[Document], records: list[Record]) -> verdict.Findings:
        tenant = int(found.tenant_id)
        return verdict.documents(tenant, found.account_id, batched, records, found.lists)

    return Posted(judge, found.documents, found.records)


@pytest.fixture(params=["journals", "documents"])
def posted(request: pytest.FixtureRequest) -> Posted:
    """Either, to be tampered with."""
    kept = request.getfixturevalue(request.param)
    return Posted(kept.judge, deepcopy(kept.documents), deepcopy(kept.records))


def test_nothing_is_found_where_all_is_right(posted: Posted) -> None:
    assert posted.records
    assert posted.findings() == {}
    assert "lost 0, doubled 0, unexpected 0, misbooked 0, told wrongly 0" in verdict.counted({})


def test_a_record_deleted_is_told_as_lost(posted: Posted) -> None:
    posted.records.remove(posted.journal_or_invoice())
    assert "lost" in posted.findings()


def test_a_record_that_is_there_twice_is_told_as_doubled(posted: Posted) -> None:
    posted.records.append(posted.journal_or_invoice() | {"id": "999999"})
    assert "doubled" in posted.findings()


def test_a_record_that_nobody_asked_for_is_told_as_unexpected(posted: Posted) -> None:
    one = posted.journal_or_invoice()
    stray = one | {"id": "999999", "external_id": f"{one['external_id']}-r2"}
    posted.records.append(stray)
    assert set(posted.findings()) >= {"unexpected"}


def test_another_amount_is_told_as_misbooked(posted: Posted) -> None:
    one = posted.journal_or_invoice()
    one["total"] = "0.01"
    one["ledger"][0]["amount"] = "0.01"
    assert set(posted.findings()) == {"misbooked"}


def test_a_document_of_which_servicetitan_was_not_told_is_named(posted: Posted) -> None:
    told = next(d for d in posted.documents if d["sync_status"] in ("Synced", "Exported"))
    told["sync_status"] = "Posted"
    assert set(posted.findings()) == {"told wrongly"}
