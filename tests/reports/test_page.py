"""The report's page: one file, nothing fetched, nothing from outside taken for markup, amounts exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from lxml import html

from app.reports.data import CurrencySummary, DueAmount, ReportData, SpendCell
from app.reports.page import write_page
from app.reports.pivots import OTHERS, due_by_week, spend_by_month
from tests.reports.sample import AS_OF, HOSTILE, sample

UNIT = 10**6


def summary_of(due: tuple[DueAmount, ...]) -> CurrencySummary:
    zero = Decimal(0)
    return CurrencySummary("USD", 0, zero, zero, zero, zero, zero, (), (), due)


def test_the_page_stands_alone() -> None:
    page = html.fromstring(write_page(sample()))
    assert page.xpath("//script | //link | //img | //iframe") == []
    assert [value for value in page.xpath("//@src | //@href") if not value.startswith("#")] == []
    assert len(page.xpath("//*[local-name()='svg']")) == 4  # spend twice, by rule and by week once


def test_the_same_data_is_the_same_page() -> None:
    assert write_page(sample()) == write_page(sample())


def test_what_comes_from_outside_is_text() -> None:
    page = html.fromstring(write_page(sample()))
    assert page.xpath("string(//h1)") == "Meridian <Foods>"
    proofs = page.xpath("//pre/text()")
    for text in HOSTILE:
        assert any(text.strip() in proof for proof in proofs)
    assert page.xpath("//sons | //foods") == []


def test_each_currency_has_its_own_figures() -> None:
    page = html.fromstring(write_page(sample()))
    assert page.xpath("//h2/text()") == ["Bills in USD", "Bills in EUR"]
    tiles = [(tile.xpath("string(span)"), tile.xpath("string(strong)")) for tile in page.xpath("//div[@class]/div")]
    tiles = [tile for tile in tiles if tile[1]]
    assert tiles == [
        ("Billed", "50,000.00"),
        ("Expected by contract", "49,000.00"),
        ("Overcharged", "1,000.00"),
        ("Disputed", "600.00"),
        ("To pay", "357.50"),
        ("Billed", "25,000.05"),
        ("Expected by contract", "25,000.05"),
        ("Overcharged", "0.00"),
        ("Disputed", "0.00"),
        ("To pay", "0.00"),
    ]


def test_deadlines_say_how_many_days_are_left() -> None:
    text = html.fromstring(write_page(sample())).text_content()
    assert "15 Oct 2026 (9 days)" in text
    assert "Filed 30 Sep 2026, acknowledged" in text
    assert "Proposed, late" in text


def test_an_empty_workspace_has_a_page_too() -> None:
    assert "No bills yet" in write_page(ReportData("Meridian Foods", AS_OF, ()))


def test_spend_is_exact_and_a_month_without_bills_is_there() -> None:
    data = sample()
    pivot = spend_by_month(data.spend, "USD")
    assert pivot.labels == ("Apr 2026", "May 2026", "Jun 2026", "Jul 2026", "Aug 2026", "Sep 2026")
    assert pivot.names[0] == "Tri-Lakes $ Telephone"
    assert pivot.values[0] == tuple(amount * UNIT // 100 for amount in (400410, 400510, 0, 400710, 400810, 400910))
    exact = sum((cell.amount for cell in data.spend if cell.currency == "USD"), Decimal(0))
    assert pivot.total == exact * UNIT


def test_amounts_beyond_binary_fractions_stay_exact() -> None:
    large = Decimal("9000000000.000001")
    pivot = spend_by_month([SpendCell("USD", date(2026, 4, 1), "A", large)] * 3, "USD")
    assert pivot.values == ((27000000000000003,),)


def test_small_carriers_are_put_together_and_nothing_is_lost() -> None:
    cells = [SpendCell("USD", date(2026, 4, 1), f"C{place}", Decimal(place)) for place in range(1, 11)]
    pivot = spend_by_month(cells, "USD", most=4)
    assert pivot.names == ("C10", "C9", "C8", OTHERS)
    assert pivot.total == 55 * UNIT


def test_weeks_follow_each_other_without_a_gap() -> None:
    pivot = due_by_week(sample().currencies[0], AS_OF)
    assert pivot.labels[:4] == ("overdue", "week of 5 Oct", "week of 12 Oct", "week of 19 Oct")
    assert pivot.labels[-1] == "week of 30 Nov"
    (values,) = pivot.values
    assert values[:3] == (100 * UNIT, 0, 250 * UNIT + UNIT // 2)
    assert (len(values), values[-1], pivot.total) == (10, 7 * UNIT, 357 * UNIT + UNIT // 2)
    assert due_by_week(summary_of(()), AS_OF).names == ()
    only_late = due_by_week(summary_of((DueAmount(date(2026, 9, 1), 1, Decimal(5)),)), AS_OF)
    assert (len(only_late.labels), only_late.total) == (7, 5 * UNIT)


def test_many_overcharges_are_cut_on_the_page_and_counted() -> None:
    data = sample()
    many = replace(data, overcharges=data.overcharges * 10)
    page = html.fromstring(write_page(many))
    assert len(page.xpath("//details")) == 60
    assert "20 more overcharges in the workbook." in page.text_content()
