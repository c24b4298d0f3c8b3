"""The child that reads a file is shut in: a reader that is led astray reaches nothing that it does not need.

Each test runs the real child with its reader replaced by one that misbehaves, and hears what became of it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.importers.registry import Definitions
from app.services import child_process
from app.services.parsing import parse_file

ROOT = Path(__file__).resolve().parents[2]
Ask = Callable[..., str]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="walls of the Linux kernel")


@pytest.fixture
def astray(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    """Runs the real child with this body in the place of its reader; gives what the body returns, or how it failed."""

    def ask(body: str, *, without: str = "", folder: Path | None = None) -> str:
        path = tmp_path / "astray.py"
        start = f"import json, sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        start += "from app.domain.parsed import ParsedDocument\n"
        start += "from app.importers import answer, child, kernel_walls, sandbox\n"
        if without:
            start += f"{without} = lambda *_: None\n"
        misled = f"def misled(*_, **__):\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n"
        told = (
            "def told(*_, **__):\n    try:\n        return ParsedDocument(json.dumps(misled()))\n"
            "    except BaseException as fault:\n"
            "        return ParsedDocument(json.dumps(f'{type(fault).__name__}: {fault}'))\n"
            "answer.read_opened = told\nchild.main()\n"
        )
        path.write_text(start + misled + told, encoding="utf-8")
        monkeypatch.setattr(child_process, "CHILD", path)
        document = parse_file("a.csv", b"a,b\n1,2\n", Definitions(), folder=folder)
        return str(json.loads(document.importer)) if document.importer else document.issues[0].code

    return ask


@pytest.mark.parametrize(
    "body",
    [
        "import socket\nreturn socket.socket().fileno()",
        "import urllib.request\nreturn urllib.request.urlopen('http://127.0.0.1:9/')",
        "import socket\nreturn socket.getaddrinfo('localhost', 80)",
        "import subprocess\nreturn subprocess.run(['true'])",
        "import os\nreturn os.system('true')",
        "import os\nreturn os.fork()",
        "import os\nreturn os.execv('/bin/true', ['true'])",
        "import os\nreturn os.kill(os.getppid(), 0)",
        "import os\nreturn os.symlink('/etc/passwd', 'link')",
        "import os\nreturn os.chdir('/')",
        "import ctypes, tempfile\nreturn ctypes.CDLL('/tmp/evil.so')",
        "import pickle\nreturn pickle.loads(b'cos\\nsystem\\n.')",
        "return open('/etc/passwd').read()",
        "import os\nreturn os.open('/etc/hostname', os.O_RDONLY)",
        "return open('../../../../../../../etc/passwd').read()",
        "return open(f'{sandbox.PROJECT}/README.md').read()",
        "return open(f'{sandbox.PROJECT}/app/planted.py', 'w').write('x')",
        "import os\nreturn os.remove(f'{sandbox.PROJECT}/README.md')",
        "import os\nreturn os.rename('request.json', '/tmp/stolen')",
        "import os\nreturn os.listdir('/')",
        "import resource\nreturn resource.setrlimit(resource.RLIMIT_CPU, (900, 900))",
        "import pathlib\nreturn pathlib.Path('/proc/1/environ').read_bytes()",
    ],
)
def test_python_itself_refuses_what_a_reader_does_not_need(astray: Ask, body: str) -> None:
    told = astray(body, without="kernel_walls.shut_folders")
    assert told.startswith("Forbidden: a reader may not do that"), told


def test_a_reader_may_do_what_it_needs(astray: Ask, tmp_path: Path) -> None:
    body = """
        import os, zoneinfo, pathlib
        from lxml import etree
        import polars, pypdfium2, duckdb
        pathlib.Path("part-1").write_text("x")
        os.rename("part-1", "part-2")
        zone = zoneinfo.ZoneInfo("Europe/Berlin").key
        template = next((sandbox.PROJECT / "resources" / "carriers").glob("*.toml")).read_text()
        total = polars.Series([1, 2]).sum()
        return [zone, bool(template), open("part-2").read(), len(os.urandom(4)), total, os.listdir()]
    """
    own = tmp_path / "own"
    own.mkdir()
    told = astray(body, folder=own)
    assert told.startswith("['Europe/Berlin', True, 'x', 4, 3, ["), told
    assert sorted(os.listdir(own)) == ["part-2", "request.json"]


LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def names_of_walls(body: str) -> str:
    return LIBC + body + "\nreturn [done, os.strerror(ctypes.get_errno())]"


@LINUX
@pytest.mark.parametrize(
    "body",
    [
        "done = libc.open(b'/etc/passwd', 0)",
        "done = libc.open(b'/tmp/planted', 0o101, 0o600)",
        "done = libc.mkfifo(b'pipe', 0o600)",
        "done = libc.symlink(b'/etc/passwd', b'link')",
        "done = libc.mknod(b'socket', 0o140600, 0)",
        "done = libc.execv(b'/bin/true', (ctypes.c_char_p * 2)(b'true', None))",
        "done = libc.kill(os.getppid(), 0)",
    ],
)
def test_the_kernel_refuses_machine_code_what_no_reader_needs(astray: Ask, body: str) -> None:
    if _landlock() < 6:
        pytest.skip("this kernel has no Landlock, or an older one")
    told = astray(names_of_walls(body), without="sandbox.close_off")
    assert told in {"[-1, 'Permission denied']", "[-1, 'Operation not permitted']"}, told


@LINUX
def test_there_is_no_network_for_machine_code(astray: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        body = (
            "import ctypes, os, struct\nlibc = ctypes.CDLL(None, use_errno=True)\n"
            "one = libc.socket(2, 1, 0)\n"
            f"place = struct.pack('=H', 2) + struct.pack('!H', {port}) + bytes([127, 0, 0, 1]) + bytes(8)\n"
            "return libc.connect(one, place, 16)"
        )
        if not _may_leave_network():
            pytest.skip("this kernel does not let a process leave the network")
        told = astray(body, without="sandbox.close_off = kernel_walls.shut_folders")
    assert told == "-1"


def _may_leave_network() -> bool:
    script = "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    return subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def _landlock() -> int:
    import ctypes

    return int(ctypes.CDLL(None).syscall(444, None, 0, 1))


def test_the_walls_cost_a_child_little(astray: Ask) -> None:
    """Twenty thousandths of a second are promised on a machine that is not busy; tests run on busy ones."""
    body = "return 1"
    spent = []
    for without in ("", "sandbox.close_off = kernel_walls.leave_network = kernel_walls.shut_folders"):
        times = []
        for _ in range(3):
            started = time.perf_counter()
            assert astray(body, without=without) == "1"
            times.append(time.perf_counter() - started)
        spent.append(min(times))
    assert spent[0] - spent[1] < 0.5, spent
