"""The letter of a dispute: collects what it says, and writes it as PDF, as a draft e-mail and as calendar entries."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.db.payables import load_payable_facts
from app.domain.money import ZERO
from app.domain.stored import proof_from_text, source_from_text
from app.domain.vocabulary import DisputeStatus, PaymentStatus
from app.errors import UserError
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.inventory import BillingAccount, Carrier, Location, Service
from app.models.invoices import Charge, Invoice
from app.models.payments import Payment
from app.models.workspace import WorkspaceInfo
from app.payments.payable import unpaid_by_finding
from app.reports.deadlines import Deadline, write_deadlines
from app.reports.letter import write_letter as write_pdf
from app.reports.letter_data import LetterData, LetterItem, Party
from app.reports.mail import Mail, write_mail
from app.reports.wording import amount, span
from app.services.disputes import DUTY, DisputeMissing
from app.services.duties import require
from app.services.files import write_file
from app.services.log import record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

ANSWER_DAYS = 30


class NothingInDispute(UserError):
    """Dispute {number} is {status} and claims nothing any more: open a new one for its findings."""


def write_letter(workspace: Workspace, dispute_id: int, actor: str) -> Path:
    """Write the letter of a dispute into `exports/disputes` and return the path of the PDF.

    Beside it stand a draft e-mail with the letter attached (`.eml`) and the dispute's days for a calendar (`.ics`).
    Writing again replaces all three; the letter is dated today.
    """
    today = workspace.today()
    with workspace.database.reading() as session:
        require(session, actor, DUTY)
        dispute = session.get(Dispute, dispute_id)
        if dispute is None:
            raise DisputeMissing(dispute_id=dispute_id)
        data = collect(session, dispute, today)
        deadlines = _deadlines(dispute, data, today)
        stamp = dispute.opened_at
    pdf = write_pdf(data)
    folder = workspace.exports / "disputes"
    stem = f"{data.number}-{_file_name(data.recipient.name)}"
    path = write_file(folder / f"{stem}.pdf", pdf)
    write_file(folder / f"{stem}.eml", write_mail(_mail(data, path.name, pdf)))
    write_file(folder / f"{stem}.ics", write_deadlines(deadlines, stamp))
    with workspace.database.writing() as session:
        stored = session.get_one(Dispute, dispute_id, with_for_update=True)
        stored.letter = path.relative_to(workspace.folder).as_posix()
        session.flush()
        record(session, actor, "wrote the letter of", f"dispute {stored.number}", file=stored.letter)
    return path


def collect(session: Session, dispute: Dispute, today: date) -> LetterData:
    """What the letter of `dispute` says; raises NothingInDispute where no finding is left in it."""
    info = session.get_one(WorkspaceInfo, 1)
    carrier = session.get_one(Carrier, dispute.carrier_id)
    rows = session.execute(
        select(DisputeItem, Finding, Invoice, BillingAccount.ban, Charge, Service)
        .join(Finding, Finding.id == DisputeItem.finding_id)
        .join(Invoice, Invoice.id == Finding.invoice_id)
        .join(BillingAccount, BillingAccount.id == Finding.account_id)
        .outerjoin(Charge, Charge.id == Finding.charge_id)
        .outerjoin(Service, Service.id == Finding.service_id)
        .where(DisputeItem.dispute_id == dispute.id)
        .order_by(BillingAccount.ban, Invoice.bill_date, Invoice.id, Charge.seq, Finding.id)
    ).all()
    if not rows:
        raise NothingInDispute(number=dispute.number, status=dispute.status)
    bills = {row.Invoice.id for row in rows}
    sent = _sent(session, bills)
    unpaid: dict[int, Decimal] = {}
    for facts in load_payable_facts(session, bills - sent).values():
        unpaid |= unpaid_by_finding(facts, today)
    items = []
    withheld = ZERO
    for row in rows:
        items.append(_item(session, row.Finding, row.DisputeItem.claim, row.Invoice, row.ban, row.Charge, row.Service))
        if row.Invoice.id in sent:  # what the payment left out
            withheld += row.DisputeItem.withheld
        else:  # what can be left out today
            withheld += unpaid.get(row.Finding.id, ZERO)
    oldest = min((day for row in rows if (day := row.Finding.file_by) is not None), default=None)
    contracts = tuple(dict.fromkeys(item.proof.contract for item in items if item.proof and item.proof.contract))
    return LetterData(
        number=dispute.number,
        written_on=today,
        sender=Party(info.company, info.address, info.contact),
        recipient=Party(carrier.name, carrier.address, carrier.dispute_email),
        currency=dispute.currency,
        items=tuple(items),
        contracts=contracts,
        withheld=withheld,
        file_by=oldest if oldest is not None and today <= oldest else None,
        answer_days=ANSWER_DAYS,
        reference=dispute.carrier_reference,
    )


def _sent(session: Session, invoice_ids: set[int]) -> set[int]:
    """Which of the bills have a payment at the bank or behind it."""
    gone = (PaymentStatus.RELEASED, PaymentStatus.SETTLED)
    paid = select(Payment.invoice_id).where(Payment.invoice_id.in_(invoice_ids), Payment.status.in_(gone))
    return set(session.scalars(paid))


def _item(
    session: Session,
    finding: Finding,
    claim: Decimal,
    invoice: Invoice,
    ban: str,
    charge: Charge | None,
    service: Service | None,
) -> LetterItem:
    source = source_from_text(charge.source).describe() if charge is not None else ""
    return LetterItem(
        ban=ban,
        invoice=invoice.number,
        bill_date=invoice.bill_date,
        place=None if charge is None else charge.seq,
        service=_service(session, charge, service),
        description="" if charge is None else charge.description,
        period=_period(charge),
        billed=finding.billed if finding.billed is not None else (None if charge is None else charge.amount),
        expected=finding.expected,
        claimed=claim,
        accusation=finding.rule_name,
        message=finding.message,
        printed_at="" if source == source_from_text("").describe() else source,
        proof=proof_from_text(finding.proof),
    )


def _service(session: Session, charge: Charge | None, service: Service | None) -> str:
    """The identifier that the carrier knows, and our site."""
    printed = ""
    if charge is not None:
        printed = charge.circuit_id or charge.tn
    if not printed and service is not None:
        printed = service.circuit_id or service.tn
    place = charge.location if charge is not None else ""
    if service is not None and service.location_a_id is not None:
        location = session.get_one(Location, service.location_a_id)
        place = location.name if location.city in location.name else f"{location.name}, {location.city}"
    return " · ".join(part for part in (printed, place) if part)


def _period(charge: Charge | None) -> str:
    if charge is None or charge.period_start is None or charge.period_end is None:
        return ""
    return span(charge.period_start, charge.period_end - timedelta(days=1))


def _file_name(name: str) -> str:
    """A carrier's name as part of a file's name on any system."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name).strip("-")
    return "-".join(part for part in plain.split("-") if part)[:40] or "carrier"


