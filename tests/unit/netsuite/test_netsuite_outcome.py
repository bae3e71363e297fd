from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicetitan_netsuite.documents import Operation
from servicetitan_netsuite.netsuite.exchange import Exchange, Failure
from servicetitan_netsuite.netsuite.outcome import Outcome, OutcomeKind, outcome

K = OutcomeKind
HTML = "<!DOCTYPE html><html><body>Maintenance</body></html>"
RECORD = "https://1.suitetalk.api.netsuite.com/services/rest/record/v1/journalEntry/4711"


def answer(status, *, body=None, text=None, **headers) -> Exchange:
    raw = text if text is not None else ("" if body is None else json.dumps(body))
    return Exchange(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        text=raw,
        json=body,
    )


def error(status, code, detail, **headers) -> Exchange:
    body = {"status": status, "o:errorDetails": [{"detail": detail, "o:errorCode": code}]}
    return answer(status, body=body, **headers)


EXISTS = "Error while accessing a resource. This record already exists."
CREATE = [
    ("204 with the record", answer(204, location=RECORD), K.POSTED),
    ("201 with the record", answer(201, location=RECORD), K.POSTED),
    ("lower case path", answer(204, location="/services/rest/record/v1/customer/9"), K.POSTED),
    ("204 without Location", answer(204), K.UNKNOWN),
    ("200 page", answer(200, text=HTML), K.UNKNOWN),
    ("202 job", answer(202, location="/services/rest/async/v1/job/12"), K.UNKNOWN),
    ("202 naming a record", answer(202, location=RECORD), K.UNKNOWN),
    ("Location by external id", answer(204, location=RECORD[:-4] + "eid:st-1"), K.UNKNOWN),
    ("Location elsewhere", answer(204, location="https://x.example/4711"), K.UNKNOWN),
    ("refused", Exchange(failure=Failure.NOT_CONNECTED), K.NOT_SENT),
    ("no token given", Exchange(failure=Failure.LOGIN_REFUSED), K.STOP),
    ("timeout, reset, cut off", Exchange(failure=Failure.NO_ANSWER), K.UNKNOWN),
    ("nothing at all", Exchange(), K.UNKNOWN),
    ("429", error(429, "CONCURRENCY_LIMIT_EXCEEDED", "Request blocked."), K.NOT_SENT),
    ("429 of a gateway", answer(429, text=HTML), K.NOT_SENT),
    ("throttle as 400", error(400, "SSS_REQUEST_LIMIT_EXCEEDED", "x"), K.NOT_SENT),
    ("401", error(401, "INVALID_LOGIN", "Invalid login attempt."), K.NOT_SENT),
    ("401 again", Exchange(status=401, fresh_login=True), K.STOP),
    ("403", error(403, "INSUFFICIENT_PERMISSION", "No."), K.STOP),
    ("403 of a firewall", answer(403, text=HTML), K.STOP),
    ("business rule", error(400, "USER_ERROR", "Please enter value(s) for: X."), K.REJECTED),
    ("bad reference", error(400, "INVALID_CONTENT", "Invalid Field Value 9"), K.REJECTED),
    ("404 by NetSuite", error(404, "NONEXISTENT_ID", "Record does not exist."), K.REJECTED),
    ("record exists", error(400, "USER_ERROR", EXISTS), K.EXISTS),
    ("entity exists", error(400, "USER_ERROR", "This entity already exists."), K.EXISTS),
    ("number exists", error(400, "X", "A record with this ID already exists. You"), K.EXISTS),
    ("404 page", answer(404, text=HTML), K.UNKNOWN),
    ("400 page", answer(400, text=HTML), K.UNKNOWN),
    ("400 of another", answer(400, body={"error": "bad"}), K.UNKNOWN),
    ("400 empty details", answer(400, body={"o:errorDetails": []}), K.UNKNOWN),
    ("400 odd details", answer(400, body={"o:errorDetails": ["x", {"a": 1}]}), K.UNKNOWN),
    ("optimistic lock", error(400, "RCRD_HAS_BEEN_CHANGED", "Changed"), K.UNKNOWN),
    ("job resent", error(400, "IDEMPOTENCY_ERROR", "same key"), K.UNKNOWN),
    ("breakdown as 400", error(400, "UNEXPECTED_ERROR", "Error ID: x"), K.UNKNOWN),
    ("408", error(408, "X", "timeout"), K.UNKNOWN),
    ("500", error(500, "UNEXPECTED_ERROR", "Error ID: x"), K.UNKNOWN),
    ("500 exists", error(500, "USER_ERROR", EXISTS), K.UNKNOWN),
    ("502 page", answer(502, text=HTML), K.UNKNOWN),
    ("503", answer(503), K.UNKNOWN),
    ("redirect", answer(302, location=RECORD), K.UNKNOWN),
    ("informational", answer(100), K.UNKNOWN),
    ("nonsense status", answer(999), K.UNKNOWN),
]


