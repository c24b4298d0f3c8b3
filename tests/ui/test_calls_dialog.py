"""The calls behind a charge come page by page, and each says why it costs what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.proof import Proof, ProofStep
from app.errors import UserError
from app.queries.calls import PAGE, Row
from app.ui.dialogs.calls import CallsDialog
from app.ui.icons import Icons
from app.ui.ops import Fault
from app.ui.theme import Theme
from app.usage.drill_down import CallRow

START = 1_775_000_000


class NoRate(UserError):
    """There is no price for this call."""


class Ops:
    """Does at once what the window does on a worker."""

    def query(
        self,
        _owner: object,
        _name: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Fault], None] | None = None,
    ) -> None:
        try:
            result = work()
        except UserError as fault:
            assert failed is not None
            failed(Fault(fault.message))
        else:
            done(result)


def call(place: int) -> Row:
    stored = CallRow("13125550101", "442079460000", START + place, 61, 12_500, place, "ab")
    return Row(datetime.fromtimestamp(stored.started, UTC), stored.number, 61, Decimal("0.0125"), "calls.csv", stored)


ALL = [call(place) for place in range(PAGE + 30)]


def fetch(after: Row | None) -> list[Row]:
    first = 0 if after is None else ALL.index(after) + 1
    return ALL[first : first + PAGE]


def prove(row: Row) -> Proof:
    if row == ALL[1]:
        raise NoRate
    return Proof((ProofStep("Seconds × price", "66 × 0.02", Decimal("1.32")),), contract="MSA-1")


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, settings: QSettings) -> Iterator[CallsDialog]:
    ui: Any = SimpleNamespace(theme=theme, icons=Icons(theme), settings=settings, ops=Ops())
    parent = QWidget()
    qtbot.addWidget(parent)
    made = CallsDialog(parent, ui, "Calls of 312-555-0101", "USD", fetch, prove)
    made.show()
    yield made
    parent.close()


def test_calls_come_page_by_page_until_there_are_no_more(dialog: CallsDialog) -> None:
    assert list(dialog.table.model.shown) == ALL[:PAGE]
    assert dialog.more.isEnabled()
    dialog.more.click()
    assert list(dialog.table.model.shown) == ALL
    assert not dialog.more.isEnabled()


def test_the_chosen_call_shows_its_proof_or_why_there_is_none(dialog: CallsDialog) -> None:
    assert "Choose a call" in dialog.proof.text
    dialog.table.select_key(ALL[0].call.key)
    assert "66 × 0.02" in dialog.proof.text
    dialog.table.select_key(ALL[1].call.key)
    assert dialog.proof.text == "There is no price for this call."
