from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from servicetitan_netsuite.connections import ConnectionFields
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.netsuite.credentials import (
    Auth,
    Times,
    concurrency_limit,
    credentials,
    times,
)
from servicetitan_netsuite.netsuite.private_key import normalise, signing_algorithm


def pem(key, encryption=None) -> str:
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()
    ).decode()


RSA = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
EXTRA = {"account_id": "1234567_SB1", "certificate_id": "cert"}
TBA = {
    "account_id": "1234567",
    "auth": "tba",
    "consumer_secret": "cs",
    "token_id": "t",
    "token_secret": "ts",
}


def connection(password=RSA, host="", login="client", **extra) -> ConnectionFields:
    return ConnectionFields(
        id="netsuite", host=host, login=login, password=password, extra={**EXTRA, **extra}
    )


@pytest.mark.parametrize(
    "pasted",
    [
        RSA,
        RSA.replace("\n", "\\n"),
        RSA.replace("\n", " "),
        RSA.replace("\n", "\r\n"),
        f'"{RSA.strip()}"',
        base64.b64encode(RSA.encode()).decode(),
        base64.encodebytes(RSA.encode()).decode(),
    ],
    ids=["newlines", "backslash-n", "spaces", "crlf", "quoted", "base64", "base64 in lines"],
)
def test_a_private_key_is_taken_however_it_was_pasted(pasted):
    assert normalise(pasted) == RSA
    assert credentials(connection(password=pasted)).private_key == RSA


def test_the_algorithm_follows_the_kind_of_key():
    assert signing_algorithm(RSA) == "PS256"
    assert signing_algorithm(pem(ec.generate_private_key(ec.SECP256R1()))) == "ES256"
    assert signing_algorithm(pem(ec.generate_private_key(ec.SECP384R1()))) == "ES384"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "is empty"),
        ("not a key", "PEM form"),
        (RSA[:200] + RSA[-40:], "PEM form|cannot be read"),
        (RSA.replace("M", "N"), "cannot be read"),
        (
            pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"x")),
            "passphrase",
        ),
        (pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)), "1024 bits"),
    ],
)
def test_an_unusable_key_is_refused_without_showing_it(password, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        credentials(connection(password=password))
    assert "'netsuite': password" in str(caught.value)
    assert RSA[40:80] not in str(caught.value)


def test_the_key_may_stand_in_the_extra_field():
    assert credentials(connection(password="", private_key=RSA)).private_key == RSA


@pytest.mark.parametrize(
    ("account", "url"),
    [
        ("1234567", "https://1234567.suitetalk.api.netsuite.com"),
        ("1234567_SB1", "https://1234567-sb1.suitetalk.api.netsuite.com"),
        ("1234567-sb1", "https://1234567-sb1.suitetalk.api.netsuite.com"),
    ],
)
def test_the_host_follows_the_account_unless_given(account, url):
    made = credentials(connection(account_id=account))
    assert made.url == url
    assert made.account_id in ("1234567", "1234567_SB1")
    given = credentials(connection(host="http://127.0.0.1:8080"))
    assert given.url == "http://127.0.0.1:8080"


def test_plain_http_to_netsuite_itself_is_refused():
    with pytest.raises(ConfigurationError, match="host must be https"):
        credentials(connection(host="http://1.suitetalk.api.netsuite.com"))


@pytest.mark.parametrize("missing", ["account_id", "certificate_id"])
def test_a_missing_field_is_named(missing):
    with pytest.raises(ConfigurationError, match=f"'netsuite': {missing} is missing"):
        credentials(connection(**{missing: ""}))


@pytest.mark.parametrize("missing", ["consumer_secret", "token_id", "token_secret"])
def test_a_missing_tba_field_is_named(missing):
    fields = ConnectionFields(id="ns", login="key", extra={**TBA, missing: None})
    with pytest.raises(ConfigurationError, match=f"'ns': {missing} is missing"):
        credentials(fields)


def test_tba_fields_are_read_and_no_secret_shows():
    made = credentials(ConnectionFields(id="ns", login="key", extra=TBA))
    assert (made.auth, made.consumer_key, made.token_secret) == (Auth.TBA, "key", "ts")
    for shown in (repr(made), repr(credentials(connection()))):
        assert "ts'" not in shown
        assert "PRIVATE KEY" not in shown


@pytest.mark.parametrize(
    "extra", [{"auth": "basic"}, {"account_id": "12 34"}, {"account_id": "a/b"}]
)
def test_nonsense_is_refused(extra):
    with pytest.raises(ConfigurationError, match=next(iter(extra))):
        credentials(connection(**extra))


def test_a_missing_login_is_named():
    with pytest.raises(ConfigurationError, match=r"login is empty.*client id"):
        credentials(connection(login=" "))


def test_times_have_defaults_and_take_text():
    assert times(connection()) == Times(900.0, 120.0, 60.0, 15.0)
    assert times(connection(settle_s="2", timeout_s=1.5)) == Times(2.0, 1.5, 60.0, 15.0)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"settle_s": 100}, "timeout_s .120. must be less than settle_s"),
        ({"renew_s": 40}, "renew_s .40. must be at most half"),
        ({"timeout_s": "soon"}, "timeout_s must be a number"),
        ({"lease_s": 0}, "lease_s must be a number"),
        ({"settle_s": "nan"}, "settle_s must be a number"),
        ({"settle_s": True}, "settle_s must be a number"),
    ],
)
def test_times_that_cannot_hold_the_promise_are_refused(extra, words):
    with pytest.raises(ConfigurationError, match=words):
        times(connection(**extra))


def test_the_concurrency_limit_is_five_unless_set():
    assert concurrency_limit(connection()) == 5
    assert concurrency_limit(connection(concurrency_limit="15")) == 15
    for wrong in ("many", 0, 501, True):
        with pytest.raises(ConfigurationError, match="concurrency_limit"):
            concurrency_limit(connection(concurrency_limit=wrong))
