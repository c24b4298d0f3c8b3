"""Definitions: those of the application, and saved ones, checked before they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.vocabulary import Role
from app.importers.identify import all_importers
from app.models.workspace import LogEntry, SavedMapping
from app.services.changes import Changes
from app.services.intake import receive
from app.services.mappings import FaultyMapping, definitions, find_line, save_mapping, shipped_definitions
from app.services.receipts import Outcome
from app.services.users import add_user
from app.services.workspace import Workspace

MAPPING = """\
kind = "usage-mapping"
name = "hilltop"
carrier = "Quiet Hill Telephone"
ban = "77"

[claims]
columns = ["From", "To", "At", "Secs"]

[time]
format = "YYYY-MM-DD hh:mm:ss"
zone = "Europe/Berlin"

[columns]
tn = "From"
start = "At"
seconds = "Secs"
"""


def test_the_shipped_definitions_all_make_importers(sqlite_workspace: Workspace) -> None:
    found = definitions(sqlite_workspace)
    assert len(found.layouts) + len(found.mappings) == len(shipped_definitions())
    names = {importer.name for importer in all_importers(found)}
    assert {"inventory:netbox_circuits", "call-records:plain_calls", "traffic-samples:plain_samples"} <= names


def test_a_saved_mapping_is_used_and_logged(workspace: Workspace) -> None:
    assert save_mapping(workspace, MAPPING, "Dana") == Changes.SETTINGS
    names = {importer.name for importer in all_importers(definitions(workspace))}
    assert "call-records:hilltop" in names
    with workspace.database.reading() as session:
        entry = session.scalars(select(LogEntry)).all()[-1]
        assert (entry.actor, entry.verb, entry.subject) == ("Dana", "saved", "usage-mapping hilltop")


def test_saving_again_replaces_and_saving_the_same_changes_nothing(workspace: Workspace) -> None:
    save_mapping(workspace, MAPPING, "Dana")
    assert save_mapping(workspace, MAPPING, "Dana") == Changes.NONE
    assert save_mapping(workspace, MAPPING.replace("77", "78"), "Dana") == Changes.SETTINGS
    with workspace.database.reading() as session:
        (row,) = session.scalars(select(SavedMapping)).all()
        assert 'ban = "78"' in row.toml


def test_a_saved_mapping_takes_the_place_of_the_shipped_one_of_its_name(sqlite_workspace: Workspace) -> None:
    shipped = next(text for text in shipped_definitions() if 'name = "netbox_circuits"' in text)
    before = definitions(sqlite_workspace)
    save_mapping(sqlite_workspace, shipped + "# ours\n", "Dana")
    after = definitions(sqlite_workspace)
    assert len(after.mappings) == len(before.mappings)
    assert sum("# ours" in text for text in after.mappings) == 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('ban = "77"', "ban = 77x", "line 4"),
        (
            'zone = "Europe/Berlin"',
            'zone = "Europe/Atlantis"',
            "line 11, key time.zone: 'Europe/Atlantis' is no time zone",
        ),
        ('seconds = "Secs"', 'secnds = "Secs"', "line 16, key columns.secnds"),
        ('start = "At"', "", "line 13, key columns.start: a column is wanted"),
        ('kind = "usage-mapping"', 'kind = "usage"', "line 1, key kind: one of pdf-layout"),
        ('name = "hilltop"', 'name = "Hill top"', "line 2, key name: small letters"),
        ('carrier = "Quiet Hill Telephone"', "", "key carrier: either carrier or columns.carrier"),
    ],
)
def test_a_faulty_mapping_is_refused_with_line_and_key_and_not_kept(
    sqlite_workspace: Workspace, old: str, new: str, says: str
) -> None:
    assert old in MAPPING
    with pytest.raises(FaultyMapping) as caught:
        save_mapping(sqlite_workspace, MAPPING.replace(old, new), "Dana")
    assert says in caught.value.message
    with sqlite_workspace.database.reading() as session:
        assert session.scalars(select(SavedMapping)).all() == []


def test_lines_are_found_in_arrays_of_tables_and_quoted_keys() -> None:
    text = 'a = 1\n[[charges.rows]]\ncolumn = "x"\n[columns."Last day"]\nvalue = "y"\n'
    assert find_line(text, "charges.rows.column") == 3
    assert find_line(text, "columns.Last day.value") == 5
    assert find_line(text, "columns.Last day.dates") == 4
    assert find_line(text, "nowhere") is None


def test_a_mapping_dropped_beside_its_file_holds_for_that_file(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    add_user(sqlite_workspace, "Dana", Role.IT_MANAGER, "Dana")
    calls, mapping, faulty = tmp_path / "calls.csv", tmp_path / "hilltop.toml", tmp_path / "faulty.toml"
    calls.write_text("From,To,At,Secs\n+49 30 5550143,+49 30 5550199,2026-09-01 12:00:00,61\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    faulty.write_text(MAPPING.replace("zone =", "zoen ="), encoding="utf-8")
    taken, refused, read = receive(sqlite_workspace, [mapping, faulty, calls], "Dana")
    assert (taken.outcome, refused.outcome, read.outcome) == (Outcome.TAKEN, Outcome.REFUSED, Outcome.TAKEN)
    assert "faulty.toml" in refused.message
    assert "zoen" in refused.message
    assert read.importer == "call-records:hilltop"
