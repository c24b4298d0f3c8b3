"""Reads an audit test's docstring: contracts, services, bills, payments and call records, one a line.

contract [NUMBER] START[..END] [for BAN] [currency EUR] [proration actual_30] [price_change first_day]
         [disconnect_day_billed] [rounding truncate] [rounds call] [CODE TYPE PRICE …]
  price  CODE TYPE PRICE|waived [since DAY] [until DAY] [circuit ID] [at SITE] [clause 4.2] [per_minute 6/6]
service  ID [CODE] [installed DAY] [disconnected DAY] [at SITE]
unknown  ID                               not in the inventory; any other circuit that is named is
account  BAN [bill_day 1] [grace 3]
invoice  [NUMBER] BAN ban [PERIOD] [dated DAY] [previous 1.00] [payments -1.00] [rounding 0.01] [total 1.00] [currency]
  TYPE   [circuit ID] [CODE] AMOUNT [PERIOD] [x3] [minutes 90] ["description"]
payment  AMOUNT on DAY [for NUMBER]
withheld AMOUNT on NUMBER
calls    ID PERIOD 10x61s 3x5s            three calls of five answered seconds
today    DAY
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from app.audit.run import audit_account, audit_invoice
from app.domain.evidence import UsageFacts
from app.domain.finding import FindingDraft
from app.domain.history import (
    AccountContext,
    AccountFacts,
    AuditContext,
    ChargeFacts,
    InvoiceFacts,
    PaymentFacts,
    ServiceFacts,
    WithheldFacts,
)
from app.domain.identifiers import circuit_key, number_key
from app.domain.money import ZERO, D, RoundingMode
from app.domain.period import Period
from app.domain.rated import RatedCharge
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import (
    ChargeType,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
)
from app.rating.engine import rate_invoice
from app.rating.ratebook import RateBook

CARRIER = 1
TYPES = {str(kind) for kind in ChargeType}
_TOKEN = re.compile(r'"[^"]*"|\S+')
_AMOUNT = re.compile(r"-?\d+\.\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PERIOD = re.compile(r"\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d")


@dataclass
class Tokens:
    """The words of a line, taken from the front."""

    words: list[str]

    def take(self) -> str:
        return self.words.pop(0)

    def after(self, name: str, default: str = "") -> str:
        """The word after `name`, both taken out."""
        if name not in self.words:
            return default
        place = self.words.index(name)
        self.words.pop(place)
        return self.words.pop(place)

    def flag(self, name: str) -> bool:
        if name in self.words:
            self.words.remove(name)
            return True
        return False

    def first(self, pattern: re.Pattern[str]) -> str:
        """The first word of that form, taken out; "" where there is none."""
        word = next((word for word in self.words if pattern.fullmatch(word)), "")
        if word:
            self.words.remove(word)
        return word


@dataclass
class AuditDocument:
    """The facts of a document and what the audit finds in them."""

    text: str
    contracts: list[ContractTerms] = field(default_factory=list)
    services: dict[str, ServiceFacts] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    accounts: dict[str, AccountFacts] = field(default_factory=dict)
    invoices: list[InvoiceFacts] = field(default_factory=list)
    payments: list[PaymentFacts] = field(default_factory=list)
    withheld: list[WithheldFacts] = field(default_factory=list)
    calls: list[UsageFacts] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    today: date | None = None
    rated: dict[int, RatedCharge] = field(default_factory=dict)
    drafts: list[FindingDraft] = field(default_factory=list)
    _totals_given: bool = False

    def __post_init__(self) -> None:
        lines = [_TOKEN.findall(line) for line in self.text.splitlines() if line.strip()]
        # what is unknown must be known before the charges that name it
        lines.sort(key=lambda words: words[0] not in ("unknown", "service", "account"))
        for words in lines:
            word = words[0]
            if word in TYPES:
                self._read_charge(Tokens(words))
            else:
                getattr(self, f"_read_{word}")(Tokens(words[1:]))
        self._audit()

    @property
    def findings(self) -> list[tuple[str, Decimal]]:
        """(accusation, claim) of each finding: bills in order, then accounts."""
        return [(draft.name, draft.claim) for draft in self.drafts]

    @property
    def messages(self) -> list[str]:
        return [draft.message for draft in self.drafts]

    def _read_contract(self, line: Tokens) -> None:
        start, _, end = (line.first(_PERIOD) or line.first(_DAY)).partition("..")
        account = line.after("for")
        contract = ContractTerms(
            id=len(self.contracts) + 1,
            carrier_id=CARRIER,
            currency=line.after("currency", "USD"),
            proration=ProrationMethod(line.after("proration", "actual")),
            price_change=PriceChange(line.after("price_change", "split")),
            rounding=RoundingMode(line.after("rounding", "half_up")),
            rounding_scope=RoundingScope(line.after("rounds", "charge")),
            disconnect_day_billed=line.flag("disconnect_day_billed"),
            account_ids=(self._account(account).id,) if account else (),
            number="",
            start=date.fromisoformat(start),
            end=date.fromisoformat(end) if end else None,
            elements=(),
        )
        inline = next((place for place, word in enumerate(line.words) if word in TYPES), 0)
        number = line.take() if line.words and inline != 1 else f"C-{contract.id}"
        self.contracts.append(replace(contract, number=number))
        if line.words:
            self._read_price(line)

    def _read_price(self, line: Tokens) -> None:
        contract = self.contracts[-1]
        circuit, site, minutes = line.after("circuit"), line.after("at"), line.after("per_minute")
        since, until = line.after("since", contract.start.isoformat()), line.after("until")
        clause, waived = line.after("clause"), line.flag("waived")
        initial, _, increment = (minutes or "60/60").partition("/")
        element = RateElementTerms(
            id=sum(len(each.elements) for each in self.contracts) + 1,
            contract_id=contract.id,
            code=line.take(),
            charge_type=ChargeType(line.take()),
            model=PriceModel.PER_MINUTE if minutes else PriceModel.FLAT,
            price=D(line.take()) if line.words else ZERO,
            effective_from=date.fromisoformat(since),
            effective_to=date.fromisoformat(until) if until else None,
            service_id=self._service(circuit).id if circuit else None,
            location_id=self._site(site),
            waived=waived,
            parameters=f"initial={initial}; increment={increment}" if minutes else "",
            clause=clause,
        )
        self.contracts[-1] = replace(contract, elements=(*contract.elements, element))

    def _read_service(self, line: Tokens) -> None:
        circuit = line.take()
        installed, disconnected, site = line.after("installed"), line.after("disconnected"), line.after("at")
        self.services[circuit_key(circuit)] = replace(
            self._service(circuit),
            installed=date.fromisoformat(installed) if installed else None,
            disconnected=date.fromisoformat(disconnected) if disconnected else None,
            location_id=self._site(site),
            code=line.take() if line.words else "",
        )

    def _read_unknown(self, line: Tokens) -> None:
        self.unknown.add(circuit_key(line.take()))

    def _read_account(self, line: Tokens) -> None:
        ban = line.take()
        day, grace = line.after("bill_day"), line.after("grace", "1")
        self.accounts[ban] = replace(self._account(ban), bill_day=int(day) if day else None, grace_days=int(grace))

    def _read_invoice(self, line: Tokens) -> None:
        account = self._account(line.after("BAN"))
        period = _read_period(line.first(_PERIOD))
        dated = line.after("dated") or (period.start.isoformat() if period else "")
        identity = len(self.invoices) + 1
        amounts = {name: D(line.after(name, "0")) for name in ("previous", "payments", "rounding")}
        total, currency = line.after("total"), line.after("currency", "USD")
        number = line.take() if line.words else f"INV-{identity}"
        self.invoices.append(
            InvoiceFacts(
                id=identity,
                carrier_id=CARRIER,
                account_id=account.id,
                number=number,
                number_key=number_key(number),
                bill_date=date.fromisoformat(dated),
                currency=currency,
                previous_balance=amounts["previous"],
                payments_applied=amounts["payments"],
                rounding=amounts["rounding"],
                current_charges=amounts["rounding"],
                total_due=D(total) if total else sum(amounts.values(), ZERO),
                charges=(),
                period=period,
            )
        )
        self._totals_given = bool(total)

    def _read_charge(self, line: Tokens) -> None:
        invoice = self.invoices[-1]
        kind, circuit, minutes = ChargeType(line.take()), line.after("circuit"), line.after("minutes")
        period, times = _read_period(line.first(_PERIOD)), line.first(re.compile(r"x\d+"))
        described = line.first(re.compile(r'".*"')).strip('"')
        amount = D(line.first(_AMOUNT))
        code = line.take() if line.words else ""
        assert not line.words, f"not understood: {line.words}"
        known = circuit and circuit_key(circuit) not in self.unknown
        charge = ChargeFacts(
            id=sum(len(each.charges) for each in self.invoices) + 101,
            invoice_id=invoice.id,
            account_id=invoice.account_id,
            seq=len(invoice.charges) + 1,
            charge_type=kind,
            code=code,
            description=described or code or str(kind),
            amount=amount,
            quantity=D(minutes) if minutes else D(times[1:]) if times else None,
            period=period,
            service_id=self._service(circuit).id if known else None,
            service_key=circuit_key(circuit),
            printed_service=circuit,
        )
        self.invoices[-1] = replace(
            invoice,
            charges=(*invoice.charges, charge),
            current_charges=invoice.current_charges + amount,
            total_due=invoice.total_due if self._totals_given else invoice.total_due + amount,
        )

    def _read_payment(self, line: Tokens) -> None:
        day, number = line.after("on"), line.after("for")
        paid = next((each for each in self.invoices if each.number == number), self.invoices[0])
        payment = PaymentFacts(
            len(self.payments) + 1, paid.account_id, paid.id, D(line.take()), date.fromisoformat(day)
        )
        self.payments.append(payment)

    def _read_withheld(self, line: Tokens) -> None:
        number = line.after("on")
        invoice = next(each for each in self.invoices if each.number == number)
        self.withheld.append(WithheldFacts(invoice.id, D(line.take())))

    def _read_calls(self, line: Tokens) -> None:
        service, period = self._service(line.take()), _read_period(line.take())
        assert period is not None
        counted = [word.rstrip("s").split("x") for word in line.words]
        durations = tuple(sorted((int(seconds), int(calls)) for calls, seconds in counted))
        self.calls.append(UsageFacts(service.id, period, durations, ("calls.csv",)))

    def _read_today(self, line: Tokens) -> None:
        self.today = date.fromisoformat(line.take())

    def _account(self, ban: str) -> AccountFacts:
        number = len(self.accounts) + 1
        return self.accounts.setdefault(ban, AccountFacts(number, CARRIER, "Northbeam Communications", ban, "USD"))

    def _service(self, circuit: str) -> ServiceFacts:
        key = circuit_key(circuit)
        blank = ServiceFacts(
            len(self.services) + 1, CARRIER, None, ServiceKind.INTERNET, ServiceStatus.ACTIVE, circuit, circuit_id=key
        )
        return self.services.setdefault(key, blank)

    def _site(self, name: str) -> int | None:
        if not name:
            return None
        if name not in self.sites:
            self.sites.append(name)
        return self.sites.index(name) + 1

    def _audit(self) -> None:
        services = {service.id: service for service in self.services.values()}
        ordered = sorted(self.invoices, key=lambda each: (each.bill_date, each.id))
        accounts = {account.id: account for account in self.accounts.values()}
        for place, invoice in enumerate(ordered):
            before = ordered[:place]
            self.rated |= rate_invoice(invoice, services, RateBook(self.contracts), self._usage_of(invoice))
            context = AuditContext(
                account=accounts[invoice.account_id],
                invoice=invoice,
                rated=self.rated,
                services=services,
                contracts=tuple(self.contracts),
                as_of=self.today or invoice.bill_date,
                earlier=tuple(each for each in before if each.account_id == invoice.account_id),
                peers=tuple(
                    replace(charge, period=each.period_of(charge)) for each in before for charge in each.charges
                ),
                invoice_numbers={each.id: each.number for each in before},
                payments=tuple(self.payments),
                withheld=tuple(self.withheld),
            )
            self.drafts += audit_invoice(context)
        for account in accounts.values() if self.today else ():
            bills = tuple(each for each in ordered if each.account_id == account.id)
            self.drafts += audit_account(AccountContext(account, bills, self.today or date.max))
        self._check()

    def _usage_of(self, invoice: InvoiceFacts) -> dict[int, UsageFacts]:
        return {
            charge.id: calls
            for charge in invoice.charges
            for calls in self.calls
            if charge.charge_type is ChargeType.USAGE and charge.service_id == calls.service_id
        }

    def _check(self) -> None:
        """What holds of every audit, whatever it finds."""
        amounts = {charge.id: charge.amount for invoice in self.invoices for charge in invoice.charges}
        for draft in self.drafts:
            assert draft.claim >= 0, draft
            assert draft.proof is not None, draft
            assert draft.proof.holds(), draft
            assert draft.proof.result == draft.claim, draft
            assert draft.message.endswith("."), draft
        for charge_id, amount in amounts.items():
            claimed = sum((draft.claim for draft in self.drafts if draft.charge_id == charge_id), ZERO)
            assert claimed <= max(amount, ZERO), f"{claimed} of {amount} is claimed"
        assert len({draft.fingerprint for draft in self.drafts}) == len(self.drafts)


def _read_period(text: str) -> Period | None:
    start, _, end = text.partition("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end)) if text else None
