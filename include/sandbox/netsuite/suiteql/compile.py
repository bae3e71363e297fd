"""From SuiteQL to SQLite: check what NetSuite checks, translate the rest.

Literal IN lists are lifted out before parsing, so that the queries of one client program,
which differ in their ids alone, are parsed once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError, ParseError, SqlglotError, TokenError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from sandbox.netsuite.errors import Refusal

MAX_IN = 1000
UNSUPPORTED = "Invalid or unsupported search"
_ITEM = r"(?:'(?:[^']|'')*'|-?\d+)"
_SCAN = re.compile(
    rf"('(?:[^']|'')*'|\"[^\"]*\")|\bIN\s*\(\s*({_ITEM}(?:\s*,\s*{_ITEM})*)\s*\)|(\?)",
    re.IGNORECASE,
)
_ITEMS = re.compile(_ITEM)
_LIST = re.compile(r"NS_LIST\((:l\d+)\)")
_TYPES = {"i": "BIGINT", "n": "DOUBLE", "t": "TEXT", "b": "TEXT", "d": "DATE", "s": "DATETIME"}
_DATES = (exp.DataType.Type.DATE, exp.DataType.Type.DATETIME, exp.DataType.Type.TIMESTAMP)
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A query with its IN lists and question marks named, and the lists' values."""

    text: str
    lists: dict[str, list[str]]
    marks: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQLite's text of a query, the keys of its columns, and which of them are dates."""

    sql: str
    names: tuple[str, ...]
    dates: tuple[bool, ...]


def refuse(detail: str) -> NoReturn:
    """SuiteQL's own no."""
    raise Refusal(
        400,
        "INVALID_PARAMETER",
        f"Invalid search query. Detailed unprocessed description follows. {detail}.",
        ("o:errorQueryParam", "q"),
    )


def lift(text: str) -> Lifted:
    """Name the IN lists and question marks of a query; raises Refusal on a list too long."""
    lists: dict[str, list[str]] = {}
    marks = 0

    def name(match: re.Match[str]) -> str:
        nonlocal marks
        if match[1] is not None:
            return match[0]
        if match[3] is not None:
            marks += 1
            return f":p{marks - 1}"
        items = _ITEMS.findall(match[2])
        if len(items) > MAX_IN:
            refuse(f"Search error occurred: IN clause has more than {MAX_IN} arguments")
        key = f"l{len(lists)}"
        lists[key] = [i[1:-1].replace("''", "'") if i[0] == "'" else i for i in items]
        return f"IN (NS_LIST(:{key}))"

    return Lifted(_SCAN.sub(name, text), lists, marks)


class Compiler:
    """Compiles queries against one account's tables; keeps what it compiled."""

    def __init__(self, columns: dict[str, dict[str, str]]) -> None:
        typed: dict[str, object] = {
            t: {c: _TYPES[k] for c, k in entry.items()} for t, entry in columns.items()
        }
        self._columns = columns
        self._schema = MappingSchema(typed, dialect="sqlite")
        self._cache: dict[str, Compiled] = {}

    def compile(self, text: str) -> Compiled:
        """The compiled form of a lifted query; raises Refusal."""
        found = self._cache.get(text)
        if found is None:
            if len(self._cache) > 500:
                self._cache.clear()
            found = self._cache[text] = self._compiled(text)
        return found

    def _compiled(self, text: str) -> Compiled:
        tree = _parsed(text)
        self._check_tables(tree)
        _rownum(tree)
        try:
            tree = qualify(tree, schema=self._schema, dialect="sqlite")
        except OptimizeError as error:
            _unknown(error, tree)
        except SqlglotError:
            refuse(f"Search error occurred: {UNSUPPORTED}")
        tree = annotate_types(tree, schema=self._schema, dialect="sqlite")
        assert isinstance(tree, exp.Query)
        _check_grouping(tree)
        dates = tuple(e.is_type(*_DATES) for e in tree.selects)
        names = tuple(_key(e.alias_or_name) for e in tree.selects)
        tree = tree.transform(_translated)
        sql = tree.sql("sqlite", unsupported_level=sqlglot.ErrorLevel.IGNORE)
        return Compiled(_LIST.sub(r"SELECT value FROM JSON_EACH(\1)", sql), names, dates)

    def _check_tables(self, tree: exp.Expr) -> None:
        for table in tree.find_all(exp.Table):
            if table.name not in self._columns:
                refuse(f"Search error occurred: Record '{table.name}' was not found")


def _key(name: str) -> str:
    number = name.removeprefix("_col_")
    return f"expr{int(number) + 1}" if number != name and number.isdigit() else name.lower()


def _parsed(text: str) -> exp.Expr:
    try:
        statements = sqlglot.parse(text, read="oracle")
    except (ParseError, TokenError):
        refuse(f"Search error occurred: {UNSUPPORTED}")
    tree = statements[0] if len(statements) == 1 else None
    if not isinstance(tree, exp.Query) or list(tree.find_all(exp.CTE)):
        refuse(f"Search error occurred: {UNSUPPORTED}")
    if any(not isinstance(limit, exp.Fetch) for limit in tree.find_all(exp.Limit, exp.Fetch)):
        refuse(f"Search error occurred: {UNSUPPORTED}")
    for node in list(tree.find_all(exp.Dot)):
        node.replace(_builtin(node))
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("this", identifier.name.lower())
        identifier.set("quoted", False)
    for entry in tree.find_all(exp.In):
        if len(entry.expressions) > MAX_IN:
            refuse(f"Search error occurred: IN clause has more than {MAX_IN} arguments")
    return tree


