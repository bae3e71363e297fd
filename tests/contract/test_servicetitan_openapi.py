"""The stand-in ServiceTitan against ServiceTitan's own OpenAPI documents.

`openapi/` holds the paths served here and their schemas, nothing else of those documents.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from jsonschema import Draft202012Validator

from sandbox.server import serving
from sandbox.servicetitan import credentials
from sandbox.servicetitan.app import create_app

OPENAPI = Path(__file__).parent / "openapi"
MODULES = tuple(sorted(path.name.removesuffix("-v2.json") for path in OPENAPI.glob("*-v2.json")))
DETAILED, DOCUMENTS = 1002, 1004  # a tenant of journal entries, and the one of documents
Operation = tuple[str, str, str]  # module, method, path
Caller = Callable[..., Awaitable[tuple[int, Any]]]
KEPT_BY_BOTH = ("journal-entries", "gl-accounts", "business-units", "customers")

LISTS = (
    "exportedBy", "businessUnitIds", "serviceAgreementIds", "appliedToInvoiceIds", "creditMemoIds",
    "depositIds", "jobIds", "vendorIds", "inventoryLocationIds", "purchaseOrderIds", "invoiceIds",
    "costTypeIds",
)  # fmt: skip
# Parameters whose values are not in the document's types: what fits, and what does not.
GOOD = {
    "ids": {"journal-entries": "7b0c8f0e-5f0a-4a39-9a7e-2f6f5a1f1c11", "*": "1,2"},
    **dict.fromkeys(LISTS, "1,2"),
    "sort": "-Id",
    # The stand-in wants to know whose key is meant.
    "externalDataKey": "k&externalDataApplicationGuid=5d1c8e0a-7f42-4c09-b0d3-2a6b9e417c11",
    "externalDataValues": "v&externalDataApplicationGuid=5d1c8e0a-7f42-4c09-b0d3-2a6b9e417c11",
}
BAD = {"ids": "?", **dict.fromkeys(LISTS, "x")}


@cache
def document(module: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OPENAPI / f"{module}-v2.json").read_text())
    return found


def operations() -> Iterator[Operation]:
    for module in MODULES:
        for path, methods in document(module)["paths"].items():
            for method in methods:
                yield module, method, path


def operation(module: str, method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = document(module)["paths"][path][method]
    return found


def json_schema(part: Any) -> Any:
    """An OpenAPI 3.0 schema in the words of JSON Schema, which writes `nullable` another way."""
    if isinstance(part, list):
        return [json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    plain = {key: json_schema(value) for key, value in part.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if part.get("nullable") is True else plain


def violations(module: str, schema: dict[str, Any], value: Any) -> list[str]:
    whole = json_schema(schema) | {"components": json_schema(document(module)["components"])}
    found = Draft202012Validator(whole).iter_errors(value)
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found]


def schema_of(module: str, method: str, path: str, status: int) -> dict[str, Any]:
    responses = operation(module, method, path)["responses"]
    # By-id reads answer 404 in truth where the document forgets to say so.
    declared = responses.get(str(status)) or responses["400"]
    if "content" not in declared:
        return {"type": "null"}  # an empty body
    schema: dict[str, Any] = declared["content"]["application/json"]["schema"]
    return schema


def tenant_of(path: str) -> int:
    """The tenant to ask: documents are kept by one of them."""
    resource = path.removeprefix("/tenant/{tenant}/").partition("/")[0]
    return DETAILED if resource in KEPT_BY_BOTH else DOCUMENTS


@cache
def filled_state() -> bytes:
    """The stand-in's state with every document that can be batched posted."""

    async def main() -> None:
        app = create_app(place, credentials.generate())
        async with serving(app) as (url,), aiohttp.ClientSession() as session:
            body = {"tenant_id": DOCUMENTS, "all": True}
            async with session.post(f"{url}/sandbox/batches", json=body) as answer:
                number = (await answer.json())["id"]
            async with session.post(f"{url}/sandbox/batches/{number}/post") as answer:
                assert answer.status == 200

    with TemporaryDirectory() as folder:
        place = Path(folder) / "state.db"
        asyncio.run(main())
        return place.read_bytes()


