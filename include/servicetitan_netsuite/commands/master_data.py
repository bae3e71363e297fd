"""Vendors and accounts from NetSuite to ServiceTitan, here and now, without Airflow."""

from __future__ import annotations

import json

from servicetitan_netsuite.commands.base import Exit, complain, exit_for, say
from servicetitan_netsuite.commands.sync import (
    Patience,
    context_of,
    sentence_of,
    shown,
    status_exit,
)
from servicetitan_netsuite.steps import master_data, master_summary
from servicetitan_netsuite.steps.context import RunParams


def run(key: str, *, dry_run: bool, max_wait_s: float, as_json: bool, verbose: bool) -> int:
    """Take one tenant's vendors and accounts to ServiceTitan and show what was done."""
    context = context_of(key, RunParams(dry_run=dry_run))
    trouble: BaseException | None = None
    with shown(context, verbose=verbose) as (watched, tell):
        patience = Patience(max_wait_s)
        try:
            patience.work(lambda: master_data.run(watched), tell)
        except (Exception, KeyboardInterrupt) as error:  # the summary is told whatever happened
            trouble = error
        failed = (master_data.STEP,) if trouble else ()
        summary = patience.work(lambda: master_summary.run(watched, failed), tell)
    say(json.dumps(summary, indent=2, ensure_ascii=False) if as_json else summary["text"])
    if trouble is not None:
        complain(sentence_of(trouble))
        code = exit_for(trouble)
        return Exit.FAILED if code in (Exit.ERRORS, Exit.UNEXPECTED) else code
    return status_exit(summary)
