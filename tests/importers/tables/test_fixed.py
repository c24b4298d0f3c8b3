"""Bills of fixed width: records by prefix, columns by place, implied decimals, the sign in the last digit, EBCDIC."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, Severity
from app.importers.tabular.definition import MappingFault
from app.importers.tabular.fixed import FixedColumn, cut_cell
from app.importers.tabular.importer import tabular_importers
from app.importers.verify import verify
from tests.importers.tables.table_files import documented_mappings, read_with, told

(MAPPING,) = [text for text in documented_mappings("bill-mappings.md") if '"fixed"' in text]
BILL = "".join(
    line.ljust(60) + "\n"
    for line in (
        "10HL-2026-04       A-77      20260401",
        "20HL/0042/A           MRCDedicated access     0000125000{",
        "20HL/0042/A           NRCInstallation         0000009950{",
        "20HL/0042/A           CRDGoodwill             0000001000}",
        "20                    TAXState tax            0000001234A",
        "90       40000135184A",
    )
)


def read(content: bytes, mapping: str = MAPPING) -> object:
    (importer,) = tabular_importers([mapping])
    return read_with(importer, "hl.dat", content)


def test_the_documented_layout_reads_header_charges_and_trailer() -> None:
    document = read(BILL.encode())
    assert document.issues == ()  # type: ignore[attr-defined]
    (bill,) = document.invoices  # type: ignore[attr-defined]
    assert (bill.number, bill.ban, bill.bill_date) == ("HL-2026-04", "A-77", date(2026, 4, 1))
    assert [(charge.charge_type, charge.amount, charge.source.row) for charge in bill.charges] == [
        (ChargeType.MRC, D("12500.00"), 2),
        (ChargeType.NRC, D("995.00"), 3),
        (ChargeType.CREDIT, D("-100.00"), 4),
        (ChargeType.TAX, D("123.41"), 5),
    ]
    assert bill.sources["total_due"] == Source(sheet="trailer", row=6)
    assert bill.total_due == D("13518.41")
    assert verify(bill) == ()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("20HL/0042/A           MRCDedicated access     000012", "line-cut-off"),
        ("20HL/0042/A           MRC\u6771\u4eac\u7dda access        0000125000{   ", "line-length-differs"),
        ("20HL/0042/A           MRCDedicated\u200b access     0000125000{   ", "line-length-differs"),
        ("20HL/0042/A           MRCDe\u0301die\u0301 access        0000125000{     ", "line-length-differs"),
        ("20HL/0042/A           MRCD\u00e9di\u00e9 access       0000125000{   ", "line-length-differs"),
    ],
)
def test_a_line_whose_figures_stand_elsewhere_than_in_the_others_is_no_number(line: str, code: str) -> None:
    lines = [one for one in BILL.splitlines() if not one.startswith("90")]  # no total tells that the bill does not foot
    content = "\n".join([lines[0], line, *lines[2:]]) + "\n"
    document = read(content.encode(), MAPPING.replace("total_due = ", "# "))
    assert document.refused  # type: ignore[attr-defined]
    assert (code, 2) in [(issue.code, issue.source.row) for issue in document.issues]  # type: ignore[attr-defined]


def test_lines_without_their_last_blanks_and_letters_of_one_width_are_read() -> None:
    stripped = "".join(f"{line.rstrip()}\n" for line in BILL.splitlines())
    assert read(stripped.encode()).issues == ()  # type: ignore[attr-defined]
    accents = BILL.replace("Dedicated access", "D\u00e9di\u00e9 acc\u00e8s     ")
    assert read(accents.encode()).issues == ()  # type: ignore[attr-defined]
    wide = stripped.replace("Dedicated access     ", "\u6771\u4eac access            ")
    of_many_lengths = wide.replace("0000009950{", "0000009950{  ")
    assert told(read(of_many_lengths.encode())) == [("letters-of-other-width", "", 2)]  # type: ignore[arg-type]


def test_the_same_bill_in_ebcdic_without_line_ends_reads_alike() -> None:
    mapping = MAPPING.replace("[fixed]", "[fixed]\nrecord_length = 60").replace(
        "[format]", '[format]\nencoding = "cp037"'
    )
    ebcdic = read(BILL.replace("\n", "").encode("cp037"), mapping)
    assert ebcdic.issues == ()  # type: ignore[attr-defined]
    plain = read(BILL.encode()).invoices[0]  # type: ignore[attr-defined]
    assert [charge.amount for charge in ebcdic.invoices[0].charges] == [  # type: ignore[attr-defined]
        charge.amount for charge in plain.charges
    ]
    assert ebcdic.invoices[0].number == plain.number  # type: ignore[attr-defined]


def test_a_record_of_no_known_kind_is_told_and_nothing_is_read() -> None:
    document = read((BILL + "30 what is this\n").encode())
    assert document.invoices == ()  # type: ignore[attr-defined]
    assert told(document) == [("unknown-record", "", 7)]  # type: ignore[arg-type]


def test_a_digit_that_is_none_is_told_with_its_row() -> None:
    document = read(BILL.replace("0000009950{", "00000x9950{").encode())
    assert told(document) == [("bad-value", "charges", 3)]  # type: ignore[arg-type]
    assert "digits with the sign in the last one are wanted" in document.issues[0].message  # type: ignore[attr-defined]


def test_a_last_record_that_is_cut_off_is_told() -> None:
    mapping = MAPPING.replace("[fixed]", "[fixed]\nrecord_length = 60")
    document = read(BILL.replace("\n", "").encode()[:-50] + b"9", mapping)
    assert [code for code, _sheet, _row in told(document)] == ["broken-records"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("printed", "sign", "value"),
    [
        ("0000012{", "overpunch", "1.20"),
        ("0000012}", "overpunch", "-1.20"),
        ("0000012C", "overpunch", "1.23"),
        ("0000012L", "overpunch", "-1.23"),
        ("00000123", "overpunch", "1.23"),
        ("123-", "trailing", "-1.23"),
        ("123+", "trailing", "1.23"),
        ("-123", "leading", "-1.23"),
        ("- 123", "leading", "-1.23"),
        ("0", "leading", "0"),
        ("0}", "overpunch", "0"),
    ],
)
def test_signs_and_implied_decimals(printed: str, sign: str, value: str) -> None:
    cell = cut_cell(printed, FixedColumn("Amount", 1, 12, 2, sign))
    assert cell == Decimal(value)
    assert str(cell) != "-0"


@given(st.integers(-(10**10), 10**10), st.integers(0, 6))
def test_what_is_punched_is_read_back(number: int, decimals: int) -> None:
    zones = "}JKLMNOPQR" if number < 0 else "{ABCDEFGHI"
    digits = str(abs(number))
    printed = digits[:-1] + zones[int(digits[-1])]
    assert cut_cell(printed.rjust(15), FixedColumn("x", 1, 15, decimals, "overpunch")) == Decimal(number).scaleb(
        -decimals
    )


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('media = "fixed"', 'media = "csv"', "fixed"),
        ("length = 11", "length = 0", "length"),
        ('prefix = "20"', 'prefix = "10"', "fixed.records"),
        ('sign = "overpunch"', 'sign = "zoned"', "sign"),
    ],
)
def test_a_faulty_layout_is_refused_with_its_key(before: str, after: str, key: str) -> None:
    assert before in MAPPING
    with pytest.raises(MappingFault) as caught:
        tabular_importers([MAPPING.replace(before, after, 1)])
    assert caught.value.key.endswith(key)


def counted(count: str, keys: str = 'counted = ["20"]') -> object:
    """The bill with a trailer that says how many records there are."""
    trailer = 'prefix = "90"'
    assert trailer in MAPPING
    mapping = MAPPING.replace(trailer, f'{trailer}\n  records = "Records"\n  {keys}')
    return read(BILL.replace("90       4", "90" + count.rjust(8)).encode(), mapping)


@pytest.mark.parametrize(("count", "keys"), [("4", 'counted = ["20"]'), ("00004", 'counted = ["20"]'), ("5", "")])
def test_a_trailer_that_counts_the_records_rightly_is_no_issue(count: str, keys: str) -> None:
    assert counted(count, keys).issues == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize("count", ["5", "3", "", "x", "-4"])
def test_a_trailer_that_counts_other_records_is_told(count: str) -> None:
    document = counted(count)
    assert len(document.invoices) == 1  # type: ignore[attr-defined]
    (issue,) = document.issues  # type: ignore[attr-defined]
    assert (issue.severity, issue.code) == (Severity.WARNING, "record-count-differs")
    assert issue.source == Source(sheet="trailer", row=6)
    assert "4 were found" in issue.message


@pytest.mark.parametrize(
    "keys", ['records = "Records"\n  counted = ["77"]', 'records = "Total"', 'records = "Nothing"', 'counted = ["20"]']
)
def test_a_count_of_records_that_is_not_known_is_refused(keys: str) -> None:
    with pytest.raises(MappingFault):
        read(BILL.encode(), MAPPING.replace('prefix = "90"', f'prefix = "90"\n  {keys}'))
