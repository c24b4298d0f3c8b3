"""What any service may be priced by: tiers, blocks, yearly rises, discounts, amendments, another currency."""

from __future__ import annotations

from datetime import date

from app.domain.vocabulary import ExchangeDay
from tools.worked_proofs.case import Case, billed, price

CASES = (
    Case(
        "Graduated tiers",
        "The first 100 units cost 1.00, the next 100 cost 0.50, those above 0.10: each unit at the price of its "
        "own tier.",
        (price("MSG", "USAGE", "graduated", "0", "tiers=100:1.00, 200:0.50, above:0.10", clause="Schedule E 1"),),
        (billed("175.00", "MSG", "USAGE", quantity="250", words="Messages"),),
    ),
    Case(
        "Volume tiers",
        "The same tiers, but the tier of the total prices all units. The carrier billed them as if they were "
        "graduated.",
        (price("MSG", "USAGE", "volume", "0", "tiers=100:1.00, 200:0.50, above:0.10", clause="Schedule E 1"),),
        (billed("155.00", "MSG", "USAGE", quantity="250", words="Messages"),),
    ),
    Case(
        "Packages with free units",
        "50 units are free; the others are sold in packages of 100, and one that is begun is paid.",
        (price("API", "USAGE", "package", "4.00", "size=100; free=50", clause="Schedule E 3"),),
        (billed("16.00", "API", "USAGE", quantity="351", words="Lookups"),),
    ),
    Case(
        "An escalator over three years",
        "The price rises by 3 per cent on each anniversary, and each year's price is rounded. The charges are "
        "the March of three years; in the third the carrier raised twice.",
        (
            price("WAVE-10G", "MRC", "flat", "2150.00", clause="Exhibit 1", page=6),
            price("WAVE-10G", "MRC", "escalator", "3", clause="Exhibit 1 (c)", page=6),
        ),
        (
            billed("2150.00", "WAVE-10G", days="2024-03-01..2024-04-01", words="10G wavelength"),
            billed("2214.50", "WAVE-10G", days="2025-03-01..2025-04-01", words="10G wavelength"),
            billed("2349.37", "WAVE-10G", days="2026-03-01..2026-04-01", words="10G wavelength"),
        ),
    ),
    Case(
        "A discount with an end date",
        "Ten per cent off until 1 April 2026. March has the discount, which the carrier has left out; April has not.",
        (
            price("DIA-1G", "MRC", "flat", "1480.00", clause="Schedule A 1.4", page=11),
            price(
                "DIA-1G",
                "MRC",
                "discount",
                "10",
                "till=2026-04-01; reason=migration promotion",
                clause="Amendment 1",
                page=1,
            ),
        ),
        (
            billed("1480.00", "DIA-1G", words="Dedicated Internet 1 Gbps"),
            billed("1480.00", "DIA-1G", days="2026-04-01..2026-05-01", words="Dedicated Internet 1 Gbps"),
        ),
    ),
    Case(
        "Another currency at a dated rate",
        "Prices are in euros, the bill in dollars, at the rate of the bill's date. The price is converted before "
        "anything is rounded. Rate of 5 April 2026: 1 EUR = 1.0841 USD. The carrier took another day's.",
        (price("RACK-47U", "MRC", "flat", "690.00", clause="Annex 1, no. 1", page=8),),
        (billed("752.93", "RACK-47U", words="Rack 47U, monthly rental"),),
        contract={"currency": "EUR", "exchange": ExchangeDay.BILL_DATE},
        rates=(("EUR", "USD", date(2026, 4, 3), "1.0912"), ("EUR", "USD", date(2026, 4, 5), "1.0841")),
    ),
    Case(
        "An amendment that was agreed on after the bill",
        "Amendment 2 was agreed on 10 May and holds from 1 March. The bill of 5 April could not know it: it is "
        "judged by the old price, and what it costs under the new one is said beside it, as a credit to ask for.",
        (
            price("DIA-500M", "MRC", "flat", "985.00", clause="Schedule A 1.3", page=11),
            price(
                "DIA-500M",
                "MRC",
                "flat",
                "905.00",
                since="2026-03-01",
                clause="Item 4",
                page=2,
                amendment="Amendment 2",
                agreed=date(2026, 5, 10),
                reason="price match",
            ),
        ),
        (billed("985.00", "DIA-500M", words="Dedicated Internet 500 Mbps"),),
    ),
)
