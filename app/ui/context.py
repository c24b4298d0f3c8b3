"""What every page is handed by its constructor, in one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Signal

from app.domain.vocabulary import Role
from app.services.users import Person
from app.ui.tokens import Tone

if TYPE_CHECKING:
    from app.ui.backend import Backend
    from app.ui.causes import CauseBook
    from app.ui.changes import ChangeHub
    from app.ui.icons import Icons
    from app.ui.ops import Fault, Ops
    from app.ui.pages.base import Page
    from app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the window: a page, which of its views, a text to filter by, or the one thing that it shows."""

    page: str
    view: str = ""
    text: str = ""
    key: int | None = None
    part: int | None = None  # a charge of the bill, a finding of the list
    only: frozenset[int] = frozenset()  # just these rows; `text` then says which they are


class Acting(QObject):
    """Who is acting. Approval needs two persons, so the window can change it."""

    changed = Signal()

    def __init__(self, person: Person, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.person = person

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def role(self) -> Role:
        return self.person.role

    def become(self, person: Person) -> None:
        """Go on as another person."""
        if person != self.person:
            self.person = person
            self.changed.emit()


@dataclass(frozen=True)
class Ui:
    """The window's services to its pages."""

    backend: Backend
    theme: Theme
    icons: Icons
    ops: Ops
    hub: ChangeHub
    settings: QSettings
    acting: Acting
    go: Callable[[Link], None]
    page: Callable[[str], Page]  # by its key, made where it was not yet
    say: Callable[[str, Tone], None]  # a message bar, until it is closed or out of date
    toast: Callable[[str], None]  # a note that goes by itself
    pick_files: Callable[[], None]
    write_templates: Callable[[], None]
    fault: Callable[[Fault], None]
    causes: CauseBook

    def command(
        self, title: str, work: Callable[[], Any], note: str = "", done: Callable[[Any], None] | None = None
    ) -> None:
        """Run a short command; where it succeeds, say `note` in passing and call `done` with its result."""

        def finish(result: Any) -> None:
            if note:
                self.toast(note)
            if done is not None:
                done(result)

        self.ops.command(title, lambda _handle: work(), finish)
