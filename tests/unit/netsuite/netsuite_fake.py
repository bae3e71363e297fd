"""A scripted NetSuite for the client's own tests: real HTTP on loopback, one handler a request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from servicetitan_netsuite.netsuite.client import NetSuite
from servicetitan_netsuite.netsuite.credentials import Auth, Credentials, Times

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
TOKEN = "/services/rest/auth/oauth2/v1/token"
PATH = "record/v1/journalEntry"
QUICK = Times(settle_s=5, timeout_s=2)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def pem(key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def m2m(url: str, key=EC_KEY) -> Credentials:
    return Credentials(
        url=url,
        account_id="1234567",
        client_id="client",
        certificate_id="cert",
        private_key=pem(key),
    )


def tba(url: str) -> Credentials:
    return Credentials(
        url=url,
        account_id="1234567_SB1",
        auth=Auth.TBA,
        consumer_key="ck",
        consumer_secret="cs",
        token_id="tk",
        token_secret="ts",
    )


class Server:
    """Answers every request with the next of its scripted handlers, the last one for ever."""

    def __init__(self, *script: Handler, life_s: object = 3600) -> None:
        self.script = list(script)
        self.requests: list[web.Request] = []
        self.bodies: list[str] = []
        self.assertions: list[str] = []
        self.life_s = life_s
        self.token_answer: Handler | None = None

    async def token(self, request: web.Request) -> web.StreamResponse:
        self.assertions.append(str((await request.post())["client_assertion"]))
        if self.token_answer:
            return await self.token_answer(request)
        name = f"token-{len(self.assertions)}"
        return web.json_response({"access_token": name, "expires_in": self.life_s})

    async def other(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.text())
        handler = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return await handler(request)

    @asynccontextmanager
    async def serving(self):
        app = web.Application()
        app.router.add_post(TOKEN, self.token)
        app.router.add_route("*", "/{rest:.*}", self.other)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


def reply(status: int, body: object = None, **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        text = None if body is None else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=text, headers=named)

    return answer


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def cut_short(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    request.transport.close()
    return web.Response()


async def never(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


CREATED = reply(204, Location="http://x/services/rest/record/v1/journalEntry/17")
DENIED = reply(401, {"o:errorDetails": [{"detail": "Invalid", "o:errorCode": "INVALID_LOGIN"}]})
OK = reply(200, {"ok": True})


def run(server: Server, work, credentials=m2m, times=QUICK, on_secret=lambda _: None):
    async def scenario():
        async with (
            server.serving() as url,
            NetSuite(credentials(url), times, on_secret, backoff_s=0.01) as client,
        ):
            return await work(client)

    return asyncio.run(scenario())
