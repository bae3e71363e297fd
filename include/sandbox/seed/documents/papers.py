"""All documents of a tenant, to look one another up while they are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.seed.documents.doc import Body
from sandbox.seed.documents.rules import Rules, Unfit, Verdict

Key = tuple[str, int]


class Papers:
    """The documents by type and id; each is judged once, its parents before it."""

    def __init__(
        self, rules: Rules, judge: Callable[[Papers, Any], Verdict], shown: Iterable[Any]
    ) -> None:
        self.rules = rules
        self._judge = judge
        self._shown = {(one.type, int(one.body["id"])): one for one in shown}
        self._verdicts: dict[Key, Verdict] = {}

    @property
    def keys(self) -> list[Key]:
        """Type and id of every document."""
        return list(self._shown)

    def bodies(self, kind: str) -> Iterable[tuple[Body, str]]:
        """What is shown of every document of a type, and why nobody batches it."""
        return ((x.body, x.held) for (type_, _), x in self._shown.items() if type_ == kind)

    def body(self, kind: str, number: Any) -> Body | None:
        """What is shown of one document."""
        found = self._shown.get((kind, number))
        return None if found is None else found.body

    def verdict(self, kind: str, number: int) -> Verdict:
        """The verdict on one document."""
        key = (kind, number)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(self, self._shown[key])
        return self._verdicts[key]

    def parent(self, number: Any, *kinds: str) -> tuple[Key, Verdict]:
        """A document that must be in NetSuite first; raises Unfit where it will not be."""
        for kind in kinds:
            found = self._shown.get((kind, number))
            if found is None:
                continue
            name = found.body.get("referenceNumber") or found.body.get("number")
            if found.held.startswith("not_pending"):
                raise Unfit(f"parent_missing: {kind} {name} was never synced from here")
            verdict = self.verdict(kind, number)
            if not verdict.valid:
                raise Unfit(f"parent_blocked: {kind} {name}: {verdict.why}")
            return (kind, number), verdict
        raise Unfit(f"parent_missing: there is no {' or '.join(kinds)} {number}")
