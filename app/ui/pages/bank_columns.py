"""The columns of the three lists of the page Bank."""

from __future__ import annotations

from app.domain.vocabulary import AnswerKind
from app.queries.bank import AnswerRow, LineState, Row, StatementRow
from app.ui.tables import Column, Kind
from app.ui.tokens import Tone
from app.ui.wording import day, sentence

_STATES = {
    LineState.UNEXPLAINED: Tone.DANGER,
    LineState.MATCHED: Tone.SUCCESS,
    LineState.RETURNED: Tone.WARNING,
    LineState.ANNOUNCED: Tone.ACCENT,
}
_ANSWERS = {
    AnswerKind.ACCEPTED: Tone.NEUTRAL,
    AnswerKind.SETTLED: Tone.SUCCESS,
    AnswerKind.PENDING: Tone.ACCENT,
    AnswerKind.REJECTED: Tone.DANGER,
    AnswerKind.RETURNED: Tone.DANGER,
    AnswerKind.CHANGE: Tone.WARNING,
}


def _how(row: Row) -> str:
    by = f", {row.matched_by}" if row.matched_by else ""
    return f"Found by {row.how}{by}" if row.state in (LineState.MATCHED, LineState.RETURNED) else ""


LINES: tuple[Column[Row], ...] = (
    Column("booked", "Booked", lambda row: row.booked or row.valued, Kind.DATE, 104),
    Column("amount", "Amount", lambda row: row.amount, Kind.MONEY, 116, currency=lambda row: row.currency, strong=True),
    Column(
        "party",
        "Other party",
        lambda row: row.party or row.text or None,
        width=210,
        stretch=True,
        strong=True,
        detail=lambda row: row.text if row.party else "",
        tooltip=lambda row: row.text,
    ),
    Column("reference", "Reference", lambda row: row.reference or row.bank_reference or None, width=140),
    Column(
        "bills",
        "Bill",
        lambda row: row.bills or None,
        width=190,
        detail=lambda row: row.carrier,
        tooltip=_how,
    ),
    Column(
        "state",
        "State",
        lambda row: sentence(row.state.value),
        Kind.CHIP,
        116,
        tone=lambda row: _STATES.get(row.state, Tone.NEUTRAL),
        tooltip=lambda row: f"The bank’s reason: {row.returned}" if row.returned else _how(row),
    ),
    Column("account", "Account", lambda row: row.account, width=120),
    Column("how", "Found by", lambda row: row.how or None, width=150, hidden=True),
    Column("matched_by", "Matched by", lambda row: row.matched_by or None, width=130, hidden=True),
    Column("valued", "Value day", lambda row: row.valued, Kind.DATE, 104, hidden=True),
    Column("bank_reference", "Bank’s reference", lambda row: row.bank_reference or None, width=140, hidden=True),
    Column("code", "Code", lambda row: row.code or None, width=110, hidden=True),
    Column("returned", "Reason", lambda row: row.returned or None, width=90, hidden=True),
    Column("document", "File", lambda row: row.document, width=180, hidden=True, tooltip=lambda row: row.place),
)

STATEMENTS: tuple[Column[StatementRow], ...] = (
    Column("day", "Day", lambda row: row.day, Kind.DATE, 104, strong=True),
    Column("account", "Account", lambda row: row.account, width=130, strong=True),
    Column("number", "Number", lambda row: row.number or None, width=110),
    Column("kind", "Kind", lambda row: row.kind, width=110),
    Column("opening", "Opening", lambda row: row.opening, Kind.MONEY, 116, currency=lambda row: row.currency),
    Column("moved", "Moved", lambda row: row.moved, Kind.MONEY, 116, currency=lambda row: row.currency),
    Column("closing", "Closing", lambda row: row.closing, Kind.MONEY, 116, currency=lambda row: row.currency),
    Column("lines", "Movements", lambda row: row.lines, Kind.NUMBER, 92),
    Column(
        "unexplained",
        "Unexplained",
        lambda row: row.unexplained or None,
        Kind.NUMBER,
        100,
        tone=lambda row: Tone.DANGER if row.unexplained else Tone.NEUTRAL,
    ),
    Column("document", "File", lambda row: row.document, width=190, stretch=True),
    Column("bank", "Bank", lambda row: row.bank or None, width=130, hidden=True),
)

ANSWERS: tuple[Column[AnswerRow], ...] = (
    Column("day", "Day", lambda row: row.day, Kind.DATE, 104),
    Column("kind", "Answer", lambda row: row.kind, Kind.CHIP, 110, tone=lambda row: _ANSWERS[row.kind]),
    Column("amount", "Amount", lambda row: row.amount or None, Kind.MONEY, 112, currency=lambda row: row.currency),
    Column(
        "number",
        "Bill",
        lambda row: row.number or (f"All of {row.batch}" if row.batch else "Not one of ours"),
        width=180,
        strong=True,
        detail=lambda row: row.carrier or row.party,
        tooltip=lambda row: f"Told on {day(row.day)} in {row.document}",
    ),
    Column("code", "Code", lambda row: row.code or None, width=76),
    Column("reason", "Reason", lambda row: row.reason or None, width=260, stretch=True),
    Column("reference", "Reference", lambda row: row.reference or row.file_reference or None, width=150),
    Column(
        "change",
        "To be corrected to",
        lambda row: row.change or None,
        width=160,
        tooltip=lambda row: "Never taken over: ask the carrier by a way that you know" if row.change else "",
    ),
    Column("document", "File", lambda row: row.document, width=170, hidden=True),
)
