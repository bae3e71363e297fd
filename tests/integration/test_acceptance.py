"""The nineteen acceptance examples of the product: what it must do, told by a test each.

| no. | example | shown here, or by |
|---|---|---|
| 1 | numbers carry the tenant's short name, or not | here |
| 2 | a person's name is split into first and last name | here |
| 3 | a commercial customer is a company, its name whole | here |
| 4 | the first active phone is used | `test_servicetitan_customers`: first active phone |
| 5 | a summary has a line an account and business unit | here |
| 6 | units of two subsidiaries: no record, both named | here |
| 7 | unapplied payment: deposit; applied: payment | here |
| 8 | a negative adjustment invoice is a credit memo | `test_receivables`: negative adjustment |
| 9 | bills with purchase orders, and without | `test_purchases`: hang on the lines; |
|   |   | `test_purchase_trouble`: bills stand alone |
| 10 | an order not received is not posted | `test_purchases`: of which nothing came |
| 11 | an invoice is synced once posted, then exported | here |
| 12 | a second run makes no new record | here; each type's own second run |
| 13 | an entry edited meanwhile is not marked synced | `test_journal_entries`: edited between |
| 14 | a customer renamed after its sync stays as it is | here |
| 15 | a re-pointed link counts for later documents | `test_customer_places`: pointed elsewhere |
| 16 | only what was reset is in the next run | here |
| 17 | only flagged vendors reach ServiceTitan, once | `test_master_data`: flagged vendors |
| 18 | which records carry their batch | here |
| 19 | a dry run writes nothing and finds the same faults | here |
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.ledger import actions, mappings
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.netsuite import lookup
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import credentials, times
from servicetitan_netsuite.netsuite.suiteql import rows as suiteql_rows
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.credentials import credentials as servicetitan_credentials
from support.audit import Document, batchable
from support.site import Site, call


@pytest.fixture
def den(make_site: Callable[..., Site]) -> Site:
    """Tenant DEN: documents into a OneWorld account."""
    return make_site("den")


@pytest.fixture
def alb(make_site: Callable[..., Site]) -> Site:
    """Tenant ALB: summary journal entries."""
    return make_site("alb")


def of_type(site: Site, kind: str, count: int) -> list[Document]:
    """The first valid documents of a type that wait for nothing, each of another customer."""
    found = [d for d in batchable(site) if d["type"] == kind and d["valid"] and not d["parents"]]
    return found[:count]


def held(site: Site) -> dict[str, Any]:
    """NetSuite's records by external id."""
    return {r["external_id"]: r for r in site.truth()["records"] if r["external_id"]}


def asked(site: Site, sql: str) -> list[dict[str, Any]]:
    """What NetSuite answers to a query."""
    fields = site.context("unused").netsuite

    async def ask() -> list[dict[str, Any]]:
        async with NetSuite(credentials(fields), times(fields)) as client:
            return await suiteql_rows(client, sql)

    return asyncio.run(ask())


def stored(site: Site, record: str, name: str) -> dict[str, Any]:
    """A record as NetSuite shows it, by our external id."""
    fields = site.context("unused").netsuite

    async def read() -> dict[str, Any]:
        async with NetSuite(credentials(fields), times(fields)) as client:
            found = await lookup.by_eid(client, record, name)
            return await lookup.by_id(client, record, str(found)) or {}

    return asyncio.run(read())


def in_servicetitan(
    site: Site, module: str, path: str, change: dict[str, Any] | None = None
) -> Any:
    """One resource of ServiceTitan, changed if `change` is given."""
    own = servicetitan_credentials(site.context("unused").servicetitan, site.tenant_id)

    async def ask() -> Any:
        async with ServiceTitan(own) as client:
            if change is None:
                return await client.get(module, path)
            return await client.patch(module, path, change)

    return asyncio.run(ask())


def shown(site: Site, document: Document) -> Document:
    """An invoice as ServiceTitan shows it."""
    path = f"/sandbox/documents/invoice/{document['id']}"
    return dict(call(site.servicetitan, path, {"summary": "seen"}, "PATCH"))


def test_numbers_carry_the_short_name_unless_naming_is_off(den: Site) -> None:
    """Example 1."""
    named, plain = of_type(den, "invoice", 2)
    den.post_batch([named])
    den.run("named")
    den.post_batch([plain])
    den.with_tenant(naming=False).run("plain")
    numbers = [held(den)[f"st-1004-invoice-{d['id']}"]["tran_id"] for d in (named, plain)]
    assert numbers == [f"DEN-{named['number']}", plain["number"]]


