"""X12 and EDIFACT: whatever the bytes, a document or a DocumentFault, and the same document after the wire."""

from __future__ import annotations

from tests.fuzz.running import fuzz, watched

with watched(__name__):
    from app.importers.edifact.importer import edifact_importers
    from app.importers.faults import DocumentFault
    from app.importers.verify import verify
    from app.importers.wire import from_json, to_json
    from app.importers.x12.head import look_into_edi
    from app.importers.x12.importer import read_sets, x12_importers
    from tests.importers.edi_files import EDIFACT_HEAD, ONE_LINE, PROFILE, bill, edifact

X12 = x12_importers([PROFILE])[0]
READERS = [X12, edifact_importers([PROFILE])[0]]
TAXED = (*ONE_LINE, "TXI*GS*1.00*5", "SLN*1*1*I*1*EA*10.00", "SAC*C*D500***150", "ITA*C***0101*****20", "BAL*M*PB*5.00")
SEEDS = (
    bill(*ONE_LINE, total="2001"),
    bill(*TAXED, "TCD*1*D1*20260901*1200***5551000*X", "USD*1*1*MJ*1", total="2150"),
    bill("IT1*1*2*EA*10.005**SV*0200", "PID*F****ACCESS", kind="810", total="2001"),
    edifact((*EDIFACT_HEAD, "LIN+1++A1:SA", "IMD+F++:::Access", "QTY+47:2", "MOA+203:20.00", "UNS+S", "MOA+77:20.00")),
    edifact((*EDIFACT_HEAD, "LIN+1", "MOA+203:20,00", "TAX+7+VAT+++:::19", "UNS+S", "MOA+77:20,00"), una="UNA:+,? '"),
)
TOKENS = (
    *"*~'+:?\n", "ISA*", "GS*", "ST*811*", "SE*", "GE*", "IEA*", "HL*", "IT1*", "SLN*", "TCD*", "USD*", "TXI*",
    "ITA*", "BAL*",
    "TDS*", "SAC*", "DTM*", "REF*", "N1*", "CUR*SE*", "UNA", "UNB+", "UNH+", "LIN+", "MOA+", "TAX+", "QTY+", "UNS+",
    "UNT+",
    "UNZ+", "999999999999", "-1", "0.0000000001", "20260230",
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Raises where a reader raises anything but a DocumentFault, or where its answer does not pass to the parent."""
    try:
        head = look_into_edi("a.edi", data)
        chosen = [one for one in READERS if head is not None and one.claims(head)]
        if head is None or not chosen:
            return
        (reader,) = chosen
        document = reader.read(data, head)
        for invoice in document.invoices:
            verify(invoice)
        assert from_json(to_json(document)) == document
        if reader is X12:
            read_sets(data, "a.edi", X12.profiles)
    except DocumentFault:
        return


if __name__ == "__main__":
    fuzz("x12", one_input, SEEDS, TOKENS)
