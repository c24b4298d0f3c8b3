"""Files that cannot be taken in are kept with the reason, tried again and thrown away; containers are opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.parsed import ParsedDocument, ParsedPart
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.models.documents import SourceDocument
from app.models.intake import QuarantinedFile
from app.models.invoices import Invoice
from app.queries.review import fetch_imports, fetch_quarantine
from app.services import reading
from app.services.intake import receive
from app.services.pipeline import try_again
from app.services.quarantine import NotInQuarantine, discard, save_files
from app.services.receipts import Outcome
from app.services.undoing import undo_import
from app.services.workspace import Workspace, sweep
from tests.services.drops import Drop
from tests.services.office import bill, charge

ERROR = ParseIssue(Severity.ERROR, "no-importer", "Nobody reads it.", "Save a mapping for it.")
DAY = date(2026, 6, 1)


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    return Drop(tmp_path / "drop", monkeypatch)


def kept_id(workspace: Workspace) -> int:
    with workspace.database.reading() as session:
        return session.scalars(select(QuarantinedFile.id)).one()


def test_a_refused_file_is_kept_with_its_reason_and_taken_once_it_can_be_read(workspace: Workspace, drop: Drop) -> None:
    path = drop.add("april.bin", ParsedDocument("", issues=(ERROR,)))
    (receipt,) = receive(workspace, [path], "Dana")
    assert (receipt.outcome, receipt.quarantine_id) == (Outcome.REFUSED, kept_id(workspace))
    with workspace.database.reading() as session:
        (row,) = fetch_quarantine(session)
    assert (row.name, row.code, row.tries, row.received_by) == ("april.bin", "no-importer", 1, "Dana")
    receive(workspace, [path], "Omar")
    with workspace.database.reading() as session:
        (row,) = fetch_quarantine(session)
    assert (row.tries, row.received_by) == (2, "Dana")
    drop.holds[path.read_bytes()] = ParsedDocument("csv:x", invoices=(bill(charge("5.00")),))
    path.unlink()
    receipts, _ = try_again(workspace, [row.id], "Omar", DAY)
    assert [receipt.outcome for receipt in receipts] == [Outcome.TAKEN]
    with workspace.database.reading() as session:
        assert fetch_quarantine(session) == []
        assert session.scalars(select(SourceDocument.name)).all() == ["april.bin"]


def test_the_sweep_leaves_what_is_in_quarantine(workspace: Workspace, drop: Drop) -> None:
    receive(workspace, [drop.add("april.bin", ParsedDocument("", issues=(ERROR,)))], "Dana")
    assert sweep(workspace, older_than=-10) == 0


def test_what_is_thrown_away_is_gone(workspace: Workspace, drop: Drop, tmp_path: Path) -> None:
    receive(workspace, [drop.add("april.bin", ParsedDocument("", issues=(ERROR,)))], "Dana")
    (copy,) = save_files(workspace, [kept_id(workspace)], tmp_path / "out")
    assert copy.read_bytes() == b"april.bin"
    discard(workspace, [kept_id(workspace)], "Dana")
    assert [file for file in workspace.documents.folder.rglob("*") if file.is_file()] == []
    with pytest.raises(NotInQuarantine):
        discard(workspace, [1], "Dana")


class Archive:
    """A container whose reader is played: it puts its members beside its answer as a child does."""

    def __init__(self, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drop, self.members = drop, {}  # type: ignore[var-annotated]
        monkeypatch.setattr(reading, "parse_file", self._parse)

    def add(self, name: str, members: dict[str, bytes]) -> Path:
        path = self.drop.add(name, ParsedDocument("zip"))
        self.members[path.read_bytes()] = members
        return path

    def _parse(self, name: str, content: Path, _definitions: object, *, folder: Path, **_: object) -> ParsedDocument:
        inside = self.members.get(content.read_bytes())
        if inside is None:
            return self.drop._parse(name, content, _definitions)
        parts = []
        for number, (member, held) in enumerate(inside.items()):
            (folder / f"member-{number}").write_bytes(held)
            parts.append(ParsedPart("member", f"member-{number}", member))
        return ParsedDocument("zip", parts=tuple(parts))


def test_each_file_of_a_container_goes_its_own_way_and_names_it(
    workspace: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(drop, monkeypatch)
    good = drop.add("april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    bad = drop.add("odd.bin", ParsedDocument("", issues=(ERROR,)))
    later = drop.add("may.pdf", ParsedDocument("x", invoices=(bill(charge("6.00"), number="INV-2"),)))
    inner = archive.add("inner.zip", {"may.pdf": later.read_bytes()})
    members = {"april.pdf": good.read_bytes(), "odd.bin": bad.read_bytes(), "inner.zip": inner.read_bytes()}
    receipts = receive(workspace, [archive.add("bills.zip", members)], "Dana")
    assert [(receipt.path.name, receipt.within, receipt.outcome) for receipt in receipts] == [
        ("bills.zip", "", Outcome.TAKEN),
        ("april.pdf", "bills.zip", Outcome.TAKEN),
        ("odd.bin", "bills.zip", Outcome.REFUSED),
        ("inner.zip", "bills.zip", Outcome.TAKEN),
        ("may.pdf", "inner.zip", Outcome.TAKEN),
    ]
    assert receipts[0].counts == "3 files"
    with workspace.database.reading() as session:
        assert [(row.name, row.within) for row in reversed(fetch_imports(session))] == [
            ("bills.zip", ""),
            ("inner.zip", "bills.zip"),
            ("april.pdf", "bills.zip"),
            ("may.pdf", "inner.zip"),
        ]
        assert [row.within for row in fetch_quarantine(session)] == ["bills.zip"]
    undone = undo_import(workspace, receipts[0].document_id or 0, "Dana", "no")
    assert set(undone.names) == {"bills.zip", "april.pdf", "inner.zip", "may.pdf"}
    with workspace.database.reading() as session:
        assert session.scalars(select(Invoice)).all() == []


def test_containers_in_containers_without_end_are_not_opened(
    workspace: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(drop, monkeypatch)
    path = drop.add("bill.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    for depth in range(6):
        path = archive.add(f"{depth}.zip", {path.name: path.read_bytes()})
    receipts = receive(workspace, [path], "Dana")
    assert [receipt.outcome for receipt in receipts] == [Outcome.TAKEN] * 3 + [Outcome.REFUSED]
    assert receipts[-1].issues[0].code == "too-deep"


def test_a_mapping_out_of_a_container_is_not_taken_as_ours(
    workspace: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(drop, monkeypatch)
    toml = drop.add("carrier.toml", ParsedDocument("", issues=(ERROR,)))
    (_, receipt) = receive(workspace, [archive.add("x.zip", {"carrier.toml": toml.read_bytes()})], "Dana")
    assert (receipt.outcome, receipt.importer) == (Outcome.REFUSED, "")


def test_a_member_that_is_a_link_is_not_followed(
    workspace: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("ours")

    def parse(_name: str, _content: Path, _definitions: object, *, folder: Path, **_: object) -> ParsedDocument:
        (folder / "member-0").symlink_to(secret)
        return ParsedDocument("zip", parts=(ParsedPart("member", "member-0", "bill.pdf"),))

    monkeypatch.setattr(reading, "parse_file", parse)
    receipts = receive(workspace, [drop.add("x.zip", replace(ParsedDocument("zip")))], "Dana")
    assert [receipt.path.name for receipt in receipts] == ["x.zip"]