def on_stand_in(check: Callable[[Caller], Awaitable[None]]) -> None:
    """Run a check with a caller that has tokens: method, path under `/{module}/v2`, body."""

    async def main() -> None:
        known = credentials.generate()
        app = create_app(place, known)
        async with serving(app) as (url,), aiohttp.ClientSession() as session:
            limit = {"rate_limit_per_s": 100_000}
            async with session.post(f"{url}/sandbox/settings", json=limit) as answer:
                assert answer.status == 200
            tokens: dict[int, str] = {}
            for client in known.clients:
                form = {
                    "grant_type": "client_credentials",
                    "client_id": client.client_id,
                    "client_secret": client.client_secret,
                }
                async with session.post(f"{url}/connect/token", data=form) as answer:
                    tokens[client.tenant_id] = (await answer.json())["access_token"]

            async def call(
                module: str, method: str, path: str, body: object = None, query: str = ""
            ) -> tuple[int, Any]:
                if module == "sandbox":
                    address, headers = f"{url}/sandbox{path}?{query}", {}
                else:
                    tenant = tenant_of(path)
                    headers = {"Authorization": tokens[tenant], "ST-App-Key": known.app_key}
                    address = f"{url}/{module}/v2{path.format(tenant=tenant)}?{query}"
                async with session.request(method, address, json=body, headers=headers) as answer:
                    text = await answer.text()
                    return answer.status, json.loads(text) if text else None

            await check(call)

    with TemporaryDirectory() as folder:
        place = Path(folder) / "state.db"
        place.write_bytes(filled_state())
        asyncio.run(main())


async def documents(call: Caller) -> dict[str, list[dict[str, Any]]]:
    """What the stand-in knows of its documents, by type."""
    _, truth = await call("sandbox", "get", "/truth", query=f"tenant_id={DOCUMENTS}")
    found: dict[str, list[dict[str, Any]]] = {}
    for row in truth["documents"]:
        found.setdefault(row["type"], []).append(row)
    return found


async def without_dirt(call: Caller, body: Any) -> Any:
    """A list without the documents that are dirty on purpose."""
    rows = body["data"] if isinstance(body, dict) and "data" in body else body
    if not isinstance(rows, list):
        return body
    known = await documents(call)
    dirty = {
        row["id"] for rows_ in known.values() for row in rows_ if row["case"].startswith("dirty")
    }
    kept = [one for one in rows if str(one.get("id")) not in dirty]
    return body | {"data": kept} if isinstance(body, dict) else kept


async def filled(call: Caller, module: str, path: str) -> str:
    """The path with the tenant and an existing id in it."""
    rest = path.removeprefix("/tenant/{tenant}")
    collection = "/tenant/{tenant}" + rest.partition("/{")[0]
    if "{" not in rest:
        return path
    query = "pageSize=200"
    status, page = await call(module, "get", collection, query=query)
    assert status == 200, page
    rows = page if isinstance(page, list) else page["data"]
    wanted = rows[len(rows) // 2]["id"]
    return "/tenant/{tenant}" + re.sub(r"\{\w+\}", str(wanted), rest)


EXTERNAL = {
    "applicationGuid": "11111111-2222-4333-8444-555555555555",
    "externalData": [{"key": "k", "value": "v"}],
}
BODIES: dict[str, list[object]] = {
    "JournalEntries_Update": [{"status": "Closed", "customFields": {"a": "b", "c": None}}],
    "JournalEntries_SyncUpdate": [
        {"syncStatus": "InProgress", "message": "picked up"},
        {"syncStatus": "Error", "message": "no", "customFields": {"erp": "1"}},
        {"syncStatus": "Synced", "versionId": 1},
        {"syncStatus": "Synced", "versionId": 99},
        {"syncStatus": "Synced"},
        {},
    ],
    "GlAccounts_CreateAccount": [
        {"name": "A", "number": "1", "type": "Income", "subtype": "X", "description": "d"},
        {"name": "A"},
        {"name": 5},
    ],
    "GlAccounts_UpdateAccount": [{"description": "d"}, {"active": "no"}],
    "BusinessUnits_Update": [
        {
            "externalData": {
                "patchMode": "Merge",
                "applicationGuid": "11111111-2222-4333-8444-555555555555",
                "externalData": [{"key": "k", "value": "v"}],
            }
        },
        {"externalData": {"applicationGuid": "none"}},
    ],
    "Vendors_Create": [
        {
            "name": "New Vendor",
            "active": True,
            "isTruckReplenishment": False,
            "taxRate": 0.05,
            "restrictedMobileCreation": False,
            "phone": "3035550111",
            "colour": "blue",
            "address": dict.fromkeys(("street", "unit", "city", "state", "zip", "country"), "x"),
            "externalData": EXTERNAL,
        },
        {"name": "N"},
        {"name": 5},
    ],
    "Vendors_Update": [
        {"memo": "m", "active": False, "externalData": EXTERNAL | {"patchMode": "Merge"}},
        {"active": "no"},
    ],
    "Returns_Update": [{"externalData": EXTERNAL}, {"externalData": {"applicationGuid": "none"}}],
    "Adjustments_Update": [
        {"externalData": EXTERNAL},
        {"externalData": {"applicationGuid": "none"}},
    ],
    "Customers_Update": [{"name": "N", "type": "Commercial"}, {"type": "Alien"}],
}


MARKS = {
    "Invoices_MarkAsExported": ("invoice", "invoiceId", None),
    "CreditMemos_MarkAsExported": ("credit_memo", "creditMemoId", None),
    "ApBills_MarkAsExported": ("ap_bill", "billId", "billIds"),
    "InventoryBills_MarkAsExported": ("ap_bill", "inventoryBillId", "inventoryBillIds"),
    "ApCredits_MarkAsExported": ("ap_credit", "apCreditId", None),
}
WHOLE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "Payments_UpdateStatus": ("payment", "paymentIds", {"status": "Exported"}),
    "Deposits_MarkAsExported": ("bank_deposit", "ids", {}),
}
FIELDS = {
    "Invoices": "invoice", "CreditMemos": "credit_memo", "Payments": "payment",
    "ApBills": "ap_bill", "InventoryBills": "ap_bill", "ApCredits": "ap_credit",
    "Receipts": "receipt", "Returns": "return", "Adjustments": "adjustment",
}  # fmt: skip


