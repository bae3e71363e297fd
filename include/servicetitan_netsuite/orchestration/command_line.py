"""`servicetitan-netsuite-airflow`: the command line, with the connections that Airflow keeps.

For a machine or container that reaches Airflow's database, such as a worker of docker-compose.yaml.
"""

from __future__ import annotations

import os

from servicetitan_netsuite import cli, connections
from servicetitan_netsuite.orchestration.fields import read


def main() -> None:
    """The console script; what the environment names goes before what Airflow keeps."""
    # Connections come from Airflow's own database, as for `airflow connections`.
    os.environ["_AIRFLOW_PROCESS_CONTEXT"] = "server"
    connections.ask(read)
    cli.main()
