"""The worklist: charges without a service, each with the services it may be for. A person decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.domain.identifiers import name_key
from app.domain.matching import Candidate, Printed, ServiceIndex, find_candidates
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, InvoiceStatus
from app.models.inventory import BillingAccount, Carrier, Location, Service
from app.models.invoices import Charge, ChargeMatch, Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A service that the charge may be for, and what speaks for it."""

    service_id: int
    label: str
    site: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """A charge that waits for its service."""

    charge_id: int
    invoice_id: int
    carrier_id: int
    carrier: str
    ban: str
    number: str
    bill_date: date
    seq: int
    charge_type: ChargeType
    code: str
    description: str
    period: Period | None
    amount: Decimal
    currency: str
    printed_service: str
    location: str
    why: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which charges: `text` in the description, code, identifier, location or bill number."""

    text: str = ""
    carrier_id: int | None = None
    invoice_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """A carrier's services for finding and for showing."""

    index: ServiceIndex
    candidates: dict[int, Candidate]
    labels: dict[int, tuple[str, str]]


def fetch(session: Session, wanted: Filter | None = None) -> list[Row]:
    """The waiting charges, those of the latest bills first."""
    wanted = wanted or Filter()
    selected = (
        select(Charge, Invoice, Carrier.name, BillingAccount.ban)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
        .where(
            ChargeMatch.charge_id.is_(None),
            Invoice.status.not_in((InvoiceStatus.POSTED, InvoiceStatus.SUPERSEDED)),
        )
        .order_by(Invoice.bill_date.desc(), Invoice.id, Charge.seq)
    )
    if wanted.text.strip():
        columns = (Charge.description, Charge.code, Charge.circuit_id, Charge.tn, Charge.location, Invoice.number)
        text = wanted.text.strip()
        selected = selected.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if wanted.carrier_id is not None:
        selected = selected.where(Invoice.carrier_id == wanted.carrier_id)
    if wanted.invoice_id is not None:
        selected = selected.where(Invoice.id == wanted.invoice_id)
    found = session.execute(selected).all()
    known = _load_services(session, {invoice.carrier_id for _, invoice, _, _ in found})
    return [_row(charge, invoice, carrier, ban, known[invoice.carrier_id]) for charge, invoice, carrier, ban in found]


def _row(charge: Charge, invoice: Invoice, carrier: str, ban: str, known: _Known) -> Row:
    printed = Printed(
        charge.charge_type, invoice.account_id, charge.circuit_key, charge.tn_key, charge.location, charge.code
    )
    fitting, _ = find_candidates(printed, known.index)
    identifier = charge.circuit_id or charge.tn
    if fitting:
        why = f"{len(fitting)} services fit: choose one."
        reasons = {candidate.id: "fits what is printed" for candidate in fitting}
    elif identifier:
        why = f"{identifier} is not in the inventory of {carrier}."
        reasons = _alike(printed, known)
    else:
        why = "The charge prints no service."
        reasons = _alike(printed, known)
    choices = [Choice(service_id, *known.labels[service_id], reason) for service_id, reason in reasons.items()]
    period = None
    if charge.period_start and charge.period_end:
        period = Period(charge.period_start, charge.period_end)
    return Row(
        charge_id=charge.id,
        invoice_id=invoice.id,
        carrier_id=invoice.carrier_id,
        carrier=carrier,
        ban=ban,
        number=invoice.number,
        bill_date=invoice.bill_date,
        seq=charge.seq,
        charge_type=charge.charge_type,
        code=charge.code,
        description=charge.description,
        period=period,
        amount=charge.amount,
        currency=invoice.currency,
        printed_service=identifier,
        location=charge.location,
        why=why,
        choices=tuple(choices[:MAX_CHOICES]),
    )


def _alike(printed: Printed, known: _Known) -> dict[int, str]:
    """Services of the same site, then of the same account and code: for a person to choose from, never matched."""
    reasons: dict[int, str] = {}
    if printed.location:
        for candidate in known.index.by_place.get(name_key(printed.location), []):
            reasons[candidate.id] = "same site"
    code = printed.code.strip().casefold()
    for candidate in known.candidates.values():
        if code and candidate.code.strip().casefold() == code and candidate.account_id == printed.account_id:
            reasons[candidate.id] = "same site and code" if candidate.id in reasons else "same code"
    return dict(sorted(reasons.items(), key=lambda item: (item[1] == "same code", item[1] == "same site", item[0])))


def _load_services(session: Session, carrier_ids: set[int]) -> dict[int, _Known]:
    places = {row.id: row for row in session.scalars(select(Location))}
    candidates: dict[int, dict[int, Candidate]] = defaultdict(dict)
    labels: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    for row in session.scalars(select(Service).where(Service.carrier_id.in_(carrier_ids)).order_by(Service.id)):
        sites = [places[place] for place in (row.location_a_id, row.location_z_id) if place is not None]
        keys = {name_key(name) for site in sites for name in (site.code, site.name)}
        candidates[row.carrier_id][row.id] = Candidate(
            row.id, row.account_id, row.circuit_key, row.tn_key, row.code, frozenset(keys - {""})
        )
        label = row.circuit_id or row.tn or row.description or f"service {row.id}"
        labels[row.carrier_id][row.id] = (label, sites[0].name if sites else "")
    return {
        carrier_id: _Known(
            ServiceIndex.build(candidates[carrier_id].values()), candidates[carrier_id], labels[carrier_id]
        )
        for carrier_id in carrier_ids
    }
