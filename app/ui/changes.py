"""The one signal by which pages hear that something has changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.services.changes import Changes


class ChangeHub(QObject):
    """`changed` carries the Changes of a command that has been committed."""

    changed = Signal(object)

    def announce(self, changes: Changes) -> None:
        """Tell every page; nothing is told where nothing changed."""
        if changes:
            self.changed.emit(changes)


def changes_in(result: object) -> Changes:
    """The Changes that a command returned, alone or as a part of a tuple."""
    if isinstance(result, Changes):
        return result
    found = Changes.NONE
    if isinstance(result, tuple):
        for part in result:
            if isinstance(part, Changes):
                found |= part
    return found
