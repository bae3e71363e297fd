from __future__ import annotations

import asyncio
import logging
import socket
from decimal import Decimal
from urllib.parse import unquote

import jwt
import pytest
from aiohttp import web
from netsuite_fake import (
    CREATED,
    DENIED,
    EC_KEY,
    OK,
    PATH,
    QUICK,
    RSA_KEY,
    TOKEN,
    Server,
    cut_short,
    hang_up,
    m2m,
    never,
    reply,
    run,
    tba,
)
from oauthlib.oauth1.rfc5849 import signature as oauth
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header

from servicetitan_netsuite.errors import ConfigurationError, TransientError
from servicetitan_netsuite.netsuite.client import NetSuite, ReadRefused, dumps
from servicetitan_netsuite.netsuite.credentials import Times
from servicetitan_netsuite.netsuite.exchange import Failure
from servicetitan_netsuite.netsuite.outcome import OutcomeKind, outcome


def test_a_write_carries_its_headers_and_its_exact_numbers():
    server = Server(CREATED)
    body = {"debit": Decimal("0.10"), "memo": "Zoë"}
    exchange = run(server, lambda c: c.send("POST", PATH, body=body))
    assert outcome(exchange).netsuite_id == "17"
    request = server.requests[0]
    assert request.path == "/services/rest/record/v1/journalEntry"
    assert request.headers["X-NetSuite-PropertyNameValidation"] == "Error"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == "Bearer token-1"
    assert server.bodies == ['{"debit":0.1,"memo":"Zoë"}']


@pytest.mark.parametrize("amount", ["123456789012345.678", "NaN", "1E+400"])
def test_money_that_a_number_cannot_carry_is_never_sent(amount):
    with pytest.raises(ValueError, match=r"exact|JSON"):
        dumps({"debit": Decimal(amount)})


@pytest.mark.parametrize(("key", "algorithm"), [(RSA_KEY, "PS256"), (EC_KEY, "ES256")])
def test_the_assertion_is_what_netsuite_asks_for(key, algorithm):
    server = Server(CREATED)
    secrets: list[str] = []

    async def work(client):
        await client.send("POST", PATH, body={})
        return client.credentials.url

    url = run(server, work, lambda u: m2m(u, key), on_secret=secrets.append)
    (assertion,) = server.assertions
    claims = jwt.decode(assertion, key.public_key(), [algorithm], audience=f"{url}{TOKEN}")
    assert jwt.get_unverified_header(assertion)["kid"] == "cert"
    assert claims["iss"] == "client"
    assert claims["scope"] == ["rest_webservices"]
    assert 0 < claims["exp"] - claims["iat"] < 3600
    assert secrets == ["token-1"]


def test_one_token_serves_many_requests_at_once():
    server = Server(CREATED)

    async def work(client):
        await asyncio.gather(*(client.send("POST", PATH, body={}) for _ in range(20)))

    run(server, work)
    assert len(server.assertions) == 1
    assert len(server.requests) == 20


