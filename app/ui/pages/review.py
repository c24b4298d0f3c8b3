"""Review: what was read beside its source, with everything that a person has to say before it is posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QInputDialog, QSplitter, QVBoxLayout

from app.domain.identifiers import name_key
from app.domain.review import Answer, Question
from app.domain.source import Source
from app.queries import review as query
from app.queries.review import Choice, HeldDetail, HeldRow
from app.services.changes import Changes
from app.services.charge_types import guess_charge_type
from app.services.corrections import Place
from app.ui.context import Link, Ui
from app.ui.dialogs.charges import ChargeQuestion
from app.ui.dialogs.questions import ask_reason
from app.ui.pages.base import Page
from app.ui.pages.layout_editor import find_editor
from app.ui.readers import list_readers
from app.ui.tables import Column, DataTable, Kind
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import label, row
from app.ui.widgets.document_view import DocumentView
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.marks import Mark
from app.ui.widgets.question_card import QuestionList
from app.ui.widgets.read_values import ReadValues
from app.ui.wording import count, day

WAITING: tuple[Column[HeldRow], ...] = (
    Column("name", "File", lambda row: row.name, width=150, strong=True, stretch=True, tooltip=lambda row: row.why),
    Column("carrier", "Carrier", lambda row: row.carrier or None, width=120),
    Column("number", "Bill", lambda row: row.number or None, width=110),
    Column("total", "Total", lambda row: row.total, Kind.MONEY, 100, currency=lambda row: row.currency),
    Column("why", "Why it waits", lambda row: row.why, width=260, tooltip=lambda row: row.why, hidden=True),
    Column("received", "Received", lambda row: row.received_at.date(), Kind.DATE, 100, hidden=True),
    Column("importer", "Read by", lambda row: row.importer, hidden=True),
)
_HEADER_KEY = -1
DRIFTED = "layout-drifted"
ANYBODY = "whichever claims it"


@dataclass(frozen=True)
class _Found:
    """A document that waits, with what its answers can name."""

    detail: HeldDetail | None
    accounts: dict[str, list[Choice]]
    services: dict[str, list[Choice]]


class ReviewPage(Page):
    """Values are corrected in place; a question is answered by a click; then the document is posted."""

    key = "review"
    title = "Review"
    subtitle = "What was read and waits for a person: nothing of it is posted yet."
    place = "review"
    wide = True
    watches = Changes.INTAKE | Changes.INVENTORY

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.detail: HeldDetail | None = None
        self._wanted: int | None = None
        self._shown = ""
        self.verb("review_imports", "Imports…", "file", lambda: ui.go(Link("imports")), tip="Every file that came")
        self.discard = self.verb(
            "review_discard", "Discard…", "dismiss", self._discard, tip="Do not post it: its file goes into quarantine"
        )
        self.drop = self.verb(
            "review_drop_charge", "Drop the charge", "dismiss", self._drop, tip="This line of the bill is no charge"
        )
        self.add = self.verb(
            "review_add_charge", "Add a charge…", "import", self._add, tip="A charge that was not read"
        )
        self.moved = self.verb(
            "review_moved", "Show what moved…", "layout", self._show_moved, tip="What stands elsewhere than it did"
        )
        self.reread = self.verb(
            "review_reread", "Read again…", "reload", self._read_again, tip="By the reader that you choose"
        )
        self.post = self.verb(
            "review_post",
            "Post",
            "approve",
            self._post,
            shortcut="Ctrl+Return",
            primary=True,
            tip="Post it, match, rate and audit it",
        )
        self.list: DataTable[HeldRow] = DataTable(
            ui,
            "review",
            WAITING,
            key=lambda row: row.id,
            noun="document",
            empty=Emptiness("Nothing waits for review.", "Import files…", ui.pick_files, "approve"),
        )
        self.list.selected.connect(self._selected)
        self.bills = QComboBox()
        self.bills.setObjectName("review_bills")
        self.bills.setAccessibleName("Bill of this document")
        self.bills.currentIndexChanged.connect(lambda _index: self._show_bill())
        self.values = ReadValues(ui.theme)
        self.values.corrected.connect(self._correct)
        self.values.looked_at.connect(self._look_at)
        self.questions = QuestionList(ui.theme)
        self.questions.answered.connect(self._answer)
        self.questions.taken_back.connect(self._take_back)
        self.questions.shown.connect(lambda question: self._look_at(question.source, _first_charge(question)))
        self.document = DocumentView(ui.ops, ui.theme, ui.icons)
        self.document.picked.connect(self.values.choose_charge)
        self.body.addWidget(self._splitter(), 1)
        self.questions.show_nothing()
        self._enable()

    def reload(self) -> None:
        self.fetch("review", query.fetch_held, then=self._show)

    def open(self, link: Link) -> None:
        if link.key is not None:
            self._wanted = link.key
            self.list.select_key(link.key)

    def release(self) -> None:
        self.document.release()

    def _splitter(self) -> QSplitter:
        top = QFrame()
        layout = QVBoxLayout(top)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.list)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(top)
        left.addWidget(self.questions)
        left.setSizes([190, 420])
        left.setChildrenCollapsible(False)
        middle = QFrame()
        held = QVBoxLayout(middle)
        held.setContentsMargins(0, 0, 0, 0)
        held.setSpacing(SPACE_S)
        held.addLayout(row(label("As read; double-click a value to correct it", "small"), None, self.bills))
        held.addWidget(self.values, 1)
        self.chosen = QSplitter(Qt.Orientation.Vertical)
        self.chosen.addWidget(self.document)
        self.chosen.addWidget(middle)
        self.chosen.setSizes([380, 300])
        self.chosen.setChildrenCollapsible(False)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("review_splitter")
        splitter.addWidget(left)
        splitter.addWidget(self.chosen)
        splitter.setSizes([470, 640])
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setChildrenCollapsible(False)
        return splitter

    # what it shows

    def _show(self, rows: list[HeldRow]) -> None:
        self.list.load(rows)
        if self._wanted is not None:
            self.list.select_key(self._wanted)
            self._wanted = None
        self.list.take_first()
        self._selected(self.list.current())

    def _selected(self, chosen: HeldRow | None) -> None:
        if chosen is None:
            self.detail = None
            self._shown = ""
            self.chosen.hide()  # what was posted or thrown away waits no more
            self.questions.show_nothing()
            self._enable()
            return
        backend, number = self.ui.backend, chosen.id

        def work() -> _Found:
            detail: HeldDetail | None = backend.query(query.fetch_detail, number, guess_charge_type)
            carriers = {name_key(invoice.carrier) for invoice in detail.document.invoices} if detail else set()
            return _Found(
                detail,
                {carrier: backend.query(query.fetch_accounts, carrier) for carrier in carriers},
                {carrier: backend.query(query.fetch_services, carrier) for carrier in carriers},
            )

        self.ui.ops.query(self, "held", work, self._show_detail)

    def _show_detail(self, found: _Found) -> None:
        self.detail = found.detail
        self._enable()
        if found.detail is None:
            return
        detail = found.detail
        self.chosen.show()
        self.questions.show_questions(detail.questions, found.accounts, found.services)
        kept = max(self.bills.currentIndex(), 0)
        self.bills.blockSignals(True)
        self.bills.clear()
        for invoice in detail.document.invoices:
            self.bills.addItem(f"{invoice.number} of {day(invoice.bill_date)}")
        self.bills.setCurrentIndex(min(kept, self.bills.count() - 1))
        self.bills.blockSignals(False)
        self.bills.setVisible(self.bills.count() > 1)
        self._show_bill()
        if self._shown != detail.sha256:
            self._shown = detail.sha256
            self._load_document(detail)

    def _show_bill(self) -> None:
        place = self.bills.currentIndex()
        if self.detail is not None and 0 <= place < len(self.detail.document.invoices):
            self.values.show_invoice(self.detail.document.invoices[place], place)

    def _load_document(self, detail: HeldDetail, looked_at: Source | None = None) -> None:
        marks = []
        asked = {number for question in detail.questions for number in question.charges if not question.answer}
        for number, charge in enumerate(detail.document.invoices[0].charges if detail.document.invoices else ()):
            tone = Tone.WARNING if number in asked else Tone.NEUTRAL
            marks.append(Mark(number, charge.source, tone, f"{charge.description}: {charge.amount:,.2f}"))
        if looked_at is not None:
            marks.append(Mark(_HEADER_KEY, looked_at, Tone.ACCENT))
        backend = self.ui.backend
        self.document.load(lambda: backend.document(detail.sha256), marks)

    def _look_at(self, source: Source, charge: int) -> None:
        if charge >= 0:
            self.document.choose(charge)
        elif self.detail is not None and source != Source():
            self._load_document(self.detail, source)
            self.document.choose(_HEADER_KEY)

    def _enable(self) -> None:
        detail = self.detail
        for verb in (self.discard, self.add, self.drop, self.reread, self.post):
            verb.setEnabled(detail is not None)
        self.moved.setVisible(bool(detail and any(issue.code == DRIFTED for issue in detail.document.issues)))
        if detail is not None and detail.blocking:
            left = count(len(detail.blocking), "question")
            self.post.setEnabled(False)
            self.post.setToolTip(f"Answer {left} first.")
        else:
            self.post.setToolTip("Post it, match, rate and audit it")

    # what can be done

    def _command(self, title: str, work: Callable[[int, str], object], note: str = "") -> None:
        if self.detail is not None:
            number, actor = self.detail.id, self.ui.acting.name
            self.ui.command(title, lambda: work(number, actor), note)

    def _answer(self, key: str, given: Answer) -> None:
        do = self.ui.backend.do
        self._command("Answering", lambda number, actor: do.answer_review(number, key, given, actor))

    def _take_back(self, key: str) -> None:
        do = self.ui.backend.do
        self._command("Taking the answer back", lambda number, actor: do.unanswer_review(number, key, actor))

    def _correct(self, place: Place, text: str) -> None:
        do = self.ui.backend.do
        self._command("Correcting", lambda number, actor: do.correct_review(number, place, text, actor))
        self._show_bill()  # what is not accepted must not stand there as if it were

    def _add(self) -> None:
        question = ChargeQuestion(self)
        if question.exec():
            place, do = max(self.bills.currentIndex(), 0), self.ui.backend.do
            what, amount = question.description.text(), question.amount.text()
            self._command(
                "Adding", lambda number, actor: do.add_review_charge(number, place, what, amount, actor), "Added."
            )

    def _drop(self) -> None:
        charge = self.values.current_charge()
        if charge is None:
            self.ui.toast("Choose the charge that is none.")
            return
        place, do = max(self.bills.currentIndex(), 0), self.ui.backend.do
        self._command("Dropping", lambda number, actor: do.drop_review_charge(number, place, charge, actor), "Dropped.")

    def _show_moved(self) -> None:
        detail = self.detail
        if detail is None:
            return
        do, number, actor = self.ui.backend.do, detail.id, self.ui.acting.name

        def then() -> None:
            self._shown = ""
            self.ui.command("Reading again", lambda: do.read_review_again(number, actor), "Read again.")

        issues, path = detail.document.issues, do.path_of(detail.sha256)
        find_editor(self.ui).show_drift(path, detail.name, issues, detail.importer, then)

    def _read_again(self) -> None:
        if self.detail is None:
            return
        do, number, actor = self.ui.backend.do, self.detail.id, self.ui.acting.name
        readers = {ANYBODY: "", **list_readers(do.importers(), self.detail.name)}
        title = "What was answered and corrected so far is forgotten. Read it by"
        chosen, ok = QInputDialog.getItem(self, "Read it again", title, list(readers), 0, False)
        if ok:
            importer = readers[chosen]
            self._shown = ""
            self.ui.command("Reading again", lambda: do.read_review_again(number, actor, importer), "Read again.")

    def _post(self) -> None:
        if self.detail is None:
            return
        number, actor, do = self.detail.id, self.ui.acting.name, self.ui.backend.do
        self.detail = None
        self._shown = ""
        self.ui.command("Posting", lambda: do.post_review(number, actor), "Posted, matched, rated and audited.")

    def _discard(self) -> None:
        explanation = "Nothing of it is posted. Its file is kept in quarantine with your reason."
        reason = ask_reason(self, "Discard this document?", explanation, "Discard")
        if reason:
            do = self.ui.backend.do
            self._shown = ""
            self._command("Discarding", lambda number, actor: do.discard_review(number, actor, reason), "Discarded.")


def _first_charge(question: Question) -> int:
    charges: Sequence[int] = question.charges
    return charges[0] if charges else -1
