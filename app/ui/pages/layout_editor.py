"""A layout made by pointing: open an unknown bill, say what stands where, see the bill live, save, import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget
from shiboken6 import isValid

from app.domain.source import ParseIssue
from app.queries import layouts as saved_layouts
from app.queries.layouts import Known
from app.services.changes import Changes
from app.services.layout_acceptance import Trial
from app.services.layout_desk import Opened
from app.services.layout_draft import Draft
from app.services.layout_drift import Moved
from app.ui.context import Link, Ui
from app.ui.ops import Fault, Handle
from app.ui.pages.base import Page
from app.ui.pages.layout_editor_drift import DriftView
from app.ui.pages.layout_editor_save import LeaveQuestion, SaveQuestion
from app.ui.pages.layout_editor_work import LayoutWork
from app.ui.tokens import Tone
from app.ui.widgets.empty import Emptiness, EmptyState

Then = Callable[[], None]
_START = "Open a bill that nobody can read yet, and say what stands where: no programmer is needed."
_FILES = "Bills (*.pdf *.png *.jpg *.jpeg *.tif *.tiff *.webp *.bmp);;PDF (*.pdf);;All files (*)"


class LayoutEditorPage(Page):
    """`import_wanted` carries the paths that are to be imported after a layout was saved."""

    key = "layout_editor"
    title = "Read a bill by pointing"
    place = "bills"
    wide = True
    watches = Changes.SETTINGS | Changes.INVENTORY
    import_wanted = Signal(object)

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self._path: Path | None = None
        self._name = ""
        self._then: Then | None = None
        self._known = Known((), ())
        self._opening: Handle | None = None
        self._asked: list[Handle] = []  # that of the bill that was asked for last
        self.drift_importer = ""
        self._drifted: Opened | None = None  # what is shown of a bill that has drifted
        self.work = LayoutWork(ui)
        self.drift = DriftView(ui)
        self.nothing = EmptyState(ui.icons, "layout_editor", Emptiness(_START, "Open a bill…", self.pick, "layout"))
        self.stack = QStackedWidget()
        for part in (self.nothing, self.work, self.drift):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)
        self.note.show()
        undo, redo = self.work.hand.history.stack.undo, self.work.hand.history.stack.redo
        self.undo = self.verb("layout_undo", "Undo", "undo", undo, shortcut="Ctrl+Z", tip="Take the last change back")
        self.redo = self.verb("layout_redo", "Redo", "redo", redo, shortcut="Ctrl+Shift+Z", shown=False)
        self.pick_verb = self.verb("layout_open", "Open a bill…", "folder", self.pick, shortcut="Ctrl+O")
        self.type_in = self.verb(
            "layout_type",
            "Type it in…",
            "write",
            lambda: ui.go(Link("typed_bill")),
            tip="Instead of pointing at a scan",
        )
        self.save_verb = self.verb(
            "layout_save",
            "Save the layout…",
            "save",
            self.save,
            shortcut="Ctrl+S",
            tip="Try the layout on all stored bills of this carrier, then save it and import this one",
            primary=True,
        )
        self.work.changed.connect(self._renew_verbs)
        self.work.hand.history.stack.indexChanged.connect(self._renew_verbs)
        self.drift.mend.connect(self._mend)
        self._renew_verbs()

    # what others ask of it

    def open_pdf(
        self, path: Path, name: str, importer: str = "", then: Then | None = None, read: Opened | None = None
    ) -> None:
        """Show a bill to point at, a PDF or a picture; with `importer` ("pdf:name") its saved layout is mended, on the
        words that were `read` already, if any. `then` brings the file in after saving; without it the file at `path`
        is imported."""
        if not self.may_leave():
            return
        self._show_page(path, name, then)
        desk = self.ui.backend.layouts

        def done(opened: Opened) -> None:
            draft = opened.draft
            if importer and draft is None:
                self.ui.say(f"The layout {importer} is not known here any more: a new one is begun.", Tone.WARNING)
            if opened.note:
                self.ui.say(f"No first guess could be made: {opened.note} Point at the values yourself.", Tone.WARNING)
            self.stack.setCurrentWidget(self.work)
            self.work.begin(name, opened, draft or Draft())
            self.work.view.canvas.setFocus()
            self._renew_verbs()

        if read is not None:
            self._read(name, lambda _cancelled, _report: desk.mend(read, name, importer), done)
        else:
            self._read(name, lambda cancelled, report: desk.open(path, name, importer, cancelled, report), done)

    def show_drift(
        self, path: Path, name: str, issues: Sequence[ParseIssue], importer: str = "", then: Then | None = None
    ) -> None:
        """Show what moved on a bill since its layout was accepted, and offer to mend the layout."""
        if not self.may_leave():
            return
        self._show_page(path, name, then)
        desk, told = self.ui.backend.layouts, tuple(issues)

        def done(found: tuple[Opened, str, list[Moved]]) -> None:
            opened, self.drift_importer, moved = found
            self._drifted = opened
            self.stack.setCurrentWidget(self.drift)
            self.drift.show_moved(opened, moved, bool(self.drift_importer))
            self.note.setText(f"{name} does not look like the bills that its layout was made for.")
            self._renew_verbs()

        self._read(
            name, lambda cancelled, report: desk.open_drifted(path, name, told, importer, cancelled, report), done
        )

    def may_leave(self) -> bool:
        """Whether nothing is lost, or the person says that it may be."""
        if self.stack.currentWidget() is not self.work or not self.work.hand.history.unsaved:
            return True
        if LeaveQuestion(self).exec() != QDialog.DialogCode.Accepted:
            return False
        self._forget()
        return True

    def open(self, link: Link) -> None:
        if link.text and Path(link.text) != self._path:
            self.open_pdf(Path(link.text), Path(link.text).name, link.view)

    def reload(self) -> None:
        self.fetch("known", saved_layouts.fetch, then=self._show_known)

    def release(self) -> None:
        self._stop_reading()
        self.work.release()
        self.drift.release()

    def pick(self) -> None:
        """Ask for a bill and open it."""
        start = str(self.ui.settings.value("window/import_folder", str(Path.home())))
        chosen, _filter = QFileDialog.getOpenFileName(self, "Open a bill to point at", start, _FILES)
        if chosen:
            self.open_pdf(Path(chosen), Path(chosen).name)

    def save(self) -> None:
        """Try the layout on the stored bills, ask, save it, and bring the waiting file in."""
        opened, draft, name, desk = self.work.hand.opened, self.work.draft, self._name, self.ui.backend.layouts
        if opened is None:
            return
        holder: list[Handle] = []

        def report(done: int, of: int) -> None:
            if holder:
                holder[0].report(done, of, "Reading stored bills again")

        def cancelled() -> bool:
            return bool(holder) and holder[0].cancelled()

        self.note.setText("Trying the layout on the stored bills of this carrier…")
        self.save_verb.setEnabled(False)
        content = opened.content
        handle = self.ui.ops.query(
            self, "try", lambda: desk.try_layout(name, content, draft, report, cancelled), self._tried, self._refused
        )
        handle.progressed.connect(lambda done, of, what: self.note.setText(f"{what}: {done} of {of}"))
        holder.append(handle)

    # within

    def _read(
        self,
        name: str,
        work: Callable[[Callable[[], bool], Callable[[int, int], None]], Any],
        done: Callable[[Any], None],
    ) -> None:
        """Have a bill read; of a scan it is told page by page how far it is, and it can be stopped."""
        self._stop_reading()
        holder: list[Handle] = []
        self._asked = holder

        def report(page: int, of: int) -> None:
            if holder:
                holder[0].report(page, of, "Recognising")

        def cancelled() -> bool:
            return bool(holder) and holder[0].cancelled()

        def failed(fault: Fault) -> None:
            if self._asked is not holder:
                return  # another bill has been opened meanwhile
            if cancelled():
                self._forget()
            else:
                self._not_opened(fault)

        def tell(page: int, of: int, _what: str) -> None:
            if self._opening is handle:
                self._wait(
                    f"{name} is a scan: its text is recognised on this computer. Page {min(page + 1, of)} of {of}…"
                )

        self._wait(f"Reading {name}…")
        handle = self.ui.ops.query(self, "open", lambda: work(cancelled, report), done, failed)
        handle.progressed.connect(tell)
        handle.ended.connect(self._read_ended)
        self._opening = handle
        holder.append(handle)

    def _read_ended(self, handle: Handle) -> None:
        if self._opening is handle:
            self._opening = None

    def _stop_reading(self) -> None:
        if self._opening is not None:
            self._opening.cancel()

    def _tried(self, trial: Trial) -> None:
        self._tell()
        self._renew_verbs()
        question = SaveQuestion(self, self.ui.theme, trial)
        if question.exec() != QDialog.DialogCode.Accepted:
            return
        reason, desk, actor = question.text, self.ui.backend.layouts, self.ui.acting.name
        self.ui.command(
            "Saving the layout",
            lambda: desk.accept(trial, actor, reason),
            f"The layout {trial.name} is saved.",
            self._saved,
        )

    def _saved(self, _changes: Changes) -> None:
        self.work.hand.history.stack.setClean()
        path, then = self._path, self._then
        self._forget()
        if then is not None:
            then()
        elif path is not None:
            self.import_wanted.emit([path])

    def _refused(self, fault: Fault) -> None:
        self._tell()
        self._renew_verbs()
        self.ui.fault(fault)

    def _mend(self) -> None:
        path, name, then = self._path, self._name, self._then
        if path is not None:
            self.open_pdf(path, name, self.drift_importer, then, self._drifted)

    def _show_page(self, path: Path, name: str, then: Then | None) -> None:
        self._path, self._name, self._then = path, name, then
        self._tell()
        if not self.isVisible():
            self.ui.go(Link(self.key))

    def _forget(self) -> None:
        """Let go of the file; the page is as at first."""
        self._path, self._name, self._then, self._drifted = None, "", None, None
        self.work.hand.history.stack.clear()
        self.nothing.show_as(Emptiness(_START, "Open a bill…", self.pick, "layout"))
        self.stack.setCurrentWidget(self.nothing)
        self._tell()
        self._renew_verbs()

    def _wait(self, sentence: str) -> None:
        self.nothing.show_as(Emptiness(sentence, "Stop", self._stop_reading, "clock"))
        self.stack.setCurrentWidget(self.nothing)
        self._renew_verbs()

    def _not_opened(self, fault: Fault) -> None:
        self._path = None
        self.nothing.show_as(Emptiness(fault.message, "Open another bill…", self.pick, "warning"))
        self.stack.setCurrentWidget(self.nothing)
        self._renew_verbs()

    def _tell(self) -> None:
        self.note.setText(
            f"{self._name}: drag a box over a value and say what it is; drag the borders of columns; click a word."
            if self._name
            else "A layout says where a carrier prints what. It is made once, and reads all later bills."
        )

    def _show_known(self, known: Known) -> None:
        self._known = known
        self.work.form.show_carriers(known.carriers)

    def _renew_verbs(self, _step: int = 0) -> None:
        if not isValid(self.stack):
            return  # the window is being closed, and the history tells that it was cleared
        working = self.stack.currentWidget() is self.work
        stack, reading = self.work.hand.history.stack, self.work.reading
        for verb in (self.undo, self.save_verb):
            verb.setVisible(working)
        self.type_in.setVisible(working and self.work.scanned)
        self.undo.setEnabled(working and stack.canUndo())
        self.undo.setToolTip(f"Undo: {stack.undoText()} (Ctrl+Z)" if stack.canUndo() else "Nothing to undo (Ctrl+Z)")
        self.redo.setEnabled(working and stack.canRedo())
        missing = "" if reading.invoice is not None else "The bill is not read yet: see what is to do"
        if not missing and not self.work.draft.text("carrier"):
            missing = "Name the carrier first"
        self.save_verb.setEnabled(working and not missing)
        self.save_verb.setToolTip(missing or f"{self.save_verb.statusTip()} (Ctrl+S)")
        self.pick_verb.setVisible(self.stack.currentWidget() is not self.nothing)


def find_editor(ui: Ui) -> LayoutEditorPage:
    """The layout editor of the window that `ui` serves."""
    page = ui.page(LayoutEditorPage.key)
    if not isinstance(page, LayoutEditorPage):
        raise TypeError("another page has the key of the layout editor")
    return page