@pytest.mark.parametrize(("exchange", "kind"), [c[1:] for c in CREATE], ids=[c[0] for c in CREATE])
def test_what_a_create_was_answered_means(exchange, kind):
    assert outcome(exchange).kind is kind


UPDATE = [
    (answer(204), K.POSTED),
    (answer(204, location=RECORD), K.POSTED),
    (answer(200, text=HTML), K.UNKNOWN),
    (error(400, "USER_ERROR", EXISTS), K.UNKNOWN),
    (error(404, "NONEXISTENT_ID", "Record does not exist."), K.REJECTED),
    (error(400, "RCRD_HAS_BEEN_CHANGED", "Changed"), K.UNKNOWN),
    (Exchange(failure=Failure.NO_ANSWER), K.UNKNOWN),
]


@pytest.mark.parametrize(("exchange", "kind"), UPDATE)
def test_what_an_update_was_answered_means(exchange, kind):
    assert outcome(exchange, Operation.UPDATE).kind is kind


def test_the_id_comes_from_the_location():
    assert outcome(answer(204, location=RECORD)).netsuite_id == "4711"
    assert outcome(answer(204, location=RECORD + "/")).netsuite_id == "4711"
    assert outcome(answer(204), Operation.UPDATE).netsuite_id is None


def test_netsuites_words_reach_the_person_without_its_stock_opening():
    body = {
        "o:errorDetails": [
            {
                "detail": "Error while accessing a resource. Please enter\r\nvalue(s) for: A.",
                "o:errorCode": "USER_ERROR",
                "o:errorPath": "line.items[0].account",
            },
            {"detail": "Second.", "o:errorCode": "OTHER"},
        ]
    }
    exchange = answer(400, body=body, **{"x-n-operationid": "abc-1\n"})
    assert outcome(exchange) == Outcome(
        K.REJECTED,
        detail="Please enter value(s) for: A. (line.items[0].account) Second.",
        error_code="USER_ERROR",
        operation_id="abc-1",
    )


def test_a_throttled_request_waits_as_long_as_it_is_told():
    assert outcome(answer(429, retry_after="7")).wait_s == 7
    assert outcome(answer(429, retry_after="999999")).wait_s == 600
    assert outcome(answer(429, retry_after="Mon, 01 Jan 2001 00:00:00 GMT")).wait_s == 0
    assert outcome(answer(429, retry_after="soon")).wait_s > 0
    assert outcome(answer(429)).wait_s > 0


def test_a_page_of_html_never_reaches_the_detail():
    assert "<" not in outcome(answer(502, text=HTML)).detail


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["o:errorDetails", "detail", "o:errorCode", "o:errorPath", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    status=st.none() | st.integers(0, 1000),
    body=JSON,
    headers=st.dictionaries(
        st.sampled_from(["location", "retry-after", "x-n-operationid"]), st.text(max_size=40)
    ),
    failure=st.none() | st.sampled_from(Failure),
    fresh=st.booleans(),
    operation=st.sampled_from(Operation),
)
def test_any_answer_means_exactly_one_thing(status, body, headers, failure, fresh, operation):
    exchange = Exchange(
        status=status, headers=headers, json=body, failure=failure, fresh_login=fresh
    )
    meaning = outcome(exchange, operation)
    assert isinstance(meaning.kind, OutcomeKind)
    assert meaning.wait_s >= 0
    if operation is Operation.CREATE and meaning.kind is K.POSTED:
        assert meaning.netsuite_id is not None
        assert meaning.netsuite_id.isdigit()
    if failure is Failure.NO_ANSWER or (status or 0) >= 500:
        assert meaning.kind in (K.UNKNOWN, K.NOT_SENT, K.STOP)
        assert failure is not Failure.NO_ANSWER or meaning.kind is K.UNKNOWN