def test_a_token_is_renewed_ahead_of_its_end():
    server = Server(CREATED, life_s=0.2)

    async def work(client):
        await client.send("POST", PATH, body={})
        await asyncio.sleep(0.17)  # past four fifths of its life
        await client.send("POST", PATH, body={})

    run(server, work)
    assert [r.headers["Authorization"] for r in server.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_while_the_login_is_away_a_token_that_holds_is_used_on():
    server = Server(CREATED, life_s=1)

    async def work(client):
        await client.send("POST", PATH, body={})
        server.token_answer = reply(503)
        await asyncio.sleep(0.82)
        return await client.send("POST", PATH, body={})

    assert run(server, work).status == 204
    assert len(server.assertions) == 2


def test_after_a_401_the_next_attempt_logs_in_anew():
    server = Server(DENIED, CREATED)

    async def work(client):
        return [outcome(await client.send("POST", PATH, body={})).kind for _ in range(2)]

    assert run(server, work) == [OutcomeKind.NOT_SENT, OutcomeKind.POSTED]
    assert len(server.assertions) == 2


@pytest.mark.parametrize("credentials", [m2m, tba])
def test_a_second_401_with_a_new_login_stops_the_run(credentials):
    async def work(client):
        return [outcome(await client.send("POST", PATH, body={})).kind for _ in range(2)]

    kinds = run(Server(DENIED), work, credentials)
    assert kinds == [OutcomeKind.NOT_SENT, OutcomeKind.STOP]


@pytest.mark.parametrize("credentials", [m2m, tba])
def test_many_401_of_one_login_count_once(credentials):
    async def work(client):
        sent = [client.send("POST", PATH, body={}) for _ in range(4)]
        return {outcome(e).kind for e in await asyncio.gather(*sent)}

    async def together(request):
        server.waiting += 1
        if server.waiting == 4:
            server.all_here.set()
        await server.all_here.wait()
        return await DENIED(request)

    server = Server(together)
    server.waiting, server.all_here = 0, asyncio.Event()
    assert run(server, work, credentials) == {OutcomeKind.NOT_SENT}


def test_a_401_after_a_success_is_a_first_one_again():
    server = Server(DENIED, CREATED, DENIED)

    async def work(client):
        return [outcome(await client.send("POST", PATH, body={})).kind for _ in range(4)]

    assert run(server, work) == [
        OutcomeKind.NOT_SENT,
        OutcomeKind.POSTED,
        OutcomeKind.NOT_SENT,
        OutcomeKind.STOP,
    ]


@pytest.mark.parametrize("broken", [hang_up, cut_short, never], ids=["reset", "cut", "timeout"])
def test_once_bytes_may_have_left_the_outcome_is_unknown_and_nothing_is_repeated(broken):
    server = Server(broken)
    exchange = run(
        server,
        lambda c: c.send("POST", PATH, body={}),
        times=Times(settle_s=5, timeout_s=0.5),
    )
    assert exchange.failure is Failure.NO_ANSWER
    assert outcome(exchange).kind is OutcomeKind.UNKNOWN
    assert len(server.requests) == 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    "url",
    [lambda: f"http://127.0.0.1:{free_port()}", lambda: "http://netsuite.invalid"],
    ids=["refused", "no such host"],
)
def test_where_no_connection_is_made_nothing_was_sent(url):
    async def scenario():
        async with NetSuite(tba(url()), QUICK) as client:
            return await client.send("POST", PATH, body={})

    exchange = asyncio.run(scenario())
    assert exchange.failure is Failure.NOT_CONNECTED
    assert outcome(exchange).kind is OutcomeKind.NOT_SENT


def test_a_failed_tls_handshake_sent_nothing():
    async def work(client):
        secure = client.credentials.url.replace("http://", "https://")
        async with NetSuite(tba(secure), QUICK) as other:
            return await other.send("POST", PATH, body={})

    server = Server(CREATED)
    assert run(server, work).failure is Failure.NOT_CONNECTED
    assert server.requests == []


def test_a_refused_token_stops_and_an_unreachable_login_does_not():
    refused = Server(CREATED)
    refused.token_answer = reply(400, {"error": "invalid_grant"})
    stopped = run(refused, lambda c: c.send("POST", PATH, body={}))
    assert outcome(stopped).kind is OutcomeKind.STOP
    assert "invalid_grant" in stopped.detail
    away = Server(CREATED)
    away.token_answer = reply(503)
    waiting = run(away, lambda c: c.send("POST", PATH, body={}))
    assert outcome(waiting).kind is OutcomeKind.NOT_SENT
    assert refused.requests == away.requests == []


def test_a_login_that_never_answers_does_not_outlast_the_timeout():
    server = Server(CREATED)
    server.token_answer = never
    exchange = run(
        server, lambda c: c.send("POST", PATH, body={}), times=Times(settle_s=5, timeout_s=0.3)
    )
    assert exchange.failure is Failure.NOT_CONNECTED
    assert server.requests == []


def test_a_redirect_of_a_write_is_not_followed():
    server = Server(reply(307, Location="/services/rest/elsewhere"))
    exchange = run(server, lambda c: c.send("POST", PATH, body={}))
    assert outcome(exchange).kind is OutcomeKind.UNKNOWN
    assert len(server.requests) == 1


