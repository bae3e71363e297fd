"""As many tenants as asked for, each with ids and documents of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

LIST = """
import json
from sandbox.seed.tenants import servicetitan_tenants
print(json.dumps([[t.tenant_id, t.short_name, t.account_id, [e.id for e in t.journal_entries]]
                  for t in servicetitan_tenants(1, "40")]))
"""


def listed(asked: str) -> list[list[object]]:
    env = {**os.environ, "SANDBOX_TENANTS": asked}
    done = subprocess.run([sys.executable, "-c", LIST], env=env, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_twenty_tenants_share_no_id_and_no_document():
    usual, many = listed(""), listed("20")
    assert len(many) == 20
    assert many[: len(usual)] == usual
    assert len({tenant[0] for tenant in many}) == len({tenant[1] for tenant in many}) == 20
    entries = [entry for tenant in many for entry in tenant[3]]
    assert len(set(entries)) == len(entries) == 20 * 40
    assert len({tenant[2] for tenant in many}) == 2
