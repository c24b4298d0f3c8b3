"""The dispute letter as PDF: one or two pages that a carrier's clerk can act on, and an annex that proves each amount.

Charges are listed account by account, because a carrier credits accounts. The annex replays the contract's arithmetic
step by step. The same data always gives the same bytes.
"""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Any

from app.domain.money import ZERO
from app.reports.fonts import markup, register_fonts
from app.reports.wording import amount, counted, in_words, listed, long_day, short_day

if TYPE_CHECKING:
    from app.reports.letter_data import LetterData, LetterItem, Party

_INK, _QUIET, _RULE, _BAND = "#1b2430", "#5b6776", "#c9d0d9", "#f2f5f8"
_MARGIN = 62


def write_letter(data: LetterData) -> bytes:
    """The PDF of the letter: US Letter for dollars, else A4."""
    from reportlab.lib.pagesizes import A4, LETTER
    from reportlab.platypus import SimpleDocTemplate

    register_fonts()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=LETTER if data.currency == "USD" else A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=48,
        bottomMargin=52,
        title=f"Billing dispute {data.number}",
        author=data.sender.name,
        subject=f"Claim of {amount(data.claim, data.currency)} against {data.recipient.name}",
        invariant=1,
    )
    page = _Page(data, document.width - 12)  # a frame keeps 6 points free on either side
    document.build(page.letter() + page.annex(), onFirstPage=page.foot, onLaterPages=page.foot)
    return buffer.getvalue()


