"""The whole way of a bill through the window, as its three users go it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from app.domain.vocabulary import Role
from app.services.bank_accounts import set_payer
from app.services.users import add_user
from app.services.workspace import create_workspace
from app.ui.launching import WorkspaceLauncher, connect
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from tests.ui.driver import Driver

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
BILL = DEMO / "bills" / "2026-07" / "northbeam_441722-0601_441722060131.pdf"
MANAGER, CLERK, APPROVER = "Dana Whitfield", "Omar Reyes", "Priya Nair"


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, settings: QSettings, tmp_path: Path) -> Iterator[Driver]:
    """The window on an empty workspace with three users, on the last day of July 2026."""
    folder = tmp_path / "workspace"
    workspace = create_workspace(folder, "Meridian Foods", "USD", fixed_day=date(2026, 7, 31))
    for name, role in ((MANAGER, Role.IT_MANAGER), (CLERK, Role.AP_CLERK), (APPROVER, Role.APPROVER)):
        add_user(workspace, name, role, MANAGER)
    set_payer(workspace, MANAGER, name="Meridian Foods, Inc.", routing="509901338", account="5500184412",
              company_id="1000001127")  # fmt: skip
    main = MainWindow(WorkspaceLauncher(tmp_path), theme, settings)
    qtbot.addWidget(main, before_close_func=lambda window: window.leave())  # closing asks about what is unsaved
    main.resize(1280, 800)
    main.show()
    main.show_backend(connect(workspace))
    driver = Driver(qtbot, main)
    driver.settle()
    yield driver
    main.close()


def test_a_bill_goes_from_the_drop_to_the_payment_file(window: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.pages.bill.ask_reason", lambda *_: "the port is ours, the inventory is late")
    window.become(MANAGER)

    # the facts that bills are judged by, then the bill: dropped, read in a child process, posted, rated, audited
    window.drop(DEMO / "inventory.xlsx", DEMO / "contracts.xlsx")
    window.settle(90_000)
    assert window.page.key == "import_report"
    assert window.page.note.text().endswith("none refused")
    window.drop(BILL)
    window.settle(90_000)
    assert [row[0] for row in window.rows(window.page.files)] == ["Taken"]
    window.trigger("import_to_bills")
    assert [row[2] for row in window.rows(window.page.list)] == ["441722060131"]

    # its overcharge, with the proof
    overcharges = window.go("overcharges")
    wrong = [row for row in overcharges.list.model.shown if row.rule == "A30"]
    assert [str(row.claim) for row in wrong] == ["80.00", "80.00"]
    overcharges.list.select_key(wrong[0].id)
    window.settle()
    assert (window.text("finding_billed"), window.text("finding_expected")) == ("$985.00", "$905.00")
    assert "985.00 − 905.00 = 80.00" in overcharges.card.proof.text
    assert overcharges.card.detail.proof.holds()

    # beside its source page: the charge's place is lit
    window.click("finding_show_bill")
    bill = window.page
    window.qtbot.waitUntil(bill.document.pdf.drawn, timeout=20_000)
    lit = [key for key, item in bill.document.pdf._items.items() if item.chosen]
    assert lit == [wrong[0].charge_id]

    # what is claimed is disputed, so it is withheld
    claimed = sum(row.claim for row in overcharges.list.model.all if row.status.value == "open")
    window.trigger("bill_dispute")
    assert window.text("bill_withheld") == f"${claimed:,.2f}"
    disputes = window.go("disputes")
    assert [row[-1] for row in window.rows(disputes.list)] == ["Draft"]

    # one submits, another approves
    window.go("bill", key=bill.detail.id)
    window.become(CLERK)
    window.trigger("bill_submit")
    assert not bill.approve.isEnabled()
    window.become(APPROVER)
    window.trigger("bill_approve")
    assert bill.detail.status.value == "approved", window.window.message.text.text()

    # the carrier's bank details are verified by somebody who did not load them
    inventory = window.go("inventory", view="banks")
    window.become(CLERK)
    inventory.banks.select_key(next(row.id for row in inventory.banks.model.shown if row.carrier.startswith("North")))
    window.trigger("bank_verify")

    # one schedules, another releases: the file is there and pays what was approved
    payments = window.go("payments")
    assert [row.withheld for row in payments.proposal.model.shown] == [claimed]
    due = payments.proposal.model.shown[0].net
    window.trigger("payment_schedule")
    window.go("payments", view="scheduled")
    window.trigger("payment_release")
    assert window.window.message.isVisible(), "the one who scheduled must not release"
    window.click("message_close")
    window.become(APPROVER)
    window.trigger("payment_release")
    batch = payments.batches.model.shown[0]
    assert batch.total == due
    file = window.bench.backend.do.payment_file(batch.id)
    entry = next(line for line in file.read_text().splitlines() if line.startswith("6"))
    assert int(entry[29:39]) == int(due * 100)
