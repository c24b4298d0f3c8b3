"""Reading untrusted files: one throw-away child process per file, and what it answers is not believed."""

from __future__ import annotations

import json
import logging
import signal
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.importers.registry import Definitions
from app.importers.wire import WireFault, from_json
from app.services.child_process import Limits, Run, run_child

_LOG = logging.getLogger(__name__)
# how the kernel ends a process that has had its seconds; -9 is also how it ends one when memory runs out
_TIME_SIGNALS = {-int(number) for name in ("SIGXCPU", "SIGKILL") if (number := getattr(signal, name, None))}
_LARGE = 32 << 20
READ = "read"


class NotAnswered(UserError):
    """{why} {remedy}"""


def limits_for(size: int, opening: bytes = b"") -> Limits:
    """The limits for reading a file of `size` bytes that begins with `opening`.

    A PDF of a thousand pages is honest; large files, which are usage, get time and room by their size.
    """
    if size <= _LARGE:
        return Limits(cpu_seconds=60, wall_seconds=90) if b"%PDF-" in opening else Limits()
    seconds = 20 + size // (4 << 20)
    return Limits(
        memory_bytes=3 << 30,
        cpu_seconds=2 * seconds,
        wall_seconds=2 * seconds,
        file_bytes=2 << 30,
        folder_bytes=4 << 30,
    )


def parse_file(
    name: str,
    content: bytes | Path,
    definitions: Definitions,
    *,
    importer: str = "",
    do: str = READ,
    folder: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    limits: Limits | None = None,
) -> ParsedDocument:
    """Return what the file holds. A child that dies, hangs or answers nonsense becomes an ERROR issue.

    `importer` names the one that is to read it, as a person has chosen; "" lets exactly one claim it. What is too large
    for the answer (usage, the files in a container) the child leaves in `folder`, which the caller makes and removes.
    `cancelled` is asked about every twentieth of a second; once it says yes, the child is killed.
    """
    request = {"do": do, "name": name, "importer": importer, **_definitions(definitions)}
    run, limits = _run(request, content, folder, limits, cancelled, progress)
    fault = _fault(name, run, limits)
    if fault is not None:
        return ParsedDocument("", issues=(fault,))
    try:
        document = from_json(run.output.decode("utf-8"))
    except (WireFault, UnicodeDecodeError) as wrong:
        _LOG.warning("reading %s: %s", name, wrong)
        return ParsedDocument("", issues=(_died(name),))
    if not all(_is_plain(part.file) for part in document.parts):
        _LOG.warning("reading %s: a part lies outside the reader's folder", name)
        return ParsedDocument("", issues=(_died(name),))
    return document


def _is_plain(name: str) -> bool:
    """Whether it is the name of a file in the folder itself, on every system."""
    return bool(name) and name not in {".", ".."} and not set(name) & set("/\\:\0")


def ask_child(
    do: str,
    name: str,
    content: bytes | Path,
    definitions: Definitions,
    options: Mapping[str, Any] | None = None,
    *,
    folder: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """Ask a child one of the other questions of importers.answer ("words" of a PDF, a "preview" of a table, …).

    The answer is a JSON object of which nothing is believed: the caller checks what it uses. Raises NotAnswered.
    """
    request = {"do": do, "name": name, **_definitions(definitions), "options": dict(options or {})}
    run, limits = _run(request, content, folder, limits, cancelled, progress)
    fault = _fault(name, run, limits)
    if fault is not None:
        raise NotAnswered(why=fault.message, remedy=fault.remedy)
    try:
        answer = json.loads(run.output)
    except (ValueError, RecursionError) as wrong:
        raise NotAnswered(why=_died(name).message, remedy=_died(name).remedy) from wrong
    if not isinstance(answer, dict):
        raise NotAnswered(why=_died(name).message, remedy=_died(name).remedy)
    if "fault" in answer:
        raise NotAnswered(why=str(answer["fault"])[:1000], remedy=str(answer.get("remedy", ""))[:1000])
    return answer


def _definitions(definitions: Definitions) -> dict[str, Any]:
    return {"layouts": definitions.layouts, "mappings": definitions.mappings}


def _run(
    request: Mapping[str, Any],
    content: bytes | Path,
    folder: Path | None,
    limits: Limits | None,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None],
) -> tuple[Run, Limits]:
    limits = limits or _limits(content)
    with tempfile.TemporaryDirectory(prefix="tollbook-read-") as own:
        run = run_child(request, content, folder or Path(own), limits, cancelled=cancelled, progress=progress)
    if run.complaints:
        _LOG.info("reading %s: %s", request["name"], run.complaints.decode("utf-8", "replace"))
    return run, limits


def _limits(content: bytes | Path) -> Limits:
    if isinstance(content, bytes):
        return limits_for(len(content), content[:1024])
    with content.open("rb") as opened:
        return limits_for(content.stat().st_size, opened.read(1024))


def _fault(name: str, run: Run, limits: Limits) -> ParseIssue | None:
    """Why there is no answer; None where there is one."""
    code = run.process.returncode
    if run.ended == "cancelled":
        return _error("cancelled", f"Reading '{name}' was cancelled.", "Import it again when you want it.")
    if run.ended or code in _TIME_SIGNALS:
        spent = {"output": f"more than {limits.output_bytes >> 20} MB of results"}
        what = spent.get(run.ended, f"more than {limits.cpu_seconds} seconds of work")
        message = f"Reading '{name}' was stopped: it took {what}."
        remedy = "The file is broken or made to harm; ask the carrier for it again, in smaller files if it is large."
        return _error("parser-limit", message, remedy)
    if code == 0:
        return None
    if b"MemoryError" in run.complaints:
        message = f"Reading '{name}' was stopped: it took more than {limits.memory_bytes >> 20} MB of memory."
        return _error("parser-limit", message, "Ask the carrier for the bill in smaller files, or as CSV.")
    return _died(name)


def _died(name: str) -> ParseIssue:
    message = f"'{name}' could not be read: its reader stopped half-way."
    remedy = "The file is damaged or of a kind that is not known; ask the carrier for it again, or in another form."
    return _error("parser-died", message, remedy)


def _error(code: str, message: str, remedy: str) -> ParseIssue:
    return ParseIssue(Severity.ERROR, code, message, remedy)
