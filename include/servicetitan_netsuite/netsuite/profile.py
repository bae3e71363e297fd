"""What a NetSuite account is like: read once when its connection is tested, without writing."""

from __future__ import annotations

from servicetitan_netsuite.documents import AccountProfile, Json
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.suiteql import Row, first, rows

_SCHEMA = {"Accept": "application/schema+json"}
_SUBSIDIARIES = "SELECT s.id AS id, s.name AS name FROM subsidiary s ORDER BY s.id"
_LINE_SUBSIDIARY = (
    "SELECT tl.transaction AS transaction, tl.id AS id, tl.subsidiary AS subsidiary "
    "FROM transactionline tl ORDER BY tl.transaction, tl.id"
)
_CURRENCIES = "SELECT c.id AS id, c.symbol AS symbol FROM currency c ORDER BY c.id"
_BOOK = "SELECT b.id AS id FROM accountingbook b WHERE b.isprimary = 'T' ORDER BY b.id"
_ACCOUNTS = "SELECT a.id AS id FROM account a WHERE a.isinactive = 'F' ORDER BY a.id"
_DEPARTMENTS = "SELECT d.id AS id FROM department d ORDER BY d.id"
_CLASSES = "SELECT c.id AS id FROM classification c ORDER BY c.id"
_LOCATIONS = "SELECT l.id AS id FROM location l ORDER BY l.id"


async def discover(client: NetSuite) -> AccountProfile:
    """The account's profile; `currencies` maps a currency's internal id to its symbol (USD).

    Mandatory segments, number override and the line limit cannot be read over REST and keep their
    defaults. `concurrency_limit` is known only to an administrator's role, else None.

    Raises:
        ConfigurationError: the login is refused, or the role sees no accounts; what to grant.
        TransientError: NetSuite was not to be had.
    """
    return (await _look(client))[0]


async def check(client: NetSuite) -> str:
    """One sentence with what was found, for a person who tests the connection.

    Raises:
        ConfigurationError, TransientError: as `discover`.
    """
    profile, names = await _look(client)
    kind = f"OneWorld with {_count(len(names), 'subsidiary', 'subsidiaries')}"
    limit = profile.concurrency_limit
    parts = [
        kind if profile.one_world else "a single subsidiary",
        f"currencies {', '.join(profile.currencies.values())}" if profile.currencies else "",
        "SuiteTax" if profile.suite_tax else "legacy tax",
        f"{_count(limit, 'request', 'requests')} at once" if limit else "",
    ]
    found = ", ".join(part for part in parts if part)
    return f"Connected to NetSuite account {client.credentials.account_id}: {found}."


async def _look(client: NetSuite) -> tuple[AccountProfile, list[Row]]:
    if await _table(client, _ACCOUNTS) is None:
        raise ConfigurationError(
            f"NetSuite connection {client.credentials.connection!r}: the login works, but the role "
            "sees no accounts. Grant Lists > Accounts, REST Web Services and SuiteAnalytics "
            "Workbook."
        )
    # One after another: a Test must not take every slot of the account.
    journal = await _schema(client, "journalEntry")
    taxed = await _schema(client, "invoice") or journal
    subsidiaries = await _table_rows(client, _SUBSIDIARIES)
    book = await _table(client, _BOOK)
    made = AccountProfile(
        one_world=await _one_world(client, subsidiaries or [], journal),
        suite_tax="taxDetailsOverride" in taxed,
        currencies={
            row["id"]: row.get("symbol", "") for row in await _table_rows(client, _CURRENCIES) or []
        },
        departments=await _exists(client, _DEPARTMENTS),
        classes=await _exists(client, _CLASSES),
        locations=await _exists(client, _LOCATIONS),
        concurrency_limit=await _limit(client),
        primary_book=book["id"] if book else "1",
    )
    return made, subsidiaries or []


async def _one_world(client: NetSuite, subsidiaries: list[Row], journal: Json) -> bool:
    """Several subsidiaries are OneWorld; one or none is settled by whether records have the field.

    An account without OneWorld may still list its company as subsidiary 1, and a role without the
    permission sees none at all.
    """
    if len(subsidiaries) > 1:
        return True
    if journal:
        return "subsidiary" in journal
    return await _exists(client, _LINE_SUBSIDIARY)


async def _schema(client: NetSuite, record: str) -> Json:
    """The properties of a record for this role, empty where the catalogue does not tell."""
    try:
        found = await client.read("GET", f"record/v1/metadata-catalog/{record}", headers=_SCHEMA)
    except ReadRefused:
        return {}
    properties = found.get("properties")
    return properties if isinstance(properties, dict) else {}


async def _limit(client: NetSuite) -> int | None:
    try:
        found = await client.read("GET", "system/v1/governanceLimits")
    except ReadRefused:
        return None
    for name in ("integrationConcurrencyLimit", "accountConcurrencyLimit"):
        value = found.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


async def _table(client: NetSuite, sql: str) -> Row | None:
    try:
        return await first(client, sql)
    except ReadRefused:
        return None


async def _table_rows(client: NetSuite, sql: str) -> list[Row] | None:
    try:
        return await rows(client, sql)
    except ReadRefused:
        return None


async def _exists(client: NetSuite, sql: str) -> bool:
    """Whether the tables and columns exist for this role, with rows or without."""
    try:
        await first(client, sql)
    except ReadRefused:
        return False
    return True


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
