"""Writes all files of the demo company into a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.demo_company.arithmetic import next_month
from tools.demo_company.billing import make_company
from tools.demo_company.estate import MONTHS
from tools.demo_company.rate_deck import FILE, write_deck
from tools.demo_company.traffic import RECORDED
from tools.demo_company.values import Bill, Company
from tools.demo_company.write_calder import write_calder
from tools.demo_company.write_halyard import write_halyard
from tools.demo_company.write_northbeam import write_northbeam
from tools.demo_company.write_records import write_company, write_contracts, write_inventory, write_truth
from tools.demo_company.write_stratum import write_stratum
from tools.demo_company.write_trilakes import write_trilakes
from tools.demo_company.write_usage import write_calls, write_calls_abroad, write_samples

_WRITERS: dict[str, tuple[str, str, Callable[[Bill], bytes]]] = {
    "nb": ("northbeam", "pdf", write_northbeam),
    "tl": ("tri-lakes", "pdf", write_trilakes),
    "cf": ("calder", "csv", write_calder),
    "hv": ("halyard", "xlsx", write_halyard),
    "sc": ("stratum", "xml", write_stratum),
}


def make_demo(folder: Path) -> int:
    """Write the demo company's files into `folder`, replacing what is there; return how many."""
    for part in ("bills", "decks", "usage"):
        shutil.rmtree(folder / part, ignore_errors=True)
    count = 0
    for name, content in _files(make_company()):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        count += 1
    return count


def _files(company: Company) -> Iterator[tuple[str, bytes]]:
    yield "company.toml", write_company()
    yield "inventory.xlsx", write_inventory()
    yield "contracts.xlsx", write_contracts()
    yield "truth.csv", write_truth(company.truths)
    for bill in company.bills:
        carrier, ending, write = _WRITERS[bill.account.key[:2]]
        yield f"bills/{bill.month:%Y-%m}/{carrier}_{bill.account.ban}_{bill.number}.{ending}", write(bill)
    yield f"decks/{FILE}", write_deck()
    for month in MONTHS:
        used = next_month(month, -1)  # calls are billed in the month after
        yield f"usage/{month:%Y-%m}/halyard_calls_{used:%Y-%m}.csv", write_calls(used)
        yield f"usage/{month:%Y-%m}/halyard_calls_abroad_{used:%Y-%m}.csv", write_calls_abroad(used)
    for sampled in RECORDED:
        billed = next_month(sampled)
        yield f"usage/{billed:%Y-%m}/northbeam_traffic_{sampled:%Y-%m}.csv", write_samples(sampled)
