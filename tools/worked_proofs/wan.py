"""WAN: port, access and classes, committed and excess rate, mileage, term discount."""

from __future__ import annotations

from tools.worked_proofs.case import Case, billed, price

_ENDS = "fixed=150.00; a_v=5986; a_h=3426; z_v=5788; z_h=3589"

CASES = (
    Case(
        "Port, access and classes of service",
        "A site has a port, a loop to it, and Mbit/s of two classes on the port. Each is a charge with a price "
        "of its own; the classes are billed as 20 Mbit/s of voice where 10 were ordered.",
        (
            price("MPL-100", "MRC", "flat", "340.00", clause="Order form, line 1", page=3),
            price("ACC-FIB", "MRC", "flat", "210.00", clause="Order form, line 7", page=4),
            price(
                "COS",
                "MRC",
                "per_class",
                "340.00",
                "mbps=voice:10, data:90; rates=voice:4.00, data:1.50",
                clause="Order form, line 8",
                page=4,
            ),
        ),
        (
            billed("340.00", "MPL-100", words="Port 100 Mbps"),
            billed("210.00", "ACC-FIB", words="Fiber access loop"),
            billed("215.00", "COS", words="Classes of service"),
        ),
    ),
    Case(
        "Committed and excess information rate",
        "The committed 100 Mbit/s cost 4.20 each, the 400 above them, which the network carries when it can, 0.80.",
        (price("EVC", "MRC", "committed_excess", "4.20", "cir=100; eir=400; eir_price=0.80", clause="Annex B 3"),),
        (billed("740.00", "EVC", words="Ethernet circuit, CIR 100 EIR 400"),),
    ),
    Case(
        "Mileage",
        "Airline miles between the wire centers of both ends, from their V and H coordinates, begun miles whole, "
        "and a fixed amount for the line. The carrier counted 90 miles.",
        (price("DS1-MI", "MRC", "mileage", "2.50", _ENDS, clause="Tariff 6.8.2", page=214),),
        (billed("375.00", "DS1-MI", quantity="90", words="Interoffice mileage"),),
    ),
    Case(
        "Term discount",
        "For a term of 36 months 14 per cent are taken off the monthly price, by the table of the contract. The "
        "carrier billed the price of a month-to-month service.",
        (
            price("EPL-1G", "MRC", "flat", "1000.00", clause="Rate sheet 2", page=5),
            price(
                "EPL-1G",
                "MRC",
                "term_discount",
                "0",
                "mrc=1:0, 12:4, 24:9, 36:14; term=36",
                clause="Rate sheet 2 (d)",
                page=6,
            ),
        ),
        (billed("1000.00", "EPL-1G", words="Ethernet port 1 Gbps"),),
    ),
)