class _Page:
    """Flowables of one letter, all as wide as the page allows."""

    def __init__(self, data: LetterData, width: int) -> None:
        from reportlab.lib.enums import TA_RIGHT
        from reportlab.lib.styles import ParagraphStyle

        self.data = data
        self.width = width
        base = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14, textColor=_INK, spaceAfter=8)
        self.styles = {
            "body": base,
            "tight": ParagraphStyle("tight", base, spaceAfter=0),
            "right": ParagraphStyle("right", base, alignment=TA_RIGHT, spaceAfter=0),
            "quiet": ParagraphStyle("quiet", base, fontSize=9, leading=12, textColor=_QUIET, spaceAfter=0),
            "from": ParagraphStyle("from", base, fontName="Helvetica-Bold", fontSize=15, leading=19, spaceAfter=2),
            "subject": ParagraphStyle("subject", base, fontName="Helvetica-Bold", fontSize=12, leading=16),
            "cell": ParagraphStyle("cell", base, fontSize=8, leading=10, spaceAfter=0),
            "small": ParagraphStyle("small", base, fontSize=8, leading=10, textColor=_QUIET, spaceAfter=0),
            "number": ParagraphStyle("number", base, fontSize=8, leading=10, alignment=TA_RIGHT, spaceAfter=0),
            "head": ParagraphStyle("head", base, fontName="Helvetica-Bold", fontSize=8, leading=10, spaceAfter=0),
            "headright": ParagraphStyle(
                "headright", base, fontName="Helvetica-Bold", fontSize=8, leading=10, alignment=TA_RIGHT, spaceAfter=0
            ),
            "total": ParagraphStyle(
                "total", base, fontName="Helvetica-Bold", fontSize=9, leading=11, alignment=TA_RIGHT, spaceAfter=0
            ),
            "claim": ParagraphStyle(
                "claim", base, fontName="Helvetica-Bold", fontSize=10, leading=14, spaceBefore=14, spaceAfter=3
            ),
        }

    def text(self, style: str, words: str) -> Any:
        from reportlab.platypus import Paragraph

        return Paragraph(markup(words), self.styles[style])

    def letter(self) -> list[Any]:
        """The letter itself."""
        data = self.data
        accounts = f"account{'s' if len(data.accounts) > 1 else ''} {listed(data.accounts)}"
        story = [*self._sender(data.sender), *self._recipient(data.recipient)]
        story.append(self.text("subject", f"Billing dispute {data.number}: {amount(data.claim, data.currency)}"))
        story.append(self._references(accounts))
        story.append(self._gap(10))
        story.append(self.text("body", "Dear Sir or Madam,"))
        story.append(self.text("body", self._opening(accounts)))
        story.append(self._gap(4))
        story.append(self._charges())
        story.append(self._gap(14))
        *asks, last = [self.text("body", words) for words in self._asks(accounts)]
        story += [*asks, *self._signature(last)]
        return story

    def _opening(self, accounts: str) -> str:
        data = self.data
        bills = counted(len({(item.ban, item.invoice) for item in data.items}), "invoice")
        contracts = f"contract{'s' if len(data.contracts) > 1 else ''} {listed(data.contracts)}".strip()
        charges = "The charge listed below is" if len(data.items) == 1 else f"The {len(data.items)} charges below are"
        them = "it" if len(data.items) == 1 else "them"
        return (
            f"We have checked {bills} of {accounts} against our {contracts} with you. {charges} not what was agreed,"
            f" and we dispute {amount(data.claim, data.currency)} of {them}. The annex shows how each amount was worked"
            " out, with the clause that it rests on."
        )

    def _sender(self, sender: Party) -> list[Any]:
        lines = [line for line in sender.address.splitlines() if line.strip()]
        return [
            self.text("from", sender.name),
            self.text("quiet", " · ".join([*lines, *([sender.contact] if sender.contact else [])])),
            self._line(),
            self._gap(20),
        ]

    def _recipient(self, recipient: Party) -> list[Any]:
        address = "\n".join([recipient.name, *recipient.address.splitlines()])
        if recipient.contact:
            address += f"\nby e-mail: {recipient.contact}"
        columns = [[self.text("tight", address), self.text("right", long_day(self.data.written_on))]]
        return [self._plain(columns, [self.width * 7 // 10, self.width * 3 // 10]), self._gap(18)]

    def _references(self, accounts: str) -> Any:
        words = f"Our reference {self.data.number} · {accounts}"
        if self.data.reference:
            words += f" · your reference {self.data.reference}"
        return self.text("quiet", words)

    def _charges(self) -> Any:
        """The table of disputed charges, with a sum per account where there are several."""
        from reportlab.platypus import LongTable, TableStyle

        names = ("No.", "Invoice", "Line", "Service and charge", "Billed", "Contract", "Claimed")
        rows = [[self.text("head" if place < 4 else "headright", name) for place, name in enumerate(names)]]
        style: list[Any] = [("BACKGROUND", (0, 0), (-1, 0), _BAND), ("LINEABOVE", (0, 0), (-1, 0), 1, _INK)]
        number = 0
        several = len(self.data.accounts) > 1
        for ban, group in groupby(self.data.items, key=lambda item: item.ban):
            items = list(group)
            if several:
                style.append(("SPAN", (0, len(rows)), (-1, len(rows))))
                rows.append([self.text("head", f"Account {ban}")])
            for item in items:
                number += 1
                rows.append(self._charge_row(number, item))
            if several:
                rows.append(self._sum_row(f"Account {ban}", items))
                style.append(("SPAN", (0, len(rows) - 1), (3, len(rows) - 1)))
        rows.append(self._sum_row("Total claimed", list(self.data.items)))
        style += [
            ("SPAN", (0, len(rows) - 1), (5, len(rows) - 1)),
            ("LINEABOVE", (0, len(rows) - 1), (-1, len(rows) - 1), 1, _INK),
            ("LINEBELOW", (0, len(rows) - 1), (-1, len(rows) - 1), 1, _INK),
            ("LINEBELOW", (0, 0), (-1, -2), 1 / 4, _RULE),
        ]
        fixed = [24, 78, 30, 0, 58, 58, 60]
        fixed[3] = int(self.width) - sum(fixed)
        table = LongTable([row + [""] * (7 - len(row)) for row in rows], colWidths=fixed, repeatRows=1, hAlign="LEFT")
        table.setStyle(TableStyle([*_CELLS, *style]))
        return table

    def _charge_row(self, number: int, item: LetterItem) -> list[Any]:
        service = "\n".join(part for part in (item.service, item.description) if part)
        why = in_words(item.accusation) + (f" · {item.period}" if item.period else "")
        expected = "none" if item.expected is None else amount(item.expected)
        return [
            self.text("cell", str(number)),
            [self.text("cell", item.invoice), self.text("small", short_day(item.bill_date))],
            self.text("cell", "all" if item.place is None else str(item.place)),
            [self.text("cell", service), self.text("small", why)],
            self.text("number", amount(item.billed)),
            self.text("number", expected),
            self.text("number", amount(item.claimed)),
        ]

    def _sum_row(self, name: str, items: list[LetterItem]) -> list[Any]:
        claimed = sum((item.claimed for item in items), ZERO)
        return [self.text("head", name), "", "", "", "", "", self.text("total", amount(claimed))]

    def _asks(self, accounts: str) -> list[str]:
        data = self.data
        ask = (
            f"Please credit {amount(data.claim, data.currency)} to {accounts}, mend the charges for the periods to"
            f" come, and confirm both in writing within {data.answer_days} days of this letter, naming our reference"
            f" {data.number} and your own claim number."
        )
        asks = [ask]
        if data.file_by is not None:
            asks.append(
                f"This dispute is filed in time: the contract's period for the oldest of these charges ends on"
                f" {long_day(data.file_by)}."
            )
        if data.withheld > 0:
            asks.append(
                f"As the contract allows, we withhold {amount(data.withheld, data.currency)} of the disputed amount"
                " until it is settled and pay the rest of each invoice when it is due. Please charge no late fee on"
                " what is withheld, and keep the services as they are."
            )
        else:
            asks.append("The invoices are paid in full when they are due, without giving up this claim.")
        return asks

    def _signature(self, last: Any) -> list[Any]:
        """The end of the letter, which never stands on a page without the paragraph before it."""
        from reportlab.platypus import KeepTogether

        sender = self.data.sender
        rest = [last, self._gap(4), self.text("body", "Yours faithfully,"), self._gap(22)]
        rest.append(self.text("tight", sender.name))
        if sender.contact:
            rest.append(self.text("quiet", sender.contact))
        rest.append(self._gap(8))
        rest.append(self.text("quiet", "Annex: calculation of each claim"))
        return [KeepTogether(rest)]

    def annex(self) -> list[Any]:
        """Each claim with the steps of its proof."""
        from reportlab.platypus import PageBreak

        story = [PageBreak(), self.text("from", "Annex: calculation of each claim")]
        story.append(self.text("quiet", f"to billing dispute {self.data.number}, all amounts in {self.data.currency}"))
        story.append(self._line())
        for number, item in enumerate(self.data.items, start=1):
            story += self._claim(number, item)
        return story

    def _claim(self, number: int, item: LetterItem) -> list[Any]:
        from reportlab.platypus import KeepTogether

        line = "the invoice as a whole" if item.place is None else f"line {item.place}"
        facts = [f"Account {item.ban}", item.service, item.description, item.period]
        if item.printed_at:
            facts.append(f"printed on {item.printed_at} of your invoice")
        head = [
            self.text("claim", f"{number}. Invoice {item.invoice}, {line}: {in_words(item.accusation)}"),
            self.text("quiet", " · ".join(fact for fact in facts if fact)),
            self._gap(4),
            self.text("tight", item.message),
            self._gap(5),
        ]
        source = self._clause(item)
        if source:
            head += [self.text("quiet", source), self._gap(4)]
        return [KeepTogether([*head, self._steps(item)])]

    def _clause(self, item: LetterItem) -> str:
        proof = item.proof
        if proof is None:
            return ""
        parts = [f"Contract {proof.contract}" if proof.contract else "", proof.clause]
        parts.append(f"page {proof.page}" if proof.page is not None else "")
        parts.append(f"price {proof.price_version}" if proof.price_version else "")
        return ", ".join(part for part in parts if part)

    def _steps(self, item: LetterItem) -> Any:
        from reportlab.platypus import Table, TableStyle

        heads = ("Step", "Calculation", "Result")
        rows = [[self.text("head" if place < 2 else "headright", name) for place, name in enumerate(heads)]]
        for step in item.proof.steps if item.proof is not None else ():
            basis = step.basis
            if step.rounding is not None and step.places is not None:
                basis += f" (rounded {step.rounding.replace('_', ' ')} to {step.places} places)"
            result = amount(step.result)
            rows.append([self.text("cell", basis), self.text("cell", step.formula), self.text("number", result)])
        rows.append(self._outcome("Billed", item.billed))
        rows.append(self._outcome("By contract", item.expected))
        rows.append([self.text("head", "Claimed"), "", self.text("total", amount(item.claimed))])
        wide = int(self.width)
        table = Table(rows, colWidths=[wide * 9 // 20, wide * 7 // 20, wide - wide * 16 // 20], hAlign="LEFT")
        style = [
            ("BACKGROUND", (0, 0), (-1, 0), _BAND),
            ("LINEBELOW", (0, 0), (-1, -2), 1 / 4, _RULE),
            ("LINEABOVE", (0, -1), (-1, -1), 3 / 4, _INK),
        ]
        table.setStyle(TableStyle([*_CELLS, *style]))
        return table

    def _outcome(self, name: str, value: Any) -> list[Any]:
        return [self.text("cell", name), "", self.text("number", "none" if value is None else amount(value))]

    def _plain(self, rows: list[list[Any]], widths: list[int]) -> Any:
        from reportlab.platypus import Table, TableStyle

        table = Table(rows, colWidths=widths, hAlign="LEFT")
        table.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ]
            )
        )
        return table

    def _line(self) -> Any:
        from reportlab.platypus import HRFlowable

        return HRFlowable(width="100%", thickness=1, color=_INK, spaceBefore=6, spaceAfter=2)

    def _gap(self, height: int) -> Any:
        from reportlab.platypus import Spacer

        return Spacer(1, height)

    def foot(self, canvas: Any, document: Any) -> None:
        """At the foot of every page: who writes about what, and the page."""
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(_QUIET)
        canvas.drawString(_MARGIN + 6, 34, f"Billing dispute {self.data.number}")
        canvas.drawRightString(document.pagesize[0] - _MARGIN - 6, 34, f"Page {document.page}")
        canvas.restoreState()


_CELLS = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 5),
    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
)
