from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicetitan_netsuite.servicetitan.markup import TEXT_LENGTH, plain_text
from servicetitan_netsuite.servicetitan.shape import Misshapen

PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "</",
            "<b>",
            "<br/>",
            "<p>",
            "</p>",
            "<!--",
            "-->",
            "<![",
            "<script>",
            "script",
        ),
        *("&lt;", "&gt;", "&amp;", "&#60;", "&#xD800;", " ", "\n", "\x00", "\ud800", '"', "a"),
    ]
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Replaced <b>cap</b>acitor.</p><p>Tested&nbsp;OK</p>", "Replaced capacitor. Tested OK"),
        ("Line 1<br>Line 2<BR />Line 3\r\n\r\nLine 4", "Line 1 Line 2 Line 3 Line 4"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("AT&amp;T &quot;north&quot;", 'AT&T "north"'),
        ("pressure < 5 psi & falling", "pressure < 5 psi & falling"),
        ("<style>p { color: red }</style>Done", "Done"),
        ("<script>alert(1)</script>Done", "Done"),
        ("&lt;b&gt;Done&lt;/b&gt; by 5 &lt; 6", "Done by 5 < 6"),
        ("<scr<b>ipt>x</script>y", "xy"),
        ("<\x00b>x", "x"),
        ('<a href="https://example.com" onclick="x()">here</a>', "here"),
        ("<p>  </p>", None),
        ("", None),
        (None, None),
    ],
)
def test_markup_becomes_one_plain_line(html: str | None, text: str | None) -> None:
    assert plain_text(html, "summary") == text


@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text()))
def test_no_text_leaves_a_tag_or_breaks_the_reader(html: str) -> None:
    text = plain_text(html, "summary")
    assert text is None or not re.search(r"<[/!?]?[A-Za-z]", text)
    assert text is None or text.encode() == text.encode("utf-8", "strict")


def test_a_long_text_is_cut() -> None:
    text = plain_text("word " * 5000, "summary")
    assert text is not None
    assert (len(text), text[-1]) == (TEXT_LENGTH, "…")


@pytest.mark.parametrize(
    "hostile", ["<a " * 50_000, "<!--" * 50_000, "<script>" * 30_000, "<p " * 9]
)
def test_hostile_text_takes_no_longer_than_honest_text(hostile: str) -> None:
    started = time.process_time()
    plain_text(hostile, "summary")
    assert time.process_time() - started < 1


def test_what_is_no_text_is_named() -> None:
    with pytest.raises(Misshapen, match="summary is 5"):
        plain_text(5, "summary")
