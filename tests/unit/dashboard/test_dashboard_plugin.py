from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_SCRIPT = """
import asyncio, json, sys
sys.path.insert(0, sys.argv[1])
import airflow.plugins_manager
before = set(sys.modules)
from sync_dashboard import SyncDashboardPlugin
loaded = sorted(set(sys.modules) - before)
sys.modules["servicetitan_netsuite.dashboard.app"] = None  # what a broken dashboard looks like
app = SyncDashboardPlugin.fastapi_apps[0]["app"]
sent = []

async def send(message):
    sent.append(message)

asyncio.run(app({"type": "http", "method": "GET", "path": "/latest"}, None, send))
print(json.dumps({
    "loaded": loaded,
    "status": sent[0]["status"],
    "body": sent[1]["body"].decode(),
    "views": SyncDashboardPlugin.external_views,
}))
"""


def test_the_plugin_is_light_and_survives_a_broken_dashboard(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(ROOT / "plugins")],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    seen = json.loads(finished.stdout.splitlines()[-1])
    assert not [name for name in seen["loaded"] if name.startswith("servicetitan_netsuite")]
    assert seen["status"] == 503
    assert "schedules go on" in seen["body"]
    assert {view["destination"] for view in seen["views"]} == {"dag", "dag_run"}
    assert not [view for view in seen["views"] if view["href"].startswith("/")]
