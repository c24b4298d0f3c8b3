"""No bytes make the readers of bank files raise anything; what they refuse they refuse with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers.bank.importer import bank_importers
from app.importers.faults import DocumentFault
from app.importers.registry import DocumentHead
from tests.importers.bank_files import MT940, camt, part
from tests.importers.test_bank_readers import BAI2, OFX, PAIN002

NACHA = (
    "101 03130001202313801041908161055A094101\n"
    "5220MERIDIAN FOODS                      1234567890CCDTELECOM         260302   1031300010000001\n"
    "6212313801047445678990       0000060000TB-1           CALDER FIBER            1031300010000001\n"
    "799R02031300010000001      23138010                                            231380100000001\n"
    "82200000020023138010000000000000000000060000                                   031300010000001\n"
    "9000001000001000000020023138010000000000000000000060000\n"
)
SEEDS = [MT940.encode(), BAI2.encode(), OFX.encode(), PAIN002.encode(), NACHA.encode(), camt(part("TB-1", "600.00"))]
READERS = {one.name: one for one in bank_importers()}


def read_with_all(content: bytes) -> set[str]:
    """Every reader on these bytes, whether it claims them or not: those that answer, or refuse with a DocumentFault."""
    judged = set()
    for name, reader in READERS.items():
        try:
            document = reader.read(content, DocumentHead("x", len(content), "bank", ""))
        except DocumentFault:
            judged.add(name)
            continue
        for statement in document.statements:
            assert statement.account
            assert all(line.amount.is_finite() for line in statement.lines)
        judged.add(name)
    return judged


@given(st.binary(max_size=400))
def test_no_bytes_make_a_reader_raise(content: bytes) -> None:
    assert read_with_all(content) == READERS.keys()


@given(st.sampled_from(SEEDS), st.data())
def test_no_change_to_a_good_file_makes_a_reader_raise(seed: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(seed)))
    length = data.draw(st.integers(0, 40))
    junk = data.draw(st.binary(max_size=30) | st.sampled_from([b"", b"\n", b"9" * 60, b"NaN", b"1E5", b"\xd9\xa3"]))
    assert read_with_all(seed[:start] + junk + seed[start + length :]) == READERS.keys()


@given(st.sampled_from(SEEDS), st.integers(0, 2000))
def test_no_file_that_is_cut_off_makes_a_reader_raise(seed: bytes, length: int) -> None:
    assert read_with_all(seed[:length]) == READERS.keys()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_seeds_are_read_by_exactly_one_reader(seed: bytes) -> None:
    readable = []
    for name, reader in READERS.items():
        try:
            document = reader.read(seed, DocumentHead("x", len(seed), "bank", ""))
        except DocumentFault:
            continue
        if document.statements or document.answers:
            readable.append(name)
    assert len(readable) == 1


@pytest.mark.parametrize("word", [b"600e2", b"NaN", "６００".encode(), b"Infinity", b"6_0_0", b"-600.00"])
def test_an_amount_in_another_form_never_becomes_a_movement(word: bytes) -> None:
    document = READERS["camt"].read(camt(part("TB-1", "1")).replace(b'"EUR">600.00', b'"EUR">' + word), HEAD)
    assert document.refused
    assert document.statements == ()


HEAD = DocumentHead("x", 1, "xml", "")


def test_many_movements_take_time_in_proportion() -> None:
    line = ":61:2603020302D1,00NTRFTB-1//B-77\n:86:/EREF/TB-1/NAME/Calder/REMI/x\n"
    many = MT940.split(":61:")[0] + line * 20_000 + ":62F:C260302EUR400,00\n-\n"
    document = READERS["mt940"].read(many.encode(), DocumentHead("x", len(many), "bank", ""))
    assert len(document.statements[0].lines) == 20_000
