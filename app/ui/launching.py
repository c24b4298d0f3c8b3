"""Opening workspaces: from a folder to the Backend that the window works on, through the services."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.vocabulary import Role
from app.queries import workspace as workspace_query
from app.services.demo import build_demo
from app.services.progress import Reporter
from app.services.users import add_user, list_users
from app.services.workspace import create_workspace, open_workspace
from app.ui.backend import Backend
from app.ui.commands import Commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.workspace import Workspace


class Launcher(Protocol):
    """Makes Backends. Each call may take a while: the window calls them on a worker."""

    @property
    def home(self) -> Path: ...
    def open(self, folder: Path) -> Backend: ...
    def create(self, folder: Path, company: str, currency: str, person: str) -> Backend: ...
    def demo(self, folder: Path, progress: Reporter) -> Backend: ...


class WorkspaceLauncher:
    """Opens real workspaces. `home` is the folder in which new ones are proposed."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def open(self, folder: Path) -> Backend:
        """Open the workspace in `folder`; raises UserError where it is none or cannot be opened."""
        return connect(open_workspace(folder))

    def create(self, folder: Path, company: str, currency: str, person: str) -> Backend:
        """Make a workspace in `folder` with its first user, and open it."""
        workspace = create_workspace(folder, company, currency)
        add_user(workspace, person, Role.IT_MANAGER, person)
        return connect(workspace)

    def demo(self, folder: Path, progress: Reporter) -> Backend:
        """Open the demo company in `folder`, made first where it is not there yet."""
        return connect(build_demo(folder, progress))


def connect(workspace: Workspace) -> Backend:
    """The window's view of an open workspace."""

    def ask(function: Callable[..., Any], *args: Any) -> Any:
        with workspace.database.reading() as session:
            return function(session, *args)

    facts: workspace_query.Facts = ask(workspace_query.fetch)
    return Backend(
        company=facts.company,
        currency=facts.currency,
        folder=workspace.folder,
        exports=workspace.exports,
        fixed_day=facts.fixed_day,
        people=lambda: list_users(workspace),
        ask=ask,
        do=Commands(workspace),
        document=lambda sha256: workspace.documents.path(sha256).read_bytes(),
        usage=workspace.usage,
        close=workspace.close,
    )
