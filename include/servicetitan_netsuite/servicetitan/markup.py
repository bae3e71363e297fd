"""Texts that ServiceTitan keeps as HTML, as one plain line: no tag is left, nor can one form."""

from __future__ import annotations

import re
from html import unescape

from servicetitan_netsuite.servicetitan.shape import Misshapen, clean, one_line

TEXT_LENGTH = 4000
_READ_LENGTH = 100_000
# Every pattern stops at the next "<", so that hostile text costs no more than honest text.
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*", re.IGNORECASE)
_BREAK = re.compile(
    r"<(?:!--[^<>]*|/?(?:address|blockquote|br|dd|div|dt|h[1-6]|hr|li|ol|p|pre|table|td|th|tr|ul)"
    r"(?:[\s/][^<>]*)?)>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[/!?]?[A-Za-z-][^<>]*>")
_TAG_START = re.compile(r"<(?=[/!?]?[A-Za-z-])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def plain_text(value: object, field: str) -> str | None:
    """An HTML or plain text as one line of at most `TEXT_LENGTH` characters; None for nothing.

    Raises:
        Misshapen: neither text nor null.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise Misshapen(field, value, "text")
    seen = _BREAK.sub(" ", _UNSEEN.sub(" ", _kept(value[:_READ_LENGTH])))
    # Entities are resolved after the tags, and what they spell out is no tag either.
    spelled = _TAG.sub("", _kept(unescape(_TAG.sub("", seen))))
    return one_line(_TAG_START.sub("< ", spelled), TEXT_LENGTH) or None


def _kept(value: str) -> str:
    return _CONTROL.sub(" ", clean(value))
