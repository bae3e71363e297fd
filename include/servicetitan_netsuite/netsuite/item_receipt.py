"""The body of an item receipt, made of its order.

Which line of NetSuite's order a line is for is known only once the order is there: until it is sent
a line names the order's line as ServiceTitan does (`orders.OF`), and `orders` completes it.
"""

from __future__ import annotations

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite.amounts import exact
from servicetitan_netsuite.netsuite.order_lines import CODE, OF, transform_path
from servicetitan_netsuite.netsuite.transaction import at, dated, filled
from servicetitan_netsuite.plans.purchases import ReceiptPlan, ReceivedLine

RECORD = "itemReceipt"


def path(plan: ReceiptPlan) -> str:
    """Where `plan` is made of its order."""
    return transform_path(plan.order, RECORD)


def body(plan: ReceiptPlan) -> Json:
    """What is sent to make `plan`, but for the keys of the order's lines.

    Raises:
        ValueError: a quantity with more digits than can be sent exactly.
    """
    return {
        "externalId": plan.external_id,
        **filled(tranId=plan.tran_id),
        **dated(plan),
        **filled(memo=plan.memo),
        "item": {"items": [_line(line) for line in plan.lines]},
    }


def canonical(plan: ReceiptPlan) -> Json:
    """The form that NetSuite's receipt is compared in, but for its items, which the order tells."""
    return forms.goods_form(
        RECORD,
        entity=plan.vendor,
        date=plan.date.isoformat(),
        period=plan.period,
        subsidiary=plan.subsidiary,
        currency=plan.currency,
        posting=True,
        order=plan.order,
        items=(),
    )


def _line(line: ReceivedLine) -> Json:
    place = filled(location=at(line.location))
    return {OF: line.of, CODE: line.code, "quantity": exact(line.quantity), **place}
