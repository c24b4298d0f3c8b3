"""Banks' files: MT940, camt, BAI2, OFX, NACHA; whatever the bytes, a document or a DocumentFault."""

from __future__ import annotations

from tests.fuzz.running import fuzz, watched

with watched(__name__):
    from app.importers.bank.importer import bank_importers
    from app.importers.bank.recognise import look_into_bank
    from app.importers.faults import DocumentFault
    from app.importers.peek import look_into_text
    from app.importers.wire import from_json, to_json
    from app.importers.xml.safe import look_into_xml
    from tests.importers.bank_files import MT940, camt, part

READERS = bank_importers()
BAI2 = b"""01,BANK,TOLL,260302,0600,1,80,2,2/
02,TOLL,BANK,1,260302,,USD,2/
03,000111,USD,010,100000,,,015,40000,,/
16,475,60000,Z,B1,C1,Paid/
49,200000,3/
98,200000,1,5/
99,200000,1,7/
"""
OFX = b"""OFXHEADER:100
DATA:OFXSGML
VERSION:102

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>22<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260302<TRNAMT>-600.00<FITID>9<NAME>C
</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>400.00<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
SEEDS = (MT940.encode(), camt(part("TB-1", "600.00")), BAI2, OFX)
TOKENS = (
    ":20:", ":25:", ":28C:", ":60F:", ":61:", ":86:", ":62F:", "?20", "EREF+", "01,", "02,", "03,", "16,", "88,",
    "49,", "98,", "99,",
    "/", "<STMTTRN>", "<TRNAMT>", "<DTPOSTED>", "<FITID>", "NaN", "999999999999999", "260230", "C", "D", "RC",
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Raises where a reader raises anything but a DocumentFault, or where its answer does not pass to the parent."""
    try:
        head = look_into_bank("a", data)
        if head is None:
            xml = data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")
            head = look_into_xml("a", data) if xml else look_into_text("a", data)
        chosen = [one for one in READERS if one.claims(head)]
        if chosen:
            (reader,) = chosen
            document = reader.read(data, head)
            assert from_json(to_json(document)) == document
    except DocumentFault:
        return


if __name__ == "__main__":
    fuzz("bank", one_input, SEEDS, TOKENS)
