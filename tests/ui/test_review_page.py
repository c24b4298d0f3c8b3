"""A clerk mends what was misread and answers what is asked, then the bill is posted; an import is taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTableWidget
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, Severity
from app.models.intake import QuarantinedFile
from app.models.invoices import Charge, Invoice
from app.services.workspace import Workspace
from tests.services.drops import Drop
from tests.services.office import bill, charge
from tests.ui.driver import Driver

LOOK = ParseIssue(Severity.REVIEW, "read-by-ocr", "It was read from a picture.", "Compare.", Source(page=1))
ERROR = ParseIssue(Severity.ERROR, "no-importer", "Nobody reads it.", "Save a mapping for it.")


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    return Drop(tmp_path / "drop", monkeypatch)


def hold(window: Driver, drop: Drop) -> None:
    """A scan of which the reader took 8.00 for 3.00, with a code that nobody knows."""
    charges = (charge("5.00"), charge("3.00", None, code="ZX-1", description="Zyx"))
    misread = replace(
        bill(*charges, carrier="Quiet Hill", number="Q-1"), current_charges=D("13.00"), total_due=D("13.00")
    )
    window.bench.receive([drop.add("scan.pdf", ParsedDocument("pdf:x", invoices=(misread,), issues=(LOOK,)))])
    window.settle()


def type_into(window: Driver, table: str, row: int, column: int, text: str) -> None:
    view = window.find(QTableWidget, table)
    view.setFocus()
    view.setCurrentCell(row, column)
    view.editItem(view.item(row, column))
    editor = view.viewport().findChild(QLineEdit) or QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    window.qtbot.keyClicks(editor, text)
    window.qtbot.keyClick(editor, Qt.Key.Key_Return)
    window.settle()


def test_a_clerk_mends_a_scan_and_posts_it(window: Driver, filled: Workspace, drop: Drop) -> None:
    hold(window, drop)
    page = window.go("review")
    assert [row[0] for row in window.rows(page.list)] == ["scan.pdf"]
    assert not page.post.isEnabled()
    assert "charges differ by -5.00" in window.text("review_footing")
    type_into(window, "review_charges", 1, 1, "8.00")
    assert "it adds up" in window.text("review_footing")
    kinds = [question.subject for question in page.detail.questions]
    assert kinds == ["read-by-ocr", "ZX-1"]
    window.click("question_0_seen")
    combo = window.find(QComboBox, "question_1_type_target")
    combo.setCurrentIndex(combo.findData("MRC"))
    window.click("question_1_type")
    assert page.detail.blocking == ()
    window.trigger("review_post")
    with filled.database.reading() as session:
        posted = session.scalars(select(Invoice).where(Invoice.number == "Q-1")).one()
        rows = session.execute(
            select(Charge.amount, Charge.charge_type).where(Charge.invoice_id == posted.id).order_by(Charge.seq)
        )
        assert [tuple(row) for row in rows] == [(D("5.00"), ChargeType.MRC), (D("8.00"), ChargeType.MRC)]
    assert window.rows(page.list) == []
    assert not page.chosen.isVisible(), "nothing of what was posted is shown any more"


def test_a_value_that_cannot_be_read_is_told_and_the_old_one_stands(window: Driver, drop: Drop) -> None:
    hold(window, drop)
    page = window.go("review")
    type_into(window, "review_charges", 1, 1, "8,0,0")
    assert page.detail.document.invoices[0].charges[1].amount == D("3.00")
    assert window.find(QTableWidget, "review_charges").item(1, 1).text() == "3.00"
    assert window.window.message.isVisible()


def test_an_answer_can_be_changed(window: Driver, drop: Drop) -> None:
    hold(window, drop)
    page = window.go("review")
    window.click("question_0_seen")
    assert page.detail.questions[0].answer is not None
    window.click("question_0_change")
    assert page.detail.questions[0].answer is None


def test_what_is_discarded_stands_in_quarantine_and_is_tried_again(
    window: Driver, filled: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(window, drop)
    window.go("review")
    monkeypatch.setattr("app.ui.pages.review.ask_reason", lambda *_: "not ours")
    window.trigger("review_discard")
    page = window.go("imports", view="quarantine")
    (row,) = window.rows(page.kept)
    assert row[0] == "scan.pdf"
    assert "not ours" in window.text("quarantine_why")
    window.trigger("quarantine_again")
    with filled.database.reading() as session:
        assert session.scalars(select(QuarantinedFile)).all() == []
    assert window.page.key == "review"
    assert window.page.chosen.isVisible(), "it waits again"


def test_an_import_is_taken_back_with_a_reason(
    window: Driver, filled: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = ParsedDocument("pdf:x", invoices=(bill(charge("5.00"), carrier="Quiet Hill", number="Q-2"),))
    window.bench.receive([drop.add("q2.pdf", document)])
    window.settle()
    page = window.go("imports")
    page.taken.select_key(max(row.id for row in page.taken.model.all))
    assert page.taken.current().name == "q2.pdf"
    monkeypatch.setattr("app.ui.pages.imports.ask_reason", lambda *_: "the wrong company")
    window.trigger("imports_undo")
    with filled.database.reading() as session:
        assert session.scalars(select(Invoice).where(Invoice.number == "Q-2")).all() == []
