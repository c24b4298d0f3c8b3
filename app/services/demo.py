"""The demo company: its half-year of bills taken through the whole house, month by month, as its people would have."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select

from app.domain.money import ZERO, D
from app.domain.period import add_months
from app.domain.vocabulary import DeckKind, DisputeStatus, FindingStatus, PaymentStatus, Role
from app.errors import BugError, UserError
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.inventory import Carrier, CarrierBankAccount
from app.models.invoices import Invoice
from app.models.payments import Payment
from app.models.workspace import WorkspaceInfo
from app.services.approvals import approve, hold, submit
from app.services.auditing import audit_accounts
from app.services.bank_accounts import set_payer, verify_bank_account
from app.services.decks import import_deck
from app.services.disputes import acknowledge, file_dispute, open_disputes, record_answer
from app.services.intake import receive
from app.services.letters import write_letter
from app.services.payments import release_each, schedule, settle
from app.services.pipeline import process
from app.services.progress import Progress, unheard
from app.services.receipts import Outcome
from app.services.users import add_user
from app.services.workspace import FolderNotEmpty, create_workspace, is_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.progress import Reporter
    from app.services.workspace import Workspace

MATERIAL = Path(__file__).resolve().parents[2] / "resources" / "demo"
# a bill with one of these open is not approved: what it claims is disputed and withheld at once
_BLOCKING = ("A01", "A20")
_BILLED_TWICE = "A02"


class AnotherWorkspace(UserError):
    """{folder} holds the workspace of {company}, not the demo company's: choose an empty or absent folder."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what. Nobody approves or releases what they have submitted, scheduled or entered themselves."""

    manager: str
    clerk: str
    approver: str


def build_demo(folder: Path, progress: Reporter = unheard, *, material: Path = MATERIAL) -> Workspace:
    """Make the demo company's workspace in `folder` (absent or empty) and open it; one that is there already is opened.

    Inventory, contracts and rate decks come first. Then the days are played through: each month's bills are received,
    audited, approved and paid at its end, so that the next bills find their payments. What keeps a bill from being
    approved is disputed on that day. The last month's bills stay open; what else is overcharged is put into one draft
    dispute per carrier and currency, with its letter.
    It is built beside `folder` and moved there when it is whole. Raises AnotherWorkspace or FolderNotEmpty.
    """
    facts = tomllib.loads((material / "company.toml").read_text(encoding="utf-8"))
    if is_workspace(folder):
        return _open_again(folder, facts)
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(folder=folder)
    building = folder.with_name(f".{folder.name}-{uuid4().hex}")
    try:
        workspace = create_workspace(building, facts["name"], facts["currency"], fixed_day=facts["today"])
        try:
            _play(workspace, material, facts, _Overall(progress))
        finally:
            workspace.close()
        _put_in_place(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)  # nothing is there any more if all went well
    return open_workspace(folder)


def _put_in_place(building: Path, folder: Path) -> None:
    """Give the finished workspace its name. Where another process was quicker, its workspace is the one."""
    try:
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    except OSError:
        if not is_workspace(folder):
            raise


def _open_again(folder: Path, facts: dict[str, Any]) -> Workspace:
    workspace = open_workspace(folder)
    with workspace.database.reading() as session:
        info = session.get_one(WorkspaceInfo, 1)
        company, day = info.company, info.fixed_day
    if (company, day) != (facts["name"], facts["today"]):
        workspace.close()
        raise AnotherWorkspace(folder=folder, company=company)
    return workspace


def _play(workspace: Workspace, material: Path, facts: dict[str, Any], overall: _Overall) -> None:
    months = sorted(path for path in (material / "bills").iterdir() if path.is_dir())
    overall.expect(20 + 100 * len(months) + 20)
    cast = _set_up(workspace, facts)
    _receive(workspace, [material / "inventory.xlsx", material / "contracts.xlsx"], cast, overall.part(20))
    _verify_bank_accounts(workspace, cast)
    for deck in facts["decks"]:
        _load_deck(workspace, material / "decks" / deck["file"], deck, cast)
    for place, bills in enumerate(months, start=1):
        month_end = _last_weekday(date.fromisoformat(f"{bills.name}-01"))
        _turn_to(workspace, month_end)
        files = [*_files(material / "usage" / bills.name), *_files(bills)]
        ids = _receive(workspace, files, cast, overall.part(50))
        process(workspace, ids, cast.manager, month_end, progress=overall.part(40))
        if place < len(months):
            _pay(workspace, ids, cast, month_end)
        for answer in facts["answers"]:
            if answer["month"] == bills.name:
                _hear(workspace, answer, cast)
        overall.part(10)(Progress("paying", f"{month_end:%B}", 1, 1))
    _turn_to(workspace, facts["today"])
    audit_accounts(workspace, facts["today"], actor=cast.manager)
    opened, _ = open_disputes(workspace, cast.manager)
    letters = overall.part(20)
    for done, dispute_id in enumerate(opened, start=1):
        write_letter(workspace, dispute_id, cast.manager)
        letters(Progress("writing", "letters", done, len(opened)))


def _set_up(workspace: Workspace, facts: dict[str, Any]) -> Cast:
    names = {Role(person["role"]): person["name"] for person in facts["people"]}
    cast = Cast(names[Role.IT_MANAGER], names[Role.AP_CLERK], names[Role.APPROVER])
    for role, name in names.items():
        add_user(workspace, name, role, cast.manager)
    set_payer(workspace, cast.manager, **facts["payer"], address="\n".join(facts["address"]), contact=facts["contact"])
    return cast


