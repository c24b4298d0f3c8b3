"""The importer of one PDF layout: text, header, charges, and the invoice that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from app.domain.money import ZERO, round_amount
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.period import Period
from app.domain.source import ParseIssue
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.errors import BugError
from app.importers.faults import ImageOnly
from app.importers.ocr.mixed import tell_pictured
from app.importers.pdf.declare import read_layouts
from app.importers.pdf.drift import check_anchors
from app.importers.pdf.header import Header, find_currency, make_period, read_header
from app.importers.pdf.layout import Layout
from app.importers.pdf.pages import read_lines
from app.importers.pdf.revisions import tell_revisions
from app.importers.pdf.sections import Draft, read_charges
from app.importers.pdf.tables import read_tables
from app.importers.pdf.text import Line
from app.importers.registry import DocumentHead
from app.importers.values import BadValue, parse_amount, parse_date, parse_rate
from app.importers.verify import explain_rounding


def pdf_importers(texts: Sequence[str]) -> tuple[PdfImporter, ...]:
    """One importer for each PDF layout among the TOML `texts`; raises LayoutFault."""
    return tuple(PdfImporter(layout) for layout in read_layouts(texts))


@dataclass(frozen=True, slots=True)
class PdfImporter:
    """Reads the bills that one layout describes."""

    layout: Layout

    @property
    def name(self) -> str:
        return f"pdf:{self.layout.name}"

    def claims(self, head: DocumentHead) -> bool:
        """Not where an e-invoice travels inside: that says the same in exact figures."""
        return head.media == "pdf" and not head.attachment and self.layout.is_claimed_by(head.text)

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        if head.media == "image":  # a person has chosen this layout for a picture, whose text is recognised next
            raise ImageOnly(name=head.name, pages=1)
        pages: list[int] = []
        lines, issues = read_lines(head.name, content, lambda page, _total: pages.append(page))
        words = dict.fromkeys(pages, 0)
        for line in lines:
            words[line.page] += len(line)
        issues += tell_pictured(head.name, content, words)
        issues += tell_revisions(head.name, content)
        return read_from_lines(self.layout, self.name, lines, issues)


def read_from_lines(
    layout: Layout, name: str, lines: Sequence[Line], issues: Sequence[ParseIssue], *, lenient: bool = False
) -> ParsedDocument:
    """What `layout` reads from the lines of a bill, however these were found: in its text, or in its picture.

    `name` is the importer's; `issues` are those that are known already. With an ERROR among all issues there is no
    invoice. `lenient`, for a picture, makes questions (REVIEW) of faults that leave number, date and total standing.
    """
    header = read_header(layout, lines, lenient=lenient)
    drafts, unread = read_charges(layout, lines)
    tabled, faults = read_tables(layout, lines, find_currency(layout, header))
    charges, unreadable = _make_charges(layout, [*drafts, *tabled], header)
    if lenient:
        unreadable = [_as_question(issue) for issue in unreadable]
    found = [*issues, *check_anchors(layout, lines), *header.issues, *unread, *faults, *unreadable]
    if any(issue.severity is Severity.ERROR for issue in found):
        return ParsedDocument(name, issues=tuple(found))
    invoice, notes = _make_invoice(layout, header, charges, _is_credit_note(layout, lines))
    return ParsedDocument(name, invoices=(invoice,), issues=(*found, *notes))


def _as_question(issue: ParseIssue) -> ParseIssue:
    """The fault of a charge that stays out, as what a person is asked about the bill that is held."""
    return replace(issue, severity=Severity.REVIEW) if issue.severity is Severity.ERROR else issue


def _make_charges(
    layout: Layout, drafts: Sequence[Draft], header: Header
) -> tuple[list[ParsedCharge], list[ParseIssue]]:
    charges: list[ParsedCharge] = []
    issues: list[ParseIssue] = []
    taxed = 0
    for draft in drafts:
        try:
            charge = _make_charge(layout, draft, header, issues)
        except BadValue as fault:
            message = f"The amount of '{draft.groups.get('description', '')[:60]}' cannot be read: {fault}"
            remedy = f"Compare it with the page; '{draft.section.name}' in the layout {layout.name} reads it."
            issues.append(ParseIssue(Severity.ERROR, "bad-amount", message, remedy, draft.source))
            continue
        if charge.amount == 0 and draft.rule.skip_zero:
            continue
        charges.append(charge)
        taxed += _tax_percent(layout, draft) is not None
    if not charges and header.amounts.get("total_due", ZERO) != 0:
        message = "No charge was found on the bill."
        remedy = f"Compare the page with the tables of the layout {layout.name}: the carrier may have changed it."
        issues.append(ParseIssue(Severity.ERROR, "no-charges", message, remedy))
    if taxed:
        message = f"{taxed} charges are printed with their tax included; it was taken out of their amounts."
        remedy = "Nothing needs to be done; the tax stands as a charge of its own."
        issues.append(ParseIssue(Severity.INFO, "tax-taken-out", message, remedy))
    return charges, issues


def _make_charge(layout: Layout, draft: Draft, header: Header, issues: list[ParseIssue]) -> ParsedCharge:
    """The charge; an unreadable amount raises BadValue, any other unreadable value becomes a WARNING and stays out."""
    groups, form = draft.groups, layout.number_format
    currency = find_currency(layout, header)
    amount = parse_amount(groups["amount"], form, currency=currency)
    if draft.rule.negative:
        amount = -abs(amount)
    percent = _tax_percent(layout, draft)
    if percent is not None:
        amount = round_amount(amount * 100 / (100 + percent))
    numbers: dict[str, Decimal | None] = {"quantity": None, "unit_price": None}
    for name in numbers:
        try:
            of = currency if name == "unit_price" else ""
            numbers[name] = parse_rate(groups[name], form, currency=of) if groups.get(name) else None
        except BadValue as fault:
            issues.append(_unreadable(draft, name, fault))
    period = None
    try:
        period = _read_period(layout, draft, header)
    except BadValue as fault:
        issues.append(_unreadable(draft, "period", fault))
    description = groups.get("description") or draft.section.name
    code, charge_type = _classify(layout, draft, description)
    return ParsedCharge(
        description=description,
        amount=amount,
        source=draft.source,
        charge_type=charge_type,
        code=code,
        quantity=numbers["quantity"],
        unit=groups.get("unit", ""),
        unit_price=numbers["unit_price"],
        period=period,
        circuit_id=groups.get("circuit_id", ""),
        tn=groups.get("tn", ""),
        location=groups.get("location", ""),
    )


def _tax_percent(layout: Layout, draft: Draft) -> Decimal | None:
    printed = draft.groups.get("tax_percent")
    return parse_rate(printed, layout.number_format) if printed else draft.rule.tax_percent


def _read_period(layout: Layout, draft: Draft, header: Header) -> Period | None:
    first, last = draft.groups.get("period_start"), draft.groups.get("period_end")
    billing = header.period
    if not first and not last:
        return billing if draft.section.in_billing_period else None
    near = billing.last if billing is not None else header.dates.get("bill_date")
    end = _read_date(layout, last or first or "", near)
    start = _read_date(layout, first or last or "", end)
    return make_period(start, end, layout.period_end if first and last else "inclusive")


def _read_date(layout: Layout, text: str, near: date | None) -> date:
    return _parse_date(text, layout.date_formats, layout.language, near)


@lru_cache(maxsize=4096)
def _parse_date(text: str, formats: tuple[str, ...], language: str, near: date | None) -> date:
    """As parse_date; the charges of a bill print the same few dates again and again."""
    return parse_date(text, formats, language=language, near=near)


def _classify(layout: Layout, draft: Draft, description: str) -> tuple[str, ChargeType | None]:
    """Code and charge type: by the line's own rule, then the code, then the description, then the section."""
    found = next((rule for rule in layout.charge_rules if rule.pattern.search(description)), None)
    code = draft.groups.get("code", "") or (found.code if found else "")
    named = draft.rule.charge_type or layout.charge_codes.get(code) or (found.charge_type if found else None)
    return code, named or draft.section.charge_type