def sent(operation_id: str, known: dict[str, list[dict[str, Any]]]) -> list[object]:
    """Bodies for what is done to documents: one that fits, one that cannot be done, a wrong one."""

    def posted(kind: str) -> int:
        return int(next(r["id"] for r in known[kind] if r["sync_status"] == "Posted"))

    if operation_id in MARKS:
        kind, key, ids = MARKS[operation_id]
        if ids:
            return [{ids: [posted(kind), 1]}, {ids: []}, {ids: ["one"]}, {}]
        good = {key: posted(kind), "externalId": "77", "externalMessage": None}
        return [[good, {key: 1}], [], [{}], {"a": 1}]
    if operation_id in WHOLE:
        kind, key, more = WHOLE[operation_id]
        return [{key: [posted(kind)]} | more, {key: [1]} | more, {key: "all"} | more, {}]
    kind = FIELDS[operation_id.partition("_")[0]]
    field = {"name": "NetSuite Id", "value": "77"}
    good = {"operations": [{"objectId": posted(kind), "customFields": [field]}]}
    unknown = {"operations": [{"objectId": 1, "customFields": [field]}]}
    return [good, unknown, {"operations": [{"objectId": "one", "customFields": []}]}, {}]


def test_every_route_served_is_in_the_documents_and_the_other_way_round() -> None:
    app = create_app(":memory:", credentials.generate())
    served = set()
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        found = re.match(r"/(\w+)/v2(/tenant/.*)", path)
        if found and route.method != "HEAD":
            served.add((found[1], route.method.lower(), re.sub(r"\{\w+\}", "{}", found[2])))
    told = {(m, method, re.sub(r"\{\w+\}", "{}", path)) for m, method, path in operations()}
    assert served == told


@pytest.mark.parametrize(
    ("module", "method", "path"), [one for one in operations() if one[1] == "get"]
)
def test_what_is_read_fits_the_schema(module: str, method: str, path: str) -> None:
    async def check(call: Caller) -> None:
        address = await filled(call, module, path)
        sizes = ("pageSize=500&empty=Include&includeTotal=true", "pageSize=1&page=2", "")
        guid = "externalDataApplicationGuid=5d1c8e0a-7f42-4c09-b0d3-2a6b9e417c11"
        for query in (*sizes, guid):
            status, body = await call(module, method, address, query=query)
            assert status == 200, body
            clean = await without_dirt(call, body)
            assert violations(module, schema_of(module, method, path, 200), clean) == []

    on_stand_in(check)


