"""What a person decides about documents that stand still."""

from __future__ import annotations

from collections.abc import Sequence

from servicetitan_netsuite.commands.base import Exit, books, person, say, say_json
from servicetitan_netsuite.ledger import actions
from servicetitan_netsuite.steps import resolve as decisions
from servicetitan_netsuite.steps.resolve import Decision


def reset(key: str, names: Sequence[str], *, as_json: bool) -> int:
    """Put the named documents, or all rejected and conflicting ones, back in the queue."""
    who = person()
    with books(key) as own:
        moved = actions.reset(own.ledger, own.tenant_id, list(names), who)
    if as_json:
        say_json({"reset": moved})
    elif moved:
        say(f"Back in the queue: {', '.join(moved)}. The next run takes them up.")
    else:
        say("Nothing is rejected or in conflict.")
    return Exit.FINE


def resolve(key: str, name: str, decision: Decision, reason: str, *, as_json: bool) -> int:
    """Settle one conflict as a person decided, after a look at what NetSuite holds now."""
    who = person()
    with books(key) as own:
        sentence = decisions.resolve(
            own.ledger, own.tenant, own.netsuite, name, decision, who, reason
        )
    if as_json:
        say_json({"document": name, "decision": decision.value, "result": sentence})
    else:
        say(sentence)
    return Exit.FINE
