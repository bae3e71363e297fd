"""What NetSuite's records of customers' money are applied to, in bulk, as its links say.

A refund of a deposit goes through a deposit application that NetSuite makes by itself: such a
refund counts as applied to the deposit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from servicetitan_netsuite.documents import to_money
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.suiteql import rows_in

APPLYING = ("customerpayment", "depositapplication", "customerrefund")
"""SuiteQL's record types whose applications are compared."""

Applied = dict[str, list[tuple[str, Decimal]]]
_LINKS = (
    "SELECT l.nextdoc AS nextdoc, l.previousdoc AS previousdoc, l.previoustype AS previoustype, "
    "l.foreignamount AS amount FROM nexttransactionlinelink l "
    "WHERE l.linktype = 'Payment' AND l.nextdoc IN ({values}) ORDER BY l.nextdoc, l.previousdoc"
)
_DEPOSITS = (
    "SELECT l.nextdoc AS nextdoc, l.previousdoc AS previousdoc FROM nexttransactionlinelink l "
    "WHERE l.previoustype = 'CustDep' AND l.nextdoc IN ({values}) ORDER BY l.nextdoc, l.previousdoc"
)
_RECORDS = (
    "SELECT t.id AS id, t.recordtype AS recordtype, t.entity AS entity FROM transaction t "
    "WHERE t.id IN ({values}) ORDER BY t.id"
)


async def applied(client: NetSuite, ids: Iterable[str]) -> Applied:
    """By internal id the documents each record is applied to, with positive amounts."""
    found = await rows_in(client, _LINKS, list(ids))
    through = [row["previousdoc"] for row in found if row.get("previoustype") == "DepAppl"]
    rows = await rows_in(client, _DEPOSITS, through) if through else []
    deposits = {row["nextdoc"]: row["previousdoc"] for row in rows}
    made: Applied = defaultdict(list)
    for row in found:
        document = deposits.get(row["previousdoc"], row["previousdoc"])
        made[row["nextdoc"]].append((document, abs(to_money(row.get("amount") or "0"))))
    return made


async def records(client: NetSuite, ids: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """SuiteQL's record type and the entity of transactions, by internal id; unknown ones absent."""
    found = await rows_in(client, _RECORDS, [each for each in ids if each.isdigit()])
    return {row["id"]: (row.get("recordtype", ""), row.get("entity")) for row in found}
