"""What a period would have cost under other contracts: the same bills rated twice, and nothing stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.domain.money import ZERO, D
from app.domain.parsed import ParsedCharge
from app.domain.vocabulary import ChargeType, FindingStatus, Ledger, PriceModel
from app.models.contracts import Contract, ExchangeRate, RateElement
from app.models.findings import Finding
from app.models.inventory import BillingAccount
from app.models.invoices import Charge, ChargeRating
from app.models.workspace import LogEntry
from app.queries.what_if import fetch
from app.services.facts import load_contracts
from app.services.matching import match_invoice
from app.services.offers import copy_as_offer
from app.services.superseding import supersede
from app.services.what_if import (
    Instead,
    Sums,
    Wanted,
    WhatIf,
    compare,
)
from app.services.what_if_books import NotAnOffer, OfferOfAnotherCarrier, TwoOffersForOne, UnknownOffer, take_offer
from app.services.workspace import Workspace
from tests.rating.facts import contract as terms
from tests.rating.facts import element
from tests.services.office import MAY, Office, bill, charge

APRIL_BILLS = Wanted(date(2026, 4, 1), date(2026, 5, 1))


class Company(Office):
    """One carrier with an account, a contract and two circuits on a bill of April."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.carrier_id = self.carrier()
        self.account_id = self.account(self.carrier_id)
        self.contract_id = self.contract(self.carrier_id)
        self.price_id = self.price(self.contract_id, "500.00")
        for circuit in ("C-1", "C-2"):
            self.service(self.carrier_id, circuit=circuit, account_id=self.account_id)

    def bill(self, *charges: ParsedCharge, **fields: object) -> int:
        invoice_id = self.post(bill(*charges, **fields))  # type: ignore[arg-type]
        match_invoice(self.workspace, invoice_id, "Dana")
        return invoice_id

    def offer(self, price: str, number: str = "OFFER-1", **fields: object) -> int:
        offer_id = self.contract(self.carrier_id, number)
        self.price(offer_id, price)
        self.change(Contract, offer_id, offer=True, **fields)
        return offer_id

    def change(self, model: type, identity: int, **fields: object) -> None:
        with self.workspace.database.writing() as session:
            row = session.get(model, identity)
            for name, value in fields.items():
                setattr(row, name, value)

    def compare(self, *instead: Instead, wanted: Wanted = APRIL_BILLS) -> WhatIf:
        return compare(self.workspace, replace(wanted, instead=instead))


@pytest.fixture
def company(sqlite_workspace: Workspace) -> Company:
    return Company(sqlite_workspace)


def two_charges() -> Sequence[ParsedCharge]:
    return charge("575.00", circuit="C-1"), charge("500.00", circuit="C-2")


def amounts(*texts: str) -> list[Decimal]:
    return [D(text) for text in texts]


def test_an_offer_is_compared_service_by_service(workspace: Workspace) -> None:
    company = Company(workspace)
    company.bill(*two_charges())
    found = company.compare(Instead(company.offer("450.00"), company.contract_id))
    assert [(row.carrier, row.ban, row.label, row.currency) for row in found.rows] == [
        ("Calder Fiber", "CF-1001", "C-1", "USD"),
        ("Calder Fiber", "CF-1001", "C-2", "USD"),
    ]
    first = found.rows[0].sums
    assert [first.billed, first.expected, first.other] == amounts("575.00", "500.00", "450.00")
    assert found.totals == {"USD": Sums(2, D("1075.00"), D("1000.00"), D("900.00"))}
    total = found.totals["USD"]
    assert [total.difference, total.against_billed] == amounts("-100.00", "-175.00")
    assert (found.without_price, found.invoices) == ((), 1)


def test_nothing_is_stored(company: Company) -> None:
    company.bill(*two_charges())
    offer = company.offer("450.00")

    def stored() -> list[int | None]:
        with company.workspace.database.reading() as session:
            return [session.scalar(select(func.count()).select_from(model)) for model in (ChargeRating, LogEntry)]

    before = stored()
    company.compare(Instead(offer))
    assert stored() == before


def test_without_an_offer_both_sides_are_todays_contracts(company: Company) -> None:
    company.bill(*two_charges())
    (total,) = company.compare().totals.values()
    assert (total.expected, total.difference) == (D("1000.00"), ZERO)


