"""One row of usage, read strictly: whose it is, whether it counts, and its values as whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.domain.money import RATE_SCALE, to_scaled
from app.importers.tabular.cells import Cell, header_key, read_rate, read_text
from app.importers.usage.amounts import COUNTERS, read_charge, read_counter, read_duration, read_octets, read_reading
from app.importers.usage.call_sink import Call, Owner
from app.importers.usage.mapping import UsageMapping
from app.importers.values import BadValue

Cells = Sequence[Cell]
_SIGNED = 1 << 63


class RowValues:
    """Reads rows by a mapping whose columns stand at `positions` (by header key)."""

    def __init__(self, mapping: UsageMapping, positions: Mapping[str, int]) -> None:
        self.mapping = mapping
        self.places = {
            name: [positions[header_key(column)] for column in spec.columns if header_key(column) in positions]
            for name, spec in mapping.columns.items()
        }
        self._ports = [
            (port.circuit_id, [positions[header_key(column)] for column in port.columns]) for port in mapping.ports
        ]
        self._only = [(positions[header_key(name)], texts) for name, texts in mapping.rows.only]
        self._skip = [(positions[header_key(name)], texts) for name, texts in mapping.rows.skip]

    @property
    def judged(self) -> list[int]:
        """The places of the columns that say whose a row is and whether it counts."""
        asked = [place for place, _ in (*self._only, *self._skip)]
        return list(dict.fromkeys([*asked, *self.places.get("carrier", []), *self.places.get("ban", [])]))

    def counts(self, cells: Cells) -> bool:
        """Whether the row is one that the mapping takes, by what its cells say of its kind; raises BadValue."""
        return all(header_key(read_text(_at(cells, place))) in texts for place, texts in self._only) and not any(
            header_key(read_text(_at(cells, place))) in texts for place, texts in self._skip
        )

    def is_unanswered(self, cells: Cells) -> bool:
        """Whether it is a call of 0 seconds that the mapping passes over."""
        if not self.mapping.rows.pass_unanswered:
            return False
        try:
            return read_duration(self._cell(cells, "seconds"), self.mapping.duration, self.mapping.form.number) == 0
        except BadValue:
            return False

    def owner(self, cells: Cells) -> Owner:
        """Carrier and account; raises BadValue where a cell that should tell them is empty."""
        owner = (
            self.mapping.carrier or read_text(self._cell(cells, "carrier")),
            self.mapping.ban or read_text(self._cell(cells, "ban")),
        )
        if not all(owner):
            raise BadValue(text="", why=f"the {'account' if owner[0] else 'carrier'} is empty")
        return owner

    def call(self, cells: Cells, row: int) -> Call:
        """The call in a row; raises BadValue."""
        mapping = self.mapping
        other = read_text(self._cell(cells, "other_party"))
        return (
            mapping.numbers.normalise(read_text(self._cell(cells, "tn"))),
            mapping.numbers.normalise_other(other),
            mapping.moment.read(self._cell(cells, "start")),
            read_duration(self._cell(cells, "seconds"), mapping.duration, mapping.form.number),
            read_charge(self._cell(cells, "billed"), mapping.form.number, mapping.currency),
            row,
        )

    def samples(self, cells: Cells, row: int) -> list[tuple[str, tuple[int, ...]]]:
        """Port, and moment, in, out, up time of counters, row of each sample in a row; raises BadValue."""
        mapping = self.mapping
        ended = mapping.moment.read(self._cell(cells, "end")) + (mapping.bin_seconds if mapping.stamped_at_start else 0)
        found: list[tuple[str, tuple[int, ...]]] = []
        if not mapping.ports:
            values = self._octets(self._cell(cells, "in"), self._cell(cells, "out"), cells)
            return [(_named(self._cell(cells, "circuit_id")), (ended, *values, row))]
        for circuit_id, (inward, outward) in self._ports:
            if _at(cells, inward) != "" or _at(cells, outward) != "":
                found.append((circuit_id, (ended, *self._octets(_at(cells, inward), _at(cells, outward), cells), row)))
        return found

    def readings(self, cells: Cells, row: int) -> list[tuple[str, tuple[int, ...]]]:
        """Meter, and moment, value at scale 10, row of each reading in a row; raises BadValue."""
        moment = self.mapping.moment.read(self._cell(cells, "at"))
        volts = self._volts(cells)
        if not self.mapping.ports:
            value = self._reading(self._cell(cells, "value"), volts)
            return [(_named(self._cell(cells, "circuit_id")), (moment, value, row))]
        return [
            (circuit_id, (moment, self._reading(_at(cells, place), volts), row))
            for circuit_id, (place,) in self._ports
            if _at(cells, place) != ""
        ]

    def _octets(self, inward: Cell, outward: Cell, cells: Cells) -> tuple[int, ...]:
        mapping = self.mapping
        if mapping.rate != COUNTERS:
            octets = (
                read_octets(cell, mapping.rate, mapping.bin_seconds, mapping.form.number) for cell in (inward, outward)
            )
            return tuple(octets)
        uptime = self._cell(cells, "uptime")
        up = -1 if uptime == "" else int(read_rate(uptime, mapping.form.number))
        counters = (read_counter(cell, mapping.counter_bits) for cell in (inward, outward))
        return (*(value - (1 << 64) if value >= _SIGNED else value for value in counters), up)

    def _reading(self, cell: Cell, volts: Decimal | None) -> int:
        mapping = self.mapping
        return to_scaled(read_reading(cell, mapping.unit, mapping.factor, volts, mapping.form.number), RATE_SCALE)

    def _volts(self, cells: Cells) -> Decimal | None:
        spec = self.mapping.columns.get("volts")
        if spec is None:
            return None
        return read_rate(self._cell(cells, "volts") if spec.columns else spec.value or "", self.mapping.form.number)

    def _cell(self, cells: Cells, name: str) -> Cell:
        """The row's cell of a field; several columns of one field are joined with a blank."""
        places = self.places.get(name, [])
        if len(places) == 1:
            return _at(cells, places[0])
        return " ".join(read_text(cells[place]) for place in places if place < len(cells))


def _at(cells: Cells, place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


def _named(cell: Cell) -> str:
    name = read_text(cell)
    if not name:
        raise BadValue(text="", why="the circuit ID is empty")
    return name