def _accounts(numbers: tuple[str, ...]) -> str:
    return f"{'account' if len(numbers) == 1 else 'accounts'} {', '.join(numbers)}"


def _mail(data: LetterData, name: str, pdf: bytes) -> Mail:
    claim = amount(data.claim, data.currency)
    text = (
        "Dear Sir or Madam,\n\n"
        f"please find attached our dispute {data.number} of {claim} on {_accounts(data.accounts)}, with the"
        " calculation of each amount.\n\n"
        f"Please confirm receipt with your claim number, and answer within {data.answer_days} days.\n\n"
        f"Yours faithfully,\n{data.sender.name}\n{data.sender.contact}\n"
    )
    subject = f"Billing dispute {data.number}: {claim} on {_accounts(data.accounts)}"
    return Mail(to=data.recipient.contact, subject=subject, text=text, attachment_name=name, attachment=pdf)


def _deadlines(dispute: Dispute, data: LetterData, today: date) -> list[Deadline]:
    name = f"{dispute.number} ({data.recipient.name}, {amount(data.claim, data.currency)})"
    deadlines = []
    if dispute.status is DisputeStatus.DRAFT:
        if dispute.withhold_by is not None:
            deadlines.append(
                Deadline(f"{dispute.number}-withhold", dispute.withhold_by, f"Last day to file {name} and withhold")
            )
        if dispute.file_by is not None:
            deadlines.append(Deadline(f"{dispute.number}-file", dispute.file_by, f"Last day to file {name}"))
    answer = (dispute.filed_on or today) + timedelta(days=ANSWER_DAYS)
    deadlines.append(Deadline(f"{dispute.number}-answer", answer, f"Answer due to {name}"))
    return deadlines
