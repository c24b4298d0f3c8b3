"""Mapping a table by hand, below the window: bounded looks, a draft as TOML and back, its trial, its saving."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D
from app.importers.tabular.kinds import BANK, BY_KEY, CALLS
from app.importers.tabular.mapping import open_bill_mappings
from app.services.mapping_toml import write_toml
from app.services.mapping_trial import sum_up
from app.services.mappings import definitions, shipped_definitions
from app.services.parsing import NotAnswered
from app.services.table_mappings import (
    HEAD_BYTES,
    claim_account,
    find_missing,
    free_name,
    guess,
    is_tried_partly,
    make_name,
    preview,
    save,
    try_mapping,
)
from app.services.workspace import Workspace, create_workspace
from app.ui.widgets.mapping_draft import DraftBook
from tests.importers.tables.table_files import documented_mappings

BILL = "Invoice No,Invoice Date,Circuit,Amount\nA-1,2026-04-13,QH/0001/A,5.00\nA-1,2026-04-13,QH/0002/A,7.50\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace", "Meridian Foods", "USD")


def put(folder: Path, content: str | bytes, name: str = "bill.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_a_bill_is_looked_at_guessed_tried_and_saved_through_the_child(workspace: Workspace, tmp_path: Path) -> None:
    file = put(tmp_path, BILL)
    shown = preview(file, {})
    assert (shown.media, shown.header_row, shown.delimiter, shown.cut) == ("csv", 1, ",", False)
    assert shown.header == ("Invoice No", "Invoice Date", "Circuit", "Amount")
    draft = guess(workspace, file, {}).mapping
    assert find_missing(draft) == ("carrier", "currency")
    draft |= {"carrier": "Quiet Hill Telephone", "currency": "USD", "name": make_name("Quiet Hill Telephone")}
    assert find_missing(draft) == ()
    document = try_mapping(file, draft)
    assert (document.importer, document.issues) == ("csv-bill:quiet-hill-telephone", ())
    assert [(bill.number, bill.total_due) for bill in document.invoices] == [("A-1", D("12.50"))]
    save(workspace, draft, "Ada")
    assert free_name(workspace, "quiet-hill-telephone") == "quiet-hill-telephone-2"
    assert write_toml(draft) in definitions(workspace).mappings


def test_the_nearest_saved_mapping_is_the_draft_and_its_difference_is_told(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = put(tmp_path, BILL)
    draft = guess(workspace, file, {}).mapping | {"carrier": "Quiet Hill", "currency": "USD", "name": "quiet"}
    save(workspace, draft, "Ada")
    changed = guess(workspace, put(tmp_path, BILL.replace("Circuit", "Circuit Id"), "may.csv"), {})
    assert (changed.near, changed.difference) == ("quiet", "lacks circuit and has circuit id besides")
    assert (changed.mapping["carrier"], changed.mapping["name"]) == ("Quiet Hill", "quiet-2")
    assert "Circuit Id" in changed.mapping["claims"]["columns"]


def test_a_large_text_is_looked_at_by_its_beginning_alone(tmp_path: Path) -> None:
    line = "A-1,2026-04-13,QH/0001/A,5.00\n"
    file = put(tmp_path, "Invoice No,Invoice Date,Circuit,Amount\n" + line * (60 * HEAD_BYTES // len(line)))
    start = time.monotonic()
    shown = preview(file, {})
    assert time.monotonic() - start < 5
    assert (shown.cut, len(shown.rows), shown.readings) == (True, 200, ())


def test_a_letter_far_behind_the_beginning_that_is_not_utf8_is_asked_about(tmp_path: Path) -> None:
    line = b"A-1,2026-04-13,QH/0001/A,5.00\n"
    rows = line * (2 * HEAD_BYTES // len(line))
    shown = preview(put(tmp_path, b"Invoice No,Invoice Date,Circuit,Amount\n" + rows + b"A-1,x,M\xfcller,1.00\n"), {})
    assert next(reading.lines for reading in shown.readings) == ((0, "A-1,x,Müller,1.00"),)


def test_a_file_that_is_no_table_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotAnswered, match="cannot be read"):
        preview(put(tmp_path, b"PK\x03\x04 and nothing more", "x.xlsx"), {})


@pytest.mark.parametrize(
    "text", [*documented_mappings("bill-mappings.md"), *(one for one in shipped_definitions() if "bill-mapping" in one)]
)
def test_a_mapping_survives_being_written_again(text: str) -> None:
    values = tomllib.loads(text)
    assert tomllib.loads(write_toml(values)) == values
    assert open_bill_mappings([write_toml(values)])


@pytest.mark.parametrize("text", documented_mappings("bill-mappings.md"))
def test_a_mapping_that_is_opened_as_a_draft_says_the_same(text: str) -> None:
    values = tomllib.loads(text)
    (before,) = open_bill_mappings([text])
    (after,) = open_bill_mappings([write_toml(DraftBook(values).finished())])
    assert set(after.sections[0].rules) == set(before.sections[0].rules)
    assert (after.invoice, after.claims, after.form, after.sections[0].types) == (
        before.invoice,
        before.claims,
        before.form,
        before.sections[0].types,
    )


@given(st.dictionaries(st.text(max_size=12), st.text(min_size=1, max_size=20), min_size=1, max_size=5))
def test_any_words_can_stand_in_a_mapping(values: dict[str, str]) -> None:
    draft = {"charges": {"types": {"values": values}}}
    assert tomllib.loads(write_toml(draft)) == draft


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("Quiet Hill, Inc.",), "quiet-hill-inc"),
        (("Telefónica Ñandú", "77/1"), "telefonica-nandu-77-1"),
        (("北",), "table"),
    ],
)
def test_a_name_is_made_of_small_letters(words: tuple[str, ...], name: str) -> None:
    assert make_name(*words) == name


def test_an_account_that_stands_above_the_rows_is_part_of_what_claims_the_file(tmp_path: Path) -> None:
    head = "Account,778899001\nPosting Date,Description,Amount,Currency\n"
    file = put(tmp_path, head + "2026-04-13,TB-7,-5.00,USD\n", "bank.csv")
    shown = preview(file, {})
    mapping = {"kind": "bank-mapping", "claims": {"media": "csv"}, "account": "778899001"}
    claim_account(BANK, mapping, shown)
    assert mapping["claims"] == {"media": "csv", "text": "778899001"}
    other = {"kind": "bank-mapping", "claims": {"media": "csv"}, "account": "55"}
    claim_account(BANK, other, shown)
    assert other["claims"] == {"media": "csv"}, "what is only said by hand is no condition"


def test_usage_that_is_large_is_tried_by_its_beginning(tmp_path: Path) -> None:
    row = "3125550123,2125550100,2026-04-13T10:05:00Z,62\n"
    rows = 3 * (1 << 20) // len(row)
    file = put(tmp_path, "Calling Number,Called Number,Start,Duration (sec)\n" + row * rows, "calls.csv")
    mapping = {
        "kind": "usage-mapping", "record": "calls", "name": "q", "carrier": "Quiet Hill", "ban": "9",
        "claims": {"columns": ["Calling Number"]}, "time": {"format": "YYYY-MM-DDThh:mm:ssZZ"},
        "columns": {"tn": "Calling Number", "start": "Start", "seconds": "Duration (sec)"},
    }  # fmt: skip
    document = try_mapping(file, mapping)
    assert is_tried_partly(file, CALLS)
    assert not is_tried_partly(file, BY_KEY["bill"])
    assert 0 < sum(len(batch.tn) for batch in document.usage) < rows
    assert sum_up(document).lines[0].text.startswith("22,")
