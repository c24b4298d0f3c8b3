"""Acknowledging a carrier's file: the 997 lies in the exports, its number is used once, the log says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app import cli
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.models.documents import SourceDocument
from app.models.workspace import LogEntry
from app.services.acknowledgements import DocumentAbsent, FileUnreadable, NothingToAcknowledge, NotX12, acknowledge
from app.services.parsing import NotAnswered
from app.services.workspace import Workspace
from app.settings import CONFIG_VARIABLE
from tests.importers.edi_files import HEAD, ONE_LINE, bill, x12

CLERK = "Omar Reyes"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An 811 of an invented carrier."""
    file = tmp_path / "pine-ridge.edi"
    file.write_bytes(bill(*ONE_LINE, total="2001"))
    return file


def test_the_997_lies_in_the_exports_and_the_log_says_so(workspace: Workspace, file: Path) -> None:
    made = acknowledge(workspace, file, CLERK)
    assert made.file == workspace.exports / "acknowledgements" / "997-000000001.edi"
    assert (made.number, made.accepted, made.rejected) == (1, 1, 0)
    assert "AK9*A*1*1*1~" in made.file.read_text(encoding="ascii")
    with workspace.database.reading() as session:
        columns = select(LogEntry.actor, LogEntry.verb, LogEntry.subject).order_by(LogEntry.id.desc())
        assert session.execute(columns).first() == (CLERK, "acknowledged", "file pine-ridge.edi")


def test_a_document_that_was_taken_in_is_acknowledged_by_its_id(sqlite_workspace: Workspace, file: Path) -> None:
    content = file.read_bytes()
    sha256 = sqlite_workspace.documents.put(content)
    with sqlite_workspace.database.writing() as session:
        row = SourceDocument(
            sha256=sha256,
            name=file.name,
            size=len(content),
            importer="x12",
            received_at=datetime.now(UTC),
            received_by=CLERK,
        )
        session.add(row)
        session.flush()
        number = row.id
    assert acknowledge(sqlite_workspace, number, CLERK).accepted == 1


def test_no_control_number_is_used_twice(workspace: Workspace, file: Path, tmp_path: Path) -> None:
    second = x12((*HEAD, *ONE_LINE)).replace(b"000000042", b"000000043").replace(b"*42", b"*43")
    both = tmp_path / "both.edi"
    both.write_bytes(file.read_bytes() + second)
    numbers = [acknowledge(workspace, one, CLERK, tmp_path / "out").number for one in (file, both, file)]
    assert numbers == [1, 2, 4]
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "997-000000001.edi",
        "997-000000002.edi",
        "997-000000004.edi",
    ]


def test_what_was_written_is_recognised_as_an_acknowledgement(sqlite_workspace: Workspace, file: Path) -> None:
    made = acknowledge(sqlite_workspace, file, CLERK)
    document = read_document(made.file.name, made.file.read_bytes(), Definitions())
    assert [one.code for one in document.issues] == ["acknowledgement"]
    with pytest.raises(NothingToAcknowledge, match="997-000000001"):
        acknowledge(sqlite_workspace, made.file, CLERK)


def test_what_cannot_be_answered_uses_no_number(sqlite_workspace: Workspace, file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.edi"
    broken.write_bytes(file.read_bytes()[:150])
    with pytest.raises(NotAnswered, match="breaks off"):
        acknowledge(sqlite_workspace, broken, CLERK)
    with pytest.raises(FileUnreadable):
        acknowledge(sqlite_workspace, tmp_path / "absent.edi", CLERK)
    with pytest.raises(DocumentAbsent):
        acknowledge(sqlite_workspace, 4711, CLERK)
    assert acknowledge(sqlite_workspace, file, CLERK).number == 1


def test_the_command_line_writes_it_as_well(
    sqlite_workspace: Workspace, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(file.parent / "config"))
    target = file.parent / "outbox"
    arguments = [
        "acknowledge",
        str(file),
        "--workspace",
        str(sqlite_workspace.folder),
        "--user",
        CLERK,
        "--to",
        str(target),
    ]
    assert cli.run(arguments, None) == 0
    assert "1 set accepted, 0 rejected" in capsys.readouterr().out
    assert "AK9*A*1*1*1" in (target / "997-000000001.edi").read_text(encoding="ascii")
    assert cli.run([*arguments, "--json"], None) == 0
    assert json.loads(capsys.readouterr().out)["number"] == 2


def test_an_edifact_file_is_told_apart_and_uses_no_number(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "invoic.edi"
    file.write_bytes(b"UNA:+.? 'UNB+UNOC:3+A+B+260801:1200+1'UNH+1+INVOIC:D:96A:UN'UNT+2+1'UNZ+1+1'")
    with pytest.raises(NotX12, match="997 answers X12 only"):
        acknowledge(sqlite_workspace, file, CLERK)
