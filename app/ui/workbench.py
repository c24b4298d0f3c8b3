"""Everything on one open workspace: the rail, the pages, importing, notes, jobs, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app.queries.workspace import Payer, fetch_payer
from app.services.changes import Changes
from app.services.users import Person
from app.ui.causes import CauseBook
from app.ui.changes import ChangeHub
from app.ui.context import Acting, Link, Ui
from app.ui.dialogs.payer import PayerQuestion
from app.ui.dialogs.questions import PersonQuestion
from app.ui.navigation import Rail, default_person
from app.ui.ops import Fault, Handle, Ops
from app.ui.page_stack import FIRST, PageStack
from app.ui.pages.base import Page
from app.ui.pages.import_report import ImportReportPage
from app.ui.pages.registry import rail_counts
from app.ui.palette import CommandPalette
from app.ui.tokens import Tone
from app.ui.watching import WatchedFolder
from app.ui.widgets.drop_mark import drop_mark
from app.ui.widgets.jobs import JobsPanel
from app.ui.widgets.message_bar import MessageBar, Toast
from app.ui.wording import count
from app.ui.workbench_verbs import declare_verbs

if TYPE_CHECKING:
    from app.services.progress import Progress
    from app.services.receipts import Receipt
    from app.ui.backend import Backend
    from app.ui.icons import Icons
    from app.ui.theme import Theme


KINDS = (
    "*.pdf", "*.xml", "*.json", "*.edi", "*.x12", "*.csv", "*.tsv", "*.txt", "*.xlsx", "*.xls", "*.ods", "*.gz",
    "*.parquet", "*.zip", "*.eml", "*.msg", "*.mbox", "*.sta", "*.940", "*.ofx", "*.ach", "*.png", "*.jpg", "*.jpeg",
    "*.tif", "*.tiff", "*.webp", "*.bmp", "*.toml",
)  # fmt: skip
_WATCHED = "window/watched_folder"
WIDE_ENOUGH = 1500  # pixels, from which on a wide page stands beside the whole rail
ROOMY_ENOUGH = 1180  # and any other page


class Workbench(QWidget):
    """`leave_wanted` asks the window to close this workspace."""

    leave_wanted = Signal()

    def __init__(
        self,
        backend: Backend,
        theme: Theme,
        icons: Icons,
        hub: ChangeHub,
        ops: Ops,
        settings: QSettings,
        message: MessageBar,
    ) -> None:
        super().__init__()
        self.setObjectName("workbench")
        self.backend = backend
        self._theme, self._hub, self._ops, self._settings, self._message = theme, hub, ops, settings, message
        people = backend.people()
        last = str(settings.value("window/person", ""))
        chosen = next((person for person in people if person.name == last), people[0] if people else default_person())
        self.acting = Acting(chosen, self)
        self.toast = Toast(self)
        self.jobs = JobsPanel(icons, self)
        self.stack = PageStack(self.receive)
        self.ui = self.stack.ui = Ui(
            backend,
            theme,
            icons,
            ops,
            hub,
            settings,
            self.acting,
            self.go,
            self.stack.page,
            self._say,
            self.toast.say,
            self.pick_files,
            self.write_templates,
            self._fault,
            CauseBook(backend, ops, hub, self),
        )
        self.rail = Rail(backend.company, self.acting, theme, icons)
        self._past: list[Link] = []
        self._here = Link(FIRST)
        self._drop_mark = drop_mark(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(self.stack, 1)
        self.watched = WatchedFolder(self.receive)
        self.watched.failed.connect(lambda message: self._say(message, Tone.WARNING))
        self._connect()
        declare_verbs(self)
        self._know_people(people)
        self._count()
        self.go(Link(FIRST))
        self._watch_again()

    def go(self, link: Link) -> None:
        """Show the page that a link names, and remember where we were."""
        if not self._may_leave(link):
            return
        if link != self._here:
            self._past.append(self._here)
            del self._past[:-50]
        self._show(link)

    def back(self) -> None:
        """Go to where we were before."""
        if self._past and self._may_leave(self._past[-1]):
            self._show(self._past.pop())

    def may_leave(self) -> bool:
        """Whether the workspace may be closed: nothing is unsaved, or the person would throw it away."""
        return self._may_leave(Link(""))

    def release(self) -> None:
        """Let go of the workspace and close it."""
        self.watched.stop()
        self.stack.release()
        self.backend.close()

    @property
    def page(self) -> Page:
        """The page in sight."""
        return self.stack.page(self._here.page)

    def pick_files(self) -> None:
        """Ask for files and import them."""
        start = str(self._settings.value("window/import_folder", str(Path.home())))
        kinds = f"Bills and records ({' '.join(KINDS)});;All files (*)"
        chosen, _filter = QFileDialog.getOpenFileNames(self, "Import files", start, kinds)
        if chosen:
            self._settings.setValue("window/import_folder", str(Path(chosen[0]).parent))
            self.receive([Path(name) for name in chosen])

    def receive(
        self, paths: Sequence[Path], then: Callable[[list[Receipt]], None] = lambda _receipts: None
    ) -> Handle | None:
        """Import files in the background, with progress and cancel, then report on each; `then` hears of it as well."""
        if not paths:
            return None
        actor = self.acting.name
        shown = paths[0].name if len(paths) == 1 else count(len(paths), "file")

        def work(handle: Handle) -> tuple[list[Receipt], Changes]:
            def tell(progress: Progress) -> None:
                what = f"{progress.stage} {progress.subject}".strip().capitalize()
                handle.report(progress.done, progress.total, what)

            return self.backend.do.receive(paths, actor, tell, handle.cancelled)

        def done(result: tuple[list[Receipt], Changes]) -> None:
            then(result[0])
            self._report(result[0])

        def failed(fault: Fault) -> None:
            then([])
            self._fault(fault)

        return self._ops.command(f"Importing {shown}", work, done, failed, shown=True)

    def watch(self) -> None:
        """Ask for a folder and take in what is put there from now on; asked again, stop."""
        if self.watched.folder is not None:
            self.toast.say(f"{self.watched.folder.name} is not watched any more.")
            self.watched.stop()
            self._settings.remove(_WATCHED)
            return
        start = str(self._settings.value("window/import_folder", str(Path.home())))
        chosen = QFileDialog.getExistingDirectory(self, "Watch a folder", start)
        if chosen:
            self._settings.setValue(_WATCHED, chosen)
            self._watch_again()

    def _watch_again(self) -> None:
        """Go on watching the folder of the settings, where there is one."""
        folder = Path(str(self._settings.value(_WATCHED, "")))
        if str(folder) != "." and folder.is_dir():
            self.watched.start(folder)
            self.toast.say(f"What is put into {folder.name} is imported from now on.")

    def show_drop_mark(self, shown: bool) -> None:
        """Tell that what is dragged may be dropped here."""
        self._drop_mark.setGeometry(self.stack.geometry().adjusted(24, 24, -24, -24))
        self._drop_mark.setVisible(shown)
        self._drop_mark.raise_()

    def become(self, person: Person) -> None:
        """Go on as another person."""
        self.acting.become(person)
        self._settings.setValue("window/person", person.name)
        self.toast.say(f"You are now acting as {person.name}.")

    def open_palette(self) -> CommandPalette:
        """Show all verbs of the window and of the page in sight."""
        palette = CommandPalette([*self.actions(), *self.page.actions()], self)
        corner = self.mapToGlobal(self.rect().center())
        palette.move(corner.x() - palette.width() // 2, self.mapToGlobal(self.rect().topLeft()).y() + 90)
        palette.show()
        palette.search.setFocus()
        return palette

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.toast.place()
        self.jobs.place()
        self._make_room()

    # within

    def _connect(self) -> None:
        self.rail.chosen.connect(lambda key: self.go(Link(key)))
        self.rail.import_wanted.connect(self.pick_files)
        self.rail.theme_wanted.connect(self.switch_theme)
        self.rail.person.connect(self.become)
        self.rail.person_wanted.connect(self._add_person)
        self._ops.started.connect(self.jobs.follow)
        self._hub.changed.connect(self._heard)
        self.acting.changed.connect(self._person_changed)

    def find_line(self) -> None:
        for line in self.page.findChildren(QLineEdit):
            if line.isVisible() and line.objectName().endswith("_filter"):
                line.setFocus()
                line.selectAll()
                return

    def _show(self, link: Link) -> None:
        page = self.stack.page(link.page)
        if link.page != self._here.page:
            self._message.hide()  # it told of the page that is left
        self._here = link
        self.stack.setCurrentWidget(page)
        self._make_room()
        self.rail.mark(page.place or page.key)
        page.open(link)
        page.refresh()

    def _may_leave(self, link: Link) -> bool:
        """Whether the page in sight has nothing that would be lost, or the person says that it may be."""
        page = self.page
        if link.page == page.key or page.may_leave():
            return True
        self.rail.mark(page.place or page.key)
        return False

    def leave(self) -> None:
        if self.may_leave():
            self.leave_wanted.emit()

    def _make_room(self) -> None:
        self.rail.show_compact(self.width() < (WIDE_ENOUGH if self.page.wide else ROOMY_ENOUGH))

    def _heard(self, changes: Changes) -> None:
        self.stack.heard(changes)
        if changes & Changes.USERS:
            self._know_people(self.backend.people())
        self._count()

    def _count(self) -> None:
        self._ops.query(self, "counts", lambda: rail_counts(self.backend), self._counted)

    def _counted(self, counts: dict[str, tuple[int, Tone]]) -> None:
        for key, (number, tone) in counts.items():
            self.rail.buttons[key].show_count(number, tone)

    def _report(self, receipts: list[Receipt]) -> None:
        page = self.stack.page("import_report")
        if isinstance(page, ImportReportPage):
            page.show_receipts(receipts)
            self.go(Link("import_report"))

    def _know_people(self, people: list[Person]) -> None:
        self.rail.know(people or [default_person()])

    def _person_changed(self) -> None:
        self.stack.heard(Changes.USERS)

    def _add_person(self) -> None:
        question = PersonQuestion(self)
        if question.exec() == QDialog.DialogCode.Accepted:
            name, role, actor = question.name.text().strip(), question.chosen_role, self.acting.name
            do, nobody_yet = self.backend.do, not self.backend.people()

            def added(_changes: object) -> None:
                if nobody_yet:
                    self.become(Person(name, role))

            self.ui.command("Adding a person", lambda: do.add_user(name, role, actor), f"{name} was added.", added)

    def ask_payer(self) -> None:
        def ask(payer: Payer) -> None:
            question = PayerQuestion(self, payer)
            if question.exec() == QDialog.DialogCode.Accepted:
                told, actor, do = question.payer, self.acting.name, self.backend.do
                self.ui.command("Keeping", lambda: do.set_payer(told, actor), "Our bank details are kept.")

        self._ops.query(self, "payer", lambda: self.backend.query(fetch_payer), ask)

    def switch_theme(self) -> None:
        self._theme.switch(not self._theme.dark)
        self._settings.setValue("window/dark", self._theme.dark)

    def write_reports(self) -> None:
        def show(paths: list[Path]) -> None:
            self.toast.say(f"Written: {', '.join(path.name for path in paths)}")
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths[0].parent)))

        self._ops.command("Writing the reports", lambda _handle: self.backend.do.write_reports(), show, shown=True)

    def write_templates(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder for the templates", str(self.backend.exports))
        if chosen:
            folder = Path(chosen)
            note = f"The templates were written to {folder.name}."
            self.ui.command("Writing the templates", lambda: self.backend.do.write_templates(folder), note)

    def _say(self, text: str, tone: Tone) -> None:
        self._message.say(text, tone)

    def _fault(self, fault: Fault) -> None:
        self._message.say(fault.message, Tone.DANGER, fault.details)
