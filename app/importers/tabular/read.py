"""A table read as bills, by a mapping: rows to charges, charges to bills. Faults become issues with their place."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext

from app.domain.money import EXACT
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType
from app.importers.tabular.cells import header_key, read_text
from app.importers.tabular.fields import FieldSpec, round_half_even
from app.importers.tabular.header import Header, check_columns, find_header
from app.importers.tabular.heads import HeadReader, StatedFields
from app.importers.tabular.issues import IssueList
from app.importers.tabular.mapping import SKIP, BillMapping, ChargeSection, RowRule
from app.importers.tabular.rows import RowReader
from app.importers.tabular.sheets import Grid, Row, Sheet
from app.importers.tabular.sides import tell_unread_sides
from app.importers.tabular.sums import SumWatch
from app.importers.values import BadValue

MOST_ROWS = 400_000  # of charges: what one answer of a child holds, and what it reads in its time
_TEXTS = ("description", "code", "unit", "circuit_id", "tn", "location")


@dataclass(slots=True)
class _Bill:
    """One bill while its rows are read."""

    charges: list[ParsedCharge] = field(default_factory=list)
    stated: StatedFields = field(default_factory=StatedFields)
    without_period: list[int] = field(default_factory=list)  # places of charges that take the bill's period
    lost: Decimal = Decimal(0)  # what rounding has taken off the charges
    sums: SumWatch = field(default_factory=SumWatch)


def read_bills(mapping: BillMapping, grid: Grid) -> tuple[tuple[ParsedInvoice, ...], tuple[ParseIssue, ...]]:
    """The bills in `grid` and what is wrong with it. With an ERROR among the issues there are no bills."""
    reader = _BillReader(mapping, grid)
    invoices = reader.read()
    return (() if reader.issues.refused else invoices), reader.issues.close()


class _BillReader:
    def __init__(self, mapping: BillMapping, grid: Grid) -> None:
        self.mapping, self.grid = mapping, grid
        self.issues = IssueList()
        for issue in grid.issues:
            self.issues.add(issue)
        self.bills: dict[str, _Bill] = {}
        self.heads = HeadReader(mapping, grid, self.issues)
        self.told_rounding = False
        self.currencies: dict[str, str] = {}  # by number of the bill, where no column of the rows tells it

    def read(self) -> tuple[ParsedInvoice, ...]:
        """All bills, in the order of their first rows."""
        for section in self.mapping.sections:
            self._read_section(section)
        if not self.bills and not self.issues.refused:
            remedy = "Look whether the file is complete, and whether the mapping skips rows that are charges."
            self.issues.error("no-charges", "No charges were found below the header.", remedy)
        if self.issues.refused:
            return ()
        self.heads.tell_unread(self._is_like)
        built = [self._build(number, bill) for number, bill in self.bills.items()]
        return tuple(invoice for invoice in built if invoice is not None)

    def _read_section(self, section: ChargeSection) -> None:
        sheet = self.heads.find_sheet(section.sheet)
        if sheet is None:
            self.heads.report_sheet(section.sheet)
            return
        used = [name for name, _needed in self.mapping.used_columns(section)]
        header = find_header(sheet.name, sheet.rows, used, section.header_row)
        if header is None:
            message = f"No row with the columns of the charges was found; wanted are {', '.join(dict.fromkeys(used))}."
            remedy = f"Look whether this is the right file, or change the columns in the mapping '{self.mapping.name}'."
            self.issues.error("no-header", message[:2000], remedy, Source(sheet=sheet.name))
            return
        where = f"the name in the mapping '{self.mapping.name}'"
        check_columns(header, self.mapping.wanted_columns(section), self.issues, where)
        if self.issues.refused:
            return
        if len(sheet.rows) > MOST_ROWS:
            message = f"The table has {len(sheet.rows):,} rows; of a bill at most {MOST_ROWS:,} are read at once."
            remedy = "Split the file, or import it as call records if its rows are calls."
            self.issues.error("too-large", message, remedy, Source(sheet=sheet.name))
            return
        self.heads.first_header = min(self.heads.first_header, header.row.number)
        below = [row for row in sheet.rows if row.number > header.row.number]
        for row in below:
            self._read_row(section, self._open_row(header, row))
        amount = section.columns.get("amount")
        if amount is not None and len(amount.columns) == 1:
            form, name = self.mapping.form.number, amount.columns[0]
            for issue in tell_unread_sides(header, below, name, used, form, sheet.name):
                self.issues.add(issue)

    def _is_like(self, sheet: Sheet) -> bool:
        """Whether the sheet, which no section reads, has rows below the columns of one."""
        for section in self.mapping.sections:
            header = find_header(sheet.name, sheet.rows, [name for name, _needed in self.mapping.used_columns(section)])
            wanted = set(map(header_key, self.mapping.wanted_columns(section)))
            if header is not None and wanted and wanted <= header.positions.keys():
                return any(row.number > header.row.number for row in sheet.rows)
        return False

    def _open_row(self, header: Header, row: Row) -> RowReader:
        """The row, with the currency that its amounts must be of."""
        opened = RowReader(header, row, self.mapping.form, self.issues, self.mapping.name)
        currency = ""
        with suppress(BadValue):  # told when the row's fields are read
            specs = self.mapping.invoice
            if (spec := specs.get("currency")) is not None and spec.in_rows:
                currency = read_text(opened.cell(spec))
            if not currency:
                number = read_text(opened.cell(specs["number"])) if specs["number"].in_rows else ""
                currency = self._currency_of(number)
        return replace(opened, currency=currency)

    def _currency_of(self, number: str) -> str:
        if number not in self.currencies:
            quiet = HeadReader(self.mapping, self.grid, IssueList())  # what it misses is told when the bill is made
            quiet.first_header = self.heads.first_header
            self.currencies[number] = quiet.find_currency(number)
        return self.currencies[number]

    def _read_row(self, section: ChargeSection, row: RowReader) -> None:
        try:
            rule = next((one for one in section.rules if one.fits(row.header.cell(row.row, one.column))), None)
        except BadValue as fault:
            row.report(fault, "the row")
            return
        if rule is not None and rule.use == SKIP:
            return
        number = ""
        if self.mapping.invoice["number"].in_rows:
            number = row.text(self.mapping.invoice["number"])
            if not number:
                message = "The row names no bill, because its number is empty."
                remedy = f"Fill it in, or skip such rows under charges.rows in the mapping '{self.mapping.name}'."
                self.issues.error("no-number", message, remedy, row.source)
                return
        bill = self.bills.setdefault(number, _Bill())
        self._state_fields(bill, row)
        if rule is None:
            self._read_charges(bill, section, row)
        else:
            self._state_amount(bill, section, rule, row)

    def _state_fields(self, bill: _Bill, row: RowReader) -> None:
        """Keep what the row says of its bill as a whole; a second, different word is an error."""
        for name, spec in self.mapping.invoice.items():
            if not spec.in_rows:
                continue
            try:
                cell = row.cell(spec)
                earlier = bill.stated.keep(name, cell, row.source) if cell != "" else None
                if earlier is not None:
                    message = (
                        f"The bill's {name.replace('_', ' ')} ({spec.describe()}) is '{read_text(cell)}' here, but "
                        f"'{earlier[0]}' in {earlier[1].describe()}."
                    )
                    remedy = "All rows of one bill must agree: mend the file, or skip the rows that are no part of it."
                    self.issues.error("contradiction", message, remedy, row.source)
            except BadValue as fault:
                row.report(fault, spec.describe())

    def _state_amount(self, bill: _Bill, section: ChargeSection, rule: RowRule, row: RowReader) -> None:
        columns = (rule.value,) if rule.value else section.columns["amount"].columns
        value = row.amount(FieldSpec(columns, negate=rule.negate))
        if value is not None:
            bill.stated.add_amount(rule.use, round_half_even(value, self.mapping.form.places), row.source)

    def _read_charges(self, bill: _Bill, section: ChargeSection, row: RowReader) -> None:
        """The charge of the row, and those of its further amount columns."""
        columns = section.columns
        texts = {name: row.text(columns[name]) if name in columns else "" for name in _TEXTS}
        common = ParsedCharge(
            description=texts["description"] or texts["code"],
            amount=Decimal(0),
            source=row.source,
            period=row.period(columns),
            circuit_id=texts["circuit_id"],
            tn=texts["tn"],
            location=texts["location"],
        )
        amount = row.amount(columns["amount"]) if "amount" in columns else None
        charge_type = None if amount is None else self._type(section, row, texts["code"], amount)
        if amount is not None:
            charge = replace(
                common,
                description=common.description or (charge_type.value if charge_type else "charge"),
                amount=amount,
                charge_type=charge_type,
                code=texts["code"],
                quantity=row.rate(columns.get("quantity")),
                unit=texts["unit"],
                unit_price=row.rate(columns.get("unit_price"), row.currency),
            )
            self._keep(bill, section, charge)
            place = row.place(columns["amount"].describe())
            bill.sums.take(charge.description, amount, place, row.source)
        for one in section.amounts:
            further = None
            if row.header.cell(row.row, one.column) != "":
                further = row.amount(FieldSpec((one.column,), negate=one.negate))
            if further:
                charge = replace(
                    common, description=one.description, amount=further, charge_type=one.charge_type, code=one.code
                )
                self._keep(bill, section, charge)

    def _keep(self, bill: _Bill, section: ChargeSection, charge: ParsedCharge) -> None:
        if charge.period is None and charge.charge_type in section.period_of_bill:
            bill.without_period.append(len(bill.charges))
        if self.mapping.form.rounded:
            exact = charge.amount
            charge = replace(charge, amount=round_half_even(exact, self.mapping.form.places))
            with localcontext(EXACT):
                bill.lost += exact - charge.amount
        bill.charges.append(charge)

    def _type(self, section: ChargeSection, row: RowReader, code: str, amount: Decimal) -> ChargeType | None:
        """The row's ChargeType by the first rule that knows it; an issue where none does."""
        rules = section.types
        said = row.text(FieldSpec((rules.column,))) if rules.column else ""
        found = rules.values.get(header_key(said)) or rules.codes.get(header_key(code))
        found = found or (rules.negative if amount < 0 else None) or rules.default
        if found is None and rules.told:
            what = f"'{said}' in column '{rules.column}'" if rules.column else f"the charge code '{code}'"
            key = f"charges.types.{'values' if rules.column else 'codes'}"
            remedy = f"Add it under {key} in the mapping '{self.mapping.name}', as one of {', '.join(ChargeType)}."
            message = f"It is not known what type of charge {what} means."
            self.issues.error("unknown-charge-type", message, remedy, row.source)
        return found

    def _build(self, number: str, bill: _Bill) -> ParsedInvoice | None:
        period = self.heads.read_period(number, bill.stated)
        for place in bill.without_period:
            bill.charges[place] = replace(bill.charges[place], period=period)
        rounding = round_half_even(bill.lost, self.mapping.form.places)
        if bill.lost and not self.told_rounding:
            self.told_rounding = True
            places = self.mapping.form.places
            what = f"Amounts have more than {places} decimals: each was rounded to {places}, and their exact sum once."
            self.issues.tell("amounts-rounded", what)
        invoice = self.heads.build(number, tuple(bill.charges), period, bill.stated, rounding)
        if not {"current_charges", "total_due"} & {*bill.stated.amounts, *(invoice.sources if invoice else ())}:
            bill.sums.tell(self.issues, self.mapping.name)  # else the bill's own total tells whether it is one
        return invoice
