"""Which payments are looked at again: of an open deposit, or with records not yet sent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from ledger_world import TENANT, World, form

from servicetitan_netsuite.documents import (
    DEPOSIT,
    DocumentType,
    Draft,
    SourceDocument,
    State,
    application,
    external_id,
)
from servicetitan_netsuite.ledger import sending, targets, verdicts
from servicetitan_netsuite.ledger.runs import Run
from servicetitan_netsuite.ledger.verdicts import Decision

KEPT = "record/v1/customerDeposit"
USED = "record/v1/customerDeposit/77/!transform/depositApplication"
CREDIT = "record/v1/creditMemo/88"


class Payments:
    """Payments of one tenant, posted record by record."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.of = world.start()

    def post(self, part: str, amount: str, path: str, source: str = "5") -> None:
        world, of = self.world, self.of
        self._see(of, part, amount, source)
        name = external_id(TENANT, DocumentType.PAYMENT, source, part)
        draft = Draft(path, {"id": name}, {})
        ready = Decision(DocumentType.PAYMENT, source, State.READY, name, draft=draft, part=part)
        world.write(verdicts.record(of, [ready]))
        row = next(row for row in world.ready(of) if row.external_id == name)
        intent = world.write(sending.begin, of, world.fence, row, path, {"id": name}, form())
        world.post(of, intent)

    def _see(self, of: Run, part: str, amount: str, source: str) -> None:
        day = date(2026, 9, 10)
        seen = SourceDocument(
            DocumentType.PAYMENT, source, source, 1, day, Decimal(amount), {"part": part}, part
        )
        self.world.see(of, seen)

    def open(self) -> list[str]:
        return [one for piece in targets.open_deposits(self.world.ledger, TENANT) for one in piece]


@pytest.fixture
def payments(world: World) -> Payments:
    return Payments(world)


def test_a_deposit_is_open_until_all_of_it_is_used(payments: Payments) -> None:
    payments.post("", "100.00", KEPT)
    assert payments.open() == ["5"]
    payments.post(application("1"), "60.00", USED)
    assert payments.open() == ["5"]
    payments.post(application("2"), "40.00", USED)
    assert payments.open() == []


def test_a_credit_that_a_payment_used_takes_nothing_from_what_is_left_of_its_money(
    payments: Payments,
) -> None:
    payments.post("", "100.00", "record/v1/customerPayment")
    payments.post(application("1"), "20.00", CREDIT)
    payments.post(DEPOSIT, "50.00", KEPT)
    payments.post(application("2"), "30.00", USED)
    assert payments.open() == ["5"], "20.00 of the deposit can still be used"
    payments.post(application("3"), "20.00", USED)
    assert payments.open() == []