def test_a_copy_that_nobody_edited_costs_the_same_and_an_edited_one_what_it_says(company: Company) -> None:
    company.change(RateElement, company.price_id, effective_to=date(2026, 4, 16))
    later = company.price(company.contract_id, "560.00")
    company.change(RateElement, later, effective_from=date(2026, 4, 16))
    company.price(company.contract_id, "3", model=PriceModel.ESCALATOR)
    company.bill(*two_charges())
    same = copy_as_offer(company.workspace, company.contract_id, "COPY-1", actor="Dana")
    less = copy_as_offer(company.workspace, company.contract_id, "COPY-2", percent=D("-10"), actor="Dana")
    assert company.compare(Instead(same, company.contract_id)).totals["USD"].difference == 0
    cheaper = company.compare(Instead(less, company.contract_id)).totals["USD"]
    assert abs(cheaper.other - cheaper.expected * 9 / 10) <= D("0.02")


def test_a_charge_that_the_offer_does_not_price_is_in_no_sum(company: Company) -> None:
    company.price(company.contract_id, "90.00", code="CPE")
    company.bill(*two_charges(), charge("90.00", code="CPE", circuit="C-1"))
    found = company.compare(Instead(company.offer("450.00"), company.contract_id))
    assert found.totals["USD"] == Sums(2, D("1075.00"), D("1000.00"), D("900.00"))
    assert [(row.label, row.left_out) for row in found.rows] == [("C-1", 1), ("C-2", 0)]
    (without,) = found.without_price
    assert (without.code, without.amount, without.under_other) == ("CPE", D("90.00"), True)
    assert without.reason == "No contract of this account prices MRC CPE."


def test_taxes_are_left_alone_and_charges_of_no_service_have_a_row(company: Company) -> None:
    company.price(company.contract_id, "20.00", code="SUPPORT", charge_type=ChargeType.NRC)
    tax = charge("41.00", ChargeType.TAX, code="TAX", quantity=None)
    company.bill(charge("20.00", ChargeType.NRC, code="SUPPORT"), tax)
    (row,) = company.compare().rows
    assert (row.service_id, row.label, row.sums.charges, row.left_out) == (None, "no service", 1, 0)


def test_only_live_bills_of_the_period_carrier_and_account_count(company: Company) -> None:
    company.bill(*two_charges())
    company.bill(charge("500.00", circuit="C-1", period=MAY), number="INV-2", bill_date=date(2026, 5, 5), period=MAY)
    replaced = company.bill(charge("480.00", circuit="C-1"), number="INV-3")
    supersede(company.workspace, replaced, "Dana", "read wrongly")
    other = company.carrier("Basin Networks")
    assert company.compare().invoices == 1
    year = Wanted(date(2026, 1, 1), date(2027, 1, 1))
    assert company.compare(wanted=year).invoices == 2
    assert company.compare(wanted=replace(year, carrier_id=other)).invoices == 0
    assert company.compare(wanted=replace(year, account_id=company.account_id)).invoices == 2
    assert company.compare(wanted=replace(year, account_id=company.account(other, "BN-7"))).invoices == 0


def test_an_offer_of_later_prices_the_period_as_if_it_had_begun_then(company: Company) -> None:
    company.bill(*two_charges())
    offer = company.offer("450.00", start=date(2027, 1, 1), end=date(2030, 1, 1))
    with company.workspace.database.writing() as session:
        row = session.scalars(select(RateElement).where(RateElement.contract_id == offer)).one()
        row.effective_from = date(2027, 1, 1)
    assert company.compare(Instead(offer)).totals["USD"].other == D("900.00")


def test_an_offer_whose_term_has_ended_prices_the_period_too(company: Company) -> None:
    company.bill(*two_charges())
    offer = company.offer("450.00", end=date(2025, 6, 1))
    assert company.compare(Instead(offer)).totals["USD"].other == D("900.00")


def test_moved_offers_keep_the_distance_of_their_days() -> None:
    offer = terms(
        element("500.00", "2027-01-01", "2028-01-01"),
        element("520.00", "2028-01-01", id=2),
        element("3", "2027-01-01", id=3, model=PriceModel.ESCALATOR, parameters="from=2028-07-01"),
        start=date(2027, 1, 1),
        end=date(2030, 1, 1),
        offer=True,
    )
    taken = take_offer(offer, date(2026, 3, 15))
    assert (taken.start, taken.end, taken.offer) == (date(2026, 3, 1), None, False)
    assert [(each.effective_from, each.effective_to) for each in taken.elements[:2]] == [
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 1), None),
    ]
    assert taken.elements[2].parameters == "from=2027-09-01"
    discount = element("0", "2027-01-01", id=4, model=PriceModel.TERM_DISCOUNT, parameters="mrc=36:14")
    assert take_offer(replace(offer, elements=(discount,)), date(2026, 3, 15)).end == date(2029, 3, 1)


