"""Budgets and published surcharge factors: saved as dated facts."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.identifiers import name_key
from app.domain.parsed_records import ParsedBudget, ParsedSurchargeFactor
from app.models.operations import Budget, SurchargeFactor
from app.services.record_book import Kind, RecordBook


def save_budgets(book: RecordBook, parsed: list[ParsedBudget]) -> None:
    """Add budgets, and correct those that are known; notes carriers that are not."""
    if not parsed:
        return
    stored = {_budget_key(row): row for row in book.session.scalars(select(Budget))}
    for one in parsed:
        carrier = book.find_carrier(one.carrier, one.source) if one.carrier else None
        if one.carrier and carrier is None:
            continue
        row = {
            "cost_centre": one.cost_centre,
            "month": one.month,
            "currency": one.currency,
            "carrier_key": name_key(carrier.name) if carrier else "",
            "carrier_id": carrier.id if carrier else None,
            "service_kind": one.service_kind.value if one.service_kind else "",
            "amount": one.amount,
        }
        key = _budget_key(Budget(**row))
        subject = f"the budget of {one.cost_centre} for {one.month:%Y-%m}"
        if book.is_repeated(Kind.BUDGET, key, one, subject):
            continue
        stored[key] = book.upsert(Kind.BUDGET, stored.get(key), Budget, row, {"amount"}, subject)


def save_surcharge_factors(book: RecordBook, parsed: list[ParsedSurchargeFactor]) -> None:
    """Add factors, and correct those that are known."""
    if not parsed:
        return
    stored = {_factor_key(row): row for row in book.session.scalars(select(SurchargeFactor))}
    for one in parsed:
        names = ("name", "region", "effective_from", "percent", "base", "said_by")
        row = {name: getattr(one, name) for name in names}
        key = _factor_key(SurchargeFactor(**row))
        subject = f"the factor {one.name} from {one.effective_from}"
        if book.is_repeated(Kind.SURCHARGE_FACTOR, key, one, subject):
            continue
        found = stored.get(key)
        stored[key] = book.upsert(Kind.SURCHARGE_FACTOR, found, SurchargeFactor, row, set(one.given), subject)


def _budget_key(row: Budget) -> tuple[object, ...]:
    return row.cost_centre.casefold(), row.month, row.currency, row.carrier_key, row.service_kind


def _factor_key(row: SurchargeFactor) -> tuple[object, ...]:
    return name_key(row.name), row.region.casefold(), row.effective_from
