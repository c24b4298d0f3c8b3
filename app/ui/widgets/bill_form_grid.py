"""The grid of charges, for the keyboard: Tab and Enter go on, a row appears by itself, rows are pasted from a sheet."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.vocabulary import ChargeType
from app.ui.theme import Theme
from app.ui.tokens import ROW_HEIGHT
from app.ui.widgets.bill_form_model import HEADINGS, ChargesModel
from app.ui.widgets.bill_form_values import FIELDS, NUMBERS, Field

_WIDTHS = {
    Field.TYPE: 96,
    Field.CODE: 84,
    Field.CIRCUIT: 166,
    Field.TN: 116,
    Field.QUANTITY: 72,
    Field.UNIT_PRICE: 84,
    Field.AMOUNT: 96,
    Field.FIRST: 104,
    Field.LAST: 104,
}
_LEAST_DESCRIPTION = 150


class ChargesGrid(QTableView):
    """A table of `ChargesModel` that is filled without a mouse. Tab on an empty row leaves it for what follows."""

    def __init__(self, model: ChargesModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("typed_charges")
        self.setAccessibleName("Charges")
        self.setAccessibleDescription("Tab or Enter goes to the next cell; paste rows copied from a spreadsheet.")
        self._model = model
        self.setModel(model)
        self.setProperty("sheet", "true")
        self.setItemDelegate(_CellDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setDefaultSectionSize(theme.scaled(ROW_HEIGHT - 4))
        self.verticalHeader().setMinimumWidth(theme.scaled(36))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(theme.scaled(60))
        for place, field in enumerate(FIELDS):
            if field in _WIDTHS:
                self.setColumnWidth(place, theme.scaled(_WIDTHS[field]))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        model.modelReset.connect(lambda: self.setCurrentIndex(model.index(0, 0)))

    def sizeHint(self) -> QSize:
        return QSize(_LEAST_DESCRIPTION + sum(_WIDTHS.values()), 240)

    def begin(self) -> None:
        """Put the cursor into the first cell."""
        self.setFocus()
        self.setCurrentIndex(self._model.index(0, 0))

    def delete_rows(self) -> None:
        """Take the selected rows out."""
        chosen = sorted({index.row() for index in self.selectedIndexes()} or {self.currentIndex().row()})
        self._stop_editing()
        if chosen and chosen[0] >= 0:
            self._model.delete(chosen)
            self.setCurrentIndex(self._model.index(min(chosen[0], self._model.rowCount() - 1), 0))

    def undo(self) -> None:
        """Take the last change back, and stay where we were."""
        here = self.currentIndex()
        row, column = max(here.row(), 0), max(here.column(), 0)
        self._stop_editing()
        self._model.undo()
        self.setCurrentIndex(self._model.index(min(row, self._model.rowCount() - 1), column))

    def paste(self) -> None:
        """Write what was copied from a spreadsheet, from the current cell on."""
        lines = QGuiApplication.clipboard().text().replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
        if lines == [""]:
            return
        here = self.currentIndex()
        row, column = max(here.row(), 0), max(here.column(), 0)
        self._stop_editing()
        self._model.paste(row, column, [line.split("\t") for line in lines])
        self.setCurrentIndex(self._model.index(min(row + len(lines), self._model.rowCount() - 1), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._go_on()
        elif event.key() == Qt.Key.Key_Tab and self._row_is_empty(self.currentIndex()):
            self._leave(forward=True)
        elif event.key() == Qt.Key.Key_Backtab and self.currentIndex().row() <= 0 and self.currentIndex().column() <= 0:
            self._leave(forward=False)
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            for index in self.selectedIndexes():
                self._model.setData(index, "")
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        here = self.currentIndex()
        stay = QAbstractItemDelegate.EndEditHint.NoHint
        self._model.forget_preview()
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:  # Enter
            super().closeEditor(editor, stay)
            self._go_on()
        elif hint == QAbstractItemDelegate.EndEditHint.EditNextItem and self._row_is_empty(here):
            super().closeEditor(editor, stay)
            self._leave(forward=True)
        else:
            super().closeEditor(editor, hint)

    def _go_on(self) -> None:
        """To the next cell, in the next row after the last one, and write there."""
        here = self.currentIndex()
        row, column = (here.row(), here.column() + 1) if here.column() + 1 < len(FIELDS) else (here.row() + 1, 0)
        if row < self._model.rowCount():
            following = self._model.index(row, column)
            self.setCurrentIndex(following)
            self.edit(following)

    def _leave(self, *, forward: bool) -> None:
        """Give the keyboard to what follows the grid; Qt's own way there is the key that brought us here."""
        following: QWidget | None = self.nextInFocusChain() if forward else self.previousInFocusChain()
        while following is not None and following is not self and not self._may_follow(following):
            following = following.nextInFocusChain() if forward else following.previousInFocusChain()
        if following is not None:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            following.setFocus(reason)

    def _may_follow(self, widget: QWidget) -> bool:
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        return takes and widget.isEnabled() and widget.isVisible() and not self.isAncestorOf(widget)

    def _row_is_empty(self, index: QModelIndex) -> bool:
        return index.isValid() and not any(self._model.rows[index.row()].values())

    def _stop_editing(self) -> None:
        editor = self.indexWidget(self.currentIndex()) or self.viewport().findChild(_CellLine)
        if isinstance(editor, _CellLine):
            super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        self.setFocus()


class _CellLine(QLineEdit):
    """The line in a cell; rows that were copied from a sheet go to the grid instead."""

    def __init__(self, grid: ChargesGrid, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = grid
        self.setObjectName("typed_cell")
        self.setFrame(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = QGuiApplication.clipboard().text()
        if event.matches(QKeySequence.StandardKey.Paste) and ("\t" in text or "\n" in text.strip("\n")):
            self._grid.paste()
        else:
            super().keyPressEvent(event)


class _CellDelegate(QStyledItemDelegate):
    """Makes the line of a cell and tells the model every keystroke."""

    def __init__(self, grid: ChargesGrid) -> None:
        super().__init__(grid)
        self._grid = grid

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """A style sheet leaves out the ground of a marked cell: it is laid first."""
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if ground is not None:
            painter.fillRect(option.rect, ground)
        super().paint(painter, option, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter closes a cell at once; Qt does it later, when the next letter may have come."""
        key = event.key() if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) else None
        if isinstance(editor, _CellLine) and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.SubmitModelCache)
            return True
        return super().eventFilter(editor, event)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        field, row = FIELDS[index.column()], index.row()
        line = _CellLine(self._grid, parent)
        line.setAccessibleName(f"{HEADINGS[field]}, row {row + 1}")
        if field in NUMBERS:
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if field is Field.TYPE:
            completer = QCompleter([str(kind) for kind in ChargeType], line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
            line.setCompleter(completer)
        model = self._grid.model()
        if isinstance(model, ChargesModel):
            line.textChanged.connect(lambda text: model.preview(row, field, text))
        return line

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)