def test_an_offer_agreed_on_after_the_bill_prices_it_all_the_same(company: Company) -> None:
    company.bill(*two_charges())
    offer = company.offer("450.00")
    for agreed, price in ((date(2026, 6, 1), "440.00"), (date(2026, 6, 20), "430.00")):
        amended = company.price(offer, price)
        company.change(RateElement, amended, agreed=agreed, amendment="second draft")
    found = company.compare(Instead(offer, company.contract_id))
    assert (found.totals["USD"].other, found.without_price) == (D("860.00"), ())


def test_what_was_agreed_on_later_stays_later_in_an_offer() -> None:
    days = (None, date(2027, 1, 1), date(2026, 12, 1), date(2027, 1, 1))
    offer = terms(*(element(id=place, agreed=day) for place, day in enumerate(days)), offer=True)
    taken = take_offer(offer, date(2026, 3, 15))
    assert [each.agreed for each in taken.elements] == [
        None,
        date(2026, 3, 14),
        date(2026, 3, 13),
        date(2026, 3, 14),
    ]


def with_a_per_cent(company: Company, contract_id: int, price: str = "10", parameters: str = "") -> None:
    element_id = company.price(contract_id, price, "MS", ChargeType.FEE, PriceModel.PERCENTAGE)
    company.change(RateElement, element_id, parameters=parameters)


def test_a_per_cent_under_an_offer_is_taken_of_the_offers_prices(company: Company) -> None:
    with_a_per_cent(company, company.contract_id)
    fee = charge("107.50", ChargeType.FEE, code="MS", quantity=None)
    company.bill(*two_charges(), fee)
    offer = company.offer("200.00")
    with_a_per_cent(company, offer)
    found = company.compare(Instead(offer, company.contract_id))
    # 575 + 500 are billed: 1,000.00 and 10 % of it under the contract, 400.00 and 10 % of it under the offer
    assert found.totals["USD"] == Sums(3, D("1182.50"), D("1100.00"), D("440.00"))


def test_a_per_cent_billed_in_two_lines_costs_as_much_as_in_one(company: Company) -> None:
    lines = (charge(amount, ChargeType.FEE, code="MS", quantity=None) for amount in ("80.00", "40.00"))
    company.bill(*two_charges(), *lines)
    for contract_id in (company.contract_id, offer := company.offer("200.00")):
        with_a_per_cent(company, contract_id)
    total = company.compare(Instead(offer, company.contract_id)).totals["USD"]
    assert (total.expected, total.other) == (D("1100.00"), D("440.00"))


def test_a_per_cent_on_a_fee_that_is_a_per_cent_follows_the_offer_too(company: Company) -> None:
    company.bill(
        *two_charges(),
        charge("64.50", ChargeType.FEE, code="ON-TOP", quantity=None),
        charge("50.00", ChargeType.FEE, code="MS", quantity=None),
    )
    for contract_id in (company.contract_id, offer := company.offer("200.00")):
        with_a_per_cent(company, contract_id)
        top = company.price(contract_id, "5", "ON-TOP", ChargeType.FEE, PriceModel.PERCENTAGE)
        company.change(RateElement, top, parameters="fee_codes=MS")
    total = company.compare(Instead(offer, company.contract_id)).totals["USD"]
    assert (total.expected, total.other) == (D("1155.00"), D("462.00"))  # × 1.1, and 5 % of that


def test_a_discount_shown_as_a_credit_follows_the_offer_too(company: Company) -> None:
    company.bill(*two_charges(), charge("-107.50", ChargeType.CREDIT, code="PROMO", quantity=None))
    for contract_id in (company.contract_id, offer := company.offer("200.00")):
        line = company.price(contract_id, "10", "*", model=PriceModel.DISCOUNT)
        company.change(RateElement, line, parameters="shown=line; line_code=PROMO")
    total = company.compare(Instead(offer, company.contract_id)).totals["USD"]
    assert (total.expected, total.other) == (D("900.00"), D("360.00"))


