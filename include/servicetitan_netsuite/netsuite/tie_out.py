"""Whether both books agree: debits and credits as they were sent, against what NetSuite posted.

Amounts are netted per document and account, on both sides alike, so that a journal that debits and
credits one account shows only what it moved there. What NetSuite makes by itself of a document of
ours counts with it: the application through which a deposit is paid back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from servicetitan_netsuite.documents import AccountProfile, Json, to_cents, to_money
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.netsuite import canonical, lookup
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused
from servicetitan_netsuite.netsuite.control_accounts import control, controls
from servicetitan_netsuite.netsuite.suiteql import Row, first, rows_in

Place = tuple[str, str, str]
"""Internal ids of posting period, subsidiary (empty without OneWorld) and account."""

_MOST_CHANGED = 1000
_DOCUMENTS_AT_ONCE = 200
_GENERAL_LEDGER = (
    "SELECT g.period AS period, g.subsidiary AS subsidiary, g.account AS account, "
    "SUM(CASE WHEN g.net > 0 THEN g.net ELSE 0 END) AS debit, "
    "SUM(CASE WHEN g.net < 0 THEN 0 - g.net ELSE 0 END) AS credit "
    "FROM (SELECT t.id AS id, t.postingperiod AS period, tl.subsidiary AS subsidiary, "
    "tal.account AS account, SUM(COALESCE(tal.debit, 0) - COALESCE(tal.credit, 0)) AS net "
    "FROM transactionaccountingline tal "
    "JOIN transactionline tl ON tl.transaction = tal.transaction AND tl.id = tal.transactionline "
    "JOIN transaction t ON t.id = tal.transaction "
    "WHERE tal.posting = 'T' AND tal.account IS NOT NULL AND tal.accountingbook = ? "
    "AND t.{which} IN ({values}) "
    "GROUP BY t.id, t.postingperiod, tl.subsidiary, tal.account) g "
    "GROUP BY g.period, g.subsidiary, g.account ORDER BY g.period, g.subsidiary, g.account"
)
# Without OneWorld no table has the column.
_ONE_SUBSIDIARY = (
    _GENERAL_LEDGER.replace("tl.subsidiary AS subsidiary, ", "")
    .replace("g.subsidiary AS subsidiary, ", "")
    .replace("tl.subsidiary, ", "")
    .replace("g.subsidiary, ", "")
)
_OWN_APPLICATIONS = (
    "SELECT DISTINCT l.previousdoc AS id FROM nexttransactionlinelink l "
    "JOIN transaction t ON t.id = l.nextdoc "
    "WHERE l.previoustype = 'DepAppl' AND t.externalid IN ({values}) ORDER BY l.previousdoc"
)
_ACCOUNTS = (
    "SELECT a.id AS id, a.acctnumber AS acctnumber, a.accountsearchdisplaynamecopy AS name, "
    "a.accttype AS accttype, a.sspecacct AS sspecacct "
    "FROM account a WHERE a.id IN ({values}) ORDER BY a.id"
)
_PERIODS = (
    "SELECT p.id AS id, p.periodname AS name FROM accountingperiod p "
    "WHERE p.id IN ({values}) ORDER BY p.id"
)
_SUBSIDIARIES = (
    "SELECT s.id AS id, s.name AS name FROM subsidiary s WHERE s.id IN ({values}) ORDER BY s.id"
)
_PERIOD_NAMED = (
    "SELECT p.id AS id, p.periodname AS name FROM accountingperiod p "
    "WHERE p.isyear = 'F' AND p.isquarter = 'F' AND p.periodname = ? ORDER BY p.id"
)


class Sent(Protocol):
    """A document that NetSuite holds, and the canonical form in which it was sent."""

    @property
    def external_id(self) -> str:
        """Its name in NetSuite."""

    @property
    def number(self) -> str:
        """Its name for people."""

    @property
    def canonical(self) -> Json:
        """As `netsuite.canonical` makes it."""


@dataclass(slots=True)
class _Books:
    """Debits and credits by place, of what was sent and of what NetSuite holds.

    `roles` names ServiceTitan's default accounts by NetSuite account id.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    sent: dict[Place, list[Decimal]] = field(default_factory=dict)
    held: dict[Place, list[Decimal]] = field(default_factory=dict)
    documents: int = 0


