from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicetitan_netsuite.netsuite import canonical, customer
from servicetitan_netsuite.netsuite.countries import country_code
from servicetitan_netsuite.plans.entities import CustomerPlan


def plan(name="Acme LLC", is_person=False, **rest) -> CustomerPlan:
    fields = {"external_id": "st-1-customer-9", "subsidiary": "3", "suffix": "ALB"}
    return CustomerPlan(name=name, is_person=is_person, **{**fields, **rest})


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Smith, John", "John", "Smith"),
        ("John Smith", "John", "Smith"),
        ("Mary Ann van Dyke", "Mary Ann van", "Dyke"),
        ("  John   Smith ", "John", "Smith"),
        ("Cher", "Cher", "NoLastName"),
        ("Smith,", "Smith", "NoLastName"),
        (", John", "John", "NoLastName"),
        ("Smith, John, Jr", "John, Jr", "Smith"),
        ("Zoë Åström", "Zoë", "Åström"),
    ],
)
def test_a_persons_name_is_split_by_the_rules(name, first, last):
    assert customer.person_names(name) == (first, last)


@given(st.text(min_size=1).filter(lambda text: text.strip(", \t\n").strip()))
def test_any_name_gives_a_first_and_a_last_name(name):
    first, last = customer.person_names(name)
    assert last
    assert first or not name.replace(",", " ").split()


def test_the_suffix_ends_the_name_that_netsuite_shows():
    assert customer.body(plan()) == {
        "externalId": "st-1-customer-9",
        "isPerson": False,
        "subsidiary": {"id": "3"},
        "companyName": "Acme LLC - ALB",
    }
    person = customer.body(plan("John Smith", is_person=True, subsidiary=None))
    assert person == {
        "externalId": "st-1-customer-9",
        "isPerson": True,
        "firstName": "John",
        "lastName": "Smith - ALB",
    }
    assert customer.body(plan(suffix=None))["companyName"] == "Acme LLC"


def test_the_address_goes_into_the_address_book_with_its_country_as_an_object():
    address = {
        "street": "1 Main St",
        "unit": "",
        "city": "Austin",
        "state": "TX",
        "zip": "78701",
        "country": "USA",
    }
    (entry,) = customer.body(plan(address=address))["addressBook"]["items"]
    assert entry == {
        "defaultBilling": True,
        "defaultShipping": True,
        "addressBookAddress": {
            "addr1": "1 Main St",
            "city": "Austin",
            "state": "TX",
            "zip": "78701",
            "country": {"id": "US"},
        },
    }


def test_an_unknown_country_is_left_out_and_alone_is_no_address():
    (entry,) = customer.body(plan(address={"city": "Utopia", "country": "Nowhere"}))["addressBook"][
        "items"
    ]
    assert entry["addressBookAddress"] == {"city": "Utopia"}
    assert "addressBook" not in customer.body(plan(address={"country": "USA", "city": " "}))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("USA", "US"),
        ("United States", "US"),
        ("united states of america", "US"),
        ("U.S.A.", "US"),
        ("us", "US"),
        ("Canada", "CA"),
        ("de", "DE"),
        ("ZZ", None),
        ("", None),
        ("Texas", None),
    ],
)
def test_countries_are_recognised_or_not_guessed(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize(
    "email", ["a@b", "a b@c.de", "a@b..de", ".a@b.de", "x", "a@b.de; c@d.de", "a" * 250 + "@b.de"]
)
def test_an_invalid_email_never_blocks_a_customer(email):
    assert "email" not in customer.body(plan(email=email))


def test_a_valid_phone_and_email_are_sent():
    made = customer.body(plan(phone=" (512) 555-0100", email="ar+x@mail.example.com "))
    assert (made["phone"], made["email"]) == ("(512) 555-0100", "ar+x@mail.example.com")
    for phone in ("911", "call the office please", "5" * 30):
        assert "phone" not in customer.body(plan(phone=phone))


def test_a_customer_is_compared_by_who_it_is():
    sent = canonical.customer(customer.body(plan("John Smith", is_person=True, phone="5125550100")))
    held = canonical.customer(
        {"isPerson": True, "firstName": "John", "lastName": "Smith - ALB", "subsidiary": "3"}
    )
    assert canonical.differences(sent, held) == []
    assert canonical.differences(sent, {**held, "last": "Smythe", "subsidiary": "4"}) == [
        "the last name is Smythe in NetSuite, Smith - ALB was sent",
        "the subsidiary is 4 in NetSuite, 3 was sent",
    ]


@pytest.mark.parametrize(
    ("name", "is_person", "told"),
    [
        ("A" * 77, False, ""),
        ("A" * 78, False, "company name"),
        ("Jo " + "B" * 26, True, ""),
        ("Jo " + "B" * 27, True, "last name"),
        ("A" * 33 + " Bee", True, "first name"),
    ],
)
def test_a_name_longer_than_netsuite_takes_is_told_not_cut(name, is_person, told):
    said = customer.too_long(customer.body(plan(name, is_person)))
    assert (told in said) if told else not said


def test_a_part_of_an_address_that_is_too_long_is_left_out():
    body = customer.body(plan(address={"street": "s" * 151, "city": "Denver", "zip": "80202"}))
    (entry,) = body["addressBook"]["items"]
    assert entry["addressBookAddress"] == {"city": "Denver", "zip": "80202"}