@pytest.mark.parametrize(
    ("module", "method", "path"), [one for one in operations() if one[1] != "get"]
)
def test_what_is_written_answers_as_the_schema_says(module: str, method: str, path: str) -> None:
    async def check(call: Caller) -> None:
        address = await filled(call, module, path)
        told = operation(module, method, path)
        seen = set()
        known = await documents(call)
        for body in BODIES.get(told["operationId"]) or sent(told["operationId"], known):
            status, answer = await call(module, method, address, body)
            assert str(status) in told["responses"], answer
            assert violations(module, schema_of(module, method, path, status), answer) == []
            seen.add(status // 100)
        assert 2 in seen

    on_stand_in(check)


@pytest.mark.parametrize(
    ("module", "method", "path"), [one for one in operations() if "{" in one[2][17:]]
)
def test_an_unknown_id_is_refused_with_the_problem_body(
    module: str, method: str, path: str
) -> None:
    async def check(call: Caller) -> None:
        unknown = "7b0c8f0e-5f0a-4a39-9a7e-2f6f5a1f1c11" if "journal" in path else "1"
        rest = re.sub(r"\{\w+\}", unknown, path.removeprefix("/tenant/{tenant}"))
        body = None if method == "get" else {"syncStatus": "Error"}
        status, answer = await call(module, method, "/tenant/{tenant}" + rest, body)
        assert status == 404
        assert answer["status"] == 404
        assert violations(module, schema_of(module, method, path, 404), answer) == []

    on_stand_in(check)


def parameters() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for module, method, path in operations():
        for one in operation(module, method, path).get("parameters", []):
            if one["in"] == "query":
                yield module, path, one


def enumeration(module: str, schema: dict[str, Any]) -> list[str]:
    reference = (schema.get("oneOf") or [schema])[0].get("$ref", "")
    name = reference.rpartition("/")[2]
    return list(document(module)["components"]["schemas"].get(name, {}).get("enum", []))


def samples(module: str, path: str, one: dict[str, Any]) -> tuple[list[str], str | None]:
    """Query strings that fit the parameter, and one that does not (None: everything fits)."""
    name, schema = one["name"], one["schema"]
    kind = schema.get("type")
    if kind == "array":
        words = enumeration(module, schema["items"]) or ["1", "2"]
        return [urlencode([(name, word) for word in words])], f"{name}=Nonsense"
    if kind == "object":
        return [f"{name}.a=b&{name}.c="], None
    words = enumeration(module, schema)
    if words:
        return [f"{name}={word}" for word in words], f"{name}=Nonsense"
    if name in GOOD:
        known = GOOD[name]
        if isinstance(known, dict):
            known = known["journal-entries" if "journal" in path else "*"]
        bad = BAD.get(name)
        return [f"{name}={known}"], f"{name}={bad}" if bad else None
    kind = schema.get("format", schema["type"])
    good, bad = {
        "date-time": ("2026-10-13T00:00:00Z", "soon"),
        "guid": ("5d1c8e0a-7f42-4c09-b0d3-2a6b9e417c11", "x"),
        "int32": ("1", "x"),
        "double": ("1.5", "x"),
        "decimal": ("1.5", "x"),
        "int64": ("1", "x"),
        "date": ("2026-10-13", "soon"),
        "boolean": ("true", "x"),
        "string": ("a", None),
    }[kind]
    return [f"{name}={good}"], f"{name}={bad}" if bad else None


def test_every_query_parameter_is_understood_and_its_wrong_values_are_refused() -> None:
    async def check(call: Caller) -> None:
        addresses: dict[str, str] = {}
        for module, path, one in parameters():
            if path not in addresses:
                addresses[path] = await filled(call, module, path)
            good, bad = samples(module, path, one)
            for query in good:
                status, body = await call(module, "get", addresses[path], query=query)
                assert status == 200, (path, query, body)
            if bad:
                status, body = await call(module, "get", addresses[path], query=bad)
                assert status == 400, (path, bad)
                assert list(body["errors"]) == [one["name"]]
                assert violations(module, schema_of(module, "get", path, 400), body) == []

    on_stand_in(check)


def test_all_entries_and_their_lines_fit_the_schema() -> None:
    async def check(call: Caller) -> None:
        base = "/tenant/{tenant}/journal-entries"
        query = "pageSize=500&empty=Include"
        _, page = await call("accounting", "get", base, query=query)
        assert len(page["data"]) == 250
        for lines in ("summary", "details"):
            path = f"{base}/{{id}}/{lines}"
            schema = schema_of("accounting", "get", path, 200)
            for entry in page["data"][::5]:
                address = f"{base}/{entry['id']}/{lines}"
                _, body = await call("accounting", "get", address, query="pageSize=500")
                assert violations("accounting", schema, body) == []

    on_stand_in(check)