def _unreadable(draft: Draft, name: str, fault: BadValue) -> ParseIssue:
    words = name.replace("_", " ")
    message = f"The {words} of '{draft.groups.get('description', '')[:60]}' cannot be read and is left out: {fault}"
    remedy = "Compare it with the page; the layout's formats may not be those that the carrier prints."
    return ParseIssue(Severity.WARNING, f"bad-{words.replace(' ', '-')}", message, remedy, draft.source)


def _charge_tax(layout: Layout, header: Header, amounts: Mapping[str, Decimal]) -> list[ParsedCharge]:
    """The printed total of taxes as a charge, where the layout says that no line of the bill shows it."""
    rule = next((one for one in layout.fields if one.charge and amounts.get(one.name, ZERO) != 0), None)
    if rule is None:
        return []
    words = rule.label.rstrip(" :") or "Tax"
    return [ParsedCharge(words, amounts[rule.name], header.sources[rule.name], charge_type=ChargeType.TAX)]


def _is_credit_note(layout: Layout, lines: Sequence[Line]) -> bool:
    return any(pattern.search(line.text) for pattern in layout.credit_note for line in lines if line.page == 1)


def _make_invoice(
    layout: Layout, header: Header, charges: list[ParsedCharge], credit_note: bool
) -> tuple[ParsedInvoice, list[ParseIssue]]:
    amounts, bill_date = header.amounts, header.dates.get("bill_date")
    if bill_date is None:
        raise BugError("a header without a bill date went through")
    if credit_note and layout.credit_note_negate:
        amounts = {name: -amount for name, amount in amounts.items()}
        charges = [replace(charge, amount=-charge.amount) for charge in charges]
    previous, applied = amounts.get("previous_balance", ZERO), amounts.get("payments_applied", ZERO)
    charges = [*charges, *_charge_tax(layout, header, amounts)]
    net, tax, rounding = amounts.get("net_total"), amounts.get("tax_total"), amounts.get("rounding", ZERO)
    notes = []
    if net is not None:
        explained, note = explain_rounding(charges, net)
        rounding += explained
        if note is not None:
            notes.append(replace(note, source=header.sources["net_total"]))
    current = amounts.get("current_charges")
    if current is None:
        current = amounts["total_due"] - previous - applied
    ban = header.texts.get("ban", "")
    invoice = ParsedInvoice(
        carrier=header.texts.get("carrier") or layout.carrier,
        number=header.texts.get("number") or f"{ban}-{bill_date:%Y%m%d}".strip("-"),
        bill_date=bill_date,
        currency=find_currency(layout, header),
        current_charges=current,
        total_due=amounts["total_due"],
        charges=tuple(charges),
        kind=DocumentKind.CREDIT_NOTE if credit_note else DocumentKind.INVOICE,
        ban=ban,
        billing_period=header.period,
        due_date=header.dates.get("due_date"),
        previous_balance=previous,
        payments_applied=applied,
        net_total=net,
        tax_total=tax,
        rounding=rounding,
        corrects=header.texts.get("corrects", ""),
        sources=header.sources,
    )
    return invoice, notes
