"""Whatever is in the file, it gets a verdict: never an exception, always the same one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.parsed import ParsedDocument
from app.domain.vocabulary import Severity
from app.importers.faults import DocumentFault
from app.importers.registry import DocumentHead
from app.importers.x12.importer import x12_importers
from tests.importers.edi_files import codes, issue, read
from tools.make_811 import Marks, envelop, make

ISA = make(1, 0, 0, 0).text()[:106].encode()
BODY = make(11, 2, 3, 2).body()
VERDICTS = {
    "edi_00_good.edi": "",
    "edi_01_truncated.edi": "broken",
    "edi_02_short_isa.edi": "broken",
    "edi_03_same_separators.edi": "broken",
    "edi_04_seg_count_lie.edi": "edi-count",
    "edi_05_total_mismatch.edi": "",
    "edi_06_hl_cycle.edi": "hl-cycle",
    "edi_07_hl_depth_200k.edi": "hl-too-deep",
    "edi_08_no_terminator_20MB.edi": "broken",
    "edi_09_dup_control_no.edi": "edi-repeated",
    "edi_10_bin_length_lie.edi": "broken",
}


@pytest.fixture(scope="module")
def hostile(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile files of the sample data's own generator."""
    folder = tmp_path_factory.mktemp("hostile")
    script = shared_data.parent / "tools" / "hostile" / "gen_tab.py"
    if not script.is_file():
        pytest.skip("the generator of hostile files (shared/tools) is absent")
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize(("name", "code"), VERDICTS.items(), ids=list(VERDICTS))
def test_every_hostile_file_has_its_verdict(hostile: Path, name: str, code: str) -> None:
    document = read((hostile / name).read_bytes(), name)
    errors = [one.code for one in document.issues if one.severity is Severity.ERROR]
    assert (code in errors) if code else errors == []
    assert (document.invoices == ()) is bool(code)


def test_the_total_that_the_lines_do_not_make_is_told(hostile: Path) -> None:
    document = read((hostile / "edi_05_total_mismatch.edi").read_bytes())
    assert "990.00" in issue(document, "does-not-foot").message


def judge(content: bytes) -> ParsedDocument | str:
    """What the importer says, a fault as its code."""
    (importer,) = x12_importers(())
    try:
        return importer.read(content, DocumentHead("a.edi", len(content), "x12"))
    except DocumentFault as fault:
        return fault.code


@settings(max_examples=100)
@given(st.binary(max_size=300).map(lambda tail: ISA + tail) | st.binary(max_size=200))
@example(ISA + b"~" * 50)
@example(ISA + b"GS~ST*811~HL~IT1~SE~GE~IEA~")
@example(b"ISA" + b"\xff" * 200)
def test_any_bytes_get_a_verdict(content: bytes) -> None:
    assert judge(content) == judge(content)


TAGS = """BIG CUR REF N1 NM1 HL LX SI PID DTM ITD IT1 SLN TCD USD ITA TXI AMT BAL TDS CTT SAC MSG ISA GS ST SE GE IEA"""
tags = st.sampled_from(TAGS.split())
element = st.sampled_from(
    ["", "1", "0", "-1", "A", "I", "8", "9", "CI", "CN", "20260930", "1.5", "-.", "TN", "811", "é", "1:2"]
)
segments = st.lists(st.tuples(tags, st.lists(element | st.text(max_size=4), max_size=16)), max_size=25)


@settings(max_examples=100)
@given(segments)
def test_any_segments_get_a_verdict(made: list[tuple[str, list[str]]]) -> None:
    body = [[tag, *parts] for tag, parts in made]
    content = envelop([[["BIG", "20260930", "X"], *body]], Marks()).encode("utf-8", errors="replace")
    document = judge(content)
    assert isinstance(document, str) or document.invoices or document.refused


@settings(max_examples=60)
@given(st.permutations(BODY))
def test_shuffled_segments_get_a_verdict(body: list[list[str]]) -> None:
    document = judge(envelop([body], Marks()).encode())
    assert isinstance(document, ParsedDocument)
    assert document.invoices or document.refused


@settings(max_examples=80)
@given(st.data())
def test_one_changed_byte_gets_a_verdict(data: st.DataObject) -> None:
    content = bytearray(envelop([BODY], Marks()).encode())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    assert judge(bytes(content)) == judge(bytes(content))


def test_a_flood_of_faults_is_told_in_bounds() -> None:
    lines = [["IT1", "1", "x", "EA", "y"]] * 3_000
    document = read(envelop([[["BIG", "20260930", "X"], ["HL", "1", "", "8"], *lines]], Marks()))
    assert len(document.issues) < 250
    assert codes(document).count("bad-number") == 100
    assert "more-issues" in codes(document)


def test_a_flood_of_unknown_segments_is_told_in_bounds() -> None:
    lines = [[f"Z{n}"] for n in range(3_000)]
    document = read(envelop([[["BIG", "20260930", "X"], *lines]], Marks()))
    assert len(document.issues) < 100
