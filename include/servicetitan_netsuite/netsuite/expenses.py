"""Lines of vendor bills and vendor credits that name a general ledger account, and no item."""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite.amounts import number
from servicetitan_netsuite.netsuite.transaction import filled, segments
from servicetitan_netsuite.plans.purchases import ExpenseLine


def expense(line: ExpenseLine) -> Json:
    """What is sent for `line`; fields without a value are left out.

    Raises:
        ValueError: an amount that is not whole cents, or too large to be exact.
    """
    own: Json = {"account": {"id": line.account}, "amount": number(line.amount)}
    return {**own, **filled(memo=line.memo), **segments(line)}


def key(line: ExpenseLine) -> forms.Key:
    """Where `line` stands in the canonical form: it carries no entity of its own."""
    return line.account, None, line.department, line.class_, line.location
