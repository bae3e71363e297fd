"""What a sample run's problems and its summary say."""

from __future__ import annotations

from typing import Any

TENANT = "1001"

NOT_MAPPED = {
    "cause": "account_not_mapped",
    "key": "6999",
    "key_name": "6999 Subcontract labor",
    "sentence": "Account 6999 Subcontract labor has no NetSuite account yet.",
    "advice": "Map account 6999 to an account in NetSuite; the next run posts these by itself.",
}
UNIT = {
    "cause": "business_unit_not_mapped",
    "key": "417",
    "key_name": "Plumbing Install",
    "sentence": "Business unit Plumbing Install has no subsidiary yet.",
    "advice": "Map business unit Plumbing Install to a subsidiary.",
}
PERIOD = {
    "cause": "period_closed",
    "key": "Feb 2026",
    "key_name": "Feb 2026",
    "sentence": "Posting period Feb 2026 is closed in NetSuite.",
    "advice": "Reopen the period, or change the entry's date in ServiceTitan.",
}
REFUSED = {
    "cause": "refused_by_netsuite",
    "key": "",
    "key_name": "",
    "sentence": "NetSuite said: Please enter a value for Department.",
    "advice": "Set the department on the business unit's mapping, then press Reset.",
}
CONFLICT = {
    "cause": "changed_in_netsuite",
    "key": "",
    "key_name": "",
    "sentence": "The journal in NetSuite was changed by hand after it was posted.",
    "advice": "Compare the two, then accept NetSuite's record or update it.",
}
UNKNOWN = {
    "cause": "outcome_unknown",
    "key": "",
    "key_name": "",
    "sentence": "NetSuite did not answer in time; whether the entry landed is looked up.",
    "advice": "Nothing to do: the next run looks it up before sending anything again.",
}
ZERO = {
    "cause": "zero_amount",
    "key": "",
    "key_name": "",
    "sentence": "Every line is zero: there is nothing to post.",
    "advice": "Nothing to do.",
}
HELD = {
    "cause": None,
    "key": "",
    "key_name": "",
    "sentence": "Already posted at this version.",
    "advice": None,
}


def _told(problem: dict[str, Any], documents: int, amount: str) -> dict[str, Any]:
    example = f"ALB-{38700 + 7 * documents}"
    return {**problem, "documents": documents, "amount": amount, "examples": [example]}


def _pair(count: int, amount: str) -> dict[str, Any]:
    return {"count": count, "amount": amount}


def sample_summary(*, dry: bool) -> dict[str, Any]:
    """What the summarize step leaves behind."""
    rows = [
        _tie("6010", "6010 Job materials", "318412.77", "0.00"),
        _tie("6020", "6020 Field wages", "21877.10", "0.00"),
        _tie("1250", "1250 Undeposited clearing", "0.00", "340289.87"),
    ]
    problems = [
        _told(NOT_MAPPED, 11, "24180.12"),
        _told(UNIT, 5, "9214.50"),
        _told(PERIOD, 3, "6120.00"),
        _told(REFUSED, 2, "3410.42"),
        _told(UNKNOWN, 1, "812.00"),
        _told(CONFLICT, 1, "1290.45"),
    ]
    would = {
        "customers": ["Brandt, Alice (ALB)", "Ørsted Cooling ApS (ALB)"],
        "mappings": [
            {
                "kind": "gl_account",
                "source_key": "31",
                "source_name": "4010 Service revenue",
                "target": "54",
                "target_name": "4010 Service revenue",
            }
        ],
    }
    return {
        "tenant": {"short_name": "ALB", "name": "Albany Heating & Air", "tenant_id": TENANT},
        "status": "dry_run" if dry else "completed_with_errors",
        "problems": problems[:1] if dry else problems,
        "would_create": would if dry else {"customers": [], "mappings": []},
        "filled_mappings": [] if dry else [would["mappings"][0]],
        "roll_forward": {
            "opening": _pair(18, "31870.11"),
            "new": _pair(148, "352601.40"),
            "posted": _pair(134, "340289.87"),
            "withdrawn": _pair(1, "1204.00"),
            "skipped": _pair(3, "0.00"),
            "closing": _pair(28, "42977.64"),
            "oldest_days": 6,
        },
        "tie_out": {
            "checked": not dry,
            "reason": "A dry run posts nothing, so there is nothing to compare." if dry else "",
            "difference": "0.00",
            "controls": [] if dry else [_control("Accounts receivable", "21689.40")],
            "rows": [_unsent(row) for row in rows] if dry else rows,
        },
        "cost_not_posted": _pair(12, "1234.50"),
        "text": "",
    }


def _control(name: str, amount: str) -> dict[str, Any]:
    return {"control": name, "expected": amount, "netsuite": amount, "difference": "0.00"}


def _unsent(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a dry run, which has nothing to compare with."""
    return {**row, "netsuite_debit": None, "netsuite_credit": None, "difference": None}


def _tie(account: str, name: str, debit: str, credit: str) -> dict[str, Any]:
    return {
        "period": "Oct 2026",
        "subsidiary": "Albany Heating & Air LLC",
        "account": account,
        "account_name": name,
        "expected_debit": debit,
        "expected_credit": credit,
        "netsuite_debit": debit,
        "netsuite_credit": credit,
        "difference": "0.00",
    }
