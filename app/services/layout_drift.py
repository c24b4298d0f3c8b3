"""A layout that has drifted: where the words stood that it remembers, and where they stand now; and mending it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.source import ParseIssue, Source
from app.importers.tabular.definition import MappingFault, open_toml
from app.services.layout_draft import Draft, Numbers, Place, to_toml
from app.services.layout_scans import Scan, find_moves
from app.services.layout_words import PageWords, find_text
from app.services.layouts import Bill, read_by_layout
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


def open_draft(workspace: Workspace, importer: str, name: str = "", content: Bill = b"") -> Draft | None:
    """The layout behind an importer ("pdf:name") as a draft to mend on a bill; None where it is not known.

    On a scan its places are those on this scan: it lies otherwise than the page that the layout was made on.
    """
    known = find_known(workspace, importer)
    if known is None:
        return None
    if isinstance(content, Scan):
        known = fit_layout(known, find_moves(name, content, to_toml(known)))
    return draft_of(known)


def fit_layout(layout: Mapping[str, Any], moves: Mapping[int, tuple[int, int, int, int]]) -> dict[str, Any]:
    """The layout with its regions, columns and anchors where they are on pages that lie otherwise by `moves`."""
    fitted = copy.deepcopy(dict(layout))
    first = min(moves, default=1)

    def back(value: Any, page: int, axis: int) -> float:
        scale, shift = moves.get(page, (1_000_000, 0, 1_000_000, 0))[2 * axis : 2 * axis + 2]
        return round((float(value) - shift / 100) * 1_000_000 / scale, 2)

    def back_box(box: Any, page: int) -> list[float]:
        return [back(side, page, place % 2) for place, side in enumerate(box)]

    for rule in dict(fitted.get("fields", {})).values():
        if "region" in rule:
            page = {"first": 1, "last": max(moves, default=1)}.get(rule.get("page"), rule.get("page"))
            rule["region"] = back_box(rule["region"], page if isinstance(page, int) else first)
    for anchor in fitted.get("anchors", []):
        anchor["box"] = back_box(anchor["box"], anchor["page"])
    for section in fitted.get("sections", []):
        if "columns" in section:
            section["columns"] = [back(side, first, 0) for side in section["columns"]]
    for table in fitted.get("tables", []):
        for column in table.get("columns", []):
            column["from"], column["to"] = back(column["from"], first, 0), back(column["to"], first, 0)
    return fitted


def tell_again(
    workspace: Workspace, importer: str, name: str, content: Bill, issues: Sequence[ParseIssue]
) -> Sequence[ParseIssue]:
    """What an import told of a bill; of a scan as its layout tells it of the pages as they are shown, upright and
    straight."""
    known = find_known(workspace, importer)
    if known is None or not isinstance(content, Scan):
        return issues
    return read_by_layout(name, content, to_toml(known), importer=importer).issues


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
        text = anchors.get((issue.source.page, _near(stood)), "") or _quoted(issue, known)
        found = [(page.number, box) for page in pages for box in find_text(page, text)] if text else []
        at = issue.source.page
        found.sort(key=lambda one: (one[0] != at, abs(one[1][0] - stood[0]) + abs(one[1][1] - stood[1])))
        page, now = found[0] if found else (None, None)
        moved.append(Moved(text, at, stood, page, now, issue.message))
    return moved


def _quoted(issue: ParseIssue, layout: Mapping[str, Any]) -> str:
    """The anchor that the issue quotes: on a scan it stood elsewhere than the layout says."""
    own = [str(one.get("text", "")) for one in layout.get("anchors", []) if one.get("page") == issue.source.page]
    return max((text for text in own if f"'{text[:60]}'" in issue.message), key=len, default="")


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
