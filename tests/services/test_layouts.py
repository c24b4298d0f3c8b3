"""Layouts made by pointing, without the window: drafts, their columns, reading by one, and accepting one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.money import D
from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.models.workspace import LogEntry
from app.queries import layouts as saved_layouts
from app.services import layouts
from app.services.intake import receive
from app.services.layout_acceptance import LayoutWanting, Trial, accept, replay
from app.services.layout_columns import columns_of, edges_of, join_columns, move_border, name_column, split_column
from app.services.layout_desk import LayoutDesk, NotToPoint
from app.services.layout_draft import Draft, Place, name_of, pattern_of, to_toml, todo
from app.services.layout_drift import DRIFTED, find_layout, find_moved, open_draft
from app.services.layout_words import PageWords, find_text
from app.services.layouts import read_draft
from app.services.mappings import CARRIERS_FOLDER, check_mapping
from app.services.parsing import NotAnswered
from app.services.receipts import Outcome
from app.services.workspace import Workspace

HETZNER = "pdf-invoices/hetzner_2016-01-19_R0005532486.pdf"
COLUMNS = [
    {"field": "description", "from": 40.0, "to": 300.0},
    {"field": "quantity", "from": 300.0, "to": 380.0},
    {"field": "amount", "from": 380.0, "to": 560.0},
]
WHOLE: dict[str, Any] = {
    "kind": "pdf-layout",
    "name": "quarry-halls",
    "carrier": "Quarry Halls",
    "claims": ["Quarry Halls", "Statement"],
    "currency": "USD",
    "dates": ["MMM D, YYYY"],
    "fields": {
        "bill_date": {"region": [100.0, 40.123, 180.0, 52.0], "page": 1},
        "total_due": {"label": "Amount due", "region": [100.0, 60.0, 180.0, 72.0], "page": 1},
    },
    "tables": [{"name": "Charges", "header": ["Service", "Qty", "Charge"], "columns": COLUMNS}],
    "anchors": [{"text": "Amount due", "page": 1, "box": [40.0, 60.0, 96.0, 72.0]}],
}


@pytest.fixture
def shipped() -> str:
    """A layout of the application that reads a real bill."""
    return (CARRIERS_FOLDER / "hetzner.toml").read_text(encoding="utf-8")


@pytest.fixture
def billed(sqlite_workspace: Workspace, shared_data: Path) -> Workspace:
    """A workspace with that real bill in it."""
    (receipt,) = receive(sqlite_workspace, [shared_data / HETZNER], "Dana")
    assert receipt.outcome is Outcome.TAKEN, receipt.message
    return sqlite_workspace


# drafts


def test_a_draft_becomes_a_layout_that_can_be_saved_and_means_the_same() -> None:
    text = to_toml(WHOLE)
    assert check_mapping(text) == ("quarry-halls", "pdf-layout")
    read = tomllib.loads(text)
    assert read["fields"]["bill_date"]["region"] == [100.0, 40.12, 180.0, 52.0]
    read["fields"]["bill_date"]["region"] = WHOLE["fields"]["bill_date"]["region"]
    assert read == WHOLE


def test_a_step_leaves_the_draft_before_it_as_it_was() -> None:
    before = Draft(WHOLE)
    after = before.with_rule("number", {"region": [1.0, 2.0, 3.0, 4.0]}, Place(1, (1, 2, 3, 4)))
    after = after.with_table(0, name_column(after.table(0), 1, "unit_price")).with_kind("State tax 6 %", "TAX")
    assert before == Draft(WHOLE)
    assert "number" in after.fields
    assert after.table(0)["columns"][1]["field"] == "unit_price"
    assert after.layout["charges"] == [{"pattern": "^State tax", "charge_type": "TAX"}]
    assert after.without_rule("number").fields == before.fields


def test_pointing_at_the_currency_takes_the_fixed_one_away() -> None:
    after = Draft(WHOLE).with_rule("currency", {"region": [1.0, 2.0, 3.0, 4.0]}, Place(1, (1, 2, 3, 4)))
    assert "currency" not in after.layout


def test_what_is_missing_is_told_as_something_to_do() -> None:
    assert [told.split()[0] for told in todo(Draft())] == ["Name", "Point", "Point", "Choose", "Drag"]
    assert todo(Draft(WHOLE)) == []
    nameless = Draft(WHOLE).with_table(0, name_column(Draft(WHOLE).table(0), 2, ""))
    assert todo(nameless) == ["Say which column of table 1 is the amount."]


def test_taking_a_table_away_moves_those_behind_it_up() -> None:
    two = Draft().with_table(0, {"columns": COLUMNS}, Place(1, (0, 0, 1, 1)))
    two = two.with_table(1, {"columns": COLUMNS[1:]}, Place(2, (0, 0, 1, 1)))
    left = two.without_table(0)
    assert [table["name"] for table in left.layout["tables"]] == ["Charges 2"]
    assert left.tables[0].page == 2
    assert left.without_table(0).layout == {}


@pytest.mark.parametrize(
    ("description", "pattern"),
    [("Cross-connect XC-2201", "^Cross\\-connect XC\\-"), ("95th percentile", "^95th percentile"), ("Tax", "^Tax")],
)
def test_the_pattern_of_a_description_ends_before_its_first_figure(description: str, pattern: str) -> None:
    assert pattern_of(description) == pattern


def test_a_layout_is_named_after_its_carrier() -> None:
    assert name_of("Granite Ridge, Data Halls & Co.") == "granite-ridge-data-halls-co"


# columns

EDGES = st.lists(st.integers(1, 60), min_size=3, max_size=8).map(
    lambda steps: [float(sum(steps[:at]) * 10) for at in range(len(steps) + 1)]
)


def table_of(edges: list[float]) -> dict[str, Any]:
    fields = ["amount", "quantity", "description", "code", "unit", "location", "tn", "period"]
    return {"columns": [{"field": fields[at], "from": edges[at], "to": edges[at + 1]} for at in range(len(edges) - 1)]}


@given(EDGES, st.integers(0, 8), st.floats(-1000, 10_000, allow_nan=False))
def test_a_moved_border_stays_between_its_neighbours(edges: list[float], place: int, x: float) -> None:
    moved = edges_of(move_border(table_of(edges), place, x))
    assert list(moved) == sorted(set(moved))
    assert [one for at, one in enumerate(moved) if at != place] == [one for at, one in enumerate(edges) if at != place]


@given(EDGES, st.integers(0, 7))
def test_a_column_that_is_split_and_joined_again_is_as_before(edges: list[float], place: int) -> None:
    table = table_of(edges)
    assert join_columns(split_column(table, place), place)["columns"] == (
        table["columns"] if place < len(edges) - 1 else join_columns(table, place)["columns"]
    )


def test_what_one_column_is_no_other_is() -> None:
    named = name_column({"columns": COLUMNS}, 0, "amount")
    assert [column["field"] for column in columns_of(named)] == ["amount", "quantity", ""]


# reading


def test_text_is_found_over_several_words_whatever_its_blanks() -> None:
    words = (
        ("Amount", (10.0, 5.0, 40.0, 15.0)),
        ("due:", (44.0, 5.0, 60.0, 15.0)),
        ("Amount", (10.0, 25.0, 40.0, 35.0)),
    )
    page = PageWords(1, 600, 800, words)
    assert find_text(page, "amount  due:") == ((10.0, 5.0, 60.0, 15.0),)
    assert len(find_text(page, "Amount")) == 2
    assert find_text(page, "Amount due: Amount") == ()
    assert find_text(page, "") == ()


def test_a_draft_reads_the_bill_as_an_import_does_and_tells_how_it_adds_up(shipped: str, shared_data: Path) -> None:
    content = (shared_data / HETZNER).read_bytes()
    reading = read_draft("bill.pdf", content, Draft(tomllib.loads(shipped)))
    assert reading.invoice is not None
    assert reading.footing is not None
    assert (reading.invoice.number, reading.footing.total) == ("R0005532486", D("104.00"))
    assert reading.footing.holds
    assert reading.footing.count == len(reading.invoice.charges)


def test_a_bill_that_does_not_add_up_says_by_how_much(shipped: str, shared_data: Path) -> None:
    layout = tomllib.loads(shipped)
    del layout["sections"][1]  # the taxes
    reading = read_draft("bill.pdf", (shared_data / HETZNER).read_bytes(), Draft(layout))
    assert reading.footing is not None
    assert not reading.footing.holds
    assert reading.footing.difference == D("16.61")
    assert reading.footing.balance_difference == 0


def test_a_draft_that_is_not_complete_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "parse_file", lambda *_, **__: pytest.fail("nothing is to be read"))
    assert read_draft("bill.pdf", b"", Draft()).todo


@pytest.mark.parametrize(
    "answer",
    [
        {"pages": [{"number": 1, "width": "wide", "height": 1, "words": []}]},
        {"pages": [{"number": 1, "width": 1, "height": 1, "words": [["x", 1, 2, 3]]}]},
        {"pages": "none"},
        {"pages": [7]},
    ],
)
def test_an_answer_of_the_child_that_makes_no_sense_is_not_believed(
    answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "ask_child", lambda *_, **__: answer)
    with pytest.raises(NotAnswered):
        layouts.read_words("bill.pdf", b"%PDF-")


def test_what_is_no_pdf_is_refused_before_a_child_is_asked(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "bill.pdf"
    file.write_text("no bill", encoding="utf-8")
    for path in (file, tmp_path / "absent.pdf"):
        with pytest.raises(NotToPoint):
            LayoutDesk(sqlite_workspace).open(path, path.name)


# accepting


def test_a_layout_that_reads_stored_bills_as_before_changes_nothing(billed: Workspace, shipped: str) -> None:
    (result,) = replay(billed, shipped, "Hetzner Online GmbH")
    assert (result.number, result.same, result.differences) == ("R0005532486", True, ())


def test_what_a_changed_layout_reads_otherwise_is_told(billed: Workspace, shipped: str) -> None:
    changed = shipped.replace("[fields.due_date]\npattern = 'Fälligkeitsdatum: (?P<value>\\S+)'\n", "")
    changed = changed.replace("(?P<value>\\S+)'\n[fields.ban]", "R(?P<value>\\S+)'\n[fields.ban]")
    (result,) = replay(billed, changed, "HETZNER ONLINE GMBH")
    assert not result.same
    assert result.differences == ("number: R0005532486 → 0005532486", "due date: 2016-01-22 → none")


def test_bills_that_a_layout_does_not_claim_are_not_its_own(billed: Workspace, shipped: str) -> None:
    other = shipped.replace('name = "hetzner"', 'name = "other"').replace('"Kundennummer:"', '"Vertragskonto 7:"')
    assert replay(billed, other, "Hetzner Online GmbH") == []
    assert replay(billed, shipped, "Somebody Else") == []


def test_a_layout_that_claims_its_own_bills_no_longer_is_told(billed: Workspace, shipped: str) -> None:
    other = shipped.replace('"Kundennummer:"', '"Vertragskonto 7:"')
    (result,) = replay(billed, other, "Hetzner Online GmbH")
    assert not result.same
    assert "no importer" in result.differences[0]


def test_a_replay_that_is_cancelled_reads_no_further(billed: Workspace, shipped: str) -> None:
    assert replay(billed, shipped, "Hetzner Online GmbH", cancelled=lambda: True) == []


def test_differences_have_to_be_confirmed_with_a_reason_which_is_logged(billed: Workspace, shipped: str) -> None:
    changed = shipped.replace("[fields.due_date]\npattern = 'Fälligkeitsdatum: (?P<value>\\S+)'\n", "")
    trial = Trial(
        changed, "hetzner", "Hetzner Online GmbH", "", True, tuple(replay(billed, changed, "Hetzner Online GmbH"))
    )
    with pytest.raises(LayoutWanting):
        accept(billed, trial, "Dana", "  ")
    with billed.database.reading() as session:
        assert saved_layouts.fetch(session).layouts == ()
    accept(billed, trial, "Dana", "the due date is agreed by contract")
    with billed.database.reading() as session:
        (row,) = saved_layouts.fetch(session).layouts
        assert (row.name, row.carrier, row.importer) == ("hetzner", "Hetzner Online GmbH", "pdf:hetzner")
        entry = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()[-1]
        assert (entry.actor, entry.verb, entry.subject) == ("Dana", "accepted", "pdf-layout hetzner")


def test_a_bill_that_does_not_add_up_needs_a_reason_too(sqlite_workspace: Workspace) -> None:
    trial = Trial(to_toml(WHOLE), "quarry-halls", "Quarry Halls", "", False, ())
    with pytest.raises(LayoutWanting):
        accept(sqlite_workspace, trial, "Dana")
    accept(sqlite_workspace, trial, "Dana", "the carrier added up wrongly; disputed")


# what moved


def drift(box: tuple[int, int, int, int], page: int = 1) -> ParseIssue:
    return ParseIssue(Severity.REVIEW, DRIFTED, "It moved.", "Look.", Source(page=page, box=Box(*box)))


def test_what_moved_is_found_again_with_the_layout_that_remembers_it(sqlite_workspace: Workspace) -> None:
    accept(sqlite_workspace, Trial(to_toml(WHOLE), "quarry-halls", "Quarry Halls", "", True, ()), "Dana")
    issues = [drift((4000, 6000, 9600, 7200))]
    importer = find_layout(sqlite_workspace, issues)
    assert importer == "pdf:quarry-halls"
    words = (("Amount", (40.0, 160.0, 70.0, 172.0)), ("due", (73.0, 160.0, 96.0, 172.0)))
    pages = [PageWords(1, 600, 800, words), PageWords(2, 600, 800, words)]
    (moved,) = find_moved(sqlite_workspace, importer, pages, issues)
    assert (moved.text, moved.page, moved.stood) == ("Amount due", 1, (40.0, 60.0, 96.0, 72.0))
    assert (moved.now_page, moved.now) == (1, (40.0, 160.0, 96.0, 172.0))
    (gone,) = find_moved(sqlite_workspace, importer, [PageWords(1, 600, 800, ())], issues)
    assert gone.now is None


def test_a_saved_layout_is_opened_to_be_mended(sqlite_workspace: Workspace) -> None:
    accept(sqlite_workspace, Trial(to_toml(WHOLE), "quarry-halls", "Quarry Halls", "", True, ()), "Dana")
    draft = open_draft(sqlite_workspace, "pdf:quarry-halls")
    assert draft is not None
    assert draft.text("carrier") == "Quarry Halls"
    assert draft.places == {"bill_date": Place(1, (100.0, 40.12, 180.0, 52.0))}  # the other has a label to go by
    assert open_draft(sqlite_workspace, "pdf:nobody") is None


def test_issues_of_other_kinds_name_no_layout(sqlite_workspace: Workspace) -> None:
    accept(sqlite_workspace, Trial(to_toml(WHOLE), "quarry-halls", "Quarry Halls", "", True, ()), "Dana")
    other = ParseIssue(
        Severity.WARNING, "does-not-foot", "It differs.", "Look.", drift((4000, 6000, 9600, 7200)).source
    )
    assert find_layout(sqlite_workspace, [other]) == ""
