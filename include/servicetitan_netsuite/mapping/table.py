"""Mappings as CSV: exported for a spreadsheet, imported whole or not at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from servicetitan_netsuite.documents import MappingRow
from servicetitan_netsuite.errors import ConfigurationError
from servicetitan_netsuite.mapping.mappings import KINDS, OPENING
from servicetitan_netsuite.mapping.reference import SEGMENTS, Reference, Row, label

COLUMNS = (
    "kind",
    "source_key",
    "source_name",
    "target",
    "target_name",
    "department",
    "class",
    "location",
)
_FAULTS_TOLD = 50
_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_NAMED = ("term",)  # ServiceTitan tells no id of the term on an invoice
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What a spreadsheet takes for a formula, also in full width; apostrophes before it are our guard.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]")


def export_csv(rows: Iterable[MappingRow]) -> str:
    """`rows` as CSV text with a header line; no cell can run as a formula in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda row: (row.kind, row.source_key)):
        cells = (
            row.kind,
            row.source_key,
            row.source_name,
            row.target or "",
            row.target_name,
            row.department or "",
            row.class_ or "",
            row.location or "",
        )
        writer.writerow([_guarded(cell) for cell in cells])
    return out.getvalue()


def import_csv(text: str | bytes, reference: Reference) -> list[MappingRow]:
    """The mapping rows in `text`; a target is an internal id or, of an account, `#` and its number.

    An empty target means: not mapped (of a business unit without OneWorld: mapped).

    Raises:
        ConfigurationError: naming every fault with its line; then nothing may be imported.
    """
    table = _Table(reference)
    reader = csv.reader(io.StringIO(_decoded(text), newline=""), strict=True)
    places: dict[str, int] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            table.faults.append(f"line {line}: not well-formed CSV ({error})")
            break
        if not any(cell.strip() for cell in cells):
            continue
        if places is None:
            places = _places(cells)
        else:
            table.add(line, cells, places)
    if places is None and not table.faults:
        table.faults.append("the file is empty")
    if table.faults:
        raise refusal(table.faults)
    return list(table.rows.values())


class _Table:
    """Rows and faults gathered while a file is read."""

    def __init__(self, reference: Reference) -> None:
        self.rows: dict[tuple[str, str], MappingRow] = {}
        self.faults: list[str] = []
        self._lines: dict[tuple[str, str], int] = {}
        self._numbers: dict[str, list[Row]] = {}
        for row in reference.accounts:
            self._numbers.setdefault(str(row.get("number") or "").strip(), []).append(row)
        self._segments = {
            "department": _names(reference.departments),
            "class": _names(reference.classes),
            "location": _names(reference.locations),
        }
        self._names_by_kind = {
            "gl_account": ("account", _names(reference.accounts)),
            "account_role": ("account", _names(reference.accounts)),
            "business_unit": ("subsidiary", _names(reference.subsidiaries)),
            "inventory_location": ("location", _names(reference.locations)),
        }

    def add(self, line: int, cells: list[str], places: dict[str, int]) -> None:
        """Take in one row, or note all that is wrong with it."""
        if len(cells) != len(places):
            self.faults.append(f"line {line}: {len(cells)} cells instead of {len(places)}")
            return
        cell = {name: _unguarded(cells[place]) for name, place in places.items()}
        faults: list[str] = []
        kind, key = cell["kind"].strip(), cell["source_key"].strip()
        if kind not in KINDS:
            faults.append(f"unknown kind {_shown(kind)}, known are {', '.join(KINDS)}")
        if not _shape(kind).fullmatch(key):
            faults.append(
                f"source_key {_shown(key)} is not an id "
                "(has a spreadsheet shortened it? format the column as text)"
            )
        if any(_CONTROL.search(value) for value in cell.values()):
            faults.append("a cell holds control characters")
        target, name = self._target(kind, cell["target"].strip(), faults)
        segments = [self._segment(kind, s, cell[s].strip(), faults) for s in SEGMENTS]
        first = self._lines.setdefault((kind, key), line)
        if first != line:
            faults.append(f"{kind} {_shown(key)} stands on line {first} already")
        if faults:
            self.faults.extend(f"line {line}: {fault}" for fault in faults)
            return
        self.rows[kind, key] = MappingRow(
            kind, key, cell["source_name"], target, name or cell["target_name"], *segments
        )

    def _target(self, kind: str, value: str, faults: list[str]) -> tuple[str | None, str]:
        what, names = self._names_by_kind.get(kind, ("", {}))
        if not value:
            return None, ""
        if value.startswith("#") and what == "account":
            found = self._numbers.get(value[1:].strip(), [])
            if value[1:].strip() and len(found) == 1:
                return str(found[0]["id"]), label(found[0])
            count = "no account" if not found else f"{len(found)} accounts"
            faults.append(f"NetSuite has {count} of number {_shown(value[1:])}")
        elif what and value not in names:
            faults.append(f"NetSuite has no {what} of internal id {_shown(value)}")
        elif not value.isascii() or not value.isdigit():
            faults.append(f"target {_shown(value)} is not a NetSuite internal id")
        return value, names.get(value, "")

    def _segment(self, kind: str, segment: str, value: str, faults: list[str]) -> str | None:
        if not value:
            return None
        if kind != "business_unit":
            faults.append(f"{segment}: only business units have one")
        elif value not in self._segments[segment]:
            faults.append(f"NetSuite has no {segment} of internal id {_shown(value)}")
        return value


def _shape(kind: str) -> re.Pattern[str]:
    """What a ServiceTitan key of `kind` looks like: of an opening document it is a number."""
    if kind.startswith(OPENING):
        return _ID
    return _NAME if kind in _NAMED else _KEY


def _decoded(text: str | bytes) -> str:
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        decoded.encode("utf-8")
    except UnicodeError as error:
        raise refusal(["the file is not UTF-8 text; save it as CSV UTF-8"]) from error
    return decoded.removeprefix("\ufeff")


def _places(header: list[str]) -> dict[str, int]:
    names = [_unguarded(cell).strip().lower() for cell in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        hint = "; the file seems to use semicolons, use commas" if ";" in "".join(names) else ""
        raise refusal([f"line 1: missing column {', '.join(missing)}{hint}"])
    if len(set(names)) != len(names):
        raise refusal(["line 1: a column stands twice"])
    return {name: place for place, name in enumerate(names)}


def _names(rows: Iterable[Row]) -> dict[str, str]:
    return {str(row["id"]): label(row) for row in rows}


def refusal(faults: list[str]) -> ConfigurationError:
    """What is told when a file is not taken in, for any of `faults`."""
    told = faults[:_FAULTS_TOLD]
    more = [f"and {len(faults) - len(told)} more"] if len(faults) > len(told) else []
    return ConfigurationError(
        f"The mappings were not imported and nothing was changed: {'; '.join([*told, *more])}."
    )


def _shown(value: str) -> str:
    return repr(value[:60])


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
