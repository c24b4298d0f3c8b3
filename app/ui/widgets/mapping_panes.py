"""How the parts of the mapping editor stand beside each other, and how its form reaches the draft."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.ui.tokens import SPACE_M
from app.ui.widgets.basic import column
from app.ui.widgets.mapping_draft import DraftBook
from app.ui.widgets.mapping_form import MappingForm

Change = Callable[[DraftBook], None]


def lay_out(above: list[QWidget], rows: list[QWidget], form: QWidget) -> QWidget:
    """The lines `above`, below them the parts with the file's rows one above the other, and the form beside these."""
    left = QSplitter(Qt.Orientation.Vertical)
    for part in rows:
        left.addWidget(part)
    left.setSizes([230, 270, 190])
    left.setChildrenCollapsible(False)
    split = QSplitter(Qt.Orientation.Horizontal)
    split.addWidget(left)
    split.addWidget(form)
    split.setStretchFactor(0, 1)
    split.setSizes([900, 390])
    split.setChildrenCollapsible(False)
    holder = QWidget()
    layout: QVBoxLayout = column(*above, split, spacing=SPACE_M)
    layout.setStretch(len(above), 1)
    holder.setLayout(layout)
    return holder


def connect_form(form: MappingForm, change: Callable[[Change], None], account: Callable[[], str]) -> None:
    """Make each wish of the form a `change` of the draft; `account` is that of the bill which is shown."""
    form.word_changed.connect(lambda key, text: change(lambda book: book.set_word(key, text)))
    form.field_changed.connect(lambda where, spec: change(lambda book: book.set_field(where, spec)))
    form.setting_changed.connect(lambda values, key: change(lambda book: book.set_values(values, key)))
    form.meaning_changed.connect(lambda value, use: change(lambda book: book.set_meaning(value, use)))
    form.default_changed.connect(lambda use: change(lambda book: book.set_default(use)))
    form.account_changed.connect(lambda only: change(lambda book: book.set_account(account() if only else "")))
