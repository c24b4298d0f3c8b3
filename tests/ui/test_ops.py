"""Reading on a pool, writing on one thread, results on the main thread, failures as messages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.services.changes import Changes
from app.ui.changes import ChangeHub, changes_in
from app.ui.ops import Fault, Handle, Ops


class BillTorn(UserError):
    """{file} is torn: fetch it again."""


@pytest.fixture
def hub() -> ChangeHub:
    return ChangeHub()


@pytest.fixture
def ops(qapp: QApplication, hub: ChangeHub) -> Iterator[Ops]:
    made = Ops(hub)
    yield made
    assert made.drain()


def test_a_query_runs_beside_the_window_and_answers_on_its_thread(qtbot: QtBot, ops: Ops) -> None:
    main = QThread.currentThread()
    seen: list[tuple[object, bool]] = []

    def work() -> bool:
        return QThread.currentThread() is main

    ops.query(ops, "rows", work, lambda on_main: seen.append((on_main, QThread.currentThread() is main)))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(False, True)]


def test_an_older_answer_never_overtakes_a_newer(qtbot: QtBot, ops: Ops) -> None:
    """The first query is slow, the second quick: only the second one's answer is shown."""
    shown: list[str] = []
    ops.query(ops, "rows", lambda: (time.sleep(0.15), "old")[1], shown.append)
    ops.query(ops, "rows", lambda: "new", shown.append)
    qtbot.waitUntil(lambda: not ops.busy)
    assert shown == ["new"]


def test_an_answer_for_a_page_that_is_gone_is_dropped(qtbot: QtBot, ops: Ops) -> None:
    page, shown = QObject(), []
    ops.query(page, "rows", lambda: (time.sleep(0.05), "late")[1], shown.append)
    page.deleteLater()
    qtbot.waitUntil(lambda: not ops.busy)
    assert shown == []


def test_commands_run_one_after_the_other(qtbot: QtBot, ops: Ops) -> None:
    running, most, threads = [0], [0], set()

    def work(_handle: Handle) -> None:
        threads.add(threading.get_ident())
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.02)
        running[0] -= 1

    for number in range(4):
        ops.command(f"command {number}", work)
    qtbot.waitUntil(lambda: not ops.busy)
    assert most == [1]
    assert len(threads) == 1


def test_what_a_command_changed_is_announced_before_its_callback(qtbot: QtBot, ops: Ops, hub: ChangeHub) -> None:
    told: list[object] = []
    hub.changed.connect(told.append)
    ops.command("open", lambda _handle: ([7], Changes.FINDINGS | Changes.DISPUTES), told.append)
    qtbot.waitUntil(lambda: not ops.busy)
    assert told == [Changes.FINDINGS | Changes.DISPUTES, ([7], Changes.FINDINGS | Changes.DISPUTES)]


def test_nothing_is_announced_where_nothing_changed(qtbot: QtBot, ops: Ops, hub: ChangeHub) -> None:
    with qtbot.assertNotEmitted(hub.changed):
        ops.command("look", lambda _handle: "a path")
        qtbot.waitUntil(lambda: not ops.busy)
    assert changes_in((1, 2)) is Changes.NONE


def test_a_users_error_is_told_in_its_own_words(qtbot: QtBot, ops: Ops) -> None:
    def work(_handle: Handle) -> None:
        raise BillTorn(file="may.pdf")

    with qtbot.waitSignal(ops.failed) as told:
        ops.command("Reading", work)
    assert told.args == [Fault("may.pdf is torn: fetch it again.")]


def test_a_fault_of_ours_names_the_command_and_keeps_the_details(qtbot: QtBot, ops: Ops) -> None:
    with qtbot.waitSignal(ops.failed) as told:
        ops.query(ops, "Reading", lambda: 1 // 0, lambda _result: None)
    fault = told.args[0]
    assert "Reading failed because of a fault in Tollbook: ZeroDivisionError" in fault.message
    assert "test_ops.py" in fault.details
    assert not ops.busy


def test_a_failure_can_be_taken_by_its_caller(qtbot: QtBot, ops: Ops) -> None:
    taken: list[Fault] = []
    with qtbot.assertNotEmitted(ops.failed):
        ops.query(ops, "page", lambda: 1 // 0, lambda _result: None, taken.append)
        qtbot.waitUntil(lambda: bool(taken))


def test_a_cancelled_command_hears_of_it_and_says_what_it_did(qtbot: QtBot, ops: Ops) -> None:
    done: list[int] = []
    started = threading.Event()

    def work(handle: Handle) -> int:
        for step in range(1000):
            started.set()
            if handle.cancelled():
                return step
            handle.report(step, 1000, "file")
            time.sleep(0.002)
        return 1000

    handle = ops.command("import", work, done.append, shown=True)
    assert started.wait(5)
    with qtbot.waitSignal(handle.progressed):
        pass
    handle.cancel()
    qtbot.waitUntil(lambda: bool(done))
    assert done[0] < 1000


def test_the_window_stays_awake_while_a_command_works(qtbot: QtBot, ops: Ops) -> None:
    """A busy importer leaves the event loop its turns: blocked, it would have none of the twenty."""

    def work(handle: Handle) -> int:
        total, end = 0, time.monotonic() + 0.6
        while time.monotonic() < end:
            total += sum(range(2000))
            handle.report(total % 100, 100, "file")
        return total

    turns = 0
    done: list[int] = []
    told: list[int] = []
    ops.command("import", work, done.append).progressed.connect(lambda *_: told.append(turns))
    while not done:
        QApplication.processEvents()
        turns += 1
        time.sleep(0.001)
    assert turns > 20
    assert 0 < len(told) < 100  # of thousands that were reported