async def tie_out(
    client: NetSuite,
    profile: AccountProfile,
    chunks: Iterable[Sequence[Sent]],
    roles: Mapping[str, str] | None = None,
) -> Json:
    """Compare both books for the documents in `chunks`, read one chunk after another.

    `roles` names ServiceTitan's default accounts by NetSuite account id.

    Returns:
        `difference` (the sum of all differences without regard to sign), `controls` (what is told
        apart, as `control_accounts` adds it up) and `rows`: names of period and subsidiary,
        account with its name and `control`, debits and credits of both sides, and the `difference`
        between them. Money is text with two decimals.

    Raises:
        SyncError: NetSuite is away, or the role may not read its general ledger.
    """
    books = _Books(roles or {})
    for chunk in chunks:
        await _add(client, profile, books, chunk)
    return await _result(client, profile, books)


async def expected(
    client: NetSuite,
    profile: AccountProfile,
    chunks: Iterable[Sequence[Sent]],
    roles: Mapping[str, str] | None = None,
) -> Json:
    """The `controls` and `rows` of documents that were not sent: NetSuite's own side is None.

    Raises:
        SyncError: NetSuite is away.
    """
    books = _Books(roles or {})
    for chunk in chunks:
        _expect(books, chunk)
    found = await _result(client, profile, books)
    row = {"netsuite_debit": None, "netsuite_credit": None, "difference": None}
    part = {"netsuite": None, "difference": None}
    return {
        "controls": [{**one, **part} for one in found["controls"]],
        "rows": [{**one, **row} for one in found["rows"]],
    }


async def for_period(
    client: NetSuite,
    profile: AccountProfile,
    chunks: Iterable[Sequence[Sent]],
    roles: Mapping[str, str] | None = None,
) -> Json:
    """As `tie_out`, with `changed`: our documents that NetSuite holds otherwise than sent.

    Each has `external_id`, `number`, `what` (deleted or changed) and a `sentence`; at most 1,000.
    """
    books = _Books(roles or {})
    changed: list[Json] = []
    for chunk in chunks:
        await _add(client, profile, books, chunk)
        for start in range(0, len(chunk), _DOCUMENTS_AT_ONCE):
            changed += await _changed(client, profile, chunk[start : start + _DOCUMENTS_AT_ONCE])
    result = await _result(client, profile, books)
    return {**result, "documents": books.documents, "changed": changed[:_MOST_CHANGED]}


async def period_id(client: NetSuite, name: str) -> str:
    """Internal id of the posting period that people call `name`, like `Sep 2026`.

    Raises:
        ConfigurationError: NetSuite has no such period, or its role does not show it.
    """
    row = await first(client, _PERIOD_NAMED, [name])
    if row is None:
        raise ConfigurationError(
            f"NetSuite has no posting period called {name!r}; write it as NetSuite does, "
            "like 'Sep 2026'."
        )
    return row["id"]


async def _add(
    client: NetSuite, profile: AccountProfile, books: _Books, chunk: Sequence[Sent]
) -> None:
    if not chunk:
        return
    _expect(books, chunk)
    names = [document.external_id for document in chunk]
    await _hold(client, profile, books, "externalid", names)
    through = [each.external_id for each in chunk if each.canonical.get("through")]
    if through:
        made = [row["id"] for row in await rows_in(client, _OWN_APPLICATIONS, through)]
        await _hold(client, profile, books, "id", made)


async def _hold(
    client: NetSuite, profile: AccountProfile, books: _Books, which: str, values: Sequence[str]
) -> None:
    """Add what NetSuite posted for transactions of these ids or external ids."""
    sql = (_GENERAL_LEDGER if profile.one_world else _ONE_SUBSIDIARY).replace("{which}", which)
    for row in await rows_in(client, sql, values, [profile.primary_book]):
        place = (row.get("period", ""), row.get("subsidiary", ""), row["account"])
        _book(books.held, place, _money(row.get("debit")), _money(row.get("credit")))


def _expect(books: _Books, chunk: Sequence[Sent]) -> None:
    books.documents += len(chunk)
    for document in chunk:
        for place, net in _nets(document.canonical):
            _book(books.sent, place, max(net, Decimal(0)), max(-net, Decimal(0)))