def test_tba_signs_every_attempt_afresh_query_and_exclamation_mark_included():
    server = Server(CREATED)
    path = "record/v1/customerDeposit/7/!transform/depositApplication"

    async def work(client):
        for _ in range(2):
            await client.send("POST", path, body={}, params={"replace": "line", "q": "a b+c"})
        return client.url(path, {"replace": "line", "q": "a b+c"})

    url = run(server, work, tba)
    nonces = set()
    for request in server.requests:
        header = request.headers["Authorization"]
        given = dict(parse_authorization_header(header))
        assert given.pop("realm") == "1234567_SB1"
        assert given["oauth_signature_method"] == "HMAC-SHA256"
        nonces.add(given["oauth_nonce"])
        signed = oauth.signature_base_string(
            "POST",
            oauth.base_string_uri(url),
            oauth.normalize_parameters(
                oauth.collect_parameters(
                    uri_query=url.partition("?")[2], headers={"Authorization": header}
                )
            ),
        )
        assert "%21transform" in signed
        assert oauth._sign_hmac("SHA-256", signed, "cs", "ts") == unquote(given["oauth_signature"])
    assert len(nonces) == 2


def test_a_read_is_tried_again_until_it_gets_its_answer():
    server = Server(
        reply(429, retry_after="0"), reply(503), hang_up, reply(200, "no object"), DENIED, OK
    )
    assert run(server, lambda c: c.read("GET", PATH)) == {"ok": True}
    assert len(server.requests) == 6


def test_a_read_that_gets_no_answer_gives_up_with_a_wait():
    with pytest.raises(TransientError, match=r"GET record.*7 tries.*503") as caught:
        run(Server(reply(503)), lambda c: c.read("GET", PATH))
    assert caught.value.wait_s >= 30


def test_a_read_with_a_login_refused_twice_is_a_matter_of_configuration():
    server = Server(DENIED)
    with pytest.raises(ConfigurationError, match="Login Audit Trail"):
        run(server, lambda c: c.read("GET", PATH))
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 403, 404])
def test_netsuites_own_no_to_a_read_is_told_at_once(status):
    body = {"o:errorDetails": [{"detail": "Record 'x' was not found.", "o:errorCode": "CODE"}]}
    server = Server(reply(status, body))
    with pytest.raises(ReadRefused, match="Record 'x' was not found") as caught:
        run(server, lambda c: c.read("GET", PATH))
    assert (caught.value.status, caught.value.code) == (status, "CODE")
    assert len(server.requests) == 1


def test_neither_bodies_nor_tokens_are_logged(caplog):
    body = {"o:errorDetails": [{"detail": "secret words", "o:errorCode": "USER_ERROR"}]}
    server = Server(reply(400, body, **{"x-n-operationid": "op-1"}))
    with caplog.at_level(logging.DEBUG):
        exchange = run(server, lambda c: c.send("POST", PATH, body={"memo": "private"}))
    text = caplog.text + repr(exchange)
    assert "op-1" in caplog.text
    assert "USER_ERROR" in caplog.text
    for secret in ("private", "secret words", "token-1", "client_assertion"):
        assert secret not in text


@pytest.mark.parametrize("charset", ["hex", "nonsense", "utf-16"])
def test_an_answer_in_whatever_charset_is_an_answer_and_never_an_exception(charset):
    async def answer(_):
        kind = f"application/json; charset={charset}"
        return web.Response(status=500, body=b'{"a": 1}', headers={"Content-Type": kind})

    exchange = run(Server(answer), lambda client: client.send("POST", PATH, body={}))
    assert (exchange.status, exchange.json) == (500, {"a": 1})


def test_words_that_no_database_keeps_are_taken_out_of_an_error():
    detail = {"o:errorDetails": [{"detail": "bad \ud800 memo\x00", "o:errorCode": "USER_ERROR"}]}
    exchange = run(Server(reply(400, detail)), lambda client: client.send("POST", PATH, body={}))
    (error,) = exchange.own_errors
    assert error.detail.encode() == b"bad   memo"
