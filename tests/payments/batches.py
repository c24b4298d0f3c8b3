"""Batches of payments for tests: one written out, and random ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st
from stdnum.us import rtn

from app.payments.order import BatchOrder, Payer, PaymentOrder

PAYER = Payer(
    name="Meridian Foods",
    routing="031300012",
    account="778899001",
    iban="DE89370400440532013000",
    bic="TESTDEFFXXX",
    company_id="1234567890",
)


def ach_batch() -> BatchOrder:
    """Three bills on two days."""
    shared = {"currency": "USD", "invoice_date": date(2026, 9, 1), "send_on": date(2026, 10, 7)}
    return BatchOrder(
        number="ACH-20261006-1",
        created=datetime(2026, 10, 6, 9, 30, 15, tzinfo=UTC),
        payer=PAYER,
        orders=(
            PaymentOrder(
                reference="TB-2",
                payee="Calder Fiber & Söhne",
                amount=Decimal("1234.56"),
                invoice_number="CF*2026\\09",
                ban="CF-00912",
                pay_on=date(2026, 10, 13),
                routing="231380104",
                account="744-5678-99",
                **shared,
            ),
            PaymentOrder(
                reference="TB-1",
                payee="Northbeam Communications of the Upper Lakes",
                amount=Decimal("98765432.10"),
                invoice_number="NB-100234",
                ban="555-0100",
                pay_on=date(2026, 10, 9),
                routing="091000019",
                account="000123456789",
                **shared,
            ),
            PaymentOrder(
                reference="TB-3",
                payee="Tri-Lakes Telephone",
                amount=Decimal("0.01"),
                invoice_number="7",
                ban="",
                pay_on=date(2026, 10, 13),
                routing="031300012",
                account="5",
                **shared,
            ),
        ),
    )


def sepa_batch() -> BatchOrder:
    """Two bills on two days."""
    shared = {"currency": "EUR", "invoice_date": date(2026, 9, 1)}
    return BatchOrder(
        number="SEPA-20261006-1",
        created=datetime(2026, 10, 6, 9, 30, 15, tzinfo=UTC),
        payer=PAYER,
        orders=(
            PaymentOrder(
                reference="TB-5",
                payee="Stratum Colocation Zürich–Øst & Łódź",
                amount=Decimal("4120.00"),
                invoice_number="//ST-2026/09_17",
                ban="ST#4410",
                send_on=date(2026, 10, 8),
                pay_on=date(2026, 10, 9),
                iban="FR14 2004 1010 0505 0001 3M02 606",
                bic="",
                **shared,
            ),
            PaymentOrder(
                reference="TB-4",
                payee="Halyard Voice",
                amount=Decimal("0.07"),
                invoice_number="HV-88",
                ban="",
                send_on=date(2026, 10, 7),
                pay_on=date(2026, 10, 8),
                iban="DE89370400440532013000",
                bic="TESTDEFF",
                **shared,
            ),
        ),
    )


routings = (
    st.integers(0, 10**8 - 1).map(lambda number: f"{number:08}").map(lambda text: text + rtn.calc_check_digit(text))
)
amounts = st.integers(1, 10**10 - 1).map(lambda cents: Decimal(cents) / 100)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
names = st.text(max_size=60)


@st.composite
def random_batches(draw: st.DrawFn, currency: str) -> BatchOrder:
    """One to twelve payments with any text a bill may bring."""
    orders = tuple(
        PaymentOrder(
            reference=f"TB-{place}",
            payee=draw(names),
            amount=draw(amounts),
            currency=currency,
            invoice_number=draw(st.text(max_size=18)),
            invoice_date=draw(days),
            ban=draw(st.text(max_size=10)),
            send_on=draw(days),
            pay_on=draw(days),
            routing=draw(routings),
            account=draw(st.from_regex(r"[A-Z0-9]{1,17}", fullmatch=True)),
            iban=draw(
                st.sampled_from(["DE89370400440532013000", "FR1420041010050500013M02606", "GB33BUKB20201555555555"])
            ),
        )
        for place in range(draw(st.integers(1, 12)))
    )
    created = draw(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001 - bounds have no zone
    return BatchOrder("B-1", created, PAYER, orders, draw(st.integers(0, 35)))