def _nets(sent: Json) -> Iterator[tuple[Place, Decimal]]:
    """What each record moves on each account: the document's own, then one NetSuite makes of it."""
    for lines in (sent.get("lines", []), sent.get("through", [])):
        nets: defaultdict[Place, Decimal] = defaultdict(Decimal)
        for line in lines:
            place = (sent.get("period") or "", sent.get("subsidiary") or "", str(line[0]))
            nets[place] += to_money(line[-1])
        yield from nets.items()


def _book(books: dict[Place, list[Decimal]], place: Place, debit: Decimal, credit: Decimal) -> None:
    sums = books.setdefault(place, [Decimal(0), Decimal(0)])
    sums[0] += debit
    sums[1] += credit


async def _result(client: NetSuite, profile: AccountProfile, books: _Books) -> Json:
    # An account that one journal debits and credits alike has nothing to show on either side.
    places = [p for p in books.sent.keys() | books.held.keys() if _moved(books, p)]
    periods = await _names(client, _PERIODS, {place[0] for place in places})
    known = await _named(client, _ACCOUNTS, {place[2] for place in places})
    accounts = {row["id"]: _name(row) for row in known}
    parts = {row["id"]: control(row, books.roles) for row in known}
    subsidiaries: dict[str, str] = {}
    if profile.one_world:
        subsidiaries = await _names(client, _SUBSIDIARIES, {place[1] for place in places})
    found: list[Json] = []
    total = Decimal(0)
    for place in sorted(places, key=lambda p: (_by_number(p[0]), p[1], accounts.get(p[2], p[2]))):
        sent, held = _sums(books.sent, place), _sums(books.held, place)
        difference = abs(held[0] - sent[0]) + abs(held[1] - sent[1])
        total += difference
        period, subsidiary, account = place
        found.append(
            {
                "period": periods.get(period, period),
                "subsidiary": subsidiaries.get(subsidiary, subsidiary),
                "account": account,
                "account_name": accounts.get(account, ""),
                "control": parts.get(account, ""),
                "expected_debit": _text(sent[0]),
                "expected_credit": _text(sent[1]),
                "netsuite_debit": _text(held[0]),
                "netsuite_credit": _text(held[1]),
                "difference": _text(difference),
            }
        )
    return {"difference": _text(total), "controls": controls(found), "rows": found}


def _moved(books: _Books, place: Place) -> bool:
    return any((*_sums(books.sent, place), *_sums(books.held, place)))


def _sums(books: dict[Place, list[Decimal]], place: Place) -> tuple[Decimal, Decimal]:
    debit, credit = books.get(place, (Decimal(0), Decimal(0)))
    return to_cents(debit), to_cents(credit)


async def _names(client: NetSuite, sql: str, ids: set[str]) -> dict[str, str]:
    """What people call these ids."""
    return {row["id"]: _name(row) for row in await _named(client, sql, ids)}


async def _named(client: NetSuite, sql: str, ids: set[str]) -> list[Row]:
    """Rows of these ids; none where the role may not read them: an id is shown then."""
    try:
        return await rows_in(client, sql, sorted(ids - {""}))
    except ReadRefused:
        return []


def _name(row: Row) -> str:
    return f"{row.get('acctnumber', '')} {row.get('name', '')}".strip()


async def _changed(client: NetSuite, profile: AccountProfile, chunk: Sequence[Sent]) -> list[Json]:
    held = await lookup.journals(client, profile, [document.external_id for document in chunk])
    found: list[Json] = []
    for document in chunk:
        record = held.get(document.external_id)
        if record is None:
            what, sentence = "deleted", "NetSuite shows no record of this external id any more."
        else:
            differences = canonical.differences(document.canonical, record.canonical)
            if not differences:
                continue
            what, sentence = "changed", "; ".join(differences[:5])
        found.append(
            {
                "external_id": document.external_id,
                "number": document.number,
                "what": what,
                "sentence": sentence,
            }
        )
    return found


def _money(value: str | None) -> Decimal:
    return to_cents(to_money(value or "0"))


def _text(amount: Decimal) -> str:
    return f"{to_cents(amount):.2f}"


def _by_number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdigit() else 0, text)
