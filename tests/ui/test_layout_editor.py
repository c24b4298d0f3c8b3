"""A bill of a carrier that nobody can read is brought in through the window alone: pointed at, saved, imported.

Next month's bill of the same carrier then imports by itself, and one whose layout has moved is stopped with a picture.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.vocabulary import ChargeType, Severity
from app.services.layout_drift import DRIFTED
from tests.ui.driver import Driver
from tests.ui.pointer import Pointer, bring_in, find_posted
from tests.ui.pointing_bills import CARRIER, amounts_of, make_bill, number_of

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
OPENING = Decimal("11840.25")


def write(folder: Path, month: date, previous: Decimal, *, moved: bool = False) -> Path:
    """The bill of a month as a file."""
    file = folder / f"granite-{month:%Y-%m}.pdf"
    file.write_bytes(make_bill(month, previous=previous, moved=moved))
    return file


def point_at_everything(pointer: Pointer) -> None:
    """Say what the guess could not know, and mend what it got wrong."""
    pointer.write("layout_carrier", CARRIER)
    pointer.pick("layout_numbers", "1,234.56")
    pointer.pick("layout_currency", "USD")
    if CARRIER not in pointer.layout.get("claims", []):
        pointer.say("claims", (80, 40, 300, 63))
    for field, box in (
        ("number", (415, 107, 560, 121)),
        ("ban", (415, 121, 560, 135)),
        ("bill_date", (415, 135, 560, 149)),
        ("due_date", (415, 149, 560, 163)),
        ("billing_period", (415, 163, 560, 178)),
        ("previous_balance", (480, 228, 560, 242)),
        ("payments_applied", (480, 245, 560, 259)),
        ("current_charges", (480, 262, 560, 276)),
        ("total_due", (480, 280, 560, 294)),
    ):
        pointer.say(field, box)
    # the table, without the last lines of the page, and where it ends
    pointer.say("table", (40, 318, 572, 728))
    pointer.tab(1)
    for place, column in enumerate(("location", "description", "period", "quantity", "unit_price", "amount")):
        pointer.pick(f"column_{place}", column)
    pointer.write("table_ends", "Total new charges; Questions?")
    pointer.write("table_subtotals", "Subtotal of services")
    pointer.pick("table_kind", "MRC")


def name_the_taxes(pointer: Pointer) -> None:
    """Choose one line of each kind and say what such charges are."""
    pointer.tab(2)
    for description, kind in (
        ("State sales tax", "TAX"), ("County utility tax", "TAX"), ("Remote hands", "USAGE"), ("Credit", "CREDIT"),
    ):  # fmt: skip
        table = pointer.work.charges.table
        place = next(at for at, one in enumerate(table.model.shown) if one.charge.description.startswith(description))
        table.table.scrollTo(table.model.index(place, 0))
        pointer.window.choose(table, place)
        pointer.pick("charge_kind", kind)


def test_a_new_carriers_bill_is_brought_in_through_the_window_alone(window: Driver, tmp_path: Path) -> None:
    june_total, june_count = amounts_of(JUNE)
    july_total, july_count = amounts_of(JULY)

    # refused: no layout knows it
    receipt = bring_in(window, write(tmp_path, JUNE, OPENING))
    assert "no-importer" in [issue.code for issue in receipt.issues]
    pointer = Pointer(window)
    pointer.press("import_point_button")
    pointer.opened()
    assert window.page.key == "layout_editor"

    # a first guess without any pointing, then what it could not know
    assert {"bill_date", "due_date"} <= set(pointer.work.draft.fields)
    assert not pointer.page.save_verb.isEnabled()
    point_at_everything(pointer)
    assert pointer.work.footing.state == "holds", pointer.work.reading
    name_the_taxes(pointer)
    assert window.text("footing_charges") == f"Charges {june_total:,.2f} = current charges {june_total:,.2f}"
    assert not [issue for issue in pointer.work.reading.issues if issue.severity is not Severity.INFO]

    # saved, and the waiting file is imported at once
    came = pointer.answering("save_layout")
    pointer.press("layout_save_button")
    window.qtbot.waitUntil(lambda: window.page.key == "import_report", timeout=60_000)
    window.settle(90_000)
    came()
    june = find_posted(window, number_of(JUNE))
    assert (june.carrier, june.ban, june.currency) == (CARRIER, "88-20417-3", "USD")
    assert (june.bill_date, june.due_date) == (JUNE, date(2026, 6, 25))
    assert (june.period.start, june.period.end) == (JUNE, JULY)
    assert (june.previous_balance, june.payments_applied) == (OPENING, -OPENING)
    assert (june.current_charges, june.total_due, len(june.charges)) == (june_total, june_total, june_count)
    assert sum(charge.amount for charge in june.charges) == june_total
    types = [charge.charge_type for charge in june.charges]
    assert (types.count(ChargeType.TAX), types.count(ChargeType.CREDIT), types.count(ChargeType.USAGE)) == (2, 1, 1)
    power = next(charge for charge in june.charges if charge.description.startswith("Power feed"))
    assert power.description == "Power feed 208 V 30 A, primary metered at the breaker, two feeds"
    assert (power.location, power.quantity, power.unit_price) == ("A-01", Decimal(2), Decimal("187.50"))
    assert {charge.source.page for charge in june.charges} == {1, 2}

    # next month's bill imports by itself
    receipt = bring_in(window, write(tmp_path, JULY, june_total))
    assert receipt.outcome.value == "taken", receipt.message
    july = find_posted(window, number_of(JULY))
    assert (july.previous_balance, july.current_charges, len(july.charges)) == (june_total, july_total, july_count)

    # one that looks different is stopped
    file = write(tmp_path, AUGUST, july_total, moved=True)
    receipt = bring_in(window, file)
    drifted = [issue for issue in receipt.issues if issue.code == DRIFTED]
    assert drifted
    assert receipt.outcome.value != "taken"
    assert find_posted(window, number_of(AUGUST)) is None

    # with a picture of what moved, and the layout is mended on this very bill
    pointer.page.show_drift(file, file.name, drifted)
    window.qtbot.waitUntil(lambda: pointer.page.stack.currentWidget() is pointer.page.drift, timeout=60_000)
    window.settle()
    boxes = {box.key: box for box in pointer.page.drift.view._boxes}
    moved = [key.removeprefix("now:") for key in boxes if key.startswith("now:")]
    assert len(moved) >= 2
    assert all(boxes[f"stood:{key}"].dashed and not boxes[f"now:{key}"].dashed for key in moved)
    assert all(boxes[f"now:{key}"].box[1] - boxes[f"stood:{key}"].box[1] == pytest.approx(64, abs=1) for key in moved)
    pointer.press("mend_layout")
    pointer.opened()
    assert pointer.layout["carrier"] == CARRIER
    assert pointer.work.footing.state == "", "on the new first page two things could be the number"
    pointer.say("number", (375, 171, 520, 185))
    assert pointer.work.footing.state == "holds", pointer.work.reading

    # the mended layout is tried on the stored bills; what it reads otherwise is confirmed with a reason
    came = pointer.answering("save_layout", "the carrier prints its bills anew since August")
    pointer.press("layout_save_button")
    window.qtbot.waitUntil(lambda: window.page.key == "import_report", timeout=60_000)
    window.settle(90_000)
    came()
    august = find_posted(window, number_of(AUGUST))
    assert (august.current_charges, august.previous_balance) == (amounts_of(AUGUST)[0], july_total)
