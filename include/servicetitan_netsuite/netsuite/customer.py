"""The body of a customer for `POST /record/v1/customer`, and the rules for its names.

The tenant's suffix goes where NetSuite takes the displayed name from: the end of a company's
name, or of a person's last name (NetSuite shows "First Last"). The entity id is never sent, so
that an account which numbers its customers goes on numbering them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from servicetitan_netsuite.documents import Json
from servicetitan_netsuite.netsuite.countries import country_code
from servicetitan_netsuite.plans.entities import CustomerPlan

PATH = "record/v1/customer"
NO_LAST_NAME = "NoLastName"
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_LONGEST_EMAIL = 254
_LONGEST_PHONE = 21
_FEWEST_DIGITS = 7
_LONGEST_NAMES = {
    "companyName": ("company name", 83),
    "firstName": ("first name", 32),
    "lastName": ("last name", 32),
}
_LONGEST_PARTS = {"addr1": 150, "addr2": 150, "city": 50, "zip": 36}


def body(plan: CustomerPlan) -> Json:
    """What is sent to create `plan`.

    A phone, e-mail, country or address that NetSuite would refuse is left out: none of them may
    keep a customer, and so the documents behind it, from being created.
    """
    made: Json = {"externalId": plan.external_id, "isPerson": plan.is_person}
    if plan.subsidiary:
        made["subsidiary"] = {"id": plan.subsidiary}
    suffix = f" - {plan.suffix}" if plan.suffix else ""
    if plan.is_person:
        first, last = person_names(plan.name)
        made |= {"firstName": first, "lastName": f"{last}{suffix}"}
    else:
        made["companyName"] = f"{_plain(plan.name)}{suffix}"
    phone, email = _phone(plan.phone), _email(plan.email)
    if phone:
        made["phone"] = phone
    if email:
        made["email"] = email
    address = _address(plan.address)
    if address:
        made["addressBook"] = {
            "items": [
                {"defaultBilling": True, "defaultShipping": True, "addressBookAddress": address}
            ]
        }
    return made


def too_long(body: Json) -> str:
    """What of a customer's names NetSuite would refuse for its length, empty where nothing is."""
    found = [
        f"its {what} {body[name]!r} has {len(body[name])} characters, NetSuite takes {most}"
        for name, (what, most) in _LONGEST_NAMES.items()
        if len(body.get(name, "")) > most
    ]
    return "; ".join(found)


def person_names(name: str) -> tuple[str, str]:
    """First and last name of a person that ServiceTitan holds as one text.

    "Last, First" is split at its comma; otherwise the text is split at the last space; a single
    word is the first name, the last then is "NoLastName".
    """
    left, comma, right = (_plain(part) for part in name.partition(","))
    if comma and left and right:
        return right, left
    words = _plain(name.replace(",", " ") if comma else name).rpartition(" ")
    return (words[0], words[2]) if words[0] else (words[2], NO_LAST_NAME)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _phone(text: str | None) -> str | None:
    phone = _plain(text or "")
    digits = sum(character.isdigit() for character in phone)
    return phone if digits >= _FEWEST_DIGITS and len(phone) <= _LONGEST_PHONE else None


def _email(text: str | None) -> str | None:
    email = (text or "").strip()
    fits = len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email) and ".." not in email
    local = email.partition("@")[0]
    return email if fits and not local.startswith(".") and not local.endswith(".") else None


def _address(address: Mapping[str, str]) -> Json:
    """ServiceTitan's address (street, unit, city, state, zip, country) as NetSuite's."""
    fields = {
        "addr1": address.get("street"),
        "addr2": address.get("unit"),
        "city": address.get("city"),
        "state": address.get("state"),
        "zip": address.get("zip"),
    }
    plain = {name: _plain(value or "") for name, value in fields.items()}
    made: Json = {
        name: value
        for name, value in plain.items()
        if value and len(value) <= _LONGEST_PARTS.get(name, len(value))
    }
    country = country_code(address.get("country") or "")
    # A country alone is no address.
    return made | {"country": {"id": country}} if made and country else made
