"""NACHA files: a golden file, an independent validator, and properties over random batches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import achkit
import pytest
from hypothesis import given, settings

from app.errors import BugError
from app.payments.identifiers import BadRouting
from app.payments.nacha import (
    AmountTooLarge,
    Batch,
    Entry,
    NachaFile,
    NotDollars,
    RemittanceTooLong,
    TooManyFiles,
    make_file,
    parse,
    write,
    write_verified,
)
from app.payments.order import BatchOrder
from tests.payments.batches import ach_batch, random_batches

GOLDEN = Path(__file__).parent / "golden" / "three_bills.ach"


def test_the_file_is_byte_for_byte_the_golden_one() -> None:
    assert write_verified(ach_batch()).decode("ascii").splitlines() == GOLDEN.read_text("ascii").splitlines()
    assert write_verified(ach_batch()) == GOLDEN.read_bytes()


def test_an_independent_validator_accepts_the_file() -> None:
    assert achkit.validate(write_verified(ach_batch()).decode("ascii")) == {"ok": True, "errors": []}


def test_the_addenda_names_the_bill_its_amount_and_our_account() -> None:
    remittances = [entry.remittance for batch in make_file(ach_batch()).batches for entry in batch.entries]
    assert remittances == [
        "RMR*IV*NB-100234**98765432.10\\REF*12*555-0100\\",
        "RMR*IV*CF-2026/09**1234.56\\REF*12*CF-00912\\",
        "RMR*IV*7**0.01\\",
    ]


def test_payments_of_one_day_are_one_batch() -> None:
    file = make_file(ach_batch())
    assert [(batch.effective, len(batch.entries)) for batch in file.batches] == [
        (date(2026, 10, 9), 1),
        (date(2026, 10, 13), 2),
    ]


@settings(max_examples=20, deadline=None)
@given(random_batches("USD"))
def test_what_is_written_is_read_back(batch: BatchOrder) -> None:
    file = make_file(batch)
    content = write(file)
    lines = content.decode("ascii").splitlines()
    assert parse(content) == file
    assert {len(line) for line in lines} == {94}
    assert len(lines) % 10 == 0
    assert achkit.validate(content.decode("ascii"))["errors"] == []
    assert write_verified(batch) == content
    assert sum(entry.cents for made in file.batches for entry in made.entries) == batch.total * 100


def test_the_entry_hash_wraps_at_ten_digits() -> None:
    entry = Entry("999999992", "1", 1, "ID", "PAYEE", "RMR*IV*1**0.01\\")
    batch = Batch(date(2026, 10, 9), "MERIDIAN", "1", "TELECOM", (entry,) * 150)
    file = NachaFile(
        ach_batch().created.replace(second=0, tzinfo=None),
        "A",
        "031300012",
        "",
        "1",
        "MERIDIAN",
        "",
        "03130001",
        (batch,),
    )
    content = write(file)
    assert content.decode("ascii").splitlines()[302][10:20] == f"{150 * 99999999 % 10**10:010}"
    assert 150 * 99999999 >= 10**10
    assert parse(content) == file
    assert achkit.validate(content.decode("ascii"))["ok"]


def test_a_routing_number_with_a_wrong_check_digit_is_refused() -> None:
    batch = ach_batch()
    wrong = replace(batch.orders[0], routing="231380105")
    with pytest.raises(BadRouting, match="231380105"):
        make_file(replace(batch, orders=(wrong,)))


@pytest.mark.parametrize("place", [4, 14, 36, 96 * 2, 95 * 3 + 20, 95 * 4 + 30])
def test_one_changed_digit_is_seen(place: int) -> None:
    content = bytearray(GOLDEN.read_bytes())
    while not chr(content[place]).isdigit():
        place += 1
    content[place] = ord("0") if content[place] != ord("0") else ord("1")
    try:
        changed = parse(bytes(content))
    except BugError:
        return
    assert changed != make_file(ach_batch())


def test_a_file_cut_off_is_refused() -> None:
    lines = GOLDEN.read_bytes().splitlines(keepends=True)
    for count in range(len(lines)):
        with pytest.raises(BugError):
            parse(b"".join(lines[:count]))


def test_what_ach_cannot_carry_is_refused_with_its_reason() -> None:
    batch = ach_batch()
    order = batch.orders[0]
    with pytest.raises(AmountTooLarge, match=r"100000000\.00"):
        make_file(replace(batch, orders=(replace(order, amount=Decimal("100000000.00")),)))
    with pytest.raises(NotDollars, match="EUR"):
        make_file(replace(batch, orders=(replace(order, currency="EUR"),)))
    with pytest.raises(RemittanceTooLong, match="55 places"):
        make_file(replace(batch, orders=(replace(order, ban="9" * 60),)))
    with pytest.raises(TooManyFiles, match="36"):
        make_file(replace(batch, modifier=36))
    with pytest.raises(BugError, match="whole cents"):
        make_file(replace(batch, orders=(replace(order, amount=Decimal("0.001")),)))
