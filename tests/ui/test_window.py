"""The window on a small workspace, driven as a user would."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTableView, QTreeView
from pytestqt.qtbot import QtBot

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.queries import today as query
from app.services.changes import Changes
from app.services.progress import Progress
from app.services.receipts import Outcome, Receipt
from app.ui.commands import Commands
from app.ui.main_window import MainWindow
from app.ui.navigation import PLACES
from app.ui.theme import Theme
from app.ui.tokens import Tone
from app.ui.widgets.marks import Mark
from app.ui.widgets.pdf_view import place_at
from tests.ui.driver import Driver


def test_the_bills_are_listed_with_what_is_overcharged(window: Driver) -> None:
    page = window.go("bills")
    shown = {row[2]: row for row in window.rows(page.list)}
    assert shown["NB-4471"][4] == "$325.00"
    assert shown["CF-99812"][-1] == "In approval"
    assert window.bench.rail.buttons["overcharges"].count == 2


def test_enter_opens_a_bill_beside_its_source_page(window: Driver) -> None:
    page = window.go("bills")
    page.list.select_key(next(row.id for row in page.list.model.shown if row.number == "NB-4471"))
    window.qtbot.keyClick(page.list.table, Qt.Key.Key_Return)
    window.settle()
    assert window.page.key == "bill"
    assert window.text("bill_title") == "Northbeam Communications  NB-4471"
    assert window.text("bill_overcharged") == "$325.00"
    assert window.text("page_number") == "Page 1 of 2"
    window.qtbot.waitUntil(window.page.document.pdf.drawn)


def test_the_first_charge_that_is_wrong_is_chosen_with_its_proof(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    assert window.text("charge_title") == "Internet access 100 Mbit/s"
    assert "500.00 × 1 = 500" in page.card.proof.text
    assert "Clause: Schedule A 3, page 12" in page.card.proof.text


def test_a_click_on_a_place_in_the_document_chooses_its_charge(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    second = page.detail.charges[1].id
    pdf = page.document.pdf
    window.qtbot.waitUntil(pdf.drawn)
    window.qtbot.mouseClick(pdf.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place_at(pdf, second))
    window.settle()
    assert page.card.charge.id == second
    assert page.tree.charges.node(page.tree.currentIndex()).charge.id == second


def test_a_charge_on_another_page_turns_the_page_and_is_lit(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    third = page.detail.charges[2].id
    page.choose(third)
    window.settle()
    assert window.text("page_number") == "Page 2 of 2"
    assert [key for key, item in page.document.pdf._items.items() if item.chosen] == [third]


def test_the_next_exception_comes_by_a_key(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    window.trigger("bill_next_exception")
    assert page.card.charge.description == "Installation"
    window.trigger("bill_next_exception")
    assert page.card.charge.description == "Internet access 100 Mbit/s"


def test_exceptions_only_hides_what_is_right(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    assert len(page.tree.charges.root.charges()) == 4
    window.click("bill_exceptions")
    assert [charge.rules for charge in page.tree.charges.root.charges()] == [("A30",), ("A36",)]
    page.choose(page.detail.charges[3].id)
    assert not page.only.isChecked(), "a charge that is asked for is shown whatever the filter says"


def test_a_csv_bill_shows_its_rows_and_the_charge_s_row(window: Driver) -> None:
    page = open_bill(window, "CF-99812")
    page.choose(page.detail.charges[1].id)
    window.settle()
    sheet = page.document.sheet
    assert sheet.isVisible()
    assert [index.row() for index in sheet.table.selectionModel().selectedRows()] == [2]
    sheet.table.clicked.emit(sheet.model.index(1, 0))
    assert page.card.charge.id == page.detail.charges[0].id


def test_the_points_before_approval_fold_out(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    assert not page.strip.points.isVisible()
    window.click("bill_points_toggle")
    assert "250.00 USD would be paid although it is overcharged" in page.strip.points.text()


def test_who_submitted_a_bill_cannot_approve_it_in_the_window(window: Driver) -> None:
    page = open_bill(window, "CF-99812")
    assert not page.approve.isEnabled()
    assert "second person" in page.approve.toolTip()
    window.become("Ben Ortiz")
    assert page.approve.isEnabled()
    window.trigger("bill_approve")
    assert window.text("toast_text").startswith("Approved")
    assert page.detail.status.value == "approved"


def test_a_finding_shows_why_and_goes_to_its_charge(window: Driver) -> None:
    page = window.go("overcharges")
    assert [row[0] for row in window.rows(page.list)] == ["$250.00", "$75.00"]
    page.list.select_key(next(row.id for row in page.list.model.shown if row.rule == "A30"))
    window.settle()
    assert window.text("finding_title") == "Rate above contract"
    assert window.text("finding_expected") == "$500.00"
    assert "Recalculated" not in page.card.message.text()
    window.click("finding_show_bill")
    assert window.page.key == "bill"
    assert window.page.card.charge.description == "Internet access 100 Mbit/s"


def test_dismissing_asks_for_a_reason_and_the_list_hears_of_it(window: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.pages.overcharges.ask_reason", lambda *_: "agreed by telephone")
    page = window.go("overcharges")
    page.list.select_key(next(row.id for row in page.list.model.shown if row.rule == "A36"))
    window.trigger("finding_dismiss")
    assert [row[0] for row in window.rows(page.list)] == ["$75.00"]
    page.list.show_view("dismissed")
    window.choose(page.list, 0)
    assert page.card.detail.dismissed_reason == "agreed by telephone"
    window.trigger("finding_reopen")
    assert page.list.bar.pills["open"].text() == "Open  2"


def test_disputing_opens_one_dispute_and_the_bill_withholds_it(window: Driver) -> None:
    window.go("overcharges")
    window.trigger("finding_dispute_all")
    assert window.text("toast_text").startswith("1 dispute opened")
    page = open_bill(window, "NB-4471")
    assert window.text("bill_withheld") == "$325.00"
    assert {finding.status.value for finding in page.detail.findings} == {"disputed", "open"}


def test_what_is_refused_is_told_in_the_message_bar(window: Driver) -> None:
    page = open_bill(window, "CF-99812")
    window.bench.ui.command("Approving", lambda: window.bench.backend.do.approve([page.detail.id], "Ada Lund"))
    window.settle()
    assert "two people" in window.text("message_text")
    assert not window.window.message.copy_button.isVisible(), "a refusal is not a fault of ours: it has no details"
    window.click("message_close")
    assert not window.window.message.isVisible()
    window.bench.ui.say("It went wrong.", Tone.DANGER)
    window.go("contracts")
    assert not window.window.message.isVisible(), "it told of the page that was left"
    window.bench.ui.say("It went wrong.", Tone.DANGER)
    window.bench.ui.command("Mending", lambda: None)
    window.settle()
    assert not window.window.message.isVisible(), "a later command succeeded"


def test_a_page_loads_again_after_what_it_watches_and_only_in_sight(window: Driver) -> None:
    bills, contracts = window.go("bills"), window.bench.stack.page("contracts")
    loads = {"bills": 0, "contracts": 0}

    def counting(name: str, page: Any) -> None:
        true = page.reload
        page.reload = lambda: (loads.__setitem__(name, loads[name] + 1), true())

    counting("bills", bills)
    counting("contracts", contracts)
    window.bench.ui.hub.announce(Changes.CONTRACTS)
    window.settle()
    assert loads == {"bills": 0, "contracts": 0}
    window.bench.ui.hub.announce(Changes.FINDINGS)
    window.settle()
    assert loads == {"bills": 1, "contracts": 0}
    window.go("contracts")
    assert loads == {"bills": 1, "contracts": 1}
    window.go("bills")
    assert loads == {"bills": 1, "contracts": 1}


def test_every_page_is_reached_by_its_key_and_one_goes_back(window: Driver) -> None:
    shortcuts = {action.objectName(): action.shortcut() for action in window.bench.actions()}
    for place in PLACES:
        assert shortcuts[f"show_{place.key}"] == QKeySequence(place.shortcut)
        window.trigger(f"show_{place.key}")
        assert window.page.key == place.key
        assert window.bench.rail.buttons[place.key].isChecked()
    window.trigger("back")
    assert window.page.key == PLACES[-2].key


def test_no_two_verbs_in_sight_share_a_shortcut(window: Driver) -> None:
    for page in window.all_pages():
        taken: dict[str, str] = {}
        for action in [*window.bench.actions(), *page.actions()]:
            keys = action.shortcut().toString()
            if keys:
                assert keys not in taken, f"{keys} is {taken.get(keys)} and {action.objectName()} on {page.key}"
                taken[keys] = action.objectName()


def test_every_control_has_a_name_for_tests_and_for_screen_readers(window: Driver) -> None:
    nameless = []
    for page in [*window.all_pages(), window.bench.rail, window.window.message]:
        for kind in (QAbstractButton, QLineEdit, QComboBox, QTableView, QTreeView):
            for part in page.findChildren(kind):
                if part.objectName().startswith("qt_") or isinstance(part.parent(), (QLineEdit, QTableView)):
                    continue  # Qt's own parts of a control
                interface = QAccessible.queryAccessibleInterface(part)
                said = part.accessibleName() or (interface.text(QAccessible.Text.Name) if interface else "")
                if not part.objectName() or not said.strip():
                    nameless.append((type(part).__name__, part.objectName(), said, type(page).__name__))
    assert nameless == []


def test_every_verb_has_a_title_and_a_status_tip(window: Driver) -> None:
    actions = [*window.bench.actions(), *(action for page in window.all_pages() for action in page.actions())]
    assert len(actions) > 30
    assert [action.objectName() for action in actions if not (action.text() and action.statusTip())] == []


def test_the_palette_finds_a_command_by_a_few_letters(window: Driver) -> None:
    window.go("bills")
    palette = window.bench.open_palette()
    window.qtbot.keyClicks(palette.search, "contr")
    assert palette.list.item(0).text().startswith("Go to Contracts")
    window.qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    window.settle()
    assert window.page.key == "contracts"


class SlowCommands(Commands):
    """Receives files slowly and says what the test wants."""

    def receive(self, paths: Any, actor: str, progress: Any, cancelled: Any) -> tuple[list[Receipt], Changes]:
        receipts = []
        for number, path in enumerate(paths):
            progress(Progress("reading", path.name, number, len(paths)))
            time.sleep(0.05)
            if cancelled():
                receipts.append(Receipt(path, Outcome.CANCELLED, "Not read: you cancelled."))
                continue
            if path.suffix == ".bin":
                fault = ParseIssue(Severity.ERROR, "no-importer", "Nobody reads it.", "Save it as CSV.", Source(row=3))
                receipts.append(Receipt(path, Outcome.REFUSED, "Nobody reads it.", issues=(fault,)))
                continue
            receipts.append(Receipt(path, Outcome.TAKEN, "1 bill was taken in.", 1, "csv", (7,), "1 bill, 2 charges"))
        return receipts, Changes.INVOICES


def slow_down(window: Driver) -> None:
    object.__setattr__(window.bench.backend, "do", SlowCommands(window.bench.backend.do.workspace))


def test_dropped_files_import_in_the_background_and_are_reported(window: Driver, tmp_path: Path) -> None:
    slow_down(window)
    window.drop(tmp_path / "good.csv", tmp_path / "bad.bin")
    assert window.bench.jobs.isVisible()
    window.settle()
    assert not window.bench.jobs.isVisible()
    page = window.page
    assert page.key == "import_report"
    assert page.note.text().startswith("1 of 2 files taken in")
    assert [row[0] for row in window.rows(page.files)] == ["Refused", "Taken"]
    (told,) = page.issues.shown
    assert (told.file, told.issue.source.describe(), told.issue.remedy) == ("bad.bin", "row 3", "Save it as CSV.")
    assert "→ Save it as CSV." in [label.text() for label in page.issues.findChildren(QLabel)]


def test_an_import_can_be_cancelled_and_says_what_it_left(window: Driver, tmp_path: Path) -> None:
    slow_down(window)
    window.drop(*(tmp_path / f"{number}.csv" for number in range(20)))
    window.qtbot.waitUntil(lambda: bool(window.bench.jobs.rows) and window.bench.jobs.rows[0].bar.value() > 1)
    window.qtbot.mouseClick(window.bench.jobs.rows[0].cancel_button, Qt.MouseButton.LeftButton)
    window.settle()
    outcomes = [row[0] for row in window.rows(window.page.files)]
    assert "Cancelled" in outcomes
    assert outcomes != ["Cancelled"] * 20


def test_a_dropped_text_that_is_no_file_is_not_taken(window: Driver) -> None:
    window.drop()
    assert window.page.key != "import_report"


def test_the_rail_makes_room_for_a_bill_in_a_narrow_window(window: Driver) -> None:
    open_bill(window, "NB-4471")
    assert window.bench.rail.width() < 100
    window.go("bills")
    assert window.bench.rail.width() > 200
    window.window.resize(1920, 1080)
    open_bill(window, "NB-4471")
    assert window.bench.rail.width() > 200


def test_the_person_and_the_theme_are_remembered(window: Driver, settings: QSettings) -> None:
    window.become("Ben Ortiz")
    window.click("switch_theme")
    assert settings.value("window/person") == "Ben Ortiz"
    assert settings.value("window/dark", type=bool) is True
    window.click("switch_theme")


def test_a_new_person_can_be_added_and_act(window: Driver) -> None:
    do = window.bench.backend.do
    window.bench.ui.command("Adding", lambda: do.add_user("Cleo Park", window.bench.acting.role, "Ada Lund"))
    window.settle()
    names = [action.text() for action in window.bench.rail.people_menu().actions()]
    assert "Cleo Park  ·  IT manager" in names


def test_closing_goes_back_to_the_welcome_page_and_offers_the_workspace_again(window: Driver) -> None:
    window.trigger("leave")
    assert window.window.workbench is None
    assert window.window.welcome.isVisible()
    assert window.window.findChildren(QAbstractButton, "recent_workspace")


class BadLauncher:
    """Every workspace is broken."""

    home = Path()

    def open(self, folder: Path) -> Any:
        raise WorkspaceTorn(folder=folder)


class WorkspaceTorn(UserError):
    """{folder} is torn: restore it from a backup."""


def test_a_workspace_that_cannot_be_opened_is_told_and_the_welcome_page_stays(
    qtbot: QtBot, theme: Theme, settings: QSettings, tmp_path: Path
) -> None:
    main = MainWindow(BadLauncher(), theme, settings)
    qtbot.addWidget(main, before_close_func=lambda window: window.leave())  # closing asks about what is unsaved
    main.show()
    main.open_folder(tmp_path / "old")
    qtbot.waitUntil(main.message.isVisible)
    assert main.message.text.text() == f"{tmp_path / 'old'} is torn: restore it from a backup."
    assert main.welcome.demo.isEnabled()
    main.close()


def test_a_mark_outside_of_every_page_does_no_harm(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    page.document.pdf.show_document(page.document.pdf._pages, [Mark(99, Source(page=7))])
    page.document.choose(99)
    assert window.text("page_number") == "Page 1 of 2"


def open_bill(window: Driver, number: str) -> Any:
    rows = {row.number: row.id for row in window.go("bills").list.model.all}
    return window.go("bill", key=rows[number])


def test_the_filter_of_the_list_in_sight_is_reached_by_its_key(window: Driver) -> None:
    page = window.go("bills")
    window.trigger("find")
    window.type("bills_filter", "calder")
    assert [row[1] for row in window.rows(page.list)] == ["Calder Fiber"]


def test_a_figure_of_today_links_to_the_rows_behind_it(window: Driver) -> None:
    today = window.go("today")
    assert (today.over.figure, today.over.note.split(",")[0]) == ("$325.00", "2 findings")
    window.click("tile_overcharged")
    assert window.page.key == "overcharges"
    assert sum(row.claim for row in window.page.list.model.shown) == 325
    window.go("today")
    window.click("tile_review")
    assert [row.number for row in window.page.list.model.shown] == ["NB-4471"]
    window.go("today")
    window.click("tile_due")
    assert window.page.list.bar.only.text().startswith("Due in 31 days")
    assert f"${sum(row.amount for row in dues(today)):,.2f}" == today.due.figure
    window.click("bills_only")
    assert len(window.page.list.model.shown) == len(window.page.list.model.all)


def test_the_next_steps_lead_to_their_bills(window: Driver) -> None:
    today = window.go("today")
    titles = [button.entry.title for button in today.steps.entries]
    assert "Approve bill CF-99812" in titles
    window.click(f"step_{titles.index('Approve bill CF-99812')}")
    assert window.text("bill_title") == "Calder Fiber  CF-99812"


def dues(today: Any) -> list[Any]:
    rows = today.ui.backend.query(query.fetch, query.Filter(today.ui.backend.today))
    return [row for row in rows if row.kind is query.Kind.DUE]
