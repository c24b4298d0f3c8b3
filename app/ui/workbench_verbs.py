"""The verbs of an open workspace, whichever page is in sight: in the palette, by their keys, on the rail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.ui.context import Link
from app.ui.navigation import PLACES
from app.ui.widgets.verbs import verb

if TYPE_CHECKING:
    from app.ui.workbench import Workbench


@dataclass(frozen=True, slots=True)
class _Verb:
    name: str
    title: str
    icon: str
    done: Callable[[], object]
    shortcut: str = ""
    tip: str = ""


def declare_verbs(bench: Workbench) -> None:
    """Give `bench` its actions."""
    for one in (*_places(bench), *_files(bench), *_view(bench), *_workspace(bench)):
        verb(bench, bench.ui.icons, one.name, one.title, one.icon, one.done, shortcut=one.shortcut, tip=one.tip)


def _places(bench: Workbench) -> list[_Verb]:
    return [
        _Verb(
            f"show_{one.key}", f"Go to {one.title}", one.icon, partial(bench.go, Link(one.key)), one.shortcut, one.tip
        )
        for one in PLACES
    ]


def _files(bench: Workbench) -> list[_Verb]:
    point = partial(bench.go, Link("layout_editor"))
    watch_tip = "Import what is put into a folder, as long as the window is open; again: stop"
    point_tip = "Open a bill that nobody can read yet and say what stands where"
    import_tip = "Import bills, contracts, inventory, usage"
    return [
        _Verb("import", "Import files…", "import", bench.pick_files, "Ctrl+I", import_tip),
        _Verb("point", "Read a bill by pointing…", "layout", point, "Ctrl+Shift+P", point_tip),
        _Verb("watch", "Watch a folder…", "folder", bench.watch, "", watch_tip),
        _Verb("reports", "Write the reports", "chart", bench.write_reports, "", "A workbook and a page with charts"),
        _Verb("templates", "Write the import templates…", "file", bench.write_templates, "", "Workbooks to fill in"),
    ]


def _view(bench: Workbench) -> list[_Verb]:
    larger, smaller, normal = (partial(bench.ui.theme.magnify, steps) for steps in (1, -1, 0))
    return [
        _Verb("find", "Filter the list", "search", bench.find_line, "Ctrl+F", "Type to narrow the list in sight"),
        _Verb("back", "Go back", "back", bench.back, "Alt+Left", "Show what was shown before"),
        _Verb("palette", "All commands…", "command", bench.open_palette, "Ctrl+K", "Find a command by a few letters"),
        _Verb("theme", "Switch between light and dark", "dark", bench.switch_theme, "Ctrl+Shift+L"),
        _Verb("larger", "Larger", "zoom_in", larger, "Ctrl++", "Show everything larger"),
        _Verb("smaller", "Smaller", "zoom_out", smaller, "Ctrl+-", "Show everything smaller"),
        _Verb("normal_size", "Normal size", "fit", normal, "Ctrl+0", "Show everything at 100 %"),
    ]


def _workspace(bench: Workbench) -> list[_Verb]:
    people = bench.rail.show_people
    return [
        _Verb("person", "Act as another person…", "person", people, "Ctrl+U", "Change who is acting"),
        _Verb("payer", "Our bank details…", "payments", bench.ask_payer, "", "What payment files draw on"),
        _Verb("leave", "Close this workspace", "close", bench.leave, "Ctrl+W", "Go back to the welcome page"),
    ]
