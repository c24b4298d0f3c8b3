"""A verb of a page: one QAction with shortcut and status tip, and the button that shows it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.icons import Icons
from app.ui.widgets.basic import button


def verb(
    owner: QWidget,
    icons: Icons,
    name: str,
    title: str,
    icon: str,
    done: Callable[[], object],
    *,
    shortcut: str = "",
    tip: str = "",
) -> QAction:
    """An action of `owner`: it has an objectName, a shortcut and a status tip, and the command palette lists it."""
    action = QAction(title, owner)
    action.setObjectName(name)
    action.setStatusTip(tip or title)
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
        written = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip or title} ({written})")
    else:
        action.setToolTip(tip or title)
    icons.bind(action, icon)
    action.triggered.connect(lambda _checked=False: done())
    owner.addAction(action)
    return action


def verb_button(
    action: QAction, icons: Icons, icon: str = "", *, primary: bool = False, quiet: bool = False
) -> QPushButton:
    """A button that triggers `action` and follows its text, tip and whether it is possible now."""
    made = button(
        action.text(),
        f"{action.objectName()}_button",
        action.trigger,
        primary=primary,
        quiet=quiet,
        icons=icons,
        icon=icon,
    )

    def follow() -> None:
        made.setEnabled(action.isEnabled())
        made.setVisible(action.isVisible())
        made.setText(f" {action.text()}" if icon else action.text())
        made.setAccessibleName(action.text())
        made.setToolTip(action.toolTip())
        made.setStatusTip(action.statusTip())

    action.changed.connect(follow)
    made.setToolTip(action.toolTip())
    made.setStatusTip(action.statusTip())
    made.setEnabled(action.isEnabled())
    return made
