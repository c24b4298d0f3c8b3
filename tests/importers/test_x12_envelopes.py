"""Separators, envelopes, limits: an interchange is whole, or what is wrong with it is named."""

from __future__ import annotations

import pytest

from app.domain.source import Source
from app.domain.vocabulary import Severity
from app.importers.identify import look
from tests.importers.edi_files import HEAD, ONE_LINE, bill, codes, issue, only, read, x12
from tools.make_811 import Marks, make

GOOD = x12((*HEAD, *ONE_LINE, "TDS*2001", "CTT*1"))


def change(old: str, new: str, content: bytes = GOOD) -> bytes:
    """`content` with `old` replaced, which has to be there once."""
    assert content.count(old.encode()) == 1, old
    return content.replace(old.encode(), new.encode())


def test_a_whole_interchange_has_no_faults() -> None:
    document = read(GOOD)
    assert only(document).number == "PRT-7"
    assert [one.code for one in document.issues if one.code.startswith("edi-")] == []


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("SE*11*0001", "SE*12*0001", "edi-count", "segment 13, SE*01"),
        ("SE*11*0001", "SE*11*0002", "edi-control-number", "segment 13, SE*02"),
        ("GE*1*42", "GE*2*42", "edi-count", "segment 14, GE*01"),
        ("GE*1*42", "GE*1*43", "edi-control-number", "segment 14, GE*02"),
        ("IEA*1*000000042", "IEA*2*000000042", "edi-count", "segment 15, IEA*01"),
        ("IEA*1*000000042", "IEA*1*000000043", "edi-control-number", "segment 15, IEA*02"),
        ("SE*11*0001~\n", "", "edi-envelope", "segment 13, GE"),
        ("ST*811*0001~\n", "", "edi-envelope", "segment 3, BIG"),
    ],
)
def test_envelopes_that_disagree_keep_the_bill_out_and_name_the_segment(
    old: str, new: str, code: str, place: str
) -> None:
    document = read(change(old, new))
    found = next(one for one in document.issues if one.code == code)
    assert (found.severity, found.source) == (Severity.ERROR, Source(path=place))
    assert document.refused
    assert document.invoices == ()


def test_leading_zeros_of_control_numbers_do_not_matter() -> None:
    assert not read(change("IEA*1*000000042", "IEA*1*42")).refused


@pytest.mark.parametrize(
    ("twice", "told"),
    [(GOOD + GOOD, 3), (x12((*HEAD, *ONE_LINE), (*HEAD, *ONE_LINE)).replace(b"*0002", b"*0001"), 1)],
    ids=["interchange", "set"],
)
def test_a_control_number_that_stands_twice_is_told(twice: bytes, told: int) -> None:
    document = read(twice)
    assert codes(document).count("edi-repeated") == told
    assert document.refused


