"""What the window knows of the world: one workspace, its facts, a way to ask, and the commands.

Built from outside and handed to every page by its constructor, so that no page opens a database by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.services.layout_desk import LayoutDesk
from app.services.users import Person

if TYPE_CHECKING:
    from app.ui.commands import Commands
    from app.usage.store import UsageStore

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Backend:
    """One open workspace, seen from the window. `close` gives it back; `fixed_day` is a demo workspace's day; `usage`
    holds the recorded calls, for queries that read them."""

    company: str
    currency: str
    folder: Path
    exports: Path
    fixed_day: date | None
    people: Callable[[], list[Person]]
    ask: Callable[..., Any]
    do: Commands
    document: Callable[[str], bytes]
    usage: UsageStore
    close: Callable[[], None]

    @property
    def today(self) -> date:
        """The day it is."""
        return self.fixed_day or datetime.now().astimezone().date()

    @property
    def layouts(self) -> LayoutDesk:
        """Layouts made by pointing."""
        return LayoutDesk(self.do.workspace)

    def query(self, function: Callable[..., Answer], *args: Any) -> Answer:
        """Run `function(session, *args)` on a snapshot. Called on a reader's thread."""
        answer: Answer = self.ask(function, *args)
        return answer
