"""The body of a purchase order, and the form in which NetSuite's is compared: item lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servicetitan_netsuite.documents import Json, to_money
from servicetitan_netsuite.netsuite import canonical as forms
from servicetitan_netsuite.netsuite import references
from servicetitan_netsuite.netsuite.amounts import exact, number
from servicetitan_netsuite.netsuite.order_lines import OF
from servicetitan_netsuite.netsuite.transaction import filled, header, segments
from servicetitan_netsuite.plans.purchases import OrderedLine, PurchaseOrderPlan

RECORD = "purchaseOrder"
PATH = f"record/v1/{RECORD}"
FIXED = ("externalId", "tranId", "entity", "subsidiary", "currency")


def body(plan: PurchaseOrderPlan) -> Json:
    """What is sent to create `plan`; fields without a value are left out.

    Until it is sent each line tells in `order_lines.OF` what ServiceTitan calls it.

    Raises:
        ValueError: a number with more digits than can be sent exactly.
    """
    return {
        **header(plan, entity={"id": plan.vendor}),
        "tranDate": plan.date.isoformat(),
        **filled(memo=plan.memo),
        "item": {"items": [_line(line) for line in plan.lines]},
    }


def created(body: Json) -> Json:
    """The body to create an order with."""
    return {**body, "item": {"items": [_sent(line) for line in body["item"]["items"]]}}


def changed(body: Json, keys: Mapping[str, int]) -> Json:
    """The body to change an order with: lines that are there by their keys, further ones added.

    An order keeps its identity, number, vendor, subsidiary and currency. The amount of a line that
    is there follows from its quantity and rate: sent as well, NetSuite would work out another rate.
    """
    lines = [_changed(line, keys.get(line[OF])) for line in body["item"]["items"]]
    kept = {name: value for name, value in body.items() if name not in FIXED}
    return {"memo": None, **kept, "item": {"items": lines}}


def _changed(line: Json, key: int | None) -> Json:
    if key is None:
        return _sent(line)
    kept = {name: value for name, value in _sent(line).items() if name != "amount"}
    return {"line": key, **kept}


def _sent(line: Json) -> Json:
    return {name: value for name, value in line.items() if name != OF}


def canonical(plan: PurchaseOrderPlan) -> Json:
    """The form that NetSuite's order is compared in; it posts nothing."""
    return forms.goods_form(
        RECORD,
        entity=plan.vendor,
        date=plan.date.isoformat(),
        period=None,
        subsidiary=plan.subsidiary,
        currency=plan.currency,
        posting=None,
        order=None,
        items=((line.item, line.quantity, line.rate, line.amount) for line in plan.lines),
    )


def held(record: Json) -> Json:
    """The same of an order as NetSuite's GET shows it."""
    return forms.goods_form(
        RECORD,
        entity=forms.reference(record.get("entity")),
        date=str(record.get("tranDate") or "")[:10],
        period=None,
        subsidiary=forms.reference(record.get("subsidiary")),
        currency=forms.reference(record.get("currency")),
        posting=None,
        order=None,
        items=_items(record),
    )


def _items(record: Json) -> Iterator[forms.Goods]:
    for line in record.get("item", {}).get("items", []):
        item = forms.reference(line.get("item")) or ""
        quantity, rate, amount = (
            to_money(line.get(name) or 0) for name in ("quantity", "rate", "amount")
        )
        yield item, quantity, rate, amount


def _line(line: OrderedLine) -> Json:
    return {
        OF: line.of,
        "item": references.to(line.item),
        "quantity": exact(line.quantity),
        "rate": exact(line.rate),
        "amount": number(line.amount),
        **filled(description=line.description),
        **segments(line),
    }