def test_a_second_interchange_may_have_other_separators() -> None:
    other = make(3, 1, 1, 1).text(Marks("|", ">", "^", "\r\n")).replace("000000042", "000000043")
    document = read(GOOD + b"\r\n\r\n" + other.replace("|42|X|", "|43|X|").replace("GE|1|42", "GE|1|43").encode())
    assert [one.number for one in document.invoices] == ["PRT-7", "PRT-2026-09"]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (GOOD[:200], "breaks off within the segment"),
        (GOOD[: GOOD.index(b"GE*1")], "before the end of its interchange"),
        (b"ISA*00*~", "fewer than sixteen elements"),
        (GOOD.replace(b"*:~", b"***", 1), "one character as two different separators"),
        (GOOD.replace(b"*:~", b"*:A", 1), "'A' as a separator"),
        (GOOD.replace(b"ACCESS", b"ACC\x00SS"), "zero byte"),
        (GOOD.replace(b"ACCESS", b"ACC\xe9SS"), "0xe9, which is not text in UTF-8"),
        (change("PID*F****ACCESS", "BIN*9999*AA"), "binary data"),
        (GOOD + b"MORE", "an ISA segment should stand"),
        (GOOD.replace(b"GS*CI", GOOD[:106].strip() + b"GS*CI"), "a second ISA"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused_with_the_reason(broken: bytes, why: str) -> None:
    document = read(broken)
    assert codes(document) == ["broken"]
    assert why in document.issues[0].message


@pytest.mark.parametrize("flood", ["A" * 20_000, "*".join("A" * 200)], ids=["long", "many elements"])
def test_a_segment_beyond_the_limits_is_refused(flood: str) -> None:
    assert codes(read(change("ACCESS", flood))) == ["too-large"]


def test_a_file_without_terminators_is_refused_at_once() -> None:
    assert codes(read(GOOD[:106] + b"A*" * 1_000_000)) == ["too-large"]


@pytest.mark.parametrize(
    "written",
    [
        b"\xef\xbb\xbf" + GOOD,
        b"\r\n  " + GOOD,
        GOOD.replace(b"~\n", b"~"),
        GOOD.replace(b"~\n", b"~\r\n\t  "),
        GOOD.replace(b"~\n", b"\n").replace(b":~", b":\n"),
        GOOD.replace(b"~\n", b"\x15"),
        b"".join(GOOD.replace(b"~\n", b"~")[at : at + 80] + b"\r\n" for at in range(0, len(GOOD), 80)),
        GOOD.replace(b" " * 10, b" ")
        .replace(b"PINERIDGE      ", b"PINERIDGE")
        .replace(b"MERIDIAN       ", b"MERIDIAN"),
    ],
    ids=["mark", "blanks", "one line", "indented", "lines", "control", "80 columns", "lost blanks"],
)
def test_however_it_was_carried_the_bill_is_the_same(written: bytes) -> None:
    expected, found = only(read(GOOD)), only(read(written))
    assert [one.amount for one in found.charges] == [one.amount for one in expected.charges]
    assert (found.number, found.total_due) == (expected.number, expected.total_due)


def test_an_isa_without_its_blanks_is_told() -> None:
    short = GOOD.replace(b" " * 10, b" ")
    assert issue(read(short), "edi-short-isa").severity is Severity.INFO
    assert "edi-short-isa" not in codes(read(GOOD))


def test_the_head_names_the_kinds_of_sets() -> None:
    head = look("a.edi", GOOD.replace(b"GE*1", b"ST*850*0002~SE*2*0002~GE*1"))
    assert (head.media, head.text) == ("x12", "811 850")


def test_a_table_whose_first_column_is_called_isa_is_no_interchange() -> None:
    assert look("a.csv", b"ISA,Name,Amount\n1,x,2.00\n").media == "csv"


@pytest.mark.parametrize(
    ("kind", "words"), [("214", "a shipment status (214)"), ("850", "a purchase order (850)"), ("777", "a set 777")]
)
def test_another_set_is_refused_by_its_name(kind: str, words: str) -> None:
    found = issue(read(x12(("B10*1",), kind=kind)), "not-a-bill")
    assert words in found.message


@pytest.mark.parametrize("kind", ["997", "999"])
def test_an_acknowledgement_is_refused_politely(kind: str) -> None:
    document = read(x12(("AK1*CI*42", "AK9*A*1*1*1"), kind=kind))
    assert codes(document) == ["acknowledgement"]
    assert document.issues[0].severity is Severity.ERROR


def test_a_bill_beside_another_set_is_taken_and_the_other_told() -> None:
    both = GOOD.replace(b"GE*1*42", b"ST*850*0002~BEG*00~SE*3*0002~GE*2*42")
    document = read(both)
    assert only(document).number == "PRT-7"
    assert "a purchase order (850)" in issue(document, "other-set").message


def test_a_wrong_count_in_another_set_does_not_keep_the_bill_out() -> None:
    document = read(GOOD.replace(b"GE*1*42", b"ST*850*0002~BEG*00~SE*9*0002~GE*2*42"))
    assert issue(document, "edi-count").severity is Severity.WARNING
    assert not document.refused


def test_numbers_and_dates_are_never_guessed() -> None:
    for wrong in ("1e3", "1,000", "NaN", "1_0", "١٢", "1.2.3", "12345678901234"):
        document = read(bill("HL*1**8*0", f"IT1*1*1*EA*{wrong}"))
        assert issue(document, "bad-number").source.path == "segment 9, IT1*04", wrong
    assert issue(read(bill(*ONE_LINE, "TDS*20.01")), "bad-number").source.path == "segment 11, TDS*01"
    wrong_date = read(bill(*ONE_LINE, head=("BIG*20260931*X", *HEAD[1:])))
    assert issue(wrong_date, "bad-date").source.path == "segment 4, BIG*01"
