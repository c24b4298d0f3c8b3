"""Counters, rates and readings: what is made of them adds up to what passed, and nothing is put into a gap."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.parsed import ParsedDocument
from app.domain.vocabulary import ReadingKind
from app.importers.registry import Importer
from app.importers.tabular.definition import MappingFault
from app.importers.usage.counters import count_bins
from app.importers.usage.importer import usage_importers
from tests.importers.tables.table_files import read_with, told

COUNTERS = """
kind = "usage-mapping"
name = "counters"
record = "samples"
carrier = "Brightwater Fiber"
ban = "900-1"
rate = "octet_counters"
counter_bits = {bits}
{more}
[claims]
columns = ["Port", "Polled", "In", "Out"]
[time]
format = "epoch"
[columns]
circuit_id = "Port"
end = "Polled"
in = "In"
out = "Out"
"""
METERS = """
kind = "usage-mapping"
name = "meters"
record = "readings"
carrier = "Brightwater Rooms"
ban = "900-3"
{more}
[claims]
columns = ["Read"]
[time]
format = "epoch"
[columns]
at = "Read"
{columns}
"""


def make(text: str) -> Importer:
    (importer,) = usage_importers([text])
    return importer


def polled(importer: Importer, rows: list[tuple[int, int, int]]) -> ParsedDocument:
    lines = [f"xe-0,{at},{inward},{outward}" for at, inward, outward in rows]
    return read_with(importer, "ports.csv", "Port,Polled,In,Out\n" + "\n".join(lines) + "\n")


@given(
    st.sampled_from([32, 64]),
    st.integers(0, 2**64 - 1),
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), min_size=1, max_size=30),
)
def test_the_bins_of_a_counter_add_up_to_what_passed_whatever_turns(
    bits: int, first: int, traffic: list[tuple[int, int]]
) -> None:
    counters = [first, first // 3]
    rows = [(0, *(one % 2**bits for one in counters), -1, 1)]
    for place, octets in enumerate(traffic, start=1):
        counters = [before + more for before, more in zip(counters, octets, strict=True)]
        rows.append((300 * place, *(one % 2**bits for one in counters), -1, place + 1))
    bins, notes = count_bins(rows, bits, 300, 0)
    assert [(bin_[1], bin_[2]) for bin_ in bins] == traffic
    assert [bin_[0] for bin_ in bins] == [300 * place for place in range(1, len(traffic) + 1)]
    assert not notes.gaps
    assert not notes.restarts


@given(st.lists(st.sampled_from([60, 300, 300, 290, 310, 600, 3000]), min_size=1, max_size=40), st.data())
def test_no_bin_reaches_over_a_gap_and_none_is_invented(steps: list[int], data: st.DataObject) -> None:
    at, counter, rows = 0, 0, [(0, 0, 0, -1, 1)]
    for place, step in enumerate(steps, start=2):
        at, counter = at + step, counter + data.draw(st.integers(0, 10**9))
        rows.append((at, counter, counter, -1, place))
    bins, notes = count_bins(rows, 64, 300, 0)
    moments = {row[0]: row[1] for row in rows}
    spans = [(end, octets) for end, octets, _, _ in bins]
    ends = sorted([0, *(end for end, _ in spans), *(later for _, later in notes.gaps)])
    for end, octets in spans:
        begin = max(one for one in ends if one < end)
        assert end - begin <= 450
        assert octets == moments[end] - moments[begin]
    assert all(later - earlier > 450 for earlier, later in notes.gaps)


def test_a_counter_that_turned_is_counted_and_one_that_began_anew_is_told() -> None:
    importer = make(COUNTERS.format(bits=64, more=""))
    document = polled(importer, [(0, 2**64 - 10, 5), (300, 90, 6), (600, 80, 7), (900, 180, 9)])
    (batch,) = document.samples
    assert (batch.ended, batch.octets_in, batch.octets_out) == ((300, 900), (100, 100), (1, 2))
    assert [code for code, _, _ in told(document)] == ["rows-counted", "counter-reset", "counter-turned"]
    assert document.issues[1].source.row == 4


def test_a_fall_that_the_port_cannot_have_carried_is_a_restart() -> None:
    slow = make(COUNTERS.format(bits=32, more="port_mbits = 100"))
    rows = [(0, 1_000_000_000, 0), (300, 900_000_000, 0)]
    assert polled(slow, rows).samples == ()
    fast = make(COUNTERS.format(bits=32, more=""))
    assert polled(fast, rows).samples[0].octets_in == (2**32 - 100_000_000,)


def test_a_gap_is_told_and_not_filled() -> None:
    document = polled(make(COUNTERS.format(bits=64, more="")), [(0, 0, 0), (300, 5, 5), (1500, 25, 25), (1800, 30, 30)])
    assert document.samples[0].ended == (300, 1800)
    assert "1970-01-01T00:05:00Z to 1970-01-01T00:25:00Z" in document.issues[-1].message


def test_ports_side_by_side_are_read_by_their_columns_and_an_empty_cell_is_no_sample() -> None:
    text = COUNTERS.format(bits=64, more="").replace("octet_counters", "octets").replace('circuit_id = "Port"\n', "")
    text = text.replace('in = "In"\nout = "Out"\n', "").replace('"Port", "Polled", "In", "Out"', '"Polled", "A in"')
    ports = "".join(f'[[ports]]\ncircuit_id = "xe-{n}"\nin = "{n} in"\nout = "{n} out"\n' for n in "AB")
    content = "Polled,A in,A out,B in,B out\n300,1,2,3,4\n600,5,6,,\n"
    document = read_with(make(text + ports), "ports.csv", content)
    (batch,) = document.samples
    assert list(zip(batch.circuit_id, batch.ended, batch.octets_in, batch.octets_out, strict=True)) == [
        ("xe-A", 300, 1, 2),
        ("xe-B", 300, 3, 4),
        ("xe-A", 600, 5, 6),
    ]


def test_a_register_that_began_again_and_one_that_was_changed_are_told() -> None:
    importer = make(METERS.format(more='register = "100000"', columns='circuit_id = "Meter"\nvalue = "kWh"'))
    rows = "1,M-1,99990.5\n2,M-1,20.25\n3,M-1,50\n4,M-1,10\n"
    document = read_with(importer, "meters.csv", "Read,Meter,kWh\n" + rows)
    (batch,) = document.readings
    assert (batch.kind, batch.value) == (
        ReadingKind.ENERGY,
        tuple(map(Decimal, ("99990.50", "20.25", "50.00", "10.00"))),
    )
    assert told(document)[1:] == [("meter-turned", "", 3), ("meter-ran-back", "", 5)]


@pytest.mark.parametrize(
    ("more", "columns", "cells", "value"),
    [
        ('unit = "mwh"', 'circuit_id = "Meter"\nvalue = "V"', "1.5", "1500.00"),
        ('unit = "kw"\nfactor = "40"', 'circuit_id = "Meter"\nvalue = "V"', "0.105", "4.20"),
        ('unit = "amps"', 'circuit_id = "Meter"\nvalue = "V"\nvolts = { value = "230" }', "12.5", "2.875"),
        ('unit = "w"', 'circuit_id = "Meter"\nvalue = "V"', "1234", "1.234"),
    ],
)
def test_readings_become_kwh_and_kw_exactly(more: str, columns: str, cells: str, value: str) -> None:
    document = read_with(make(METERS.format(more=more, columns=columns)), "m.csv", f"Read,Meter,V\n1,M-1,{cells}\n")
    assert document.readings[0].value == (Decimal(value),)


@pytest.mark.parametrize("cells", ["-1", "1e3", "0.00000000001", "", "12.3.4", "\u0663"])
def test_what_is_no_exact_reading_is_left_out_with_its_reason(cells: str) -> None:
    text = METERS.format(more='most_rejected_percent = "60"', columns='circuit_id = "Meter"\nvalue = "V"')
    document = read_with(make(text), "m.csv", f"Read,Meter,V\n1,M-1,5\n2,M-1,{cells}\n")
    assert document.readings[0].at == (1,)
    (rejected,) = document.rejected
    assert (rejected.row, rejected.text) == (3, f"2,M-1,{cells}")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("counter_bits = 64", "counter_bits = 48", "counter_bits"),
        ('in = "In"\n', "", "columns.in"),
        ("[columns]", '[[ports]]\ncircuit_id = "x"\nin = "a"\nout = "b"\n[columns]', "columns.circuit_id"),
        ("[columns]", "[rows]\nskip = { Port = [1] }\n[columns]", "rows.skip.Port"),
        ("[columns]", '[shape]\ncells = "many"\n[columns]', "shape.cells"),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_key(old: str, new: str, key: str) -> None:
    text = COUNTERS.format(bits=64, more="")
    assert old in text
    with pytest.raises(MappingFault) as caught:
        make(text.replace(old, new))
    assert caught.value.key == key
