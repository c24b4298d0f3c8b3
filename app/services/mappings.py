"""The definitions that importers are made from: those of the application, and those the user has saved."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.errors import UserError
from app.importers.identify import all_importers
from app.importers.registry import Definitions
from app.importers.tabular.definition import MappingFault, open_toml
from app.models.workspace import SavedMapping
from app.services.changes import Changes
from app.services.log import lock_workspace, record

if TYPE_CHECKING:
    from app.services.workspace import Workspace

CARRIERS_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "carriers"
LAYOUT_KIND = "pdf-layout"
MAPPING_KINDS = ("bill-mapping", "usage-mapping", "inventory-mapping", "bank-mapping", "edi-profile")
_HEADING = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_SETTING = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*=""")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class FaultyMapping(UserError):
    """The mapping cannot be saved: {place}{why} Correct it there and save it again; docs/formats explains each key."""


class UnreadableMapping(UserError):
    """{file} cannot be read: {why}. Name a TOML file that is saved as UTF-8; docs/formats shows whole ones."""


def definitions(workspace: Workspace) -> Definitions:
    """All definitions of `workspace`: a saved one takes the place of the application's own of that kind and name."""
    with workspace.database.reading() as session:
        saved = session.scalars(select(SavedMapping.toml).order_by(SavedMapping.name)).all()
    found: dict[tuple[str, str], str] = {}
    for text in (*shipped_definitions(), *saved):
        values = open_toml(text)
        found[(str(values.get("kind", "")), str(values.get("name", "")))] = text
    return Definitions(
        layouts=tuple(text for (kind, _name), text in found.items() if kind == LAYOUT_KIND),
        mappings=tuple(text for (kind, _name), text in found.items() if kind != LAYOUT_KIND),
    )


def shipped_definitions() -> list[str]:
    """The TOML texts that come with the application."""
    return [file.read_text(encoding="utf-8") for file in sorted(CARRIERS_FOLDER.glob("*.toml"))]


def save_mapping(workspace: Workspace, toml_text: str, actor: str) -> Changes:
    """Save a layout or mapping, in the place of the saved one of its name; raises FaultyMapping naming line and key."""
    name, kind = check_mapping(toml_text)
    with workspace.database.writing() as session:
        lock_workspace(session)
        row = session.scalar(select(SavedMapping).where(SavedMapping.name == name).with_for_update())
        if row is not None and row.toml == toml_text:
            return Changes.NONE
        verb = "saved" if row is None else "changed"
        if row is None:
            row = SavedMapping(name=name)
            session.add(row)
        row.toml, row.saved_at = toml_text, datetime.now(UTC)
        session.flush()
        record(session, actor, verb, f"{kind} {name}")
    return Changes.SETTINGS


def read_mapping(file: Path) -> str:
    """The text of a layout or mapping that stands in `file`; raises UnreadableMapping where it is no text."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise UnreadableMapping(file=file, why=fault.strerror) from fault
    except UnicodeDecodeError as fault:
        raise UnreadableMapping(file=file, why="it is not a text in UTF-8") from fault


def check_mapping(toml_text: str) -> tuple[str, str]:
    """Name and kind of the definition in `toml_text`; raises FaultyMapping where an importer cannot be made of it."""
    try:
        values = open_toml(toml_text)
        name, kind = _read_name(values), values["kind"]
        if kind == LAYOUT_KIND:
            all_importers(Definitions(layouts=(toml_text,)))
        else:
            all_importers(Definitions(mappings=(toml_text,)))
    except MappingFault as fault:
        raise _told(toml_text, fault.key, fault.why, fault.line) from fault
    except UserError as fault:  # a PDF layout says itself what is wrong with it, and where
        raise _told(toml_text, str(fault.facts.get("place", "")), str(fault.facts.get("why", fault)), None) from fault
    return name, kind


def _told(toml_text: str, key: str, why: str, line: int | None) -> FaultyMapping:
    line = line or find_line(toml_text, key)
    place = ", ".join(part for part in (f"line {line}" if line else "", f"key {key}" if key else "") if part)
    return FaultyMapping(place=f"{place}: " if place else "", why=f"{why.rstrip('.')}.")


def _read_name(values: dict[str, Any]) -> str:
    kind, name = values.get("kind"), values.get("name")
    if kind != LAYOUT_KIND and kind not in MAPPING_KINDS:
        raise MappingFault("", "kind", f"one of {', '.join((LAYOUT_KIND, *MAPPING_KINDS))} is wanted")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise MappingFault("", "name", "small letters, digits, - and _ are wanted")
    return name


def find_line(toml_text: str, key: str) -> int | None:
    """The line, from 1, that sets the dotted `key`, or else the nearest key or table above it; None without either."""
    table, best, longest = "", None, 0
    for number, line in enumerate(toml_text.splitlines(), start=1):
        heading, written = _HEADING.match(line), _SETTING.match(line)
        if heading:
            table = set_here = heading[1].replace('"', "").replace("'", "")
        elif written:
            name = next(part for part in written.groups() if part is not None)
            set_here = f"{table}.{name}".strip(".")
        else:
            continue
        if (key == set_here or key.startswith(f"{set_here}.")) and len(set_here) > longest:
            best, longest = number, len(set_here)
    return best
