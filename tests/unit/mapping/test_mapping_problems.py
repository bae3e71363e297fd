"""One row per cause, whatever the number of documents and chunks."""

from __future__ import annotations

from mapping_books import Book, entry, line

from servicetitan_netsuite.documents import Cause
from servicetitan_netsuite.mapping.problems import SAMPLE, grouped, merged


def unmapped(n, account="777"):
    return entry([line(account, debit=f"{n + 1}"), line(credit=f"{n + 1}")], f"doc-{n:03}")


def test_a_missing_mapping_is_one_row_with_the_documents_it_holds_up():
    rows = grouped(Book().judge(*(unmapped(n) for n in range(50)), unmapped(99, "778")))
    assert [(row.cause, row.key, row.count) for row in rows] == [
        (Cause.ACCOUNT_NOT_MAPPED, "777", 50),
        (Cause.ACCOUNT_NOT_MAPPED, "778", 1),
    ]
    assert rows[0].documents == tuple(f"doc-{n:03}" for n in range(SAMPLE))
    assert "N777 Account" in rows[0].sentence
    assert rows[0].key_name == "N777 Account"


def test_chunks_merge_without_growing():
    rows = []
    for start in range(0, 300, 50):
        rows = merged(rows, grouped(Book().judge(*(unmapped(n) for n in range(start, start + 50)))))
    assert [(row.key, row.count, len(row.documents)) for row in rows] == [("777", 300, SAMPLE)]


def test_documents_with_sentences_of_their_own_share_a_general_one():
    chunk = [entry([line("100", debit=f"{n}.01"), line(credit=f"{n}")], f"doc-{n}") for n in (1, 2)]
    chunk.append(entry([line("100", debit="5")], "doc-3"))
    (row,) = grouped(Book().judge(*chunk))
    assert (row.cause, row.count, row.sentence) == (
        Cause.NOT_BALANCED,
        3,
        "Debits and credits differ.",
    )


def test_skipped_documents_are_no_problem():
    assert grouped(Book().judge(entry([]))) == []
