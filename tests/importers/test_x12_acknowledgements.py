"""The 997: each set accepted, accepted with errors or rejected, under numbers of our own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.importers.faults import BrokenFile
from app.importers.x12.receipts import judge_file
from app.importers.x12.write997 import write_997
from tests.importers.edi_files import HEAD, ONE_LINE, bill, codes, read, x12
from tools.make_811 import Marks

AT = datetime(2026, 10, 1, 7, 30, tzinfo=UTC)
GOOD = (*HEAD, *ONE_LINE, "TDS*2001")


def answer(content: bytes, number: int = 12) -> list[str]:
    """The segments of the 997 of `content`."""
    return write_997(judge_file(content, "bill.edi", ()), number, AT).replace("~\n", "~").split("~")[:-1]


def test_a_whole_file_is_accepted_with_sender_and_receiver_changed() -> None:
    assert answer(x12(GOOD)) == [
        "ISA*00*          *00*          *ZZ*MERIDIAN       *ZZ*PINERIDGE      *261001*0730*U*00401*000000012*0*P*:",
        "GS*FA*MERIDIAN*PINERIDGE*20261001*0730*1*X*004010",
        "ST*997*0001",
        "AK1*CI*42",
        "AK2*811*0001",
        "AK5*A",
        "AK9*A*1*1*1",
        "SE*6*0001",
        "GE*1*1",
        "IEA*1*000000012",
    ]


def test_the_answer_is_itself_a_whole_interchange() -> None:
    text = write_997(judge_file(x12(GOOD, GOOD), "bill.edi", ()), 12, AT)
    assert codes(read(text)) == ["acknowledgement"]
    assert len(text.split("~")[0]) + 1 == 106


def test_the_separators_are_those_of_the_carrier() -> None:
    text = write_997(judge_file(x12(GOOD, marks=Marks("|", ">", "^", "")), "bill.edi", ()), 12, AT)
    assert "AK9|A|1|1|1^" in text
    assert codes(read(text)) == ["acknowledgement"]


def test_a_set_with_a_bad_element_is_rejected_and_the_element_named() -> None:
    bad = bill("HL*1**8*0", "IT1*1*x*EA*5", "TDS*500")
    assert answer(bad)[4:10] == ["AK2*811*0001", "AK3*IT1*7**8", "AK4*2**6", "AK5*R*5", "AK9*R*1*1*0", "SE*8*0001"]


def test_a_set_with_a_fault_that_does_not_keep_it_out_is_accepted_with_errors() -> None:
    lines = ("HL*1**8*0", "IT1*1*1*EA*5", "DTM*150*20260930", "DTM*151*20260901", "TDS*500")
    found = answer(bill(*lines))
    assert "AK5*E*5" in found
    assert "AK9*E*1*1*1" in found


@pytest.mark.parametrize(("old", "new", "code"), [("SE*10*0001", "SE*9*0001", "4"), ("SE*10*0001", "SE*10*0002", "3")])
def test_a_set_whose_envelope_is_wrong_is_rejected_with_the_reason(old: str, new: str, code: str) -> None:
    content = x12(GOOD)
    assert content.count(old.encode()) == 1
    assert f"AK5*R*{code}" in answer(content.replace(old.encode(), new.encode()))


def test_one_bad_set_among_good_ones_makes_the_group_partly_accepted() -> None:
    bad = (*HEAD, "HL*1*9*8*0", "TDS*0")
    found = answer(x12(GOOD, bad, GOOD))
    assert [one for one in found if one.startswith(("AK5", "AK9"))] == ["AK5*A", "AK5*R*5", "AK5*A", "AK9*P*3*3*2"]


def test_a_group_with_a_wrong_count_is_rejected_as_a_whole() -> None:
    assert "AK9*R*2*1*0*5" in answer(x12(GOOD).replace(b"GE*1*42", b"GE*2*42"))


def test_a_set_that_we_do_not_take_is_rejected_as_unsupported(shared_data: Path) -> None:
    found = answer((shared_data / "edi" / "edi" / "staedi_invoice810_po850_dual.edi").read_bytes())
    assert [one for one in found if one.startswith(("AK1", "AK5", "AK9"))] == [
        *("AK1*IN*1", "AK5*A", "AK5*A", "AK9*A*2*2*2"),
        *("AK1*PO*165", "AK5*R*1", "AK9*R*1*1*0"),
    ]


def test_an_acknowledgement_is_never_acknowledged() -> None:
    content = x12(("AK1*CI*42", "AK9*A*1*1*1"), kind="997").replace(b"GS*CI", b"GS*FA")
    assert answer(content) == []


def test_two_interchanges_are_answered_by_two_with_numbers_of_their_own() -> None:
    second = x12(GOOD).replace(b"000000042", b"000000043").replace(b"*42*X", b"*43*X").replace(b"GE*1*42", b"GE*1*43")
    found = answer(x12(GOOD) + second)
    assert [one for one in found if one.startswith("IEA")] == ["IEA*1*000000012", "IEA*1*000000013"]


def test_what_cannot_be_taken_apart_is_not_answered() -> None:
    with pytest.raises(BrokenFile):
        answer(x12(GOOD)[:150])
