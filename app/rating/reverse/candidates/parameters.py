"""The parameters of a price read otherwise: every word and yes or no that its model declares, and numbers left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.parameters import Form, Parameter
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import MODIFIERS
from app.rating.modifiers import MODIFIERS as CHANGES
from app.rating.parameters import declared_parameters
from app.rating.reverse.case import Case, Change, change_elements, change_prices, set_parameters, value_of

INCREMENTS = ((1, 1), (6, 6), (18, 6), (30, 6), (30, 30), (60, 1), (60, 6), (60, 60))
MINIMUMS = (6, 10, 12, 18, 20, 30, 60)
JOB_STEPS = (1, 6, 10, 15, 30, 60)
PERCENTILES = (90, 95, 98, 99, 100)
_WORDS = (Form.WORD, Form.YES_NO)


def policies(case: Case) -> Iterator[Change]:
    """Another word, or no for yes: which traffic counts, whose band's price holds, whether units are whole."""
    for parameter in _declared(case):
        for value in _others(parameter, value_of(case.element, parameter)):
            yield _change(case, parameter, value)


def left_out(case: Case) -> Iterator[Change]:
    """A number, table or list that the contract gives, not applied: a connect fee, a commitment, free units, a cap."""
    counted = {"initial", "increment", "percentile"}
    for parameter in _declared(case):
        given = value_of(case.element, parameter)
        usual = parameter.default
        if usual is None or given == usual or parameter.name in counted or parameter.form in _WORDS:
            continue
        if parameter.form not in (Form.TEXT, Form.DATE):
            yield _change(case, parameter, usual or None)


def increments(case: Case) -> Iterator[Change]:
    """Other increments of calls, such as 60/60 for 6/6, and another least length alone."""
    names = _names(case)
    if not {"initial", "increment"} <= names.keys():
        return
    initial, step = (int(value_of(case.element, names[name])) for name in ("initial", "increment"))
    tried = {(initial, step)}
    for name, pairs in (("increments", INCREMENTS), ("call_minimum", [(least, step) for least in MINIMUMS])):
        for pair in pairs:
            if pair not in tried:
                tried.add(pair)
                changed = change_prices(case, initial=str(pair[0]), increment=str(pair[1]))
                yield Change(name, f"{pair[0]}/{pair[1]}", f"{initial}/{step}", changed)


def job_steps(case: Case) -> Iterator[Change]:
    """Other steps in which jobs are billed."""
    names = _names(case)
    if "increment" not in names or "initial" in names:
        return
    step = value_of(case.element, names["increment"])
    for other in JOB_STEPS:
        if str(other) != step:
            changed = change_prices(case, increment=str(other))
            yield Change("increment", f"steps of {other} minutes", f"steps of {step} minutes", changed)


def percentiles(case: Case) -> Iterator[Change]:
    """Another percentile than the contract's."""
    parameter = _names(case).get("percentile")
    if parameter is not None:
        agreed = value_of(case.element, parameter)
        for percent in PERCENTILES:
            if str(percent) != agreed:
                changed = change_prices(case, percentile=str(percent))
                yield Change("percentile", f"percentile {percent}", f"percentile {agreed}", changed)


def jurisdiction_shares(case: Case) -> Iterator[Change]:
    """Calls of unknown jurisdiction all taken as interstate, or none of them."""
    parameter = _names(case).get("piu")
    if parameter is not None:
        agreed = value_of(case.element, parameter)
        for share in ("0", "100"):
            if share != agreed:
                yield _change(case, parameter, share)


def modifier_policies(case: Case) -> Iterator[Change]:
    """Another word of an escalator or a discount: compounded or not, rounded yearly or once, for a unit or for all."""
    for modifier in case.contract.elements:
        if modifier.model not in MODIFIERS:
            continue
        for parameter in CHANGES[modifier.model].PARAMETERS:
            given = value_of(modifier, parameter)
            for value in _others(parameter, given):
                changed = change_elements(case, _give(modifier.id, parameter.name, value))
                name = f"{modifier.model}_{parameter.name}"
                what = f"{modifier.model.replace('_', ' ')} with {parameter.name}"
                yield Change(name, f"{what} = {value}", f"{parameter.name} = {given}", changed)


def _declared(case: Case) -> tuple[Parameter, ...]:
    return declared_parameters(case.element.model) or ()


def _names(case: Case) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in _declared(case)}


def _others(parameter: Parameter, given: str) -> Iterator[str]:
    if parameter.form is Form.YES_NO:
        yield "no" if given.casefold() == "yes" else "yes"
    elif parameter.form is Form.WORD and parameter.words is not None:
        yield from (word.value for word in parameter.words if word.value != given)


def _change(case: Case, parameter: Parameter, value: str | None) -> Change:
    given, name = value_of(case.element, parameter), parameter.name
    says = f"{name} = {value}" if value is not None else f"no {name}"
    return Change(name, says, f"{name} = {given}" if given else f"no {name}", change_prices(case, **{name: value}))


def _give(identity: int, name: str, value: str) -> Callable[[RateElementTerms], RateElementTerms]:
    """Sets one parameter of one element."""
    return lambda element: set_parameters(element, **{name: value}) if element.id == identity else element
