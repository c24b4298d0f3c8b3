"""Mapping the columns of a table that nobody reads yet: its rows with a choice above each column, the bill's own fields
beside them, what is read of it live below; then the mapping is saved and the file imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QStackedWidget, QWidget

from app.domain.parsed import ParsedDocument
from app.importers.tabular.fixed_claims import claim_fixed
from app.importers.tabular.kinds import BILL
from app.queries.carriers import list_carriers
from app.services import table_mappings
from app.services.mapping_trial import tell_unreadable
from app.services.table_mappings import Guess, Preview
from app.ui.context import Link, Ui
from app.ui.ops import Fault
from app.ui.pages.base import Page
from app.ui.tokens import Tone
from app.ui.widgets.basic import label
from app.ui.widgets.empty import Emptiness, EmptyState
from app.ui.widgets.mapping_bar import MappingBar
from app.ui.widgets.mapping_draft import ROWS, TYPE, DraftBook
from app.ui.widgets.mapping_fixed import FixedEditor
from app.ui.widgets.mapping_form import MappingForm
from app.ui.widgets.mapping_grid import MappingGrid
from app.ui.widgets.mapping_panes import Change, connect_form, lay_out
from app.ui.widgets.mapping_readings import ReadingChoice
from app.ui.widgets.mapping_result import MappingResult, faulty_rows
from app.ui.widgets.mapping_trials import Trials
from app.ui.widgets.mapping_words import ENCODING_WORDS, fields_of, name_parts, tell

_NOTHING = "Open a refused CSV or workbook from the import report to say what its columns hold."


class MappingEditorPage(Page):
    """`import_wanted` carries the files that the saved mapping is to read."""

    key = "mapping_editor"
    title = "Map columns"
    subtitle = "Say once what the columns hold. Later files with the same header are read by themselves."
    place = "bills"
    wide = True
    import_wanted = Signal(object)

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.path: Path | None = None
        self.preview: Preview | None = None
        self.guess: Guess | None = None
        self.book = DraftBook()
        self.tried: ParsedDocument | None = None
        self._options: dict[str, Any] = {}
        self._read_by: dict[str, Any] = {}  # the options by which what is shown was opened
        self._cut_by: dict[str, Any] | None = None  # the columns of fixed width by which the rows shown were cut
        self._recut = False
        self._make_verbs()
        self.nothing = EmptyState(
            ui.icons, "mapping_editor", Emptiness(_NOTHING, "Import files…", ui.pick_files, "table")
        )
        self.choice = ReadingChoice(ENCODING_WORDS)
        self.choice.chosen.connect(self._encoding_chosen)
        self.grid = MappingGrid(ui.theme)
        self.grid.chosen.connect(self._column_chosen)
        self.bar = MappingBar()
        self.bar.wanted.connect(lambda options: self._look_again(**options))
        self.grid.header_wanted.connect(self.bar.want_header)
        self.result = MappingResult(ui.theme)
        self.form = MappingForm()
        self.near = label("", "muted", wrap=True)
        self.near.setObjectName("mapping_near")
        self.near.hide()
        self.stack = QStackedWidget()
        for part in (self.nothing, self.choice, self._make_editor()):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)
        self.trials = Trials(ui.ops, self)
        self.trials.due.connect(self._try)
        self.trials.tried.connect(self._tried_it)
        self.trials.failed.connect(self._not_tried)
        self.trials.to_save.connect(self._save_mapping)
        self.trials.unsaved.connect(self._tell_unsaved)
        self._follow()

    def open_table(self, path: Path, name: str = "") -> bool:
        """Show a table to map; False where the user would rather keep what is being mapped."""
        if self.book.dirty and path != self.path and not self._ask_leave():
            return False
        self.path, self.preview, self.guess, self.tried = path, None, None, None
        self.book = DraftBook()
        self._options, self._read_by = {}, {}
        self.trials.stop()
        self.heading.setText(f"Map columns of {name or path.name}")
        self._follow()
        self._look()
        return True

    def open(self, link: Link) -> None:
        if link.text and Path(link.text) != self.path:
            self.open_table(Path(link.text))

    def may_leave(self) -> bool:
        """Whether nothing is unsaved, or the user would throw it away."""
        if not self.book.dirty:
            return True
        if not self._ask_leave():
            return False
        self._clear()
        return True

    def release(self) -> None:
        self.trials.stop()

    # how it is made

    def _make_verbs(self) -> None:
        make = self.verb
        self.undo = make("mapping_undo", "Undo", "undo", lambda: self._step(self.book.undo), shortcut="Ctrl+Z")
        self.redo = make("mapping_redo", "Redo", "redo", lambda: self._step(self.book.redo), shortcut="Ctrl+Shift+Z")
        self.close_it = make("mapping_close", "Close", "close", self._close, tip="Go back without saving")
        tip = "Save the mapping and import the file with it"
        self.save = make(
            "mapping_save", "Save and import", "save", self._save, shortcut="Ctrl+Return", tip=tip, primary=True
        )

    def _make_editor(self) -> QWidget:
        connect_form(self.form, self._change, self._account)
        self.fixed = FixedEditor(self.ui.theme)
        self.fixed.changed.connect(self._fixed_changed)
        self.fixed.header_wanted.connect(self.bar.want_header)
        return lay_out([self.near, self.bar], [self.fixed, self.grid, self.result], self.form)

    # looking at the file

    def _look(self) -> None:
        path, options = self.path, dict(self._options)
        if path is not None:
            self.trials.begin(soon=False)
            fetch = self.ui.ops.query
            fetch(self, "preview", lambda: table_mappings.preview(path, options), self._looked, self._unreadable)

    def _look_again(self, **options: Any) -> None:
        """Open the file in another way; what was chosen for columns that are still there stays."""
        self._options |= options
        self._look()

    def _looked(self, preview: Preview) -> None:
        self.preview = preview
        self._cut_by = preview.fixed
        if preview.readings and not preview.encoding:
            self.choice.show_readings(preview.readings)
            self.stack.setCurrentIndex(1)
            return
        workspace, path, options = self.ui.backend.do.workspace, self.path, dict(self._options)
        if path is not None:
            work = lambda: (table_mappings.guess(workspace, path, options), self.ui.backend.query(list_carriers))  # noqa: E731
            self.ui.ops.query(self, "guess", work, self._guessed, self._unreadable)

    def _guessed(self, found: tuple[Guess, dict[str, int]]) -> None:
        guess, carriers = found
        preview = self.preview
        if preview is None:
            return
        self.guess, self._read_by = guess, dict(self._options)
        if not self._recut:
            self.trials.drop("The file is opened in another way now: look at its columns, then save.")
            self._begin(guess)
        self.book.digits |= {name for name, values in guess.values.items() if values and all(map(str.isdigit, values))}
        self._recut = False
        self.near.setVisible(bool(guess.near))
        self.near.setText(
            f"The header is almost that of the mapping “{guess.near}”: it {guess.difference}. "
            "That mapping is the draft here; choose what the changed columns hold."
        )
        self.bar.show_ways(preview)
        self.fixed.setVisible(preview.fixed is not None)
        self.bar.show_kind(guess.kind)
        self.grid.show_preview(preview, fields_of(guess.kind))
        self.form.offer(guess.kind, preview, guess, list(carriers))
        self.stack.setCurrentIndex(2)
        self._follow()

    def _begin(self, guess: Guess) -> None:
        """Begin a draft with what is guessed."""
        kept = self.book.mapping if self.book.dirty else {}
        unsure = [one.key for one in guess.unsure if one.choices or guess.kind is not BILL]
        self.book = DraftBook(guess.mapping, unsure)
        for key in ("carrier", "currency") if kept else ():
            self.book.mapping[key] = kept.get(key) or self.book.mapping.get(key, "")

    def _unreadable(self, fault: Fault) -> None:
        self._recut = False
        if self.guess is not None and self.preview is not None:  # what was chosen last does not open it: go back
            self._options = dict(self._read_by)
            self.trials.drop()
            self.bar.show_ways(self.preview)
            self.bar.show_kind(self.guess.kind)
            self.ui.say(f"The file cannot be opened so. {fault.message}", Tone.DANGER)
            self._follow()
            return
        self.nothing.show_as(Emptiness(fault.message, "Import files…", self.ui.pick_files, "warning"))
        self.stack.setCurrentIndex(0)

    # changing the draft

    def _encoding_chosen(self, encoding: str) -> None:
        self._look_again(encoding=encoding)

    def _fixed_changed(self, fixed: dict[str, Any]) -> None:
        preview, path = self.preview, self.path
        if preview is not None and path is not None:
            claims = claim_fixed(fixed, preview.lines, path.name)
            self._change(lambda book: book.set_fixed(fixed, claims))

    def _column_chosen(self, place: int, where: str) -> None:
        if self.preview is not None and self.guess is not None:
            name = self.preview.header[place]
            values = self.guess.values.get(name, ()) if where in (TYPE, ROWS) else ()
            look = self.guess.looks.get(name)
            self._change(lambda book: book.use_column(name, where, values, look))

    def _change(self, act: Change) -> None:
        before = self.book.mapping, self.book.unsure
        act(self.book)
        # a field that only lost the focus changes nothing, and must not take away the button that took it
        if (self.book.mapping, self.book.unsure) != before:
            self.trials.drop()
            self._follow()

    def _step(self, act: Callable[[], None]) -> None:
        act()
        self.trials.drop()
        self._follow()

    def _follow(self) -> None:
        """Show the draft as it is now, and try it soon."""
        self.undo.setEnabled(self.book.can_undo)
        self.redo.setEnabled(self.book.can_redo)
        self.save.setEnabled(self.guess is not None and not self.trials.wanted)
        self.close_it.setEnabled(self.path is not None)
        if self.preview is None or self.guess is None:
            return
        fixed = self.book.mapping.get("fixed")
        if self.preview.fixed is not None and fixed:
            self.fixed.show_fixed(self.preview, fixed)
            if fixed != self._cut_by:  # the columns are others now: cut the rows anew, and keep the draft
                self._cut_by, self._recut = fixed, True
                self._look_again(fixed=fixed)
                return
        self.form.show_draft(self.book, self._account())
        self._show_columns({})
        self.trials.begin(soon=True)

    def _show_columns(self, faulty: dict[int, str]) -> None:
        header = self.preview.header if self.preview is not None else ()
        self.grid.show_fields({place: self.book.field_of(name) for place, name in enumerate(header) if name}, faulty)

    def _account(self) -> str:
        """The account that the bill names, "" where none is read."""
        bills = self.tried.invoices if self.tried is not None else ()
        return self.book.account or next((bill.ban for bill in bills if bill.ban), "")

    # trying it

    def _try(self) -> None:
        missing = self.book.missing()
        if self.path is None or self.preview is None:
            return
        if missing:
            told = f"Still to choose: {', '.join(tell(key, self.book.kind) for key in missing)}."
            self.tried = None
            self.result.say(told, Tone.WARNING, "Not complete")
            self.trials.end(None, told)
            return
        workspace, path, shown, mapping = self.ui.backend.do.workspace, self.path, self.preview, self.book.finished()
        words = name_parts(self.book.kind, mapping, self.book.account)
        self.trials.run(lambda: table_mappings.try_draft(workspace, path, mapping, words, shown))

    def _tried_it(self, found: tuple[dict[str, Any], ParsedDocument]) -> None:
        mapping, document = found
        self.tried = document
        if self.path is not None:
            partly = table_mappings.is_tried_partly(self.path, self.book.kind)
            self.result.show_document(self.path.name, document, partly=partly)
        self._show_columns(faulty_rows(document))
        self.form.show_account(self._account())
        why = tell_unreadable(document)
        self.trials.end(None if why else mapping, why)

    def _not_tried(self, why: str) -> None:
        self.tried = None
        self.result.say(why, Tone.DANGER, "Not readable yet")
        self.trials.end(None, why)

    # the end of it

    def _save(self) -> None:
        """Save what is chosen, with what is still being typed."""
        writing = QApplication.focusWidget()
        if writing is not None and self.isAncestorOf(writing):
            writing.clearFocus()
        self.trials.want()
        self.save.setEnabled(self.guess is not None and not self.trials.wanted)

    def _save_mapping(self, mapping: dict[str, Any]) -> None:
        workspace, actor, path = self.ui.backend.do.workspace, self.ui.acting.name, self.path
        self.save.setEnabled(False)

        def saved(_changes: object) -> None:
            self.ui.toast(f"The mapping {mapping['name']} is saved.")
            self._clear()
            if path is not None:
                self.import_wanted.emit([path])

        def failed(fault: Fault) -> None:
            self.save.setEnabled(self.guess is not None)
            self.ui.fault(fault)

        work = lambda _handle: table_mappings.save(workspace, mapping, actor)  # noqa: E731
        self.ui.ops.command("Saving the mapping", work, saved, failed)

    def _tell_unsaved(self, why: str) -> None:
        self.save.setEnabled(self.guess is not None)
        self.ui.say(f"Nothing is saved yet. {why}", Tone.WARNING)

    def _close(self) -> None:
        if self.may_leave():
            self._clear()
            self.ui.go(Link("import_report"))

    def _clear(self) -> None:
        self.trials.stop()
        self.path, self.preview, self.guess, self.tried = None, None, None, None
        self.book = DraftBook()
        self.heading.setText(self.title)
        self.nothing.show_as(Emptiness(_NOTHING, "Import files…", self.ui.pick_files, "table"))
        self.stack.setCurrentIndex(0)
        self._follow()

    def _ask_leave(self) -> bool:
        """Whether what was mapped so far may be thrown away."""
        name = self.path.name if self.path is not None else "the file"
        buttons = QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel
        text = f"What you have chosen for the columns of {name} is not saved. Throw it away?"
        return QMessageBox.question(self, "Map columns", text, buttons) == QMessageBox.StandardButton.Discard
