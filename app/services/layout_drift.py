"""A layout that has drifted: where the words stood that it remembers, and where they stand now; and mending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.source import ParseIssue, Source
from app.importers.tabular.definition import MappingFault, open_toml
from app.services.layout_draft import Draft, Numbers, Place
from app.services.layouts import PageWords, find_text
from app.services.mappings import definitions

if TYPE_CHECKING:
    from app.services.workspace import Workspace

DRIFTED = "layout-drifted"


@dataclass(frozen=True, slots=True)
class Moved:
    """Words that stood in one place when the layout was accepted: where that was, and where they are now, if at all."""

    text: str
    page: int
    stood: Numbers
    now_page: int | None
    now: Numbers | None
    message: str


def find_known(workspace: Workspace, importer: str) -> dict[str, Any] | None:
    """The layout behind an importer ("pdf:name") as its TOML has it; None where it is not known."""
    return next((one for one in _known(workspace) if f"pdf:{_name(one)}" == importer), None)


def open_draft(workspace: Workspace, importer: str) -> Draft | None:
    """The layout behind an importer ("pdf:name") as a draft to mend; None where it is not known."""
    known = find_known(workspace, importer)
    return None if known is None else draft_of(known)


def draft_of(layout: Mapping[str, Any]) -> Draft:
    """A layout as a draft: fields that are read from a fixed region are shown there."""
    places: dict[str, Place] = {}
    for key, rule in dict(layout.get("fields", {})).items():
        region = rule.get("region")
        beside = "label" in rule or "pattern" in rule  # then the region only helps where that is not found
        if isinstance(region, list) and len(region) == 4 and not beside:
            page = rule.get("page")
            places[key] = Place(page if isinstance(page, int) else 1, tuple(float(side) for side in region))  # type: ignore[arg-type]
    return Draft(dict(layout), places)


def find_layout(workspace: Workspace, issues: Sequence[ParseIssue]) -> str:
    """The importer whose anchors the drift issues name, "" where none fits."""
    stood = {(issue.source.page, _numbers(issue.source)) for issue in issues if issue.code == DRIFTED}
    best, most = "", 0
    for known in _known(workspace):
        anchors = {(anchor.get("page"), _near(anchor.get("box"))) for anchor in known.get("anchors", [])}
        hits = sum((page, _near(box)) in anchors for page, box in stood)
        if hits > most:
            best, most = f"pdf:{_name(known)}", hits
    return best


def find_moved(
    workspace: Workspace, importer: str, pages: Sequence[PageWords], issues: Sequence[ParseIssue]
) -> list[Moved]:
    """What moved: each drift issue with where its anchor stood and the nearest place where its words stand now."""
    known = find_known(workspace, importer) or {}
    anchors = {(one.get("page"), _near(one.get("box"))): str(one.get("text", "")) for one in known.get("anchors", [])}
    moved = []
    for issue in issues:
        stood = _numbers(issue.source)
        if issue.code != DRIFTED or stood is None or issue.source.page is None:
            continue
        text = anchors.get((issue.source.page, _near(stood)), "")
        found = [(page.number, box) for page in pages for box in find_text(page, text)] if text else []
        at = issue.source.page
        found.sort(key=lambda one: (one[0] != at, abs(one[1][0] - stood[0]) + abs(one[1][1] - stood[1])))
        page, now = found[0] if found else (None, None)
        moved.append(Moved(text, at, stood, page, now, issue.message))
    return moved


def _known(workspace: Workspace) -> list[dict[str, Any]]:
    found = []
    for text in definitions(workspace).layouts:
        try:
            found.append(open_toml(text))
        except MappingFault:
            continue  # a definition that cannot be read is told of when a file is imported
    return found


def _name(layout: Mapping[str, Any]) -> str:
    return str(layout.get("name", ""))


def _numbers(source: Source) -> Numbers | None:
    box = source.box
    return None if box is None else (box.x0 / 100, box.top / 100, box.x1 / 100, box.bottom / 100)


def _near(box: object) -> tuple[int, ...]:
    """A box to the whole point: it has been through hundredths and back."""
    return tuple(round(side) for side in box) if isinstance(box, list | tuple) else ()
