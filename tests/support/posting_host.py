"""A process that posts, to be killed: it loads everything once, then forks a worker per command.

Reads one JSON run context a line on standard input; answers with the worker's process id, so that
the test can kill that worker with SIGKILL at any moment; the worker is a real process of its own.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback

from servicetitan_netsuite.errors import Waiting
from servicetitan_netsuite.steps import extract_pending, post_to_netsuite, validate_mappings

STEPS = {
    "extract_pending": extract_pending.run,
    "validate_mappings": validate_mappings.run,
    "post_to_netsuite": post_to_netsuite.run,
}


def work(step: str, context_file: str) -> int:
    """Run one step; 0 done, 3 waiting, 1 failed."""
    with open(context_file, "rb") as file:
        context = pickle.load(file)
    try:
        STEPS[step](context)
    except Waiting:
        return 3
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Fork a worker for each line until standard input ends; say how the last one ended."""
    for line in sys.stdin:
        command = json.loads(line)
        worker = os.fork()
        if worker == 0:
            code = 1
            try:
                code = work(command["step"], command["context"])
            finally:
                os._exit(code)
        print(worker, flush=True)
        _, status = os.waitpid(worker, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