def _builtin(node: exp.Dot) -> exp.Expr:
    call = node.expression
    name = call.name.upper() if isinstance(call, exp.Anonymous) else ""
    if node.this.name.upper() != "BUILTIN" or name not in ("DF", "CF") or not call.expressions:
        refuse(f"Search error occurred: {UNSUPPORTED}")
    return exp.Anonymous(this=f"NS_{name}", expressions=[call.expressions[0].copy()])


def _rownum(tree: exp.Expr) -> None:
    """Turn `ROWNUM <= n` at the top of a WHERE into a limit."""
    for select in list(tree.find_all(exp.Select)):
        where = select.args.get("where")
        if where is None:
            continue
        for part in list(where.this.flatten() if isinstance(where.this, exp.And) else [where.this]):
            is_row = isinstance(part, exp.LTE | exp.LT) and part.this.name == "rownum"
            if not is_row or not part.expression.is_int:
                continue
            limit = int(part.expression.name) - isinstance(part, exp.LT)
            part.replace(exp.true())
            select.set("limit", exp.Limit(expression=exp.Literal.number(limit)))


def _unknown(error: OptimizeError, tree: exp.Expr) -> NoReturn:
    found = re.search(r"(?:Column '([^']+)'|Unknown column: (\w+))", str(error))
    tables = ", ".join(f"{t.alias_or_name}={t.name}" for t in tree.find_all(exp.Table))
    name = (found[1] or found[2]) if found else ""
    refuse(
        f"Search error occurred: Unknown identifier '{name}'. "
        f"Available identifiers are: {{{tables}}}"
    )


def _check_grouping(tree: exp.Expr) -> None:
    """Oracle wants every column outside an aggregate in GROUP BY; SQLite would not mind."""
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        grouped = {e.sql() for e in group.expressions} if group else set()
        bodies = [e.unalias() for e in select.expressions]
        aggregates = any(_own(body, exp.AggFunc) for body in bodies)
        if (group or aggregates) and any(_loose(body, grouped) for body in bodies):
            refuse(f"Search error occurred: {UNSUPPORTED}")


def _own(node: exp.Expr, kind: type[exp.Expr]) -> bool:
    if isinstance(node, exp.Query | exp.Window):
        return False
    return isinstance(node, kind) or any(_own(c, kind) for c in node.iter_expressions())


def _loose(node: exp.Expr, grouped: set[str]) -> bool:
    if node.sql() in grouped or isinstance(node, exp.AggFunc | exp.Query):
        return False
    if isinstance(node, exp.Column):
        return True
    return any(_loose(child, grouped) for child in node.iter_expressions())


def _call(name: str, *arguments: Any) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=[a for a in arguments if a is not None])


def _translated(node: exp.Expr) -> exp.Expr:
    """One node in SQLite's words."""
    if isinstance(node, exp.StrToDate | exp.StrToTime):
        return _call("NS_TO_DATE", node.this, _oracle_format(node))
    if isinstance(node, exp.ToChar):
        return _call("NS_TO_CHAR", node.this, node.args.get("format"))
    if isinstance(node, exp.DateTrunc | exp.TimestampTrunc | exp.Trunc):
        unit = node.args.get("unit")
        return _call("NS_TRUNC", node.this, exp.Literal.string(unit.name) if unit else None)
    if isinstance(node, exp.CurrentTimestamp | exp.CurrentDate):
        return _call("NS_SYSDATE")
    if isinstance(node, exp.Anonymous) and node.name.upper() in ("NS_DF", "NS_CF"):
        return _display(node)
    if isinstance(node, _COMPARED):
        _compare_dates(node)
    return node


def _oracle_format(node: exp.Expr) -> exp.Expr | None:
    pattern = node.args.get("format")
    if not isinstance(pattern, exp.Literal):
        return pattern if isinstance(pattern, exp.Expr) else None
    words = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH24", "%M": "MI", "%S": "SS"}
    text = pattern.name.replace("%-", "%")
    for token, word in words.items():
        text = text.replace(token, word)
    return exp.Literal.string(text)


def _display(node: exp.Anonymous) -> exp.Expr:
    column = node.expressions[0]
    if not isinstance(column, exp.Column):
        refuse(f"Search error occurred: {UNSUPPORTED}")
    is_status = column.name == "status"
    if node.name.upper() == "NS_DF" and not is_status:
        return _call("NS_DF", exp.Literal.string(column.name), column)
    if not is_status:
        return column
    kind = exp.column("type", table=column.table, quoted=True)
    whole = exp.DPipe(
        this=exp.DPipe(this=kind, expression=exp.Literal.string(":"), safe=True),
        expression=column,
        safe=True,
    )
    if node.name.upper() == "NS_DF":
        return _call("NS_DF", exp.Literal.string("status"), whole)
    return whole


def _compare_dates(node: exp.Expr) -> None:
    """A text compared with a date is read in the account's format, or refused when it runs."""
    sides = [node.args.get(key) for key in ("this", "expression", "low", "high")]
    if not any(side is not None and side.is_type(*_DATES) for side in sides):
        return
    for key in ("this", "expression", "low", "high"):
        side = node.args.get(key)
        if isinstance(side, exp.Placeholder) or (isinstance(side, exp.Literal) and side.is_string):
            node.set(key, _call("NS_TO_DATE", side))