def test_a_charge_without_a_price_counts_as_billed_in_a_base(company: Company) -> None:
    with_a_per_cent(company, company.contract_id)
    company.bill(
        *two_charges(), charge("90.00", code="CPE"), charge("100.00", ChargeType.FEE, code="MS", quantity=None)
    )
    offer = company.offer("200.00")
    with_a_per_cent(company, offer)
    total = company.compare(Instead(offer, company.contract_id)).totals["USD"]
    assert (total.expected, total.other) == (D("1109.00"), D("449.00"))


def test_an_offer_in_another_currency_is_converted_at_the_bills_date(company: Company) -> None:
    company.bill(*two_charges())
    offer = company.offer("400.00", currency="EUR")
    found = company.compare(Instead(offer, company.contract_id))
    assert (found.totals["USD"].charges, len(found.without_price)) == (0, 2)
    with company.workspace.database.writing() as session:
        session.add(ExchangeRate(base="EUR", quote="USD", day=date(2026, 4, 5), rate=D("1.10"), source="test"))
    assert company.compare(Instead(offer, company.contract_id)).totals["USD"].other == D("880.00")


def test_an_offer_takes_over_the_accounts_of_its_contract(company: Company) -> None:
    general = company.contract(company.carrier_id, "MSA-2")
    company.price(general, "600.00")
    company.change(BillingAccount, company.account_id, contract_id=company.contract_id)
    company.bill(*two_charges())
    assert company.compare(Instead(company.offer("450.00"), company.contract_id)).totals["USD"].other == D("900.00")


def test_offers_that_cannot_be_put_in_place_are_refused(company: Company) -> None:
    offer, second = company.offer("450.00"), company.offer("440.00", "OFFER-2")
    strange = company.contract(company.carrier("Basin Networks"), "BN-1")
    with pytest.raises(UnknownOffer):
        company.compare(Instead(999))
    with pytest.raises(NotAnOffer, match="is a contract in force"):
        company.compare(Instead(company.contract_id))
    with pytest.raises(OfferOfAnotherCarrier, match="OFFER-1 is for another carrier than contract BN-1"):
        company.compare(Instead(offer, strange))
    for other in (Instead(second, company.contract_id), Instead(second)):
        with pytest.raises(TwoOffersForOne, match="OFFER-1 and OFFER-2 both take the place"):
            company.compare(Instead(offer, company.contract_id), other)


def test_what_can_be_chosen(workspace: Workspace) -> None:
    company = Company(workspace)
    company.bill(*two_charges())
    offer = company.offer("450.00")
    with workspace.database.reading() as session:
        choices = fetch(session)
        assert len(load_contracts(session, company.carrier_id)) == 1
    assert choices.months == (date(2026, 4, 1),)
    assert [(each.carrier, each.ban) for each in choices.accounts] == [("Calder Fiber", "CF-1001")]
    assert [each.number for each in choices.contracts] == ["MSA-1"]
    assert [(each.id, each.number) for each in choices.offers] == [(offer, "OFFER-1")]


@pytest.mark.parametrize(("rule", "expected", "status", "counted"), [
    ("A21", "0.00", FindingStatus.OPEN, False),  # after the disconnect: nothing is saved on it
    ("A21", "0.00", FindingStatus.DISMISSED, True),
    ("A21", "250.00", FindingStatus.OPEN, True),  # a part of it is owed
    ("A30", "0.00", FindingStatus.OPEN, True),
])  # fmt: skip
def test_what_is_not_owed_is_in_no_sum(
    company: Company, rule: str, expected: str, status: FindingStatus, counted: bool
) -> None:
    company.bill(charge("500.00", circuit="C-1"), charge("500.00", circuit="C-2"))
    with company.workspace.database.writing() as session:
        first = session.scalars(select(Charge).order_by(Charge.seq)).first()
        assert first is not None
        session.add(
            Finding(
                fingerprint="f", rule=rule, rule_name="billed_after_disconnect", rule_version=1, ledger=Ledger.ERROR,
                status=status, message="It was disconnected.", account_id=company.account_id, currency="USD",
                invoice_id=first.invoice_id, charge_id=first.id, billed=D("500.00"), expected=D(expected),
                claim=D("250.00"), found_at=datetime(2026, 5, 1, tzinfo=UTC),
            )
        )  # fmt: skip
    found = company.compare(Instead(company.offer("400.00")))
    assert found.totals["USD"].charges == (2 if counted else 1)
    assert [(each.reason, each.under_other) for each in found.without_price] == (
        [] if counted else [("It was disconnected.", None)]
    )
