"""The columns of the three lists of payments."""

from __future__ import annotations

from app.queries.payment_run import Row as ProposalRow
from app.queries.payments import BatchRow
from app.queries.payments import Row as PaymentRow
from app.ui.backend import Backend
from app.ui.tables import Column, Kind
from app.ui.tokens import Tone
from app.ui.wording import day, until


def proposal_columns(backend: Backend) -> tuple[Column[ProposalRow], ...]:
    return (
        Column(
            "due",
            "Due",
            lambda row: row.due,
            Kind.DATE,
            104,
            tone=lambda row: Tone.DANGER if row.late else Tone.NEUTRAL,
            tooltip=lambda row: until(row.due, backend.today),
        ),
        Column("carrier", "Carrier", lambda row: row.carrier, width=180, stretch=True, strong=True),
        Column("number", "Bill", lambda row: row.number, width=150),
        Column("gross", "Payable", lambda row: row.gross, Kind.MONEY, 108, currency=lambda row: row.currency),
        Column(
            "withheld",
            "Withheld",
            lambda row: -row.withheld if row.withheld else None,
            Kind.MONEY,
            104,
            currency=lambda row: row.currency,
            tone=lambda row: Tone.WARNING if row.withheld else Tone.NEUTRAL,
            tooltip=lambda row: f"Under dispute {row.disputes}" if row.disputes else "",
        ),
        Column(
            "credit",
            "Credits",
            lambda row: -row.credit if row.credit else None,
            Kind.MONEY,
            96,
            currency=lambda row: row.currency,
            tooltip=lambda _row: "Credits of the account, set off",
        ),
        Column(
            "net",
            "To pay",
            lambda row: row.net,
            Kind.MONEY,
            112,
            currency=lambda row: row.currency,
            strong=True,
            tooltip=lambda row: "Carried: nothing is paid of it now" if row.carried else "",
        ),
        Column("send_on", "Send on", lambda row: row.send_on, Kind.DATE, 104),
        Column("method", "By", lambda row: row.method, width=120, tooltip=lambda row: "\n".join(row.notes)),
        Column(
            "notes",
            "Notes",
            lambda row: "; ".join(row.notes) or None,
            width=160,
            tone=lambda row: Tone.DANGER if row.notes else Tone.NEUTRAL,
        ),
        Column("ban", "Account", lambda row: row.ban, width=120, hidden=True),
        Column("bill_date", "Bill date", lambda row: row.bill_date, Kind.DATE, hidden=True),
        Column(
            "paid",
            "Paid before",
            lambda row: row.paid or None,
            Kind.MONEY,
            currency=lambda row: row.currency,
            hidden=True,
        ),
        Column("pay_on", "Arrives", lambda row: row.pay_on, Kind.DATE, hidden=True),
    )


PAYMENTS: tuple[Column[PaymentRow], ...] = (
    Column("send_on", "Send on", lambda row: row.send_on, Kind.DATE, 104),
    Column("carrier", "Carrier", lambda row: row.carrier, width=190, stretch=True, strong=True),
    Column("number", "Bill", lambda row: row.number, width=150, strong=True),
    Column("amount", "Amount", lambda row: row.amount, Kind.MONEY, 112, currency=lambda row: row.currency, strong=True),
    Column(
        "pay_on",
        "Arrives",
        lambda row: row.pay_on,
        Kind.DATE,
        104,
        tone=lambda row: Tone.DANGER if row.late else Tone.NEUTRAL,
        tooltip=lambda row: f"Due {day(row.due)}" + (", so it comes late" if row.late else ""),
    ),
    Column("method", "By", lambda row: row.method, width=130),
    Column("paid_to", "To", lambda row: row.paid_to or None, width=140, hidden=True),
    Column("scheduled_by", "Scheduled by", lambda row: row.scheduled_by, width=130),
    Column("batch", "File", lambda row: row.batch or None, width=120, hidden=True),
    Column("status", "Status", lambda row: row.status, Kind.CHIP, 104),
    Column("due", "Due", lambda row: row.due, Kind.DATE, hidden=True),
    Column("ban", "Account", lambda row: row.ban, hidden=True),
    Column("released_by", "Released by", lambda row: row.released_by or None, hidden=True),
)

BATCHES: tuple[Column[BatchRow], ...] = (
    Column("number", "Batch", lambda row: row.number, width=130, strong=True),
    Column("released_at", "Released", lambda row: row.released_at.date(), Kind.DATE, 104),
    Column("released_by", "Released by", lambda row: row.released_by, width=140),
    Column("method", "By", lambda row: row.method, width=150),
    Column("payments", "Payments", lambda row: row.payments, Kind.NUMBER, 84),
    Column("total", "Total", lambda row: row.total, Kind.MONEY, 120, currency=lambda row: row.currency, strong=True),
    Column(
        "file_name",
        "File",
        lambda row: row.file_name,
        width=240,
        stretch=True,
        tooltip=lambda row: f"SHA-256 {row.file_sha256}",
    ),
    Column(
        "waiting",
        "At the bank",
        lambda row: "Waiting" if row.waiting else "Settled",
        Kind.CHIP,
        104,
        tone=lambda row: Tone.WARNING if row.waiting else Tone.SUCCESS,
    ),
)
