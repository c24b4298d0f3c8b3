"""Every model that needs no call records against the oracle: any parameters, quantities, rounding, parts of months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import (
    Evidence,
    MeterFacts,
    PortBins,
    SpendFacts,
    SpendLine,
    TrafficFacts,
    Work,
    WorkFacts,
)
from app.domain.money import RoundingMode
from app.domain.vocabulary import RoundingScope
from app.rating.charge_models import (
    breaker,
    committed_excess,
    committed_power,
    data_cap,
    graduated,
    metered_energy,
    mileage,
    package,
    per_class,
    percentage,
    remote_hands,
    volume,
)
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, Proration
from tests.rating.facts import contract, element, period
from tests.rating.oracle import data as oracle
from tests.rating.oracle import proven

F = Fraction
MONTH = period("2026-03-01..2026-04-01")


def numbers(most: int, places: int) -> st.SearchStrategy[Decimal]:
    """Decimals from 0 to `most` as contracts and bills write them, 0 and whole ones among them."""
    return st.integers(0, most * 10**places).map(lambda digits: Decimal(digits).scaleb(-places)) | st.integers(
        0, most
    ).map(Decimal)


def months_of(whole: int, days: int, length: int) -> Proration:
    if not whole:
        return Proration(F(days, length), f"{days} ÷ {length}", "part of a month")
    return Proration(whole + F(days, length), f"{whole} + {days} ÷ {length}", "months and a part")


PRICES = numbers(500, 4)
QUANTITIES = st.integers(0, 600).map(lambda quarters: Decimal(quarters) / 4) | numbers(300, 2)
MONTHS = st.just(ONE_MONTH) | st.builds(months_of, st.integers(0, 3), st.integers(1, 31), st.integers(28, 31))
YES_NO = st.sampled_from(["yes", "no"])
Figures = dict[str, Decimal]


@dataclass(frozen=True)
class Case:
    """A price, a quantity, months, and how the contract rounds."""

    price: Decimal
    quantity: Decimal
    months: Proration
    mode: RoundingMode
    scope: RoundingScope
    places: int

    def measure(self, parameters: str, evidence: Evidence | None = None) -> Measure:
        terms = element(f"{self.price:f}", parameters=parameters)
        agreed = contract(terms, rounding=self.mode, rounding_scope=self.scope, rounding_places=self.places)
        return Measure(agreed, terms, self.quantity, self.months, evidence)

    def check(self, model: Any, expected: Fraction, parameters: str, evidence: Evidence | None = None) -> None:
        """That the model computes and proves what the oracle expects."""
        places = 6 if self.scope is RoundingScope.BILL else self.places
        proof = proven(model, self.measure(parameters, evidence))
        assert proof.result == oracle.rounded(expected, self.mode.value, places)


CASES = st.builds(
    Case, PRICES, QUANTITIES, MONTHS, st.sampled_from(RoundingMode), st.sampled_from(RoundingScope), st.integers(0, 6)
)


def figures(**strategies: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Figures]:
    """Parameters by name, in the order given here: hypothesis has its own."""
    return st.fixed_dictionaries(strategies).map(lambda drawn: {name: drawn[name] for name in strategies})


def write(given_figures: Figures, *more: str) -> str:
    return "; ".join([*(f"{name}={value:f}" for name, value in given_figures.items()), *filter(None, more)])


def write_table(name: str, table: Figures) -> str:
    return f"{name}={', '.join(f'{key}:{value:f}' for key, value in table.items())}" if table else ""


def exact(given_figures: Figures) -> dict[str, Any]:
    return {name: F(value) for name, value in given_figures.items()}


@st.composite
def tiers(draw: st.DrawFn) -> tuple[str, list[oracle.Step]]:
    """Tiers as people write them and as the oracle takes them; bounds are quarters, some tiers are free, some cost."""
    written, steps = [], []
    for bound in [*sorted(draw(st.sets(st.integers(1, 500), max_size=5))), None]:
        price, fee = draw(numbers(9, 4)), draw(st.just(Decimal(0)) | numbers(50, 2))
        upto = None if bound is None else Decimal(bound) / 4
        written.append(f"{'above' if upto is None else upto}:{price:f}" + (f"+{fee:f}" if fee else ""))
        steps.append(oracle.Step(None if upto is None else F(upto), F(price), F(fee)))
    return ", ".join(written), steps


def in_quarters(case: Case) -> Case:
    """The oracle counts quarters where tiers follow each other."""
    return replace(case, quantity=Decimal(int(case.quantity * 4)) / 4)


@given(CASES.map(in_quarters), tiers(), YES_NO)
def test_graduated(case: Case, table: tuple[str, list[oracle.Step]], whole: str) -> None:
    expected = oracle.graduated(table[1], F(case.quantity), whole == "yes", case.months.months)
    case.check(graduated, expected, f"tiers={table[0]}; whole={whole}")


@given(CASES, tiers(), YES_NO)
def test_volume(case: Case, table: tuple[str, list[oracle.Step]], whole: str) -> None:
    expected = oracle.volume(table[1], F(case.quantity), whole == "yes", case.months.months)
    case.check(volume, expected, f"tiers={table[0]}; whole={whole}")


@given(CASES, figures(free=numbers(50, 1), size=st.integers(1, 60).map(Decimal)))
def test_package(case: Case, given_figures: Figures) -> None:
    expected = oracle.package(F(case.quantity), **exact(given_figures), price=F(case.price), months=case.months.months)
    case.check(package, expected, write(given_figures))


AMOUNTS = st.builds(lambda size, sign: size * sign, numbers(5000, 2), st.sampled_from([1, 1, 1, -1]))
BOUND = st.none() | numbers(900, 2)


@given(CASES, st.lists(AMOUNTS, max_size=30), BOUND, BOUND)
def test_percentage(case: Case, amounts: list[Decimal], least: Decimal | None, most: Decimal | None) -> None:
    bounds = {name: bound for name, bound in (("least", least), ("most", most)) if bound is not None}
    spend = SpendFacts(MONTH, tuple(SpendLine("circuit", amount) for amount in amounts))
    bounded = {"least": None, "most": None} | exact(bounds)
    case.check(percentage, oracle.percentage(F(case.price), map(F, amounts), **bounded), write(bounds), spend)


CAPS = figures(cap=numbers(300, 1), block=st.sampled_from([*map(Decimal, ("0", "1", "0.5", "10", "50", "2.5"))]))
OCTETS = st.integers(0, 10**11) | st.sampled_from([0, 2**30, 10**9, 10**10])
BINS = st.lists(st.tuples(OCTETS, OCTETS), max_size=6)


@given(CASES, CAPS)
def test_data_cap_of_the_bill(case: Case, given_figures: Figures) -> None:
    expected = oracle.data_cap(F(case.quantity), **exact(given_figures), price=F(case.price))
    case.check(data_cap, expected, write(given_figures))


@given(
    CASES,
    CAPS,
    st.lists(BINS, max_size=3),
    st.sampled_from(["binary", "decimal"]),
    st.sampled_from(["both", "down", "up"]),
)
def test_data_cap_of_recorded_traffic(
    case: Case, given_figures: Figures, ports: list[list[tuple[int, int]]], size: str, direction: str
) -> None:
    named = [PortBins("port", tuple((end, *octets) for end, octets in enumerate(bins))) for bins in ports]
    gigabytes = oracle.gigabytes((each for bins in ports for each in bins), size == "binary", direction)
    expected = oracle.data_cap(gigabytes, **exact(given_figures), price=F(case.price))
    text = write(given_figures, f"gigabyte={size}", f"direction={direction}")
    case.check(data_cap, expected, text, TrafficFacts(7, MONTH, 0, 9999, 300, tuple(named)))


ENDS = figures(**{name: numbers(900, 1) for name in ("a_v", "a_h", "z_v", "z_h")})
COUNTINGS = st.sampled_from(["total", "graduated"])


@given(
    CASES.map(in_quarters),
    figures(fixed=PRICES, minimum=numbers(40, 0)),
    ENDS | st.just({}),
    st.none() | tiers(),
    COUNTINGS,
    YES_NO,
)
def test_mileage(
    case: Case,
    given_figures: Figures,
    ends: Figures,
    bands: tuple[str, list[oracle.Step]] | None,
    counting: str,
    whole: str,
) -> None:
    miles, months = F(case.quantity), case.months.months
    miles = oracle.started(miles) if whole == "yes" else miles
    if ends:
        a_v, a_h, z_v, z_h = exact(ends).values()
        miles = F(oracle.airline_miles((a_v, a_h), (z_v, z_h)))
    miles, fixed = max(miles, F(given_figures["minimum"])), F(given_figures["fixed"])
    if bands is None:
        expected = oracle.mileage(miles, fixed, F(case.price), months)
    elif counting == "total":
        expected = oracle.banded_mileage(miles, bands[1], fixed, months)
    else:
        expected = fixed * months + oracle.graduated(bands[1], miles, False, months)
    written = f"bands={bands[0]}" if bands else ""
    case.check(mileage, expected, write(given_figures | ends, f"counting={counting}", f"whole={whole}", written))


CLASSES = ("voice", "video", "data", "best")
RATES = figures(**dict.fromkeys(CLASSES, numbers(9, 4)))
BOUGHT = st.dictionaries(st.sampled_from(CLASSES), numbers(900, 2))


@given(CASES, BOUGHT, RATES, BOUGHT, YES_NO)
def test_per_class(case: Case, mbps: Figures, rates: Figures, surcharges: Figures, port: str) -> None:
    tables = {"mbps": mbps, "rates": rates, "surcharges": surcharges}
    terms = (F(case.price), port == "yes", F(case.quantity), case.months.months)
    expected = oracle.per_class(*map(exact, tables.values()), *terms)
    case.check(per_class, expected, write({}, *(write_table(*each) for each in tables.items()), f"port={port}"))


@given(CASES, figures(cir=numbers(900, 2), eir=numbers(900, 2), eir_price=PRICES))
def test_committed_excess(case: Case, given_figures: Figures) -> None:
    circuits, months = F(case.quantity), case.months.months
    expected = oracle.committed_excess(**exact(given_figures), price=F(case.price), circuits=circuits, months=months)
    case.check(committed_excess, expected, write(given_figures))


@given(
    CASES,
    figures(commit=numbers(60, 1), floor=numbers(60, 1), premium=numbers(50, 2)),
    st.lists(numbers(90, 3), max_size=60),
    st.sampled_from(["peak", "average", "p95"]),
)
def test_committed_power(case: Case, given_figures: Figures, samples: list[Decimal], method: str) -> None:
    used = oracle.demand([*map(F, samples)], method) if samples else F(case.quantity)
    expected = oracle.committed_power(used, **exact(given_figures), rate=F(case.price), months=case.months.months)
    meter = MeterFacts(7, MONTH, demand=tuple(enumerate(samples)))
    case.check(committed_power, expected, write(given_figures, f"demand={method}"), meter)


SIZES = st.integers(1, 800).map(Decimal)


@given(
    CASES,
    figures(commit=numbers(90, 1), overage=PRICES, volts=SIZES, hours=SIZES),
    st.sampled_from(["kw", "amp", "kwh"]),
    YES_NO,
)
def test_power_above_the_commitment_by_its_own_price(
    case: Case, given_figures: Figures, unit: str, started: str
) -> None:
    terms, used = exact(given_figures), F(case.quantity)
    above = max(used - terms["commit"], F(0))
    above *= {"kw": F(1), "amp": 1000 / terms["volts"], "kwh": terms["hours"]}[unit]
    above = F(ceil(above)) if started == "yes" else above
    above *= 1 if unit == "kwh" else case.months.months
    expected = oracle.power_excess_by_unit(
        used, terms["commit"], F(case.price), above, terms["overage"], case.months.months
    )
    case.check(committed_power, expected, write(given_figures, f"overage_unit={unit}", f"started={started}"))


@given(
    CASES,
    figures(multiplier=numbers(40, 1), pue=numbers(2, 3)),
    st.lists(numbers(999, 2), max_size=6),
    st.just({}) | figures(register=st.just(Decimal(1000))),
)
def test_metered_energy(case: Case, given_figures: Figures, readings: list[Decimal], register: Figures) -> None:
    multiplier, loss = exact(given_figures).values()
    runs_back = any(after < before for before, after in pairwise(readings))
    if len(readings) < 2 or (runs_back and not register):
        expected = oracle.metered_energy(F(case.quantity), F(1), F(case.price), loss)
    else:
        advanced = oracle.energy([*map(F, readings)], exact(register).get("register"))
        expected = oracle.metered_energy(advanced, multiplier, F(case.price), loss)
    meter = MeterFacts(7, MONTH, tuple(enumerate(readings)))
    case.check(metered_energy, expected, write(given_figures | register), meter)


@given(
    CASES,
    figures(volts=numbers(480, 1), phase_factor=st.sampled_from([Decimal(1), Decimal("1.732")]), hours=numbers(744, 1)),
    st.dictionaries(st.sampled_from("ABCDEFGH"), numbers(60, 2), min_size=1),
)
def test_energy_by_clamp(case: Case, given_figures: Figures, amps: Figures) -> None:
    kwh = oracle.clamp_energy(map(F, amps.values()), *exact(given_figures).values())
    expected = oracle.metered_energy(kwh, F(1), F(case.price), F(1))
    case.check(metered_energy, expected, write(given_figures, "method=clamp", write_table("amps", amps)))


@given(
    CASES,
    figures(a=numbers(9, 0), b=numbers(9, 0), fraction=numbers(1, 3)),
    figures(amps=numbers(60, 1), volts=SIZES, continuous=numbers(100, 0)),
    st.sampled_from(["circuit", "amp", "kva"]),
)
def test_breaker(case: Case, feeds: Figures, size: Figures, by: str) -> None:
    amps, volts, continuous = exact(size).values()
    usable = amps * continuous / 100
    price = F(case.price) * {"circuit": F(1), "amp": usable, "kva": usable * volts / 1000}[by]
    expected = oracle.breaker(F(case.quantity), **exact(feeds), price=price, months=case.months.months)
    case.check(breaker, expected, write(feeds | size, f"by={by}"))


JOBS = st.lists(st.builds(Work, st.just("WO-1"), st.integers(0, 400), st.booleans(), st.booleans()), max_size=30)
HOURS = st.integers(0, 40).map(lambda quarters: Decimal(quarters) / 4)
WHOLE = st.integers(0, 90).map(Decimal)


@given(
    CASES,
    st.none() | JOBS,
    figures(
        minimum=WHOLE, increment=st.integers(1, 60).map(Decimal), included=HOURS, expedite=PRICES, free_below=WHOLE
    ),
    st.just({}) | figures(after_hours=PRICES),
    YES_NO,
)
def test_remote_hands(
    case: Case, jobs: list[Work] | None, given_figures: Figures, late: Figures, included_late: str
) -> None:
    rates = (F(case.price), F(late.get("after_hours", case.price)))
    terms = oracle.WorkTerms(*rates, *exact(given_figures).values(), included_late == "yes")
    done = [oracle.Job(F(case.quantity), False, False)]
    if jobs is not None:
        done = [oracle.Job(F(job.minutes), job.after_hours, job.expedited) for job in jobs]
    text = write(given_figures | late, f"included_after_hours={included_late}")
    work = None if jobs is None else WorkFacts(7, MONTH, tuple(jobs))
    case.check(remote_hands, oracle.remote_hands(done, terms), text, work)


STEADY: tuple[tuple[Any, str], ...] = (
    (package, "size=7; free=3"),
    (data_cap, "cap=20; block=5"),
    (mileage, "fixed=20; minimum=5"),
    (remote_hands, "minimum=30; increment=15; included=0.5; free_below=10"),
    (committed_power, "commit=50; premium=20; started=yes"),
    (metered_energy, "pue=1.5"),
    (breaker, "b=1; fraction=0.5"),
)


@given(CASES, st.sampled_from(STEADY), tiers(), st.lists(QUANTITIES, min_size=2, max_size=5).map(sorted))
def test_a_unit_more_never_costs_less(
    case: Case, model: tuple[Any, str], table: tuple[str, list[oracle.Step]], units: list[Decimal]
) -> None:
    """Volume prices are the exception: with them all units get cheaper."""
    for module, text in (model, (graduated, f"tiers={table[0]}"), (mileage, f"counting=graduated; bands={table[0]}")):
        amounts = [module.compute(replace(case, quantity=each).measure(text)) for each in units]
        assert amounts == sorted(amounts)


MODELS = {model for model, _ in STEADY} | {graduated, volume, percentage, per_class, committed_excess}


@pytest.mark.parametrize("model", sorted(MODELS, key=lambda module: module.__name__))
def test_each_model_says_what_its_units_and_parameters_are(model: Any) -> None:
    assert model.UNIT
    assert model.NEEDS is (SpendFacts if model is percentage else None)
    names = [parameter.name for parameter in model.PARAMETERS]
    assert len(names) == len(set(names))
    assert all(parameter.meaning for parameter in model.PARAMETERS)
