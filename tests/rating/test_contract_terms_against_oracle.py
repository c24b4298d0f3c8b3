"""Contract-wide terms and changes of prices cost what the slow oracle says, whatever the terms, and prove it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import (
    BalanceFacts,
    BalanceLine,
    Evidence,
    LeavingFacts,
    Outage,
    OutageFacts,
    SpendFacts,
    SpendLine,
)
from app.domain.money import RoundingMode, round_amount
from app.domain.period import Period
from app.domain.proof import Proof
from app.domain.vocabulary import ChargeType, ProrationMethod
from app.rating.charge_models import commitment, early_termination, late_charge, minimum, sla_credit, surcharge
from app.rating.charge_models.measure import ChargeModel, Measure, to_decimal
from app.rating.modifiers import Change, discount, escalator, term_discount
from app.rating.proration import ONE_MONTH, Proration, prorate
from tests.rating.facts import contract, element
from tests.rating.oracle import contract as oracle


def decimals(least: int, most: int, places: int) -> st.SearchStrategy[Decimal]:
    scale = 10**places
    return st.integers(least * scale, most * scale).map(lambda number: Decimal(number).scaleb(-places))


MONEY = decimals(0, 100_000, 2)
AMOUNTS = st.lists(decimals(-500, 20_000, 2), max_size=30)
PERCENTS = decimals(0, 100, 3)
SMALL = decimals(0, 9, 2)
MODES = st.sampled_from(RoundingMode)
PLACES = st.integers(0, 5)
DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))
PERIODS = st.tuples(DAYS, st.integers(1, 100)).map(lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1])))
YES_NO = st.sampled_from(["yes", "no"])
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))


def priced(
    model: ChargeModel,
    price: Decimal,
    parameters: str,
    evidence: Evidence,
    mode: RoundingMode,
    places: int,
    months: Proration = ONE_MONTH,
) -> Decimal:
    """What the model says, in both of its ways."""
    terms = element(f"{price:f}", parameters=parameters)
    agreed = contract(terms, rounding=mode, rounding_places=places)
    measure = Measure(agreed, terms, Decimal(1), months, evidence)
    proof = Proof(model.explain(measure))
    assert proof.holds()
    assert proof.result == model.compute(measure)
    return proof.result


def rounded(exact: Fraction, mode: RoundingMode, places: int) -> Decimal:
    return round_amount(to_decimal(exact), places, mode)


def fractions(amounts: Sequence[Decimal]) -> list[Fraction]:
    return [Fraction(amount) for amount in amounts]


def lines(amounts: Sequence[Decimal]) -> tuple[SpendLine, ...]:
    return tuple(SpendLine(f"line {place}", amount) for place, amount in enumerate(amounts))


@given(MONEY, AMOUNTS, PERIODS, YES_NO, MODES, PLACES)
def test_minimums(
    least: Decimal, spend: list[Decimal], days: Period, prorated: str, mode: RoundingMode, places: int
) -> None:
    months = prorate(days, ProrationMethod.ACTUAL)
    amount = priced(minimum, least, f"prorated={prorated}", SpendFacts(APRIL, lines(spend)), mode, places, months)
    due = oracle.true_up(Fraction(least), fractions(spend), months.months if prorated == "yes" else Fraction(1))
    assert amount == rounded(due, mode, places)


@given(MONEY, AMOUNTS, PERCENTS, st.sampled_from(["yearly", "monthly"]), MONEY, MODES, PLACES)
def test_commitments(
    commit: Decimal,
    spend: list[Decimal],
    percent: Decimal,
    committed: str,
    remaining: Decimal,
    mode: RoundingMode,
    places: int,
) -> None:
    parameters = f"percent={percent:f}; committed={committed}; remaining={remaining:f}"
    amount = priced(commitment, commit, parameters, SpendFacts(APRIL, lines(spend)), mode, places)
    due = oracle.shortfall(
        Fraction(commit), fractions(spend), Fraction(percent), committed == "monthly", Fraction(remaining)
    )
    assert amount == rounded(due, mode, places)


@given(
    MONEY,
    st.integers(0, 70),
    st.integers(1, 70),
    st.dictionaries(st.integers(1, 72), PERCENTS, min_size=1, max_size=5),
    MODES,
    PLACES,
)
def test_leaving_by_bands(
    monthly: Decimal, used: int, term: int, bands: dict[int, Decimal], mode: RoundingMode, places: int
) -> None:
    table = ", ".join(f"{upto}:{bands[upto]:f}" for upto in sorted(bands))
    facts = LeavingFacts(monthly, used, term)
    amount = priced(early_termination, Decimal(0), f"bands={table}", facts, mode, places)
    by_band = {upto: Fraction(percent) for upto, percent in bands.items()}
    assert amount == rounded(oracle.leaving_by_bands(Fraction(monthly), used, term, by_band), mode, places)


@given(MONEY, st.integers(0, 70), st.integers(1, 70), PERCENTS, MODES, PLACES)
def test_leaving_by_a_per_cent(
    monthly: Decimal, used: int, term: int, percent: Decimal, mode: RoundingMode, places: int
) -> None:
    parameters, facts = f"method=percent; percent={percent:f}", LeavingFacts(monthly, used, term)
    amount = priced(early_termination, Decimal(0), parameters, facts, mode, places)
    due = oracle.leaving_by_percent(Fraction(monthly), used, term, Fraction(percent))
    assert amount == rounded(due, mode, places)


SECONDS = st.lists(st.integers(1, 9 * 86400), max_size=4)


@given(MONEY, SECONDS, PERCENTS, st.integers(0, 31), MODES, PLACES)
def test_credits_by_days(
    monthly: Decimal, seconds: list[int], percent: Decimal, most: int, mode: RoundingMode, places: int
) -> None:
    outages = tuple(Outage("", 0, length) for length in seconds)
    facts = OutageFacts(7, APRIL, outages, monthly)
    amount = priced(sla_credit, percent, f"most_days={most}", facts, mode, places)
    due = oracle.credit_by_days(Fraction(monthly), seconds, 30, Fraction(percent), most)
    assert amount == rounded(due, mode, places)


@given(
    MONEY,
    st.lists(st.integers(1, 20_000), max_size=4),
    st.integers(1, 31),
    decimals(95, 100, 3),
    st.sampled_from(["0.05", "0.1", "0.25", "1"]),
    SMALL,
    MODES,
    PLACES,
)
def test_credits_by_steps(
    monthly: Decimal,
    seconds: list[int],
    days: int,
    target: Decimal,
    step: str,
    percent: Decimal,
    mode: RoundingMode,
    places: int,
) -> None:
    outages = tuple(Outage("", 0, length) for length in seconds)
    facts = OutageFacts(7, Period(APRIL.start, APRIL.start + timedelta(days=days)), outages, monthly)
    amount = priced(sla_credit, percent, f"method=steps; target={target:f}; step={step}", facts, mode, places)
    due = oracle.credit_by_steps(Fraction(monthly), seconds, days, Fraction(target), Fraction(step), Fraction(percent))
    assert amount == rounded(due, mode, places)


OVERDUE = st.lists(st.tuples(decimals(1, 5000, 2), DAYS, st.integers(1, 500)), max_size=4)


@given(OVERDUE, SMALL, st.sampled_from(["begun", "completed", "days_30", "days_365"]), YES_NO, MODES, PLACES)
def test_late_charges(
    bills: list[tuple[Decimal, date, int]],
    percent: Decimal,
    counted: str,
    compound: str,
    mode: RoundingMode,
    places: int,
) -> None:
    balances = [(amount, due, due + timedelta(days=days)) for amount, due, days in bills]
    facts = BalanceFacts(tuple(BalanceLine("", *balance) for balance in balances))
    parameters = f"months={counted}; compound={compound}"
    charge = sum(
        (
            oracle.late(
                Fraction(amount), Fraction(percent), oracle.months_overdue(due, paid, counted), compound == "yes"
            )
            for amount, due, paid in balances
        ),
        Fraction(0),
    )
    assert priced(late_charge, percent, parameters, facts, mode, places) == rounded(charge, mode, places)


@given(
    decimals(1, 5000, 2),
    SMALL,
    DAYS,
    st.lists(st.integers(0, 300), min_size=1, max_size=5, unique=True).map(sorted),
    st.sampled_from(["begun", "completed", "days_30", "days_365", "once"]),
    YES_NO,
    st.integers(0, 40),
    YES_NO,
    MODES,
    PLACES,
)
def test_late_charges_of_one_bill_after_another(
    amount: Decimal,
    percent: Decimal,
    due: date,
    days: list[int],
    counted: str,
    compound: str,
    grace: int,
    grace_charged: str,
    mode: RoundingMode,
    places: int,
) -> None:
    bills = [due + timedelta(days=each) for each in days]
    parameters = f"months={counted}; compound={compound}; grace_days={grace}; grace_charged={grace_charged}"
    each_adds = oracle.late_in_turn(
        Fraction(amount), Fraction(percent), due, bills, counted, compound == "yes", grace, grace_charged == "yes"
    )
    for before, day, adds in zip([None, *bills], bills, each_adds, strict=False):
        facts = BalanceFacts((BalanceLine("", amount, due, day, before),))
        assert priced(late_charge, percent, parameters, facts, mode, places) == rounded(adds, mode, places)


@given(
    st.lists(MONEY, max_size=14), st.lists(SMALL, max_size=3), SMALL, PERCENTS, st.none() | SMALL, YES_NO, MODES, PLACES
)
def test_surcharges(
    base: list[Decimal],
    fees: list[Decimal],
    percent: Decimal,
    share: Decimal,
    cap: Decimal | None,
    on_fees: str,
    mode: RoundingMode,
    places: int,
) -> None:
    capped = "" if cap is None else f"; most_percent={cap:f}"
    parameters = f"share={share:f}; applies_on_fees={on_fees}{capped}"
    amount = priced(surcharge, percent, parameters, SpendFacts(APRIL, lines(base), lines(fees)), mode, places)
    due = oracle.fee(
        sum(fractions(base), Fraction(0)),
        sum(fractions(fees), Fraction(0)) if on_fees == "yes" else Fraction(0),
        Fraction(percent),
        Fraction(share),
        None if cap is None else Fraction(cap),
    )
    assert amount == rounded(due, mode, places)


def proved(change: Change) -> Decimal:
    assert Proof(change.steps).holds() if change.steps else True
    assert not change.steps or change.steps[-1].result == change.price
    return change.price


@given(MONEY, decimals(-5, 20, 2), st.integers(0, 8), YES_NO, st.sampled_from(["yearly", "base"]), PLACES)
def test_escalators(price: Decimal, percent: Decimal, years: int, compound: str, by: str, places: int) -> None:
    parameters = f"compound={compound}; round={by}; rounding_places={places}"
    terms = element(f"{percent:f}", "2024-02-29", parameters=parameters)
    day = oracle.next_month(date(2024, 2, 29), 12 * years)
    percents = [Fraction(percent)] * years
    due = oracle.escalated(Fraction(price), percents, compound == "yes", by == "yearly", places)
    assert proved(escalator.change(price, terms, contract(), day)) == due


@given(
    MONEY,
    st.dictionaries(st.integers(2024, 2031), decimals(-3, 9, 1), min_size=8, max_size=8),
    SMALL,
    st.none() | SMALL,
    st.integers(0, 7),
    YES_NO,
    st.sampled_from(["yearly", "base"]),
)
def test_escalators_by_an_index(
    price: Decimal,
    index: dict[int, Decimal],
    margin: Decimal,
    cap: Decimal | None,
    years: int,
    compound: str,
    by: str,
) -> None:
    table = ", ".join(f"{year}:{percent:f}" for year, percent in index.items())
    capped = "" if cap is None else f"; cap={cap:f}"
    parameters = f"index={table}; margin={margin:f}{capped}; floor=0; compound={compound}; round={by}"
    change = escalator.change(
        price, element("0", "2024-01-01", parameters=parameters), contract(), date(2024 + years, 6, 1)
    )
    percents = [max(Fraction(index[2024 + year] + margin), Fraction(0)) for year in range(1, years + 1)]
    if cap is not None:
        percents = [min(percent, Fraction(cap)) for percent in percents]
    assert proved(change) == oracle.escalated(Fraction(price), percents, compound == "yes", by == "yearly", 2)


@given(MONEY, st.dictionaries(st.integers(1, 60), PERCENTS, min_size=1, max_size=5), st.integers(1, 70), st.data())
def test_term_discounts(price: Decimal, table: dict[int, Decimal], months: int, data: st.DataObject) -> None:
    start = data.draw(DAYS.filter(lambda day: day.day <= 28))
    kind = data.draw(st.sampled_from([ChargeType.MRC, ChargeType.NRC]))
    rows = ", ".join(f"{term}:{percent:f}" for term, percent in table.items())
    terms = element("0", start.isoformat(), parameters=f"{kind.lower()}={rows}", charge_type=kind)
    agreed = contract(start=start, end=oracle.next_month(start, months))
    percent = oracle.percent_by_term({term: Fraction(each) for term, each in table.items()}, months)
    due = Fraction(price) if not percent else oracle.half_up(Fraction(price) * (1 - percent / 100), 2)
    assert proved(term_discount.change(price, terms, agreed, start)) == due


@given(
    decimals(-50, 5000, 2),
    SMALL,
    st.integers(1, 40),
    st.sampled_from(["percent", "fixed"]),
    st.sampled_from(["net", "line"]),
)
def test_discounts(amount: Decimal, worth: Decimal, quantity: int, kind: str, shown: str) -> None:
    terms = element(f"{worth:f}", parameters=f"kind={kind}; shown={shown}")
    found = discount.apply(amount, Decimal(quantity), terms, contract(), date(2026, 1, 1))
    off = oracle.half_up(oracle.discount(Fraction(amount), Fraction(worth), kind == "percent", Fraction(quantity)), 2)
    assert (Decimal(0) if found is None else -found.credit) == off
    if found is not None:
        assert Proof(found.steps).holds()
        assert found.net == Fraction(amount) - off
        assert found.steps[-1].result == (found.net if shown == "net" else -off)
