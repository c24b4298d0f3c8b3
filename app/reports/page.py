"""The report as one HTML page that needs nothing beside itself: figures, charts, disputes, overcharges, payments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from app.reports.charts import draw_columns, draw_ranked, draw_stacked
from app.reports.page_style import STYLE
from app.reports.pivots import due_by_week, spend_by_month
from app.reports.wording import amount, counted, long_day, short_day

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from app.reports.data import CurrencySummary, DisputeLine, OverchargeLine, ReportData

_LONGEST = 60  # overcharges that are shown with their proofs; the workbook has them all


def write_page(data: ReportData) -> str:
    """The page as text. Everything that comes from outside is escaped; no script, nothing is fetched."""
    body = "\n".join(_sections(data))
    title = f"{escape(data.company)}: bills and overcharges"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _sections(data: ReportData) -> Iterator[str]:
    bills = sum(currency.bills for currency in data.currencies)
    yield (
        f'<header><div class="brand">Tollbook</div><h1>{escape(data.company)}</h1>'
        f"<p>{counted(bills, 'bill')} from {counted(len({bill.carrier for bill in data.bills}), 'carrier')},"
        f" as of {long_day(data.as_of)}</p></header>\n<main>"
    )
    for summary in data.currencies:
        yield _currency(data, summary)
    if data.disputes:
        yield _card("Disputes and their deadlines", _disputes(data))
    if data.payments:
        yield _card("Payment run", _payments(data))
    if data.overcharges:
        yield _card("What is overcharged, and why", _overcharges(data.overcharges))
    if not data.currencies:
        yield _card("No bills yet", "<p>Import bills, and their figures stand here.</p>")
    yield "</main>\n<footer>Written by Tollbook. Every claim is worked out in the workbook beside this page.</footer>"


def _currency(data: ReportData, summary: CurrencySummary) -> str:
    code = summary.currency
    parts = [f'<h2>Bills in {escape(code)}</h2>\n<div class="tiles">']
    to_pay = sum((due.amount for due in summary.due), start=summary.billed * 0)
    overdue = any(due.due < data.as_of for due in summary.due)
    for name, value, note, tone in (
        ("Billed", summary.billed, counted(summary.bills, "bill"), ""),
        ("Expected by contract", summary.expected, _expected_note(summary), ""),
        ("Overcharged", summary.overcharged, _share(summary), "bad" if summary.overcharged else "good"),
        ("Disputed", summary.disputed, f"{amount(summary.credited)} granted so far", ""),
        ("To pay", to_pay, "some of it overdue" if overdue else _next_due(summary), "bad" if overdue else ""),
    ):
        parts.append(
            f'<div class="tile {tone}"><span>{name}</span><strong>{amount(value)}</strong>'
            f"<small>{escape(note)}</small></div>"
        )
    parts.append("</div>")
    spend = spend_by_month(data.spend, code)
    if spend.total > 0:
        parts.append(_card(f"Billed by month and carrier, {code}", draw_stacked(spend, code)))
    if summary.by_rule:
        parts.append(_card(f"Overcharged by rule, {code}", draw_ranked(summary.by_rule)))
    if len(summary.by_carrier) > 1:
        parts.append(_card(f"Overcharged by carrier, {code}", _by_carrier(summary)))
    due = due_by_week(summary, data.as_of)
    if due.names:
        parts.append(_card(f"To pay by week, {code}", draw_columns(due, code)))
    return "\n".join(parts)


def _expected_note(summary: CurrencySummary) -> str:
    carried = summary.expected - (summary.billed - summary.overcharged)
    return f"billed less overcharged, {amount(carried)} of balances apart" if carried else "billed less overcharged"


def _share(summary: CurrencySummary) -> str:
    if summary.billed <= 0 or not summary.overcharged:
        return "nothing found" if not summary.overcharged else ""
    return f"{summary.overcharged * 100 / summary.billed:.1f} % of what is billed"


def _next_due(summary: CurrencySummary) -> str:
    return f"next on {short_day(summary.due[0].due)}" if summary.due else "nothing is due"


def _card(title: str, content: str) -> str:
    return f"<section><h3>{escape(title)}</h3>\n{content}\n</section>"


def _by_carrier(summary: CurrencySummary) -> str:
    rows = [[part.name, str(part.count), amount(part.amount)] for part in summary.by_carrier]
    return _table(("Carrier", "Findings>", f"Claim, {summary.currency}>"), rows)


def _disputes(data: ReportData) -> str:
    heads = ("Dispute!", "Carrier", "Status", "Charges>", "Claim>", "Granted>", "Withhold if filed by!", "File by!")
    rows = []
    for row in data.disputes:
        draft = row.status == "Draft"
        rows.append(
            [
                row.number,
                row.carrier,
                _standing(row),
                str(row.items),
                amount(row.claim, row.currency),
                amount(row.granted) if row.granted else "",
                _deadline(row.withhold_by, data.as_of) if draft else "",
                _deadline(row.file_by, data.as_of) if draft else "",
            ]
        )
    return _table(heads, rows)


def _standing(row: DisputeLine) -> str:
    if row.filed_on is None:
        return row.status
    return f"Filed {short_day(row.filed_on)}" + ("" if row.status == "Filed" else f", {row.status.lower()}")


def _deadline(day: date | None, as_of: date) -> str:
    if day is None:
        return ""
    left = (day - as_of).days
    when = "past" if left < 0 else "today" if left == 0 else counted(left, "day")
    return f"{short_day(day)} ({when})"


def _payments(data: ReportData) -> str:
    heads = ("Carrier", "Account", "Bill", "Due!", "Gross>", "Withheld>", "Credit>", "To pay>", "Send on!", "Status")
    shown = [row for row in data.payments if row.status != "Settled"]
    if not shown:
        return "<p>Everything that was approved is paid.</p>"
    rows = [
        [
            row.carrier,
            row.ban,
            row.number,
            short_day(row.due_date),
            amount(row.gross, row.currency),
            _or_nothing(row.withheld),
            _or_nothing(row.credit),
            amount(row.net, row.currency),
            short_day(row.send_on),
            f"{row.status}, late" if row.late else row.status,
        ]
        for row in shown
    ]
    return _table(heads, rows)


def _or_nothing(value: Decimal) -> str:
    return amount(value) if value else ""


def _overcharges(lines: Sequence[OverchargeLine]) -> str:
    ranked = sorted(lines, key=lambda line: (line.currency, -line.claim, line.number))
    parts = []
    for line in ranked[:_LONGEST]:
        facts = [line.carrier, f"account {line.ban}", f"bill {line.number}", short_day(line.bill_date), line.service]
        proof = f"<pre>{escape(line.proof)}</pre>" if line.proof else ""
        where = escape(" · ".join(fact for fact in facts if fact))
        parts.append(
            f"<details><summary><b>{amount(line.claim, escape(line.currency))}</b>"
            f"<span>{escape(f'{line.rule} {line.name}')}<small>{where}</small></span>"
            f"<em>{escape(line.status)}</em></summary>"
            f"<p>{escape(line.message)}</p><p class='quiet'>{escape(line.description)}</p>{proof}</details>"
        )
    if len(ranked) > _LONGEST:
        parts.append(f"<p class='quiet'>{counted(len(ranked) - _LONGEST, 'more overcharge')} in the workbook.</p>")
    return "\n".join(parts)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table. A head that ends with > has its column set to the right, as amounts are; one with ! never wraps."""
    classes = [{">": "num", "!": "whole"}.get(head[-1], "") for head in heads]
    head = _row("th", [head.rstrip(">!") for head in heads], classes)
    body = "".join(_row("td", row, classes) for row in rows)
    return f"<div class='scroll'><table><thead>{head}</thead><tbody>{body}</tbody></table></div>"


def _row(tag: str, texts: Sequence[str], classes: Sequence[str]) -> str:
    cells = (f"<{tag} class='{name}'>{escape(text)}</{tag}>" for text, name in zip(texts, classes, strict=True))
    return f"<tr>{''.join(cells)}</tr>"
