"""Files are read in a child that is watched: whatever becomes of it, the caller gets a document with a message."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.services import child_process
from app.services.child_process import Limits
from app.services.parsing import parse_file
from tests.importers.pdf_files import LAYOUT, PAGES, make_pdf
from tests.importers.xml_files import UBL

ROOT = Path(__file__).resolve().parents[2]
NOTHING = Definitions()
QUICK = Limits(wall_seconds=2, cpu_seconds=2)
Misbehave = Callable[[str], None]


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Misbehave:
    """Puts a child with this body in the place of the real one."""

    def replace(body: str) -> None:
        path = tmp_path / "child.py"
        path.write_text(textwrap.dedent(body), encoding="utf-8")
        monkeypatch.setattr(child_process, "CHILD", path)

    return replace


def only_issue(document: ParsedDocument) -> ParseIssue:
    assert document.invoices == ()
    assert document.refused
    (issue,) = document.issues
    assert issue.severity is Severity.ERROR
    assert "'bill.pdf'" in issue.message
    assert issue.remedy
    return issue


@pytest.mark.parametrize(
    ("name", "content", "definitions"),
    [
        ("bill.xml", UBL.encode(), NOTHING),
        ("bill.pdf", make_pdf(PAGES), Definitions((LAYOUT,), ())),
        ("Zürich – Ω.csv", b"a,b\n", NOTHING),
        ("empty", b"", NOTHING),
    ],
)
def test_the_child_reads_what_would_be_read_here(name: str, content: bytes, definitions: Definitions) -> None:
    assert parse_file(name, content, definitions) == read_document(name, content, definitions)


@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(60)"])
def test_a_child_that_hangs_is_stopped_in_time(child: Misbehave, body: str) -> None:
    child(body)
    started = time.monotonic()
    issue = only_issue(parse_file("bill.pdf", b"x", NOTHING, limits=QUICK))
    assert issue.code == "parser-limit"
    assert "more than 2 seconds" in issue.message
    assert time.monotonic() - started < 20


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="this system has no limit of processor time")
def test_a_child_that_works_without_end_is_stopped_by_the_system(child: Misbehave) -> None:
    child(f"""
        import json, sys
        sys.path.insert(0, {str(ROOT)!r})
        from app.importers import child
        child.set_limits(json.loads(sys.argv[1]))
        while True: pass
    """)
    issue = only_issue(parse_file("bill.pdf", b"x", NOTHING, limits=Limits(cpu_seconds=1, wall_seconds=60)))
    assert issue.code == "parser-limit"
    assert "more than 1 seconds of work" in issue.message


def test_a_child_that_writes_without_end_is_stopped(child: Misbehave) -> None:
    child("import sys\nwhile True: sys.stdout.write('x' * 65536)")
    issue = only_issue(parse_file("bill.pdf", b"x", NOTHING, limits=Limits(output_bytes=1 << 20)))
    assert issue.code == "parser-limit"
    assert "more than 1 MB of results" in issue.message


def test_a_child_that_complains_without_end_is_no_harm(child: Misbehave) -> None:
    child("import sys\nfor _ in range(100): sys.stderr.write('x' * 65536)\nsys.stdout.write('{\"importer\": \"x\"}')")
    assert parse_file("bill.pdf", b"x", NOTHING) == ParsedDocument("x")


@pytest.mark.parametrize(
    "body",
    [
        "import os; os.abort()",
        "raise SystemExit(3)",
        "print('done')",
        "print('{\"importer\": 5}')",
        "import sys; sys.stdout.buffer.write(b'\\xff')",
        "",
    ],
)
def test_a_child_that_dies_or_answers_nonsense_is_a_message(child: Misbehave, body: str) -> None:
    child(body)
    assert only_issue(parse_file("bill.pdf", b"x" * 500_000, NOTHING)).code == "parser-died"


def test_what_a_child_complains_of_is_not_shown_to_the_user(child: Misbehave) -> None:
    child("raise RuntimeError('a secret of the file')")
    assert "secret" not in only_issue(parse_file("bill.pdf", b"x", NOTHING)).message


def test_a_child_that_takes_too_much_memory_is_told_as_such(child: Misbehave) -> None:
    child(f"""
        import json, sys
        sys.path.insert(0, {str(ROOT)!r})
        from app.importers import child
        child.set_limits(json.loads(sys.argv[1]))
        b"x" * (1 << 30)
    """)
    issue = only_issue(parse_file("bill.pdf", b"x", NOTHING, limits=Limits(memory_bytes=1 << 28)))
    assert issue.code == "parser-limit"
    assert "256 MB of memory" in issue.message


def test_cancelling_ends_the_child_and_all_that_it_started(child: Misbehave, tmp_path: Path) -> None:
    grandchild = tmp_path / "pid"
    child(f"""
        import subprocess, sys, time
        other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        open({str(grandchild)!r}, "w").write(str(other.pid))
        time.sleep(60)
    """)
    started = time.monotonic()
    issue = only_issue(parse_file("bill.pdf", b"x", NOTHING, cancelled=lambda: grandchild.exists()))
    assert issue.code == "cancelled"
    assert time.monotonic() - started < 20
    pid = int(grandchild.read_text() or "0")
    for _ in range(100):
        if not _runs(pid):
            break
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    """Whether the process is there and no mere entry that waits to be collected."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_child_sees_nothing_of_this_process(child: Misbehave, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLLBOOK_TEST_SECRET", "42")
    child("""
        import json, os, sys
        seen = {"variables": sorted(os.environ), "files": os.listdir("."), "path": sys.path, "group": os.getpgrp()}
        print(json.dumps({"importer": json.dumps(seen)}))
    """)
    seen = json.loads(parse_file("bill.pdf", b"x", NOTHING).importer)
    assert "TOLLBOOK_TEST_SECRET" not in seen["variables"]
    assert set(seen["variables"]) <= {"LC_CTYPE", "SYSTEMROOT", "TEMP", "TMP", "__CF_USER_TEXT_ENCODING"} | {
        "POLARS_MAX_THREADS",
        "OMP_THREAD_LIMIT",
    }
    assert seen["files"] == ["request.json"]
    assert str(ROOT) not in seen["path"]
    assert seen["group"] != os.getpgrp()


