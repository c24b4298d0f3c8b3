"""What a bill says as a whole: fields from columns, summary cells, other sheets and the mapping itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import DocumentKind
from app.importers.tabular.cells import Cell, header_key, read_text
from app.importers.tabular.fields import FieldSpec, make_period, round_half_even, to_amount, to_date, to_period
from app.importers.tabular.header import check_columns, find_header
from app.importers.tabular.hidden import tell_hidden
from app.importers.tabular.issues import IssueList, like
from app.importers.tabular.mapping import ROW_FIELDS, BillMapping
from app.importers.tabular.sheets import Grid, Sheet
from app.importers.values import BadValue

Found = tuple[Cell, Source]


@dataclass(slots=True)
class StatedFields:
    """What the rows of one bill say of it: cells of header columns, and amounts of rows that are no charges."""

    cells: dict[str, Found] = field(default_factory=dict)
    amounts: dict[str, tuple[Decimal, Source]] = field(default_factory=dict)

    def keep(self, name: str, cell: Cell, source: Source) -> tuple[str, Source] | None:
        """Keep the first value of a field; return what was said before where `cell` says something else."""
        first = self.cells.setdefault(name, (cell, source))
        return (read_text(first[0]), first[1]) if first[0] != cell else None

    def add_amount(self, name: str, value: Decimal, source: Source) -> None:
        """Add an amount to a field that several rows may state."""
        before, first = self.amounts.get(name, (ZERO, source))
        self.amounts[name] = (before + value, first)


class HeadReader:
    """Reads the fields of bills as a whole. `first_header` is the row of the first header of charges."""

    def __init__(self, mapping: BillMapping, grid: Grid, issues: IssueList) -> None:
        self.mapping, self.grid, self.issues = mapping, grid, issues
        self.first_header = 1_048_577
        self._told: set[str] = set()

    def find_sheet(self, name: str) -> Sheet | None:
        """The sheet `name`, or the first visible one where no name is given. What of it is hidden is told, once."""
        if not name:
            found = self.grid.sheets[0] if self.grid.sheets else None
        else:
            every = (*self.grid.sheets, *self.grid.unseen)
            found = next((sheet for sheet in every if header_key(sheet.name) == header_key(name)), None)
        if found is not None and found.name not in self._told:
            self._told.add(found.name)
            tell_hidden(found, self.issues)
        return found

    def tell_unread(self, is_like: Callable[[Sheet], bool]) -> None:
        """Warn of each visible sheet that was not read though it is like one that was."""
        fields = self.mapping.invoice.values() if self.mapping.fixed is not None else ()
        known = self._told | {spec.sheet for spec in fields}  # the record with the sum has the columns of the others
        for sheet in self.grid.sheets:
            if sheet.name not in known and is_like(sheet):
                message = f"The sheet '{sheet.name}' has the columns of the charges too, and was not read."
                remedy = f"If it belongs to the bill, name it under [[charges]] in the mapping '{self.mapping.name}'."
                self.issues.warn("sheet-not-read", message, remedy, Source(sheet=sheet.name))

    def report_sheet(self, name: str) -> None:
        """The error that a sheet is missing."""
        names = [sheet.name for sheet in self.grid.sheets]
        message = f"The sheet '{name or '(any)'}' is missing; there are {', '.join(names) or 'none'}."
        meant = like(name, names)
        rename = f"Rename '{meant}' to '{name}' in the file" if meant else "Look whether this is the right file"
        self.issues.error("sheet-missing", message, f"{rename}, or change it in the mapping '{self.mapping.name}'.")

    def build(
        self,
        number: str,
        charges: tuple[ParsedCharge, ...],
        period: Period | None,
        stated: StatedFields,
        rounding: Decimal = ZERO,
    ) -> ParsedInvoice | None:
        """The bill, None where a field it needs could not be read (an issue says which). `rounding` is by what the sum
        of the charges, each rounded, falls short of their exact sum, rounded once."""
        sources: dict[str, Source] = {}
        texts = {name: self._text(name, number, stated, sources) for name in ("ban", "currency", "corrects", "kind")}
        printed = number or self._text("number", number, stated, sources)
        if not printed:
            self._missing("number")
        bill_date = self._date("bill_date", number, stated, sources)
        due_date = self._date("due_date", number, stated, sources)
        currency = texts["currency"] or self.mapping.currency
        amounts = {name: self._amount(name, number, stated, sources, currency) for name in ROW_FIELDS}
        kind = self._kind(texts["kind"], sources)
        if not printed or bill_date is None or kind is None:
            return None
        rounding += amounts["rounding"] or ZERO
        billed = sum((charge.amount for charge in charges), ZERO) + rounding
        current = billed if amounts["current_charges"] is None else amounts["current_charges"]
        previous, payments = amounts["previous_balance"] or ZERO, amounts["payments_applied"] or ZERO
        due = current + previous + payments if amounts["total_due"] is None else amounts["total_due"]
        if period is not None and (place := stated.cells.get("period_start") or stated.cells.get("period")):
            sources["billing_period"] = place[1]
        return ParsedInvoice(
            carrier=self.mapping.carrier,
            number=printed,
            bill_date=bill_date,
            currency=currency,
            current_charges=current,
            total_due=due,
            charges=charges,
            kind=kind,
            ban=texts["ban"],
            billing_period=period,
            due_date=due_date,
            previous_balance=previous,
            payments_applied=payments,
            net_total=amounts["net_total"],
            tax_total=amounts["tax_total"],
            rounding=rounding,
            corrects=texts["corrects"],
            sources=sources,
        )

    def find_currency(self, number: str) -> str:
        """The currency that the mapping names, or the place beside the rows that it names; "" where none is found."""
        spec = self.mapping.invoice.get("currency")
        found = self._find("currency", number, StatedFields()) if spec is not None and not spec.in_rows else None
        return str(found[0]) if found is not None else self.mapping.currency

    def read_period(self, number: str, stated: StatedFields) -> Period | None:
        """The billing period, None where the mapping names none or it could not be read."""
        specs, form = self.mapping.invoice, self.mapping.form
        found = {name: self._find(name, number, stated) for name in ("period", "period_start", "period_end")}
        whole, first, last = found["period"], found["period_start"], found["period_end"]
        source = next((place[1] for place in found.values() if place is not None), Source())
        try:
            if whole is not None:
                return to_period(whole[0], specs["period"], form)
            if first is not None and last is not None:
                start = to_date(first[0], specs["period_start"], form)
                return make_period(start, to_date(last[0], specs["period_end"], form), form)
        except BadValue as fault:
            self._report(fault, "the billing period", source)
        return None

    def _kind(self, said: str, sources: dict[str, Source]) -> DocumentKind | None:
        if not said:
            return DocumentKind.INVOICE
        meant = self.mapping.invoice["kind"].values.get(header_key(said), header_key(said).replace(" ", "_"))
        try:
            return DocumentKind(meant)
        except ValueError:
            message = f"It is not known what kind of document '{said}' is."
            remedy = (
                f"Add it under invoice.kind.values in the mapping '{self.mapping.name}', as invoice or credit_note."
            )
            self.issues.error("unknown-kind", message, remedy, sources.get("kind"))
            return None

    def _text(self, name: str, number: str, stated: StatedFields, sources: dict[str, Source]) -> str:
        found = self._find(name, number, stated)
        if found is None:
            return ""
        sources[name] = found[1]
        try:
            return read_text(found[0])
        except BadValue as fault:
            self._report(fault, self.mapping.invoice[name].describe(), found[1])
            return ""

    def _date(self, name: str, number: str, stated: StatedFields, sources: dict[str, Source]) -> date | None:
        found = self._find(name, number, stated)
        if found is None:
            return None
        sources[name] = found[1]
        try:
            return to_date(found[0], self.mapping.invoice[name], self.mapping.form)
        except BadValue as fault:
            self._report(fault, self.mapping.invoice[name].describe(), found[1])
            return None

    def _amount(
        self, name: str, number: str, stated: StatedFields, sources: dict[str, Source], currency: str
    ) -> Decimal | None:
        if name in stated.amounts:
            value, sources[name] = stated.amounts[name]
            return value
        found = self._find(name, number, stated)
        if found is None:
            return None
        sources[name] = found[1]
        try:
            form = self.mapping.form
            return round_half_even(to_amount(found[0], self.mapping.invoice[name], form, currency), form.places)
        except BadValue as fault:
            self._report(fault, self.mapping.invoice[name].describe(), found[1])
            return None

    def _find(self, name: str, number: str, stated: StatedFields) -> Found | None:
        """The cell that holds field `name` of the bill; an issue where it must be there and is not."""
        spec = self.mapping.invoice.get(name)
        if spec is None:
            return None
        if spec.value is not None:
            return spec.value, Source()
        if spec.in_rows:
            found = stated.cells.get(name)
        elif spec.columns:
            found = self._find_matching(spec, number)
        else:
            found = self._find_beside(spec)
        if (found is None or found[0] == "") and not spec.optional:
            self._missing(name)
        return found if found is not None and found[0] != "" else None

    def _missing(self, name: str) -> None:
        spec = self.mapping.invoice[name]
        message = f"The bill's {name.replace('_', ' ')} was not found: {spec.describe()} is empty or missing"
        message += f" in the sheet '{spec.sheet}'." if spec.sheet else "."
        remedy = (
            f"Fill it in, or change invoice.{name} in the mapping '{self.mapping.name}' (optional = true lets it miss)."
        )
        self.issues.error("field-missing", message, remedy, Source(sheet=spec.sheet))

    def _find_beside(self, spec: FieldSpec) -> Found | None:
        """The cell named, or the next filled one right of a label."""
        sheet = self.find_sheet(spec.sheet)
        if sheet is None:
            self.report_sheet(spec.sheet)
            return None
        if spec.cell is not None:
            number, column = spec.cell
            row = next((row for row in sheet.rows if row.number == number), None)
            return (row.cells[column - 1], sheet.source(row)) if row and column <= len(row.cells) else None
        wanted = _label_key(spec.label)
        found: list[Found] = []
        for row in sheet.rows:
            if not spec.sheet and row.number >= self.first_header:
                break
            for place, cell in enumerate(row.cells):
                if not isinstance(cell, str):
                    continue
                if _label_key(cell) == wanted:
                    beside = next((other for other in row.cells[place + 1 :] if other != ""), "")
                    found.append((beside, sheet.source(row)))
                elif _label_key(cell.partition(":")[0]) == wanted and cell.partition(":")[2].strip():
                    found.append((cell.partition(":")[2].strip(), sheet.source(row)))
        if len({cell for cell, _source in found}) > 1:
            places = " and ".join(source.describe() for _cell, source in found[:3])
            message = f"The label '{spec.label}' is there more than once with different values: {places}."
            self.issues.error(
                "label-twice", message, f"Name the cell in the mapping '{self.mapping.name}' instead.", found[0][1]
            )
        return found[0] if found else None

    def _find_matching(self, spec: FieldSpec, number: str) -> Found | None:
        """The cell of another sheet's column in the row that names the bill; without `match` what its rows agree on."""
        sheet = self.find_sheet(spec.sheet)
        if sheet is None:
            self.report_sheet(spec.sheet)
            return None
        columns = (*spec.columns, spec.match) if spec.match else spec.columns
        header = find_header(sheet.name, sheet.rows, columns)
        if header is None:
            return None
        check_columns(header, columns, self.issues, f"the name in the mapping '{self.mapping.name}'")
        found: Found | None = None
        for row in sheet.rows:
            if row.number > header.row.number:
                cell = header.cell(row, spec.columns[0])
                if spec.match:
                    if _says(header.cell(row, spec.match), number):
                        return cell, sheet.source(row)
                elif found is None and cell != "":
                    found = cell, sheet.source(row)
                elif found is not None and cell not in ("", found[0]):
                    message = f"{spec.describe()[0].upper()}{spec.describe()[1:]} says two things: "
                    message += f"{found[1].describe()} and {sheet.source(row).describe()} differ."
                    remedy = (
                        f"Name the column that tells the bills apart as match in the mapping '{self.mapping.name}'."
                    )
                    self.issues.error("contradiction", message, remedy, sheet.source(row))
                    return found
        return found

    def _report(self, fault: BadValue, what: str, source: Source) -> None:
        remedy = f"Correct the cell, or the format in the mapping '{self.mapping.name}'."
        self.issues.error("bad-value", f"{what[0].upper()}{what[1:]}: {fault}", remedy, source)


def _says(cell: Cell, number: str) -> bool:
    try:
        return read_text(cell) == number
    except BadValue:  # digits that are lost are no bill's number
        return False


def _label_key(printed: str) -> str:
    return header_key(printed).rstrip(": ")
