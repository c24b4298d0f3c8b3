"""What our own records say of late charges and shortfalls, down to the amounts: and where they say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.domain.money import ZERO, D
from app.domain.parsed import ParsedCharge
from app.domain.period import Period, add_months
from app.domain.rated import RatedCharge
from app.domain.vocabulary import ChargeType, DocumentKind, PaymentMethod, PaymentStatus, PriceModel, RatingOutcome
from app.models.contracts import Contract, RateElement
from app.models.payments import Payment
from app.services.matching import match_invoice
from app.services.rerating import compute
from app.services.workspace import Workspace
from tests.services.office import Office, bill, charge


def month(year: int, number: int) -> Period:
    start = date(year, number, 1)
    return Period(start, add_months(start, 1))


@dataclass
class Books(Office):
    """An office whose contract prices monthly charges and one charge of another kind."""

    charge_type: ChargeType = ChargeType.LPC
    bills: list[int] = field(default_factory=list)

    def set_up(self, model: PriceModel, price: str, parameters: str, start: date = date(2025, 1, 1)) -> None:
        carrier_id = self.carrier()
        self.account_id = self.account(carrier_id)
        contract_id = self.contract(carrier_id)
        self.price(contract_id, "8000.00")
        element_id = self.price(contract_id, price, "ASKED", self.charge_type, model)
        with self.workspace.database.writing() as session:
            session.get_one(Contract, contract_id).start = start
            for element in session.query(RateElement):
                element.effective_from = start
            session.get_one(RateElement, element_id).parameters = parameters
        self.service(carrier_id, circuit="80/KXGS/000123")

    def ask(self, amount: str, period: Period | None = None) -> ParsedCharge:
        return charge(amount, self.charge_type, code="ASKED", description="Asked", period=period)

    def receive(
        self,
        *charges: ParsedCharge,
        dated: date,
        due: date | None = None,
        period: Period | None = None,
        previous: str = "0",
        payments: str = "0",
        currency: str = "USD",
        kind: DocumentKind = DocumentKind.INVOICE,
    ) -> int:
        parsed = bill(
            *charges,
            number=f"INV-{len(self.bills)}",
            bill_date=dated,
            period=period,
            previous=previous,
            payments=payments,
            currency=currency,
            kind=kind,
        )
        self.bills.append(self.post(replace(parsed, due_date=due)))
        return self.bills[-1]

    def pay(self, place: int, amount: str, on: date, credit: str = "0") -> None:
        with self.workspace.database.writing() as session:
            session.add(
                Payment(
                    account_id=self.account_id,
                    invoice_id=self.bills[place],
                    amount=D(amount),
                    credit=D(credit),
                    currency="USD",
                    method=next(iter(PaymentMethod)),
                    pay_on=on,
                    send_on=on,
                    status=PaymentStatus.SETTLED,
                    idempotency_key=f"{place} {on} {amount}",
                    scheduled_by="Dana",
                    scheduled_at=datetime(2026, 1, 1, tzinfo=UTC),
                )
            )

    def rate(self) -> RatedCharge:
        """The asked charge of the last bill, rated."""
        match_invoice(self.workspace, self.bills[-1], "Dana")
        with self.workspace.database.reading() as session:
            result = compute(session, self.workspace, self.bills[-1])
        (asked,) = [each for each in result.invoice.charges if each.code == "ASKED"]
        rated = result.rated[asked.id]
        assert rated.proof is None or rated.proof.holds()
        return rated


def mrc(amount: str, period: Period | None = None) -> ParsedCharge:
    return charge(amount, circuit="80/KXGS/000123", period=period)


@pytest.fixture
def late(sqlite_workspace: Workspace) -> Books:
    return Books(sqlite_workspace)


@pytest.fixture
def spend(sqlite_workspace: Workspace) -> Books:
    return Books(sqlite_workspace, charge_type=ChargeType.FEE)


JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def bill_late(
    late: Books,
    parameters: str = "",
    *,
    due: date | None = date(2026, 1, 16),
    paid: Sequence[tuple[str, date]] = (),
    charged: str = "",
    previous: str = "0",
    applied: str = "0",
) -> RatedCharge:
    """1000 billed on 1 January, a bill in February with the late charge `charged`, one in March with a late charge."""
    late.set_up(PriceModel.LATE_CHARGE, "1.5", parameters)
    late.receive(mrc("1000.00"), dated=JANUARY, due=due)
    for amount, on in paid:
        late.pay(0, amount, on)
    late.receive(*([late.ask(charged)] if charged else [mrc("0.00")]), dated=FEBRUARY, due=date(2026, 12, 31))
    late.receive(late.ask("15.00"), dated=MARCH, due=date(2026, 12, 31), previous=previous, payments=applied)
    return late.rate()


@pytest.mark.parametrize(
    ("parameters", "paid", "charged", "expected"),
    [
        ("", "", "15.00", "15.00"),  # the second month has begun
        ("", "2026-02-10", "15.00", "0.00"),
        ("months=once", "", "15.00", "0.00"),
        ("months=once", "", "", "15.00"),
        ("months=completed", "2026-02-22", "15.00", "15.00"),
        ("months=days_30; grace_days=10; grace_charged=no", "", "3.00", "14.00"),
        ("months=days_30; grace_days=10; grace_charged=no", "", "", "17.00"),  # February's bill has charged nothing
        ("grace_days=20", "2026-02-08", "", "15.00"),
        ("compound=yes", "", "15.00", "15.23"),
        ("", "2026-01-10", "", "0.00"),
        ("", "2026-01-20", "15.00", "0.00"),
        ("", "2026-01-20", "", "0.00"),  # February's bill was the one to charge it
        ("", "2026-01-30", "", "15.00"),  # it may have come after February's bill was made
        ("", "2026-01-30", "15.00", "0.00"),
    ],
)
def test_a_late_charge_counts_from_the_due_date_less_what_an_earlier_bill_has_charged(
    late: Books, parameters: str, paid: str, charged: str, expected: str
) -> None:
    payments = [("1000.00", date.fromisoformat(paid))] if paid else []
    assert bill_late(late, parameters, paid=payments, charged=charged).expected == D(expected)


@pytest.mark.parametrize(("smallest", "expected"), [("600", "22.50"), ("1000.01", "0.00")])
def test_a_bill_paid_in_two_is_as_large_as_it_was(late: Books, smallest: str, expected: str) -> None:
    paid = [("500.00", date(2026, 2, 10)), ("500.00", date(2026, 3, 10))]
    rated = bill_late(late, f"smallest_balance={smallest}", paid=paid)
    assert rated.expected == D(expected)  # 500 for one month and 500 for two


def test_a_bill_settled_by_a_credit_beside_the_money_is_not_overdue(late: Books) -> None:
    late.set_up(PriceModel.LATE_CHARGE, "1.5", "")
    late.receive(mrc("1000.00"), dated=JANUARY, due=date(2026, 1, 16))
    late.pay(0, "800.00", date(2026, 1, 10), credit="200.00")
    late.receive(late.ask("3.00"), dated=FEBRUARY)
    assert late.rate().expected == ZERO


def nothing_told(rated: RatedCharge) -> str:
    assert (rated.outcome, rated.expected) == (RatingOutcome.NOT_PRICED, None)
    return rated.note


def test_without_an_earlier_bill_it_is_not_known_what_was_overdue(late: Books) -> None:
    late.set_up(PriceModel.LATE_CHARGE, "1.5", "")
    late.receive(mrc("1000.00"), late.ask("15.00"), dated=MARCH)
    assert "No earlier bill of the account is stored" in nothing_told(late.rate())


def test_an_open_bill_without_a_due_date_hides_what_was_overdue(late: Books) -> None:
    assert "Bill INV-0 has no due date" in nothing_told(bill_late(late, due=None))


def test_a_bill_without_a_due_date_that_was_paid_before_hides_nothing(late: Books) -> None:
    assert bill_late(late, due=None, paid=[("1000.00", date(2026, 1, 10))]).expected == ZERO


@pytest.mark.parametrize(
    ("previous", "applied", "paid", "expected"),
    [
        ("1000.00", "0", [], "30.00"),
        ("1500.00", "0", [], None),  # 500 of older bills that are not stored
        ("1500.00", "-1500.00", [("1000.00", date(2026, 2, 10))], None),
        ("1000.00", "-1000.00", [], None),  # a payment that is not recorded
        ("1000.00", "-1000.00", [("1000.00", date(2026, 2, 10))], "15.00"),
        ("1000.00", "0", [("1000.00", date(2026, 2, 27))], "30.00"),  # on its way when the bill was made
        ("600.00", "0", [("400.00", date(2026, 2, 10))], "24.00"),
        ("0.01", "0", [("1000.00", date(2026, 1, 10))], None),
    ],
)
def test_a_balance_that_the_stored_bills_do_not_explain_hides_what_was_overdue(
    late: Books, previous: str, applied: str, paid: list[tuple[str, date]], expected: str | None
) -> None:
    rated = bill_late(late, paid=paid, previous=previous, applied=applied)
    if expected is None:
        assert f"The bill carries {previous} forward" in nothing_told(rated)
    else:
        assert rated.expected == D(expected)


def test_a_credit_note_explains_a_lower_balance(late: Books) -> None:
    late.set_up(PriceModel.LATE_CHARGE, "1.5", "")
    late.receive(mrc("1000.00"), dated=JANUARY, due=date(2026, 1, 16))
    late.receive(
        charge("-200.00", ChargeType.CREDIT, period=None), dated=date(2026, 1, 20), kind=DocumentKind.CREDIT_NOTE
    )
    late.receive(late.ask("15.00"), dated=FEBRUARY, previous="800.00")
    assert late.rate().expected == D("15.00")


def test_a_monthly_commitment_is_compared_with_the_month_before_the_bill(spend: Books) -> None:
    spend.set_up(PriceModel.COMMITMENT, "120000", "committed=monthly")
    for number, amount in ((11, "9500.00"), (12, "8000.00")):
        spend.receive(mrc(amount, month(2025, number)), dated=date(2025, number, 1), period=month(2025, number))
    spend.receive(mrc("9000.00"), spend.ask("2000.00"), dated=JANUARY, period=month(2026, 1))
    assert spend.rate().expected == D("2000.00")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (month(2025, 11), "500.00"),
        (month(2025, 12), "2000.00"),
        (Period(date(2025, 11, 1), JANUARY), "2500.00"),  # two twelfths, two months
        (Period(date(2025, 11, 1), date(2025, 11, 20)), None),
        (None, "2000.00"),
    ],
)
def test_a_monthly_commitment_in_arrears_is_compared_with_the_months_it_prints(
    spend: Books, printed: Period | None, expected: str | None
) -> None:
    spend.set_up(PriceModel.COMMITMENT, "120000", "committed=monthly")
    spend.receive(mrc("9500.00"), dated=date(2025, 12, 3), period=month(2025, 11))
    spend.receive(mrc("8000.00"), spend.ask("2000.00", printed), dated=date(2026, 1, 3), period=month(2025, 12))
    assert spend.rate().expected == (None if expected is None else D(expected))


def bill_two_years(spend: Books, last_dated: date, in_arrears: bool, printed: Period | None = None) -> RatedCharge:
    """10,000 a month in 2024, 8,000 in 2025, and the shortfall of 2025 on a last bill."""
    spend.set_up(PriceModel.COMMITMENT, "120000", "", start=date(2024, 1, 1))
    for place in range(23):
        days = month(2024 + place // 12, place % 12 + 1)
        amount = "10000.00" if place < 12 else "8000.00"
        spend.receive(mrc(amount), dated=days.end if in_arrears else days.start, period=days)
    if not in_arrears:
        spend.receive(mrc("8000.00"), dated=date(2025, 12, 1), period=month(2025, 12))
    days = month(2025, 12) if in_arrears else month(2026, 1)
    spend.receive(mrc("8000.00"), spend.ask("24000.00", printed), dated=last_dated, period=days)
    return spend.rate()


@pytest.mark.parametrize(
    ("dated", "in_arrears", "printed"),
    [
        (date(2026, 1, 5), True, None),
        (date(2025, 12, 31), True, None),
        (date(2026, 1, 5), True, Period(date(2025, 1, 1), JANUARY)),
        (date(2026, 1, 5), True, month(2025, 12)),
        (JANUARY, False, None),
        (date(2025, 12, 20), False, None),
        (JANUARY, False, Period(date(2025, 1, 1), JANUARY)),
        (JANUARY, False, month(2026, 1)),
    ],
)
def test_a_years_shortfall_is_that_of_the_charges_of_its_year(
    spend: Books, dated: date, in_arrears: bool, printed: Period | None
) -> None:
    rated = bill_two_years(spend, dated, in_arrears, printed)
    assert rated.expected == D("24000.00")
    assert "not compared" not in rated.note


def test_a_printed_year_is_the_one_that_counts(spend: Books) -> None:
    printed = Period(date(2024, 1, 1), date(2025, 1, 1))
    assert bill_two_years(spend, JANUARY, in_arrears=False, printed=printed).expected == ZERO


def test_bills_in_other_currencies_do_not_count(spend: Books) -> None:
    spend.set_up(PriceModel.COMMITMENT, "120000", "")
    spend.receive(mrc("96000.00"), dated=date(2025, 6, 1), period=month(2025, 6))
    spend.receive(mrc("24000.00"), dated=date(2025, 7, 1), period=month(2025, 7), currency="EUR")
    spend.receive(spend.ask("24000.00"), dated=JANUARY, period=month(2026, 1))
    assert spend.rate().expected == Decimal("24000.00")


def test_both_databases_say_the_same(workspace: Workspace) -> None:
    late = Books(workspace)
    paid = [("400.00", date(2026, 2, 10))]
    assert bill_late(late, paid=paid, charged="15.00", previous="615.00").expected == D("9.00")


def test_both_databases_add_up_the_same_year(workspace: Workspace) -> None:
    spend = Books(workspace, charge_type=ChargeType.FEE)
    assert bill_two_years(spend, date(2026, 1, 5), in_arrears=True).expected == D("24000.00")
