"""Every file of some folders judged as an import would: which verdict, in what time, with how much memory of the child.

Run it with `python -m bench.hostile FOLDER…`; `--json` prints the figures for a program. The definitions are greedy: a
layout that claims every PDF with a letter in it and a mapping that claims the tables that the generators make, so that
each reader has to go all the way.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.domain.vocabulary import Severity
from app.importers.child import set_limits
from app.importers.kernel_walls import leave_network, shut_folders
from app.importers.opened import read_opened
from app.importers.registry import Definitions
from app.importers.sandbox import close_off, readable_folders
from app.importers.wire import from_json, to_json
from app.services.child_process import Limits
from app.services.parsing import parse_file

_LARGE = 32 << 20
_TOLD = 6
_ORDER = (Severity.ERROR, Severity.REVIEW, Severity.WARNING, Severity.INFO)
_UNIT = 1 if sys.platform == "darwin" else 1024  # of the peak that the system tells

LAYOUT = """
kind = "pdf-layout"
name = "greedy"
carrier = "Greedy Telephone"
claims = ['.']
currency = "USD"
dates = ["MM/DD/YY"]
[fields.number]
pattern = '(?:Invoice|INVOICE)\\s+(?P<value>\\S+)'
take = "first"
[fields.ban]
pattern = 'Account (?P<value>\\S+)'
take = "first"
[fields.bill_date]
pattern = 'Date (?P<value>\\S+)'
take = "first"
[fields.total_due]
pattern = '[Tt]otal\\D* \\$?(?P<value>[\\d.,]+)'
take = "first"
[[sections]]
name = "All"
start = '^(Date|Greedy|Invoice|.*Date)'
charge_type = "MRC"
  [[sections.lines]]
  pattern = '(?P<description>Port.*?) (?P<amount>[\\d.,]+)'
"""
MAPPING = """
kind = "bill-mapping"
name = "greedy-{media}"
carrier = "Greedy Telephone"
currency = "USD"
[claims]
media = "{media}"
columns = ["amount"]
[format]
date = "YYYY-MM-DD"
[invoice]
number = "invoice"
ban = "account"
bill_date = "date"
[charges]
  [charges.columns]
  description = "invoice"
  amount = "amount"
  [charges.types]
  default = "MRC"
"""
DEFINITIONS = Definitions((LAYOUT,), tuple(MAPPING.format(media=media) for media in ("csv", "xlsx", "xls", "ods")))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one file: the code that decides, all codes, bills, seconds, the child's work (s) and peak (MB)."""

    name: str
    code: str
    told: tuple[str, ...]
    bills: int
    needs_eyes: bool
    seconds: float
    work: float
    peak: int


def judge(path: Path) -> Verdict:
    """Read one file in a child, as an import does; to be called in a process of its own, whose only child it is."""
    started = time.perf_counter()
    content = path if path.stat().st_size > _LARGE else path.read_bytes()
    with tempfile.TemporaryDirectory(prefix="tollbook-judge-") as folder:
        document = parse_file(path.name, content, DEFINITIONS, folder=Path(folder))
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    work, peak = used.ru_utime + used.ru_stime, used.ru_maxrss * _UNIT >> 20
    told = tuple(issue.code for issue in document.issues)
    bills, code = len(document.invoices), code_of(document)
    return Verdict(path.name, code, told[:_TOLD], bills, document.needs_eyes, round(seconds, 2), round(work, 2), peak)


def code_of(document: ParsedDocument) -> str:
    """The code of the gravest issue; "read" where there is none of weight."""
    for severity in _ORDER[:2]:
        for issue in document.issues:
            if issue.severity is severity:
                return issue.code
    return "read"


def judge_together(paths: Sequence[Path], at_once: int = 2) -> Iterator[Verdict]:
    """The same verdicts, quicker, for Linux: each file is read in a fork of this process, limited and shut in alike.

    What is measured is less sharp: the fork begins with all readers loaded.
    """
    for library in ("lxml.etree", "numpy", "pypdf", "pypdfium2", "python_calamine", "pyarrow.parquet"):
        importlib.import_module(library)  # what takes long to load is loaded once
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(_judge_in_fork, paths)


def _judge_in_fork(path: Path) -> Verdict:
    started = time.perf_counter()
    context = multiprocessing.get_context("fork")
    hears, tells = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="tollbook-judge-") as folder:
        process = context.Process(target=_read_shut_in, args=(path, folder, tells))
        process.start()
        tells.close()
        try:
            text, work, peak = hears.recv() if hears.poll(Limits().wall_seconds) else ("", 0.0, 0)
        except EOFError:
            text, work, peak = "", 0.0, 0
        process.kill()
        process.join()
    seconds = round(time.perf_counter() - started, 2)
    if not text:
        return Verdict(path.name, "parser-died", ("parser-died",), 0, False, seconds, work, peak)
    document = from_json(text)
    told = tuple(issue.code for issue in document.issues)[:_TOLD]
    bills, code = len(document.invoices), code_of(document)
    return Verdict(path.name, code, told, bills, document.needs_eyes, seconds, round(work, 2), peak)


def _read_shut_in(path: Path, folder: str, tells: Connection) -> None:
    """In the fork: limited and shut in as a child is, the file is read."""
    with path.open("rb") as file:
        os.chdir(folder)
        leave_network()
        set_limits(asdict(Limits()))
        own = Path.cwd()
        shut_folders(readable_folders(own), own)
        close_off(own)
        document = read_opened(path.name, file, DEFINITIONS, folder=own)
    used = resource.getrusage(resource.RUSAGE_SELF)
    tells.send((to_json(document), used.ru_utime + used.ru_stime, used.ru_maxrss * _UNIT >> 20))
    tells.close()


def judge_all(paths: Sequence[Path], at_once: int = 2) -> Iterator[Verdict]:
    """The verdicts on all files, each read by a child of a fresh process, in the order of the files."""
    context = multiprocessing.get_context("fork")
    with context.Pool(at_once, maxtasksperchild=1) as pool:
        yield from pool.imap(judge, paths, chunksize=1)


def files_in(folders: Sequence[Path]) -> list[Path]:
    """The files in these folders and below them."""
    found = (path for folder in folders for path in ([folder] if folder.is_file() else folder.rglob("*")))
    return sorted(path for path in found if path.is_file())


def main() -> None:
    """Judge the files of the folders on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--together", action="store_true", help="in forks of one process: quicker, measured less sharply"
    )
    wanted = parser.parse_args()
    verdicts = []
    for verdict in (judge_together if wanted.together else judge_all)(files_in(wanted.folders)):
        verdicts.append(verdict)
        if not wanted.json:
            cost = f"{verdict.seconds:6.2f} s {verdict.work:6.2f} s {verdict.peak:4} MB"
            print(f"{cost}  {verdict.code:26} {verdict.bills} {verdict.name}")
    if wanted.json:
        print(json.dumps([asdict(verdict) for verdict in verdicts]))
        return
    slowest = max(verdicts, key=lambda one: one.work)
    largest = max(verdicts, key=lambda one: one.peak)
    print(f"{len(verdicts)} files; most work {slowest.name} {slowest.work} s; largest {largest.name} {largest.peak} MB")


if __name__ == "__main__":
    main()
