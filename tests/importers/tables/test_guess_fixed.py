"""Texts of fixed width before they have a mapping: borders where all lines have a blank, and what claims the next."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importers.tabular.cells import CellFault, tidy
from app.importers.tabular.definition import TomlTable
from app.importers.tabular.fixed import read_fixed, read_fixed_layout
from app.importers.tabular.fixed_borders import borders_of, move_borders, name_columns
from app.importers.tabular.guess import guess
from app.importers.tabular.guess_fixed import find_record_length, guess_fixed
from app.importers.tabular.importer import tabular_importers
from app.importers.tabular.preview import preview
from app.services.mapping_toml import write_toml
from tests.importers.tables.table_files import head_of, read_with

BILL = """\
QUIET HILL TELEPHONE
Invoice number: Q-1
Invoice date: 2026-08-31

Circuit      Description       Kind            Net USD
------------ ----------------- ---------- ------------
QH/0001/A    Wavelength        Rental         1,200.00
QH/0002/A    Sales tax         Tax               12.34
Total                                         1,212.34
"""
RECORDS = "Q-1 20260831 QH/0001/A 120000\nQ-1 20260831 QH/0002/A   1234\n"


def mapping_of(text: str, name: str = "bill.txt", **more: Any) -> str:
    draft = guess(name, text.encode(), {})["mapping"]
    return write_toml(draft | {"name": "q", "carrier": "Quiet Hill", "currency": "USD"} | more)


def test_columns_names_labels_and_the_sum_are_found_and_the_bill_foots() -> None:
    draft = guess("bill.txt", BILL.encode(), {})
    assert name_columns(draft["mapping"]["fixed"]) == ["Circuit", "Description", "Kind", "Net USD"]
    assert borders_of(draft["mapping"]["fixed"]) == [13, 31, 42]
    assert draft["mapping"]["invoice"] == {
        "current_charges": {"column": "Net USD", "sheet": "totals"},
        "number": {"label": "Invoice number", "sheet": "above"},
        "bill_date": {"label": "Invoice date", "sheet": "above"},
    }
    (importer,) = tabular_importers([mapping_of(BILL)])
    document = read_with(importer, "bill.txt", BILL)
    assert document.issues == ()
    (bill,) = document.invoices
    assert [str(charge.amount) for charge in bill.charges] == ["1200.00", "12.34"]
    assert str(bill.current_charges) == "1212.34"


def test_a_charge_whose_name_begins_as_a_sum_does_is_no_sum() -> None:
    pack = "Total Access      Rental           500.00"
    text = BILL.replace("QH/0002/A    Sales", f"{pack.rjust(54)}\nQH/0002/A    Sales").replace("1,212.34", "1,712.34")
    named = text.replace("Circuit      Description      ", "Description  Circuit          ").replace(
        " " * 13 + "Total Access     ", "Total Access QH/0003/A        "
    )
    (importer,) = tabular_importers([mapping_of(named)])
    (bill,) = read_with(importer, "bill.txt", named).invoices
    assert [str(charge.amount) for charge in bill.charges] == ["1200.00", "500.00", "12.34"]
    assert str(bill.current_charges) == "1712.34"


def test_a_header_that_has_moved_is_not_claimed_and_is_told_as_near() -> None:
    (importer,) = tabular_importers([mapping_of(BILL)])
    assert importer.claims(head_of("next.txt", BILL.replace("Q-1", "Q-2").encode()))
    moved = BILL.replace("Description       Kind", "Description         Kind")
    assert not importer.claims(head_of("next.txt", moved.encode()))


def test_a_mapping_for_one_account_wants_the_header_and_the_account() -> None:
    text = BILL.replace("Invoice date", "Account number: C-9\nInvoice date")
    claims = guess("bill.txt", text.encode(), {})["mapping"]["claims"]
    (importer,) = tabular_importers([mapping_of(text, claims=claims | {"text": [claims["text"], "C-9"]})])
    assert importer.claims(head_of("next.txt", text.encode()))
    assert not importer.claims(head_of("next.txt", text.replace("C-9", "C-8").encode()))
    assert not importer.claims(head_of("next.txt", text.replace("Net USD", "Net EUR").encode()))


def test_without_names_the_next_file_is_known_by_its_name_its_length_and_its_figures() -> None:
    draft = guess("bill_202608.dat", RECORDS.encode(), {})["mapping"]
    assert draft["claims"] == {
        "media": "fixed",
        "file": "bill_*.dat",
        "length": 29,
        "digits": ["Column 2", "Column 4"],
    }
    draft |= {"name": "q", "carrier": "Quiet Hill", "currency": "USD", "format": {"date": "YYYYMMDD"}}
    draft["invoice"] = {"number": "Column 1", "bill_date": "Column 2"}
    draft["charges"] = {"columns": {"amount": "Column 4", "circuit_id": "Column 3"}}
    (importer,) = tabular_importers([write_toml(draft)])
    assert importer.claims(head_of("bill_202609.dat", RECORDS.encode()))
    assert not importer.claims(head_of("calls_202609.dat", RECORDS.encode()))
    assert not importer.claims(head_of("bill_202609.dat", RECORDS.replace(" 1234", "1234").encode()))
    assert not importer.claims(head_of("bill_202609.dat", RECORDS.replace(" 1234", " 12x4").encode()))


def test_a_title_that_begins_like_the_sum_is_a_charge_all_the_same() -> None:
    text = BILL.replace("Total   ", "QH/0003/A    Line              Rental             1.00\nTotal   ").replace(
        "QH/0003/A ", "Total care"
    )
    (importer,) = tabular_importers([mapping_of(BILL)])
    (bill,) = read_with(importer, "bill.txt", text).invoices
    assert [charge.circuit_id for charge in bill.charges] == ["QH/0001/A", "QH/0002/A", "Total care"]


def with_subtotals(*circuits: str) -> str:
    """A bill with a subtotal below the charges of each circuit, and one total."""
    head, _, _ = BILL.partition("QH/0001/A")
    lines = [
        f"{name:<13}Wavelength        Rental         1,200.00\nSubtotal {name:<33}    1,200.00\n" for name in circuits
    ]
    return f"{head}{''.join(lines)}Total current charges{f'{1200 * len(circuits):,}.00':>33}\n"


def test_a_subtotal_of_another_circuit_is_no_charge_in_the_next_bill() -> None:
    (importer,) = tabular_importers([mapping_of(with_subtotals("QH/0001/A", "QH/0002/A"))])
    following = read_with(importer, "next.txt", with_subtotals("QH/0001/A", "QH/0003/B", "QH/0004/C"))
    assert following.issues == ()
    (bill,) = following.invoices
    assert [charge.circuit_id for charge in bill.charges] == ["QH/0001/A", "QH/0003/B", "QH/0004/C"]
    assert str(bill.current_charges) == "3600.00"


@pytest.mark.parametrize("word", ["Subtotal {}", "Sub-total for {}", "Zwischensumme {}", "Total for circuit {}"])
def test_of_what_a_sum_is_made_up_is_no_part_of_how_its_line_begins(word: str) -> None:
    texts = [
        re.sub("^Subtotal (\\S+) *(?=    )", lambda found: f"{word.format(found[1]):<42}", text, flags=re.MULTILINE)
        for text in (with_subtotals("QH/0001/A", "QH/0002/A"), with_subtotals("QH/0003/B", "QH/0004/C"))
    ]
    assert word.format("QH/0003/B") in texts[1]
    (importer,) = tabular_importers([mapping_of(texts[0])])
    (bill,) = read_with(importer, "next.txt", texts[1]).invoices
    assert [charge.circuit_id for charge in bill.charges] == ["QH/0003/B", "QH/0004/C"]


def test_the_total_below_subtotals_is_compared() -> None:
    text = with_subtotals("QH/0001/A", "QH/0002/A")
    draft = guess("bill.txt", text.encode(), {})["mapping"]
    assert draft["invoice"]["current_charges"] == {"column": "Net USD", "sheet": "totals"}
    (importer,) = tabular_importers([mapping_of(text)])
    (bill,) = read_with(importer, "bill.txt", text.replace("2,400.00", "2,500.00")).invoices
    assert (str(bill.current_charges), sum(charge.amount for charge in bill.charges)) == ("2500.00", 2400)


def test_records_without_line_ends_tell_their_length() -> None:
    record = "HL0042  20260401 0000012500"
    body = "".join(record.replace("0042", f"{number:04}") for number in range(20))
    assert find_record_length(body) == len(record)
    assert find_record_length(BILL) == 0
    shown = preview("a.dat", body.encode(), {"delimiter": "fixed"})
    assert (shown["fixed"]["record_length"], len(shown["rows"])) == (len(record), 21)


def test_a_border_that_is_moved_keeps_what_was_said_of_the_column() -> None:
    found = guess_fixed(RECORDS)
    assert found is not None
    columns = found["records"][0]["columns"]
    columns[3] |= {"decimals": 2, "name": "Net"}
    moved = move_borders(found, "", [3, 13, 22], RECORDS.splitlines())
    assert moved["records"][0]["columns"][3] == {"name": "Net", "start": 23, "length": 1000, "decimals": 2}
    assert moved["parted"] is True
    assert "parted" not in move_borders(found, "", [3, 6, 22], RECORDS.splitlines()), "no blank stands at 6"


@pytest.mark.parametrize("text", ["", "x", "a,b\n1,2\n", "one two three", "\n\n\n", "-----\n-----\n"])
def test_what_is_no_table_of_fixed_width_is_none(text: str) -> None:
    assert guess_fixed(text) is None or len(borders_of(guess_fixed(text) or {})) > 0


CELLS = st.text("abcXYZ0123456789.,-/ ", min_size=1, max_size=9).map(lambda text: " ".join(text.split()) or "x")


@settings(max_examples=150, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2, max_size=12)
    ),
    st.lists(st.integers(4, 12), min_size=5, max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_a_guess_never_reads_a_part_of_a_value(rows: list[list[str]], widths: list[int], right: list[bool]) -> None:
    """Half of the rows are seen when the borders are guessed; in all rows a cell is words as printed, or a fault."""

    def line(cells: list[str]) -> str:
        padded = [
            cell.rjust(width) if aligned else cell.ljust(width)
            for cell, width, aligned in zip(cells, widths, right, strict=False)
        ]
        return " ".join(padded)

    seen = "\n".join(line(row) for row in rows[: len(rows) // 2 + 1])
    fixed = guess_fixed(seen)
    if fixed is None or not fixed.get("parted"):
        return
    layout = read_fixed_layout(TomlTable({"fixed": fixed}, "q"))
    assert layout is not None
    for row in rows:
        text = line(row)
        if not text.strip() or text.startswith(tuple(one.prefix for one in layout.records if one.prefix)):
            continue
        sheet = read_fixed(fixed_text(fixed, text), layout).sheets[0]
        words = tidy(text).split(" ")
        read = (
            [cell for cell in sheet.rows[1].cells if cell and not isinstance(cell, CellFault)] if sheet.rows[1:] else []
        )
        for cell in read:
            assert all(word in words for word in str(cell).split(" ")), (text, cell)


def fixed_text(fixed: dict[str, Any], line: str) -> str:
    return f"{fixed['header']}\n{line}\n" if "header" in fixed else f"{line}\n"
