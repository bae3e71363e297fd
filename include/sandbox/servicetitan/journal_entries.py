"""Journal entries: list, one, summary, details, and reporting the sync state."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from aiohttp import web

from sandbox.faults import asked_to_alter
from sandbox.servicetitan import exact
from sandbox.servicetitan.asking import INT32, Body, Query, guid, read_body, whole
from sandbox.servicetitan.filters import Where
from sandbox.servicetitan.problems import Refusal
from sandbox.servicetitan.stamps import now
from sandbox.servicetitan.state import API_USER, State

MOST = 500
CUSTOM_FIELDS = 5
STATUSES = ("Open", "Closed")
SYNC_STATUSES = ("NotSynced", "InProgress", "Synced", "OutOfSync", "Error", "Excluded")
EMPTY = ("IncludeExceptNotSynced", "Include", "Exclude")
TRANSACTION_TYPES = (
    "Unspecified", "Invoice", "Payment", "Bill", "VendorCredit", "VendorPayment",
    "InventoryAdjustment", "PaymentApplication", "BankDeposit", "InventoryReturn",
    "InventoryTransfer", "RevenueRecognition", "Estimate", "PurchaseOrder", "Receipt",
    "GrossPayItem", "PayrollPeriod", "Manual", "ItemConsumption", "External", "CreditMemo",
    "CreditMemoApplication",
)  # fmt: skip
SORTS = {
    "Id": "id",
    "Number": "number",
    "Name": "name",
    "Status": "status",
    "CreatedOn": "created_on",
    "ExportedOn": "exported_on",
    "ExportedBy": "exported_by_name",
    "PostDate": "post_date",
}


def render(row: sqlite3.Row) -> dict[str, Any]:
    """The entry as ServiceTitan shows it."""
    exporter = row["exported_by_id"]
    fields = json.loads(row["custom_fields"])
    return {
        "id": row["id"],
        "createdOn": row["created_on"],
        "modifiedOn": row["modified_on"],
        "number": row["number"],
        "name": row["name"],
        "source": row["source"],
        "status": row["status"],
        "syncStatus": row["sync_status"],
        "versionId": row["version_id"],
        "lastSyncVersionId": row["last_sync_version_id"],
        "message": row["message"],
        "postDate": row["post_date"],
        "exportedOn": row["exported_on"],
        "exportedBy": {"id": exporter, "name": row["exported_by_name"]} if exporter else None,
        "customFields": [{"name": name, "value": value} for name, value in fields.items()],
        "url": f"https://go.servicetitan.com/#/accounting/journal-entry/{row['id']}",
        "isEmpty": bool(row["is_empty"]),
    }


def _by_lines(query: Query, where: Where) -> None:
    """Filters that look at an entry's lines."""
    where.line_day(">=", query.day("transactionPostedFrom"))
    where.line_day("<=", query.day("transactionPostedTo"))
    where.line_in("business_unit_id", query.listing("businessUnitIds", whole))
    where.line_in("service_agreement_id", query.listing("serviceAgreementIds", whole))
    where.line_contains("customer_name", query.text("customerName"))
    where.line_contains("location_name", query.text("locationName"))
    where.line_contains("vendor_name", query.text("vendorName"))
    where.line_contains("inventory_location_name", query.text("inventoryLocationName"))
    where.line_in("ref_number", query.listing("refNumber", str))
    where.line_in("transaction_type", query.choices("transactionTypes", TRANSACTION_TYPES))


def _by_custom_fields(query: Query, where: Where) -> None:
    wanted = query.prefixed("customField.")
    if len(wanted) > CUSTOM_FIELDS:
        query.refuse("customField", f"Maximum {CUSTOM_FIELDS} custom fields are supported.")
    for name, value in wanted.items():
        where.add(
            """coalesce((SELECT value FROM json_each(custom_fields) WHERE lower(key) = ?), '')
               = ?""",
            name,
            value,
        )


def _filters(query: Query, tenant: int) -> Where:
    """Every filter of the list."""
    where = Where("tenant_id = ?", tenant)
    ids = query.listing("ids", guid)
    where.among("id", ids)
    where.compare("exported_on", ">=", query.stamp("exportedFrom"))
    where.compare("exported_on", "<=", query.stamp("exportedTo"))
    where.compare("substr(post_date, 1, 10)", ">=", query.day("postedFrom"))
    where.compare("substr(post_date, 1, 10)", "<=", query.day("postedTo"))
    where.audit(query)
    where.among("exported_by_id", query.listing("exportedBy", whole))
    where.contains("name", query.text("name"))
    where.compare("number", ">=", query.one("numberFrom", whole))
    where.compare("number", "<=", query.one("numberTo", whole))
    where.among("status", query.choices("statuses", STATUSES))
    where.among("sync_status", query.choices("syncStatuses", SYNC_STATUSES))
    _by_lines(query, where)
    _by_custom_fields(query, where)
    empty = query.choice("empty", EMPTY) or "IncludeExceptNotSynced"
    if not ids and empty == "Exclude":
        where.add("NOT is_empty")
    elif not ids and empty == "IncludeExceptNotSynced":
        where.add("NOT (is_empty AND sync_status = 'NotSynced')")
    return where


