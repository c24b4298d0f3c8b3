"""Takes pictures of every page of the window on the demo company, for README and for looking at.

    python tools/take_pictures.py                 # docs/pictures: 1280×800, light, and one of each kind of page dark
    python tools/take_pictures.py --out DIR --size 1920x1080 --theme dark --page bill

The demo company is built in a temporary folder unless `--workspace` names one. A month's bills are submitted, approved
and scheduled first, so that the payments page has something to show: give `--as-it-is` to leave the workspace alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, QTimer  # noqa: E402
from PySide6.QtGui import QAction  # noqa: E402
from PySide6.QtWidgets import QDialog, QPushButton, QWidget  # noqa: E402

from app.domain.vocabulary import InvoiceStatus, Role  # noqa: E402
from app.errors import UserError  # noqa: E402
from app.queries import bill, bills, calls, contracts, findings, payments  # noqa: E402
from app.services.demo import build_demo  # noqa: E402
from app.ui.application import make_application  # noqa: E402
from app.ui.backend import Backend  # noqa: E402
from app.ui.context import Link  # noqa: E402
from app.ui.dialogs.arithmetic import ArithmeticDialog  # noqa: E402
from app.ui.dialogs.calls import CallsDialog  # noqa: E402
from app.ui.launching import WorkspaceLauncher  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402
from app.ui.palette import CommandPalette  # noqa: E402
from app.ui.theme import Theme  # noqa: E402
from app.ui.workbench import Workbench  # noqa: E402

PAGES = (
    "welcome", "today", "bills", "bill_pdf", "bill_csv", "bill_xlsx", "bill_xml", "overcharges", "disputes", "payments",
    "inventory", "contracts", "price_checks", "what_if", "calls", "arithmetic", "palette",
)  # fmt: skip
DIALOGS: dict[str, type[QDialog]] = {"palette": CommandPalette, "calls": CallsDialog, "arithmetic": ArithmeticDialog}
README_PAGES = ("today", "bill_pdf", "overcharges", "payments")


class Photographer:
    """A window and how to wait until it has settled."""

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder, self.out = folder, out
        application = make_application()
        self.theme = Theme(application)
        self.kept = Path(tempfile.mkdtemp(prefix="tollbook-pictures-"))
        settings = QSettings(str(self.kept / "settings.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(WorkspaceLauncher(folder.parent), self.theme, settings)
        self.window.show()

    def settle(self) -> None:
        """Wait until nothing runs and the page is drawn."""
        for _ in range(100):
            self._spin(60)
            if not self.window.ops.busy:
                break
        self._spin(350)

    def take(self, page: str, name: str) -> None:
        """Show a page and keep its picture."""
        if page == "welcome":
            self.window.leave()
        else:
            self._open()
            self._show(page)
        self.settle()
        if self.window.message.isVisible():
            print(f"{name}: {self.window.message.text.text()}", file=sys.stderr)
        kind = DIALOGS.get(page)
        found: list[QDialog] = [] if kind is None else list(self.window.findChildren(kind))
        shown: list[QWidget] = [*found] or [self.window]
        for widget in shown:
            widget.grab().save(str(self.out / f"{name}.png"))
        for dialog in found:
            dialog.close()

    def close(self) -> None:
        """Close the window and forget its settings."""
        self.window.close()
        shutil.rmtree(self.kept, ignore_errors=True)

    def _open(self) -> None:
        if self.window.workbench is None:
            self.window.open_folder(self.folder)
            self.settle()

    def _show(self, page: str) -> None:
        bench = self.window.workbench
        if bench is None:
            raise SystemExit(f"the workspace in {self.folder} cannot be opened: {self.window.message.text.text()}")
        if page.startswith("bill_"):
            bench.go(Link("bill", key=best_bill(bench.backend, page.removeprefix("bill_"))))
        elif page == "palette":
            bench.go(Link("bills"))
            bench.open_palette()
        elif page == "payments":
            bench.go(Link("payments", view="scheduled"))
        elif page == "overcharges":
            bench.go(Link(page, view="all", key=best_finding(bench.backend)))
        elif page == "what_if":
            offers = [row for row in bench.backend.query(contracts.fetch) if row.offer]
            bench.go(Link(page, key=offers[0].id if offers else None))
            self.settle()
            for compare in bench.page.findChildren(QAction, "what_if_compare"):
                compare.trigger()
        elif page == "price_checks":
            bench.go(Link("contracts", view="checks"))
        elif page in ("calls", "arithmetic"):
            self._open_dialog(bench, page)
        else:
            bench.go(Link(page))

    def _open_dialog(self, bench: Workbench, page: str) -> None:
        """Go to the first charge that has calls, or a likely cause, and open its dialog."""
        backend = bench.backend
        for row in backend.query(bills.fetch):
            if page == "calls":
                detail = backend.query(bill.fetch_one, row.id)
                charges = detail.charges if detail is not None else ()
                drills = [backend.query(calls.find_calls, backend.usage, each.id) for each in charges]
                found = [drill.charge_id for drill in drills if drill is not None]
            else:
                found = [charge for cause in backend.do.explain(row.id) for charge in cause.charges]
            if found:
                bench.go(Link("bill", key=row.id, part=found[0]))
                self.settle()
                name = "charge_calls" if page == "calls" else "charge_arithmetic_0"
                for link in bench.page.findChildren(QPushButton, name):
                    link.click()
                self.settle()
                return

    def _spin(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def best_finding(backend: Backend) -> int | None:
    """A finding of which the whole bill tells one cause; else the first one."""
    rows = backend.query(findings.fetch)
    for row in rows:
        if row.charge_id is not None and row.invoice_id is not None:
            causes = backend.do.explain(row.invoice_id)
            if any(cause.fits and cause.changes == 1 and row.charge_id in cause.charges for cause in causes):
                return row.id
    return rows[0].id if rows else None


def best_bill(backend: Backend, suffix: str) -> int | None:
    """The bill of that kind of file with the most findings of charges, the latest where several have as many."""
    rows = [row for row in backend.query(bills.fetch) if row.document.endswith(f".{suffix}")]
    rows.sort(key=lambda row: (row.overcharged < row.billed, row.findings, row.bill_date), reverse=True)
    return rows[0].id if rows else None


def play(folder: Path) -> None:
    """Submit the bills to review, approve what can be, schedule some of it: three persons, as the rules want."""
    backend = WorkspaceLauncher(folder.parent).open(folder)
    people = {person.role: person.name for person in backend.people()}
    clerk, approver = people[Role.AP_CLERK], people[Role.APPROVER]
    waiting = backend.query(bills.fetch, bills.Filter(statuses=(InvoiceStatus.AUDITED,)))
    for place, row in enumerate(waiting):
        try:
            backend.do.submit([row.id], clerk)
            if place > 1:
                backend.do.approve([row.id], approver)
            if place > 3:
                backend.do.schedule([row.id], clerk)
        except UserError as refused:
            print(f"{row.number}: {refused.message}", file=sys.stderr)
    print(f"{len(backend.query(payments.fetch))} payments")
    known = backend.query(contracts.fetch)
    if known and not any(row.offer for row in known):  # so that there is something to compare
        most = max(known, key=lambda row: row.prices)
        backend.do.copy_as_offer(most.id, f"{most.number}-OFFER", Decimal(-10), clerk)
    backend.close()


def main() -> None:
    """Build, play, take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--as-it-is", action="store_true", help="do not submit, approve and schedule anything")
    parser.add_argument("--size", action="append", help="WIDTHxHEIGHT; may be repeated")
    parser.add_argument("--theme", action="append", choices=["light", "dark"])
    parser.add_argument("--page", action="append", choices=PAGES)
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tollbook-demo-") as temporary:
        folder = Path(temporary) / "demo"
        if wanted.workspace is None:
            build_demo(folder, lambda progress: None).close()
        else:
            shutil.copytree(wanted.workspace, folder)
        if not wanted.as_it_is:
            play(folder)
        photographer = Photographer(folder, wanted.out)
        plain = not (wanted.size or wanted.theme or wanted.page)
        for theme in wanted.theme or ["light"]:
            photographer.theme.switch(dark=theme == "dark")
            for size in wanted.size or ["1280x800"]:
                width, height = (int(part) for part in size.split("x"))
                photographer.window.resize(width, height)
                for page in README_PAGES if plain else wanted.page or PAGES:
                    name = page.replace("_pdf", "") if plain else f"{page}_{width}_{theme}"
                    photographer.take(page, name)
        photographer.close()


if __name__ == "__main__":
    main()
