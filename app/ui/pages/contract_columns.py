"""The lists of contracts and of prices, and all that their lines have no room for, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.money import RoundingMode
from app.domain.vocabulary import ExchangeDay, PriceChange, ProrationMethod, RoundingScope
from app.queries.contracts import PriceRow, Row
from app.queries.price_checks import Row as FaultRow
from app.ui.tables import Column, Kind
from app.ui.tokens import Tone
from app.ui.wording import NOTHING, count, day, deadline_tone, money, number, sentence, until, word

if TYPE_CHECKING:
    from app.ui.context import Ui

PRORATION = {
    ProrationMethod.ACTUAL: "by the days of the month",
    ProrationMethod.ACTUAL_30: "by days of thirty",
    ProrationMethod.STRICT_30_360: "by months of thirty days",
    ProrationMethod.MONTHS_AND_DAYS: "by months, then days",
    ProrationMethod.NONE: "never: full months",
    ProrationMethod.BY_SECOND: "by the seconds of the month",
    ProrationMethod.NEXT_MONTH: "never: free until the next month",
}
ROUNDING = {
    RoundingMode.HALF_UP: "half up",
    RoundingMode.UP: "up",
    RoundingMode.HALF_EVEN: "half to even",
    RoundingMode.TRUNCATE: "cut off",
}
SCOPES = {
    RoundingScope.CALL: "per call",
    RoundingScope.ZONE: "per zone",
    RoundingScope.CHARGE: "per charge",
    RoundingScope.BILL: "once a bill",
}
PRICE_CHANGES = {
    PriceChange.SPLIT: "each price for its days",
    PriceChange.FIRST_DAY: "the price of the first day for all days",
}
EXCHANGES = {
    ExchangeDay.NONE: "",
    ExchangeDay.BILL_DATE: "the bill's date",
    ExchangeDay.PERIOD_START: "the period's first day",
    ExchangeDay.PERIOD_END: "the period's last day",
}


def last_day(row: Row) -> object:
    return None if row.end is None else row.end.fromordinal(row.end.toordinal() - 1)


def terms(row: Row) -> str:
    offer = "An offer, for comparing: it prices no bill. " if row.offer else ""
    rate = f"; other currencies by the rate of {EXCHANGES[row.exchange]}" if EXCHANGES[row.exchange] else ""
    return (
        f"{offer}Parts of a month {PRORATION[row.proration]}, {PRICE_CHANGES[row.price_change]}; the day of "
        f"disconnection {'billed' if row.disconnect_day_billed else 'not billed'}; rounded {ROUNDING[row.rounding]} to "
        f"{row.rounding_places} places {SCOPES[row.rounding_scope]}{rate}; time of {row.time_zone}; paid in "
        f"{row.payment_days} days, disputed within {row.dispute_days}, withheld up to {row.withhold_days}; notice "
        f"{row.notice_days} days."
    )


def _price(row: PriceRow) -> str:
    """'$500.00', '3 %'; a dash where the parameters alone say what it costs."""
    if not row.price and row.waived:
        return "waived"
    if not row.price and row.parameters:
        return NOTHING
    return f"{number(row.price)} %" if row.is_percent else money(row.price, row.currency)


def _unit(row: PriceRow) -> str | None:
    """One of what quantity counts: 'minute', 'Mbit/s'."""
    return (row.unit if row.unit.endswith("/s") else row.unit.removesuffix("s")) or None


def _scope(row: PriceRow) -> str:
    return word(row.service_kind) if row.service_kind is not None and row.scope == row.service_kind else row.scope


def details(row: PriceRow) -> str:
    """Everything about a price that its line has no room for."""
    unit = f" per {_unit(row)}" if row.unit else ""
    waived = ", waived" if row.waived else ""
    parts = [f"{word(row.model)}{unit} for {_scope(row)}{f', calls to {row.zone}' if row.zone else ''}{waived}."]
    if row.amendment or row.agreed is not None:
        named = row.amendment or "Amended"
        parts.append(f"{named}, agreed on {day(row.agreed)}{f': {row.reason}' if row.reason else ''}.")
    for (name, value), meaning in zip(row.parameters, row.meanings, strict=True):
        parts.append(f"{sentence(name)} {value}{f' ({meaning})' if meaning else ''}.")
    if row.clause:
        parts.append(f"{row.clause}, page {row.page}." if row.page else f"{row.clause}.")
    if row.charges:
        parts.append(f"{count(row.charges, 'charge')} rated by it.")
    return " ".join(parts)


def contract_columns(ui: Ui) -> tuple[Column[Row], ...]:
    tones = {"In force": Tone.SUCCESS, "Offer": Tone.ACCENT}

    def state(row: Row) -> str:
        if row.offer:
            return "Offer"
        if ui.backend.today < row.start:
            return "From later on"
        return "Ended" if row.end is not None and row.end <= ui.backend.today else "In force"

    def notice(row: Row) -> Tone:
        ahead = row.notice_by is not None and row.notice_by >= ui.backend.today
        return deadline_tone(row.notice_by, ui.backend.today) if ahead else Tone.NEUTRAL

    return (
        Column("carrier", "Carrier", lambda row: row.carrier, width=210, strong=True),
        Column("number", "Contract", lambda row: row.number, width=150, strong=True),
        Column("title", "Title", lambda row: row.title or None, stretch=True),
        Column("start", "From", lambda row: row.start, Kind.DATE, 104),
        Column("end", "Until", last_day, Kind.DATE, 104),
        Column(
            "notice_by",
            "Notice by",
            lambda row: row.notice_by,
            Kind.DATE,
            104,
            tone=notice,
            tooltip=lambda row: until(row.notice_by, ui.backend.today),
        ),
        Column("proration", "Part of a month", lambda row: PRORATION[row.proration], width=170, hidden=True),
        Column("prices", "Prices", lambda row: row.prices, Kind.NUMBER, 72),
        Column(
            "payment",
            "Payment",
            lambda row: row.payment_days,
            Kind.NUMBER,
            84,
            hidden=True,
            text=lambda row: f"{row.payment_days} days",
        ),
        Column(
            "dispute",
            "Dispute in",
            lambda row: row.dispute_days,
            Kind.NUMBER,
            88,
            hidden=True,
            text=lambda row: f"{row.dispute_days} days",
        ),
        Column("currency", "Currency", lambda row: row.currency, width=84, hidden=True),
        Column("accounts", "Accounts", lambda row: ", ".join(row.accounts) or None, width=160, hidden=True),
        Column("time_zone", "Time zone", lambda row: row.time_zone, width=150, hidden=True),
        Column("state", "State", state, Kind.CHIP, 112, tone=lambda row: tones.get(state(row), Tone.NEUTRAL)),
    )


def price_columns(ui: Ui) -> tuple[Column[PriceRow], ...]:
    tones = {"in force": Tone.SUCCESS, "from later on": Tone.ACCENT, "ended": Tone.NEUTRAL}

    def state(row: PriceRow) -> str:
        return row.state(ui.backend.today).capitalize()

    def last(row: PriceRow) -> object:
        return None if row.effective_to is None else row.effective_to.fromordinal(row.effective_to.toordinal() - 1)

    return (
        Column("code", "Code", lambda row: row.code, width=130, strong=True),
        Column(
            "description",
            "Description",
            lambda row: row.description or None,
            width=150,
            stretch=True,
            detail=lambda row: row.amendment,
        ),
        Column("type", "Type", lambda row: row.charge_type, width=72),
        Column(
            "price",
            "Price",
            lambda row: row.price,
            Kind.MONEY,
            110,
            text=_price,
            strong=True,
            detail=lambda row: "waived" if row.waived else "",
        ),
        Column("unit", "Per", _unit, width=76),
        Column("model", "Model", lambda row: row.model, width=170, tooltip=details),
        Column(
            "scope",
            "For",
            lambda row: row.zone or _scope(row).replace("all services", "All"),
            width=130,
            tooltip=details,
        ),
        Column("from", "From", lambda row: row.effective_from, Kind.DATE, 104),
        Column("to", "Until", last, Kind.DATE, 104),
        Column(
            "agreed",
            "Agreed on",
            lambda row: row.agreed,
            Kind.DATE,
            104,
            hidden=True,
            tooltip=lambda row: f"{row.amendment} {row.reason}".strip(),
        ),
        Column(
            "clause",
            "Clause",
            lambda row: row.clause or None,
            width=84,
            hidden=True,
            tooltip=lambda row: f"{row.clause}, page {row.page}" if row.page else row.clause,
        ),
        Column(
            "charges",
            "Charges",
            lambda row: row.charges or None,
            Kind.NUMBER,
            78,
            hidden=True,
            tooltip=lambda row: f"{count(row.charges, 'charge')} rated by this price",
        ),
        Column("state", "State", state, Kind.CHIP, 104, tone=lambda row: tones[row.state(ui.backend.today)]),
    )


FAULTS: tuple[Column[FaultRow], ...] = (
    Column("severity", "Severity", lambda row: row.severity, Kind.CHIP, 96),
    Column("carrier", "Carrier", lambda row: row.carrier, width=190),
    Column("contract", "Contract", lambda row: row.contract or None, width=160, strong=True),
    Column("code", "Code", lambda row: row.code or None, width=120),
    Column(
        "message", "What is wrong", lambda row: row.message, width=320, stretch=True, tooltip=lambda row: row.message
    ),
)
