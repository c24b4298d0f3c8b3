"""The figures of a workspace as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.table import write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.reports.data import CurrencySummary, NamedAmount, ReportData


def write_summary(data: ReportData) -> str:
    """What was billed, what is overcharged by rule and by carrier, the disputes with their deadlines, what is due."""
    return "\n\n".join(_sections(data))


def _sections(data: ReportData) -> Iterator[str]:
    yield f"{data.company}, as of {data.as_of}"
    for currency in data.currencies:
        yield _totals(currency)
        if currency.by_rule:
            yield _overcharged("Overcharged by rule", currency.by_rule, currency.currency)
        if currency.by_carrier:
            yield _overcharged("Overcharged by carrier", currency.by_carrier, currency.currency)
    if data.disputes:
        rows = [
            [one.number, one.carrier, one.status, one.items, one.claim, one.currency, one.file_by, one.withhold_by]
            for one in data.disputes
        ]
        heads = ["Dispute", "Carrier", "Status", "Charges", "Claim", "", "File by", "Withhold if filed by"]
        yield f"Disputes\n{write_lines(heads, rows)}"
    due = sorted((one.due, each.currency, one.bills, one.amount) for each in data.currencies for one in each.due)
    if due:
        rows = [[day, bills, amount, currency] for day, currency, bills, amount in due]
        yield f"Due\n{write_lines(['Day', 'Bills', 'To pay', ''], rows)}"


def _totals(currency: CurrencySummary) -> str:
    rows = [
        ["Bills", f"{currency.bills:,}"],
        ["Billed", f"{currency.billed:,.2f}"],
        ["Expected", f"{currency.expected:,.2f}"],
        ["Overcharged", f"{currency.overcharged:,.2f}"],
        ["Disputed", f"{currency.disputed:,.2f}"],
        ["Credited", f"{currency.credited:,.2f}"],
    ]
    widest = max(len(amount) for _, amount in rows)
    lines = (f"  {name:12} {amount:>{widest}}" for name, amount in rows)
    return "\n".join([f"All bills in {currency.currency}", *lines])


def _overcharged(title: str, parts: tuple[NamedAmount, ...], currency: str) -> str:
    rows = [[part.name, part.count, part.amount] for part in parts]
    return f"{title}\n{write_lines(['', 'Findings', f'Claim, {currency}'], rows)}"