def test_persons_are_split_by_name_and_companies_are_not(den: Site) -> None:
    """Examples 2 and 3."""
    site = den.with_tenant(naming=False)
    names = {
        "Smith, Ann": ("Residential", ("T", "Ann", "Smith", None)),
        "Mary Ann Smith": ("Residential", ("T", "Mary Ann", "Smith", None)),
        "Emily": ("Residential", ("T", "Emily", "NoLastName", None)),
        "Smith, Jones & Sons": ("Commercial", ("F", None, None, "Smith, Jones & Sons")),
    }
    customers: dict[int, Document] = {}
    for invoice in of_type(site, "invoice", 60):
        customers.setdefault(shown(site, invoice)["customer"]["id"], invoice)
    invoices = dict(zip(names, list(customers.items())[3:], strict=False))
    for name, (customer, _) in invoices.items():
        change = {"name": name, "type": names[name][0]}
        in_servicetitan(site, "crm", f"customers/{customer}", change)
    site.post_batch(invoice for _, invoice in invoices.values())
    site.run("first")
    for name, (customer, _) in invoices.items():
        (row,) = asked(
            site,
            "SELECT c.isperson, c.firstname, c.lastname, c.companyname FROM customer c "
            f"WHERE c.externalid = 'st-1004-customer-{customer}'",
        )
        found = tuple(row.get(n) for n in ("isperson", "firstname", "lastname", "companyname"))
        assert found == names[name][1], name


def test_a_summary_has_one_line_an_account_and_business_unit(alb: Site) -> None:
    """Example 5."""
    one, two = (d for d in alb.valid(2))
    lines = _details(alb, two)
    account, unit = lines[0]["account"]["id"], lines[0]["businessUnit"]["id"]
    again = [n for n, line in enumerate(lines) if line["account"]["id"] == account][1]
    units = in_servicetitan(alb, "settings", "business-units")["data"]
    other = next(row for row in units if row["name"] == "Commercial HVAC")
    alb.edit(two, lines=[{"n": again, "business_unit_id": other["id"]}])
    alb.start_syncing([one["number"]])
    alb.run("first")
    with Ledger(alb.ledger_url) as ledger:
        (known,) = ledger.rows(
            "mappings/read_mapping", tenant_id="1001", kind="business_unit", source_key=str(unit)
        )
        row = MappingRow("business_unit", str(other["id"]), other["name"], known.target)
        mappings.save(ledger, "1001", [row], "ann")
    alb.start_syncing([two["number"]])
    alb.run("second")
    assert _most_alike(held(alb)[alb.name(one)]) == 1
    assert _most_alike(held(alb)[alb.name(two)]) == 2


def _details(site: Site, entry: Document) -> list[dict[str, Any]]:
    path = f"journal-entries/{entry['id']}/details"
    return list(in_servicetitan(site, "accounting", path)["data"])


def _most_alike(journal: dict[str, Any]) -> int:
    """The most lines that a journal has on one account."""
    return max(Counter(line["account"] for line in journal["lines"]).values())


def test_business_units_of_two_subsidiaries_make_no_record_and_are_named(alb: Site) -> None:
    """Example 6."""
    why = "several_subsidiaries: Albany Heating & Air, Albany Plumbing"
    entry = next(d for d in alb.entries() if d["why"] == why)
    alb.start_syncing([entry["number"]])
    alb.run("first")
    row = alb.documents()[str(entry["number"])]
    assert (row.state, row.cause) == ("blocked", "several_subsidiaries")
    for name in why.split(": ")[1].split(", "):
        assert row.sentence.count(name) == 2, row.sentence  # the unit, and its subsidiary
    assert alb.posted() == []


def test_a_payment_is_a_deposit_until_it_is_applied(den: Site) -> None:
    """Example 7."""
    known = batchable(den)
    cases = {d["case"]: d for d in known if d["type"] == "payment" and d["valid"]}
    paid, open_ = cases["paid_by_Check"], cases["unapplied"]
    invoice = next(d for d in known if ["invoice", d["id"]] in paid["parents"])
    den.post_batch([paid, open_, invoice])
    den.run("first")
    types = [held(den)[f"st-1004-payment-{d['id']}"]["type"] for d in (paid, open_)]
    assert types == ["customerPayment", "customerDeposit"]


def test_an_invoice_is_ignored_until_it_is_posted_then_synced_and_exported(den: Site) -> None:
    """Examples 11 and 12: and a second run over the same queue makes no new record."""
    (invoice,) = of_type(den, "invoice", 1)
    den.run("before")
    assert f"st-1004-invoice-{invoice['id']}" not in held(den)
    den.post_batch([invoice])
    den.run("after")
    assert f"st-1004-invoice-{invoice['id']}" in held(den)
    assert next(d for d in den.entries() if d["id"] == invoice["id"])["sync_status"] == "Exported"
    writes = den.truth()["writes"]
    den.run("again")
    assert den.truth()["writes"] == writes


