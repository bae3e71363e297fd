"""The stand-in's tables."""

from __future__ import annotations

VERSION = "2"

TABLES = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS journal_entry (
    id TEXT PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    name TEXT,
    source TEXT NOT NULL DEFAULT 'ServiceTitan',
    status TEXT NOT NULL,
    sync_status TEXT NOT NULL,
    version_id INTEGER NOT NULL,
    last_sync_version_id INTEGER,
    message TEXT,
    post_date TEXT,
    created_on TEXT NOT NULL,
    modified_on TEXT NOT NULL,
    exported_on TEXT,
    exported_by_id INTEGER,
    exported_by_name TEXT,
    custom_fields TEXT NOT NULL DEFAULT '{}',
    is_empty INTEGER NOT NULL,
    amount TEXT NOT NULL,
    valid INTEGER NOT NULL,
    why TEXT NOT NULL,
    held TEXT NOT NULL DEFAULT '',
    UNIQUE (tenant_id, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS journal_entry_pending
    ON journal_entry (tenant_id, sync_status, number);

CREATE TABLE IF NOT EXISTS line (
    entry_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    json TEXT NOT NULL,
    business_unit_id INTEGER,
    customer_name TEXT,
    location_name TEXT,
    vendor_name TEXT,
    inventory_location_name TEXT,
    service_agreement_id INTEGER,
    ref_number TEXT,
    transaction_type TEXT,
    transaction_date TEXT,
    PRIMARY KEY (entry_id, n)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS summary (
    entry_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (entry_id, n)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS gl_account (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    number TEXT,
    name TEXT NOT NULL,
    description TEXT,
    type TEXT,
    subtype TEXT,
    active INTEGER NOT NULL DEFAULT 1,
    source TEXT NOT NULL,
    default_type TEXT,
    created_on TEXT NOT NULL,
    modified_on TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS business_unit (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    tenant_name TEXT NOT NULL,
    trade_id INTEGER NOT NULL,
    trade_name TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    created_on TEXT NOT NULL,
    modified_on TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS customer (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    street TEXT NOT NULL,
    unit TEXT,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    zip TEXT NOT NULL,
    country TEXT NOT NULL DEFAULT 'USA',
    active INTEGER NOT NULL,
    merged_to_id INTEGER,
    do_not_mail INTEGER NOT NULL DEFAULT 0,
    do_not_service INTEGER NOT NULL DEFAULT 0,
    national_account INTEGER NOT NULL DEFAULT 0,
    tax_exempt INTEGER NOT NULL DEFAULT 0,
    created_on TEXT NOT NULL,
    modified_on TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS contact (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    value TEXT NOT NULL,
    created_on TEXT NOT NULL,
    modified_on TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS contact_customer ON contact (customer_id, id);

CREATE TABLE IF NOT EXISTS external_data (
    kind TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    guid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, object_id, guid, key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS record (
    row INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    id INTEGER NOT NULL,
    body TEXT NOT NULL,
    case_name TEXT,
    hidden TEXT NOT NULL DEFAULT '{}',
    held TEXT NOT NULL DEFAULT '',
    version_id INTEGER NOT NULL DEFAULT 1,
    sync_status TEXT AS (json_extract(body, '$.syncStatus')),
    active INTEGER AS (coalesce(json_extract(body, '$.active'), 1)),
    created_on TEXT AS (json_extract(body, '$.createdOn')),
    modified_on TEXT AS (json_extract(body, '$.modifiedOn')),
    name TEXT AS (json_extract(body, '$.name'))
);
CREATE INDEX IF NOT EXISTS record_id ON record (tenant_id, type, id);
CREATE INDEX IF NOT EXISTS record_pending ON record (tenant_id, type, sync_status, id);

CREATE TABLE IF NOT EXISTS batch (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'Open'
);
"""

SEEDED = (
    "journal_entry", "line", "summary", "gl_account", "business_unit",
    "customer", "contact", "external_data", "record", "batch",
)  # fmt: skip