def _receive(workspace: Workspace, files: Sequence[Path], cast: Cast, progress: Reporter) -> list[int]:
    """Take the files in; return the ids of their bills. Our own material is never refused."""
    receipts = receive(workspace, files, cast.manager, progress=progress)
    for receipt in receipts:
        if receipt.outcome is not Outcome.TAKEN:
            raise BugError(f"the demo company's own {receipt.path.name} was not taken in: {receipt.message}")
    return [invoice_id for receipt in receipts for invoice_id in receipt.invoice_ids]


def _verify_bank_accounts(workspace: Workspace, cast: Cast) -> None:
    with workspace.database.reading() as session:
        ids = session.scalars(select(CarrierBankAccount.id).order_by(CarrierBankAccount.id)).all()
    for bank_account_id in ids:
        verify_bank_account(workspace, bank_account_id, cast.clerk)


def _load_deck(workspace: Workspace, file: Path, deck: dict[str, Any], cast: Cast) -> None:
    """Put a carrier's rate deck in force, by which a contract prices calls."""
    with workspace.database.reading() as session:
        carrier_id = session.scalars(select(Carrier.id).where(Carrier.name == deck["carrier"])).one()
    import_deck(workspace, file, carrier_id, deck["name"], DeckKind.PRICES, cast.manager)


def _pay(workspace: Workspace, invoice_ids: Sequence[int], cast: Cast, day: date) -> None:
    """Approve a month's bills and pay them; a bill that came twice is held."""
    held = _dispute_blocking(workspace, invoice_ids, cast, day)
    payable = [invoice_id for invoice_id in invoice_ids if invoice_id not in held]
    for invoice_id in held:
        hold(workspace, invoice_id, cast.clerk, "Billed twice: in dispute.")
    for invoice_id in payable:
        submit(workspace, invoice_id, cast.clerk)
    for invoice_id in payable:
        approve(workspace, invoice_id, cast.approver)
    schedule(workspace, payable, cast.clerk, day)
    with workspace.database.reading() as session:
        payments = session.scalars(select(Payment.id).where(Payment.status == PaymentStatus.SCHEDULED)).all()
    for batch_id, _file in release_each(workspace, payments, cast.approver, day):
        settle(workspace, batch_id, cast.clerk)


def _dispute_blocking(workspace: Workspace, invoice_ids: Sequence[int], cast: Cast, day: date) -> set[int]:
    """Dispute, and file, what keeps these bills from being approved; return those that are to be held."""
    with workspace.database.reading() as session:
        rows = session.execute(
            select(Finding.id, Finding.rule, Finding.invoice_id).where(
                Finding.invoice_id.in_(invoice_ids),
                Finding.rule.in_((*_BLOCKING, _BILLED_TWICE)),
                Finding.status == FindingStatus.OPEN,
                Finding.claim > ZERO,
            )
        ).all()
    if rows:
        opened, _ = open_disputes(workspace, cast.manager, finding_ids={row.id for row in rows})
        for dispute_id in opened:
            write_letter(workspace, dispute_id, cast.manager)
            file_dispute(workspace, dispute_id, cast.manager, day)
    return {row.invoice_id for row in rows if row.rule == _BILLED_TWICE}


def _hear(workspace: Workspace, answer: dict[str, Any], cast: Cast) -> None:
    """The carrier answers the dispute of an earlier month's bills: it grants a credit, or acknowledges the claim."""
    first = date.fromisoformat(f"{answer['disputed']}-01")
    with workspace.database.reading() as session:
        dispute_id = session.scalars(
            select(Dispute.id)
            .distinct()
            .join(Carrier, Carrier.id == Dispute.carrier_id)
            .join(DisputeItem, DisputeItem.dispute_id == Dispute.id)
            .join(Finding, Finding.id == DisputeItem.finding_id)
            .join(Invoice, Invoice.id == Finding.invoice_id)
            .where(
                Carrier.name == answer["carrier"],
                Dispute.status == DisputeStatus.FILED,
                Invoice.bill_date >= first,
                Invoice.bill_date < add_months(first, 1),
            )
        ).one()
    if "granted" in answer:
        record_answer(workspace, dispute_id, D(answer["granted"]), answer["reference"], cast.manager)
    else:
        acknowledge(workspace, dispute_id, cast.manager, answer["reference"])


def _turn_to(workspace: Workspace, day: date) -> None:
    """Let it be `day` in the workspace: what is done from now on is done on that day."""
    with workspace.database.writing() as session:
        session.get_one(WorkspaceInfo, 1).fixed_day = day


def _last_weekday(month: date) -> date:
    """The last day of the month on which people are at work."""
    last = add_months(month, 1) - timedelta(days=1)
    return last - timedelta(days=max(0, last.weekday() - 4))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


class _Overall:
    """One bar for all that is done: each part has its share of it."""

    def __init__(self, progress: Reporter) -> None:
        self._progress, self._done, self._total = progress, 0, 0

    def expect(self, total: int) -> None:
        """How many steps all parts have together."""
        self._total = total

    def part(self, share: int) -> Reporter:
        """A reporter for the next `share` steps."""
        start = self._done
        self._done += share

        def tell(progress: Progress) -> None:
            within = share * progress.done // progress.total if progress.total else share
            self._progress(Progress(progress.stage, progress.subject, start + within, self._total))

        return tell