def test_a_customer_renamed_in_servicetitan_stays_as_it_is_in_netsuite(den: Site) -> None:
    """Example 14."""
    found = of_type(den, "invoice", 20)
    first, second = [d for d in found if d["subsidiary"] == found[0]["subsidiary"]][:2]
    customer = shown(den, first)["customer"]
    den.edit(second, customer=customer)
    den.post_batch([first])
    den.run("first")
    sql = "SELECT c.id, c.altname, c.firstname, c.lastname, c.companyname FROM customer c"
    before = asked(den, sql)
    in_servicetitan(den, "crm", f"customers/{customer['id']}", {"name": "Somebody Else"})
    den.post_batch([second])
    den.run("second")
    assert asked(den, sql) == before
    one, two = (held(den)[f"st-1004-invoice-{d['id']}"]["entity"] for d in (first, second))
    assert one == two


def test_only_what_was_reset_is_in_the_next_run(alb: Site) -> None:
    """Example 16: one document, then all that are left."""
    entries = alb.valid(3)
    numbers = [str(d["number"]) for d in entries]
    alb.start_syncing([d["number"] for d in entries])
    context = alb.prepare("first")
    periods = {row["periodname"]: row["id"] for row in asked(alb, PERIODS)}
    _lock(alb, periods, closed=True)
    alb.post(context)
    assert {row.state for row in alb.documents().values()} == {"rejected"}
    _lock(alb, periods, closed=False)
    with Ledger(alb.ledger_url) as ledger:
        actions.reset(ledger, alb.tenant_id, numbers[:1], "ann")
    alb.run("one")
    assert _in_latest_run(alb) == {numbers[0]}
    states = {number: row.state for number, row in alb.documents().items()}
    assert states == dict.fromkeys(numbers, "rejected") | {numbers[0]: "confirmed"}
    with Ledger(alb.ledger_url) as ledger:
        actions.reset(ledger, alb.tenant_id, [], "ann")
    alb.run("all")
    assert _in_latest_run(alb) == set(numbers[1:])
    assert {row.state for row in alb.documents().values()} == {"confirmed"}


PERIODS = "SELECT p.id, p.periodname FROM accountingperiod p WHERE p.isyear = 'F'"


def _lock(site: Site, periods: dict[str, str], *, closed: bool) -> None:
    for name, period in periods.items():
        if name.endswith("2026") and not name.startswith(("Feb", "Q", "FY")):
            call(site.netsuite, f"/sandbox/periods/{period}", {"closed": closed})


def _in_latest_run(site: Site) -> set[str]:
    return {row.number for row in _pages(site)}


def _pages(site: Site) -> list[Any]:
    """What the latest run says of each document."""
    with Ledger(site.ledger_url) as ledger, ledger.reading() as connection:
        return list(
            connection.exec_driver_sql(
                "SELECT * FROM run_document WHERE run_id = (SELECT MAX(id) FROM run)"
            ).all()
        )


def test_invoices_payments_bills_and_vendor_credits_carry_their_batch_and_others_do_not(
    den: Site,
) -> None:
    """Example 18."""
    known = batchable(den)
    cases = ("paid_by_Check", "unapplied", "bill_then returned", "receipt_then returned",
             "return_open")  # fmt: skip
    documents = [next(d for d in known if d["case"] == case) for case in cases]
    invoices = [d for d in known if ["invoice", d["id"]] in documents[0]["parents"]]
    batch = den.post_batch([*documents, *invoices])
    den.run("first")
    number = shown(den, invoices[0])["batch"]["number"]
    records = {
        (r["type"], name): stored(den, r["type"], name).get("custbody_st_batch")
        for name, r in held(den).items()
        if name.startswith("st-1004-") and r["type"] not in NO_DOCUMENTS
    }
    carrying = {kind for (kind, _), told in records.items() if told == f"{number} AR"}
    without = {kind for (kind, _), told in records.items() if told is None}
    assert carrying == {
        "invoice", "customerPayment", "customerDeposit", "vendorBill", "vendorCredit"
    }, batch  # fmt: skip
    assert without == {"purchaseOrder", "itemReceipt"}


NO_DOCUMENTS = ("customer", "nonInventorySaleItem", "nonInventoryPurchaseItem", "journalEntry")


def test_a_dry_run_writes_nothing_and_finds_the_faults_that_a_real_run_finds(den: Site) -> None:
    """Example 19."""
    den.post_batch()
    both = (den.servicetitan, den.netsuite)
    writes = [call(url, "/sandbox/truth")["writes"] for url in both]
    den.run("dry", dry_run=True)
    assert [call(url, "/sandbox/truth")["writes"] for url in both] == writes
    rehearsed = _faults(den)
    den.run("real")
    assert len(rehearsed) > 80
    assert rehearsed == _faults(den)


def _faults(site: Site) -> dict[tuple[str, str, str], tuple[str, str]]:
    return {
        (row.document_type, row.source_id, row.part): (row.verdict, row.cause)
        for row in _pages(site)
        if row.verdict != "ready"
    }