class JournalEntries:
    """The routes of `/accounting/v2/tenant/{tenant}/journal-entries`."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def list(self, request: web.Request) -> web.Response:
        """GET: a page of entries that match every filter given."""
        query = Query(request)
        where = _filters(query, int(request.match_info["tenant"]))
        page, size, total = query.paging(MOST)
        order = query.order(SORTS, "id")
        query.check()
        return where.page(
            self._state.db, "journal_entry", order, page, size, total,
            lambda row: exact.dumps(render(row)),
        )  # fmt: skip

    def find(self, request: web.Request) -> sqlite3.Row:
        """The entry in the path, or 404; 400 when the id is no GUID."""
        try:
            wanted = guid(request.match_info["id"])
        except ValueError as error:
            text = f"The value '{request.match_info['id']}' is not valid."
            raise Refusal(400, {"id": [text]}) from error
        row: sqlite3.Row | None = self._state.db.execute(
            "SELECT * FROM journal_entry WHERE id = ? AND tenant_id = ?",
            (wanted, int(request.match_info["tenant"])),
        ).fetchone()
        if row is None:
            raise Refusal(404)
        return row

    async def get(self, request: web.Request) -> web.Response:
        """GET one."""
        return exact.answer(exact.dumps(render(self.find(request))))

    async def _lines(self, request: web.Request, table: str) -> web.Response:
        query, row = Query(request), self.find(request)
        page, size, total = query.paging(MOST)
        query.check()
        where = Where("entry_id = ?", row["id"])
        return where.page(self._state.db, table, "n", page, size, total, lambda r: str(r["json"]))

    async def summary(self, request: web.Request) -> web.Response:
        """GET the lines summed by account and business unit."""
        return await self._lines(request, "summary")

    async def details(self, request: web.Request) -> web.Response:
        """GET the single lines."""
        return await self._lines(request, "line")

    def _merged(self, row: sqlite3.Row, body: Body) -> str:
        """Custom fields after the request's: others stay, null blanks, five in all."""
        fields: dict[str, str | None] = json.loads(row["custom_fields"])
        fields |= body.strings("customFields") or {}
        if len(fields) > CUSTOM_FIELDS:
            text = f"Maximum {CUSTOM_FIELDS} custom fields per journal entry are supported."
            body.refuse("customFields", text)
        return json.dumps(fields)

    async def update(self, request: web.Request) -> web.Response:
        """PATCH status and custom fields; the content, and so the version, stays."""
        body, row = await read_body(request), self.find(request)
        status, fields = body.choice("status", STATUSES), self._merged(row, body)
        body.check()
        with self._state.writing() as db:
            db.execute(
                """UPDATE journal_entry SET status = ?, custom_fields = ?, modified_on = ?
                   WHERE id = ?""",
                (status or row["status"], fields, now(), row["id"]),
            )
        return await self.get(request)

    async def sync(self, request: web.Request) -> web.Response:
        """PATCH the sync state; Synced only at the version the entry has now."""
        body, row = await read_body(request), self.find(request)
        status = body.choice("syncStatus", SYNC_STATUSES, required=True)
        version = body.integer("versionId", INT32)
        message = body.text("message")
        fields = self._merged(row, body)
        if status == "Synced" and version is None:
            body.refuse("versionId", "versionId is required when setting Synced.")
        elif status == "Synced" and version != row["version_id"]:
            body.refuse(
                "versionId", f"Version {version} is not the current one, {row['version_id']}."
            )
        body.check()
        if asked_to_alter(request):
            message = f"{message or ''} (altered)"
        self._report(row, str(status), message, fields)
        return await self.get(request)

    def _report(self, row: sqlite3.Row, status: str, message: str | None, fields: str) -> None:
        moment, synced = now(), status == "Synced"
        held = "" if status == "InProgress" else row["held"]
        exported = (moment, *API_USER) if synced else (
            row["exported_on"], row["exported_by_id"], row["exported_by_name"]
        )  # fmt: skip
        with self._state.writing() as db:
            db.execute(
                """UPDATE journal_entry SET sync_status = ?, message = ?, custom_fields = ?,
                   modified_on = ?, held = ?, last_sync_version_id = ?, exported_on = ?,
                   exported_by_id = ?, exported_by_name = ? WHERE id = ?""",
                (status, message, fields, moment, held,
                 row["version_id"] if synced else row["last_sync_version_id"],
                 *exported, row["id"]),
            )  # fmt: skip
