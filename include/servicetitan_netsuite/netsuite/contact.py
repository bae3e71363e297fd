"""The contact of a company: who to reach, beside the customer that documents name."""

from __future__ import annotations

from collections.abc import Sequence

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.customer import person_names
from servicetitan_netsuite.netsuite.suiteql import rows_in

PATH = "record/v1/contact"
_CONTACTS = (
    "SELECT c.id AS id, c.externalid AS externalid FROM contact c "
    "WHERE c.externalid IN ({values}) ORDER BY c.id"
)


def body(external_id: str, customer_id: str, customer: Json) -> Json:
    """What is sent for the contact of `customer`, the body that the company was created with.

    ServiceTitan names no person, so the company's own name is split as a person's is.
    """
    first, last = person_names(str(customer.get("companyName", "")))
    made: Json = {
        "externalId": external_id,
        "firstName": first,
        "lastName": last,
        "company": {"id": customer_id},
    }
    return made | {n: customer[n] for n in ("subsidiary", "phone", "email") if n in customer}


async def contacts(client: NetSuite, external_ids: Sequence[str]) -> dict[str, str]:
    """Internal ids of the contacts found under these external ids.

    Raises:
        ReadRefused: the role may not see contacts.
        TransientError: NetSuite was not to be had.
    """
    found = await rows_in(client, _CONTACTS, external_ids)
    return {row["externalid"]: row["id"] for row in found}
