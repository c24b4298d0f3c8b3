"""A watched folder: what has settled is taken once, what is on its way is left alone, and trouble is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.receipts import Outcome, Receipt
from app.services.settling import Settling, Signature, list_files
from app.services.watching import FolderMissing, FolderWatch, WatchRules, move_aside, watch
from app.services.workspace import Workspace, create_workspace
from tests.importers.xml_files import UBL

PATIENCE = 60.0  # a busy machine is slow, which says nothing about the code
AT_ONCE = WatchRules(settle_seconds=0)


class Desk:
    """Takes files in as the test says, and remembers what it was given and told."""

    def __init__(self, outcome: Outcome = Outcome.TAKEN) -> None:
        self.outcome = outcome
        self.given: list[str] = []
        self.told: list[Receipt] = []
        self.trouble: list[str] = []
        self.faults: list[Exception] = []

    def take(self, paths: list[Path], _stopped: Callable[[], bool]) -> list[Receipt]:
        if self.faults:
            raise self.faults.pop()
        self.given += [path.name for path in paths]
        return [Receipt(path, self.outcome, path.name) for path in paths]

    def watch(self, folder: Path, rules: WatchRules = AT_ONCE) -> FolderWatch:
        return FolderWatch(folder, self.take, self.told.append, trouble=self.trouble.append, rules=rules)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return inbox


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_file_settles_once_it_stays_as_it_is() -> None:
    settling, bill = Settling(3.0), Path("bill.pdf")
    growing = [({bill: Signature(size, size)}, float(size)) for size in (1, 2, 3)]
    assert [settling.observe(found, now) for found, now in growing] == [[], [], []]
    found = growing[-1][0]
    assert settling.observe(found, 5.9) == []
    assert settling.observe(found, 6.0) == [bill]
    settling.finish(bill)
    assert settling.observe(found, 60.0) == []
    changed = {bill: Signature(3, 99)}
    assert settling.observe(changed, 61.0) == []
    assert settling.observe(changed, 64.0) == [bill]


def test_an_empty_file_never_settles_and_a_new_one_of_an_old_name_does() -> None:
    settling, bill = Settling(0.0), Path("bill.pdf")
    for now in (1.0, 2.0, 3.0):
        assert settling.observe({bill: Signature(0, 1)}, now) == []
    settling.observe({bill: Signature(5, 1)}, 4.0)
    assert settling.observe({bill: Signature(5, 1)}, 4.0) == [bill]
    settling.finish(bill)
    settling.observe({}, 5.0)
    settling.observe({bill: Signature(5, 1)}, 6.0)
    assert settling.observe({bill: Signature(5, 1)}, 6.0) == [bill]


def test_downloads_on_their_way_hidden_files_links_and_folders_are_left_alone(folder: Path) -> None:
    names = ["a.pdf.part", "b.crdownload", "c.TMP", ".hidden.pdf", "~$book.xlsx", "d.pdf", "e.csv"]
    for name in names:
        (folder / name).write_text("x")
    (folder / "done").mkdir()
    (folder / "done" / "old.pdf").write_text("x")
    (folder / "link.pdf").symlink_to(folder / "d.pdf")
    assert sorted(path.name for path in list_files(folder)) == ["d.pdf", "e.csv"]


def test_what_has_settled_is_taken_once_and_told(folder: Path) -> None:
    desk = Desk()
    watching = desk.watch(folder)
    (folder / "b.pdf").write_text("1")
    (folder / "a.csv").write_text("2")
    for now in (1.0, 2.0, 3.0):
        watching.look(now)
    assert desk.given == ["a.csv", "b.pdf"]
    assert [receipt.path for receipt in desk.told] == [folder / "a.csv", folder / "b.pdf"]
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.pdf"]


def test_without_a_change_it_only_looks_where_something_is_settling(folder: Path) -> None:
    desk = Desk()
    watching = desk.watch(folder)
    watching.look(0.0)
    (folder / "a.csv").write_text("1")
    watching.look(1.0, anyway=False)
    watching.look(2.0, anyway=False)
    assert desk.given == []
    watching.look(61.0, anyway=False)  # a share may not have told
    watching.look(62.0, anyway=False)
    assert desk.given == ["a.csv"]


def test_taken_and_refused_files_go_to_their_folders_under_a_free_name(folder: Path) -> None:
    for outcome, subfolder in ((Outcome.TAKEN, "done"), (Outcome.REFUSED, "refused"), (Outcome.HELD, "done")):
        desk = Desk(outcome)
        watching = desk.watch(folder, WatchRules(settle_seconds=0, move=True))
        (folder / f"{outcome}.pdf").write_text("1")
        watching.look(1.0)
        watching.look(2.0)
        assert (folder / subfolder / f"{outcome}.pdf").read_text() == "1"
    (folder / "taken.pdf").write_text("2")
    assert move_aside(folder / "taken.pdf", "done") == folder / "done" / "taken (2).pdf"


def test_a_file_is_refused_only_where_all_that_came_inside_it_is(folder: Path) -> None:
    (folder / "bills.zip").write_text("1")
    (folder / "junk.zip").write_text("2")

    def take(paths: list[Path], _stopped: Callable[[], bool]) -> list[Receipt]:
        found = []
        for path in paths:
            found.append(Receipt(path, Outcome.TAKEN, "2 files"))
            found.append(Receipt(Path("a.pdf"), Outcome.REFUSED, "a", within=path.name))
            if path.name == "bills.zip":
                found.append(Receipt(Path("b.pdf"), Outcome.TAKEN, "b", within=path.name))
        return found

    watching = FolderWatch(folder, take, lambda _receipt: None, rules=WatchRules(settle_seconds=0, move=True))
    watching.look(1.0)
    watching.look(2.0)
    assert (folder / "done" / "bills.zip").is_file()
    assert (folder / "refused" / "junk.zip").is_file()


def test_a_cancelled_file_stays_and_is_taken_at_the_next_start(folder: Path) -> None:
    (folder / "a.csv").write_text("1")
    desk = Desk(Outcome.CANCELLED)
    watching = desk.watch(folder, WatchRules(settle_seconds=0, move=True))
    watching.look(1.0)
    watching.look(2.0)
    assert (folder / "a.csv").is_file()
    again = Desk()
    watching = again.watch(folder)
    watching.look(1.0)
    watching.look(2.0)
    assert again.given == ["a.csv"]


def test_what_could_not_be_taken_for_a_reason_of_ours_is_tried_again_later(folder: Path) -> None:
    (folder / "a.csv").write_text("1")
    desk = Desk()
    desk.faults.append(RuntimeError("the database is locked"))
    watching = desk.watch(folder)
    for now in (1.0, 2.0, 30.0):
        watching.look(now)
    assert desk.given == []
    assert desk.trouble == ["The files could not be taken in; the log says why."]
    watching.look(63.0)
    assert desk.given == ["a.csv"]


def test_a_folder_that_vanishes_is_told_once_and_taken_up_again(folder: Path) -> None:
    desk = Desk()
    watching = desk.watch(folder)
    folder.rmdir()
    watching.look(1.0)
    watching.look(2.0)
    assert len(desk.trouble) == 1
    assert "cannot be read" in desk.trouble[0]
    folder.mkdir()
    (folder / "a.csv").write_text("1")
    watching.look(3.0)
    watching.look(4.0)
    assert desk.given == ["a.csv"]


def test_what_is_no_folder_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing, match="is not a folder that can be watched"):
        Desk().watch(tmp_path / "nowhere")


@pytest.mark.parametrize("polling", [False, True])
def test_a_running_watch_takes_what_lies_there_and_what_comes(folder: Path, *, polling: bool) -> None:
    desk = Desk()
    (folder / "first.csv").write_text("1")
    watching = desk.watch(folder, WatchRules(settle_seconds=0.1, polling=polling, poll_seconds=0.2))
    watching.start()
    watching.start()  # a second start changes nothing
    try:
        until(lambda: desk.given == ["first.csv"])
        (folder / "second.csv.part").write_text("2")
        (folder / "second.csv.part").rename(folder / "second.csv")
        until(lambda: desk.given == ["first.csv", "second.csv"])
    finally:
        watching.stop()
    assert not watching.is_running
    assert "folder-watch" not in [thread.name for thread in threading.enumerate()]
    (folder / "third.csv").write_text("3")
    time.sleep(0.3)
    assert desk.given == ["first.csv", "second.csv"]


def test_a_bill_that_is_put_into_the_folder_is_posted(sqlite_workspace: Workspace, folder: Path) -> None:
    receipts: list[Receipt] = []
    watching = watch(sqlite_workspace, folder, "dana", receipts.append, rules=WatchRules(settle_seconds=0.1, move=True))
    try:
        (folder / "bill.xml").write_text(UBL, encoding="utf-8")
        until(lambda: (folder / "done" / "bill.xml").is_file())
    finally:
        watching.stop()
    (receipt,) = receipts
    assert (receipt.outcome, len(receipt.invoice_ids)) == (Outcome.TAKEN, 1)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Ctrl+C is sent as a signal")
def test_the_command_watches_until_ctrl_c(tmp_path: Path, folder: Path) -> None:
    create_workspace(tmp_path / "books", "Meridian Foods", "USD").close()
    (folder / "bill.xml").write_text(UBL, encoding="utf-8")
    main = Path(__file__).resolve().parents[2] / "main.py"
    command = [
        sys.executable,
        str(main),
        "watch",
        str(folder),
        "-w",
        str(tmp_path / "books"),
        "--settle",
        "0.1",
        "--move",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: (folder / "done" / "bill.xml").is_file() or process.poll() is not None)
            process.send_signal(signal.SIGINT)
            out, complaints = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 0, complaints
    assert "taken" in out
    assert "bill.xml: 1 bill" in out
    assert out.endswith("Ending.\n")
