"""ISO 3166-1 country codes, which NetSuite's addresses want, for the ways people write them."""

from __future__ import annotations

import re

_NAMES = {
    "US": "usa unitedstates unitedstatesofamerica america",
    "CA": "can canada",
    "MX": "mex mexico méxico",
    "GB": "gbr uk unitedkingdom greatbritain england scotland wales",
    "AU": "aus australia",
    "NZ": "nzl newzealand",
    "IE": "irl ireland",
    "PR": "pri puertorico",
    "VI": "vir usvirginislands",
    "GU": "gum guam",
}
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split()}
# Every assigned code: its first letter, and the second letters that go with it.
_LETTERS = {
    "A": "DEFGILMOQRSTUWXZ",
    "B": "ABDEFGHIJLMNOQRSTVWYZ",
    "C": "ACDFGHIKLMNORUVWXYZ",
    "D": "EJKMOZ",
    "E": "CEGHRST",
    "F": "IJKMOR",
    "G": "ABDEFGHILMNPQRSTUWY",
    "H": "KMNRTU",
    "I": "DELMNOQRST",
    "J": "EMOP",
    "K": "EGHIMNPRWYZ",
    "L": "ABCIKRSTUVY",
    "M": "ACDEFGHKLMNOPQRSTUVWXYZ",
    "N": "ACEFGILOPRUZ",
    "O": "M",
    "P": "AEFGHKLMNRSTWY",
    "Q": "A",
    "R": "EOSUW",
    "S": "ABCDEGHIJKLMNORSTVXYZ",
    "T": "CDFGHJKLMNORTVWZ",
    "U": "AGMSYZ",
    "V": "ACEGINU",
    "W": "FS",
    "Y": "ET",
    "Z": "AMW",
}


def country_code(text: str) -> str | None:
    """The two-letter code for `text`, or None rather than a guess."""
    name = re.sub(r"[\s.,']", "", text)
    code = name.upper()
    if len(code) == 2 and code[1] in _LETTERS.get(code[0], ""):
        return code
    return _BY_NAME.get(name.lower())
