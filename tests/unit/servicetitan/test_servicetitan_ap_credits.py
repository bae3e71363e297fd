"""The list of AP credits: read whole once, then what changed, and never anything out of date."""

from __future__ import annotations

from typing import Any

from lists_fake import Lists, credit, returned, split
from servicetitan_fake import all_of, tenant, with_client

from servicetitan_netsuite.documents import SourceDocument
from servicetitan_netsuite.servicetitan.ap_credits import CreditList, Credits
from servicetitan_netsuite.servicetitan.client import ServiceTitan
from servicetitan_netsuite.servicetitan.vendor_credits import pending_vendor_credits

LATER = "2031-01-01T00:00:00Z"


def reads(served: Lists) -> list[str]:
    return [call for call in served.calls if call.startswith("ap-credits?")]


def test_the_whole_list_is_read_once_and_then_what_changed() -> None:
    served = Lists(returns=[], ap_credits=[credit(n, of=n + 1000) for n in range(1, 1200)])

    async def thrice(client: ServiceTitan) -> list[int]:
        own = CreditList()
        first = await own.now(client)
        served.rows["ap-credits"].append(credit(5000, of=9, modifiedOn=LATER))
        second = await own.now(client)
        third = await own.now(client, ["9"])
        return [len(one.due) for one in (first, second, third)]

    assert with_client(served, thrice) == [1199, 1200, 1200]
    assert [("syncStatuses" in call, "modifiedOnOrAfter" in call) for call in reads(served)] == [
        *[(True, False)] * 3,
        *[(False, True)] * 2,
        (False, False),
    ]


def test_a_credit_that_is_unposted_or_gone_since_counts_no_more() -> None:
    served = Lists(ap_credits=[credit(1, of=7), credit(2, of=8), credit(3, of=9)])

    async def twice(client: ServiceTitan) -> tuple[Credits, Credits]:
        own = CreditList()
        first = await own.now(client)
        served.rows["ap-credits"][0] |= {"syncStatus": "Pending", "modifiedOn": LATER}
        served.rows["ap-credits"].pop(1)
        return first, await own.now(client, ["7", "8", "9"])

    first, second = with_client(served, twice)
    assert list(first.due) == ["7", "8", "9"]
    assert list(second.due) == ["9"]
    assert [second.of(one) for one in ("7", "8")] == [[], []]


def test_what_a_credit_says_is_looked_at_again_though_its_stamp_did_not_move() -> None:
    served = Lists(returns=[returned()], ap_credits=[credit(splits=[])])

    async def twice(client: ServiceTitan) -> list[Any]:
        own = CreditList()
        before = await all_of(pending_vendor_credits(client, tenant(), ap_credits=own))
        served.rows["ap-credits"][0]["splits"] = [split(1, 6001, amount=3)]
        return before + await all_of(
            pending_vendor_credits(client, tenant(), ids=["7100"], ap_credits=own)
        )

    before, after = with_client(served, twice)
    assert isinstance(before, SourceDocument)
    assert before.content["header"]["applied"] == []
    assert after.content["header"]["applied"] == [{"to": "55100", "amount": "3"}]


def test_exactly_the_documents_asked_for_by_id_come_whatever_others_are_called() -> None:
    served = Lists(
        returns=[returned(), returned(7101)], ap_credits=[credit(7101, of=7100, number="7101")]
    )
    found = with_client(
        served, lambda client: all_of(pending_vendor_credits(client, tenant(), ids=["7101"]))
    )
    assert [one.source_id for one in found] == ["7101"]