def test_the_limits_of_the_system_are_set_where_there_are_any() -> None:
    resource = pytest.importorskip("resource")
    script = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from app.importers import child
child.set_limits(json.loads(sys.argv[1]))
import resource
names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
print(json.dumps([resource.getrlimit(getattr(resource, name)) for name in names]))
"""
    limits = {"memory_bytes": 1 << 29, "cpu_seconds": 7, "file_bytes": 1 << 20, "open_files": 32}
    run = subprocess.run([sys.executable, "-c", script, json.dumps(limits)], capture_output=True, check=True)
    assert resource.RLIM_INFINITY not in json.loads(run.stdout)[0]
    assert json.loads(run.stdout) == [[1 << 29] * 2, [7, 8], [1 << 20] * 2, [32, 32], [0, 0]]


def test_what_a_reader_prints_does_not_mix_with_the_answer(tmp_path: Path) -> None:
    """The real child: file descriptor 1 is turned away before anything is read."""
    script = tmp_path / "noisy.py"
    script.write_text(
        f"import sys, os\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from app.importers import answer\n"
        "real = answer.read_opened\n"
        "def noisy(*arguments, **more):\n    os.write(1, b'noise')\n    print('noise')\n"
        "    return real(*arguments, **more)\n"
        "answer.read_opened = noisy\nanswer.answer()\n"
    )
    request = {"do": "read", "name": "a.xml", "importer": "", "layouts": [], "mappings": []}
    (tmp_path / "request.json").write_text(json.dumps(request))
    run = subprocess.run(
        [sys.executable, str(script)], input=UBL.encode(), capture_output=True, check=True, cwd=tmp_path
    )
    assert json.loads(run.stdout)["importer"] == "ubl"
    assert b"noise" in run.stderr


@pytest.mark.parametrize("name", ["/etc/passwd", "../../stolen", "..", "", "C:\\\\evil", "a/b"])
def test_a_part_that_would_lie_outside_the_readers_folder_is_nonsense(child: Misbehave, name: str) -> None:
    child(f"""print('{{"importer": "x", "parts": [{{"kind": "member", "file": "{name}"}}]}}')""")
    assert only_issue(parse_file("bill.pdf", b"x", NOTHING)).code == "parser-died"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize(
    "body", ["os.mkfifo('progress')", "os.symlink('/dev/zero', 'progress')", "os.mkdir('progress')"]
)
def test_what_a_child_leaves_in_the_place_of_its_progress_is_not_opened(child: Misbehave, body: str) -> None:
    child(f'import os, time\n{body}\ntime.sleep(0.5)\nprint(\'{{"importer": "x"}}\')')
    told: list[tuple[int, int]] = []
    document = parse_file(
        "bill.pdf", b"x", NOTHING, progress=lambda *both: told.append(both), limits=Limits(wall_seconds=20)
    )
    assert (document, told) == (ParsedDocument("x"), [])


def test_files_in_folders_of_a_child_count_towards_its_limit(child: Misbehave) -> None:
    child("""
        import os, time
        os.makedirs("a/b")
        open("a/b/c", "wb").write(bytes(3 << 20))
        time.sleep(20)
    """)
    issue = only_issue(parse_file("bill.pdf", b"x", NOTHING, limits=Limits(folder_bytes=1 << 20, wall_seconds=15)))
    assert issue.code == "parser-limit"
    assert "of results" in issue.message
