"""XML, EDI, CSV, JSON and banks' files that trick or swell."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable

from tests.importers.bank_files import MT940, camt, part
from tests.importers.edi_files import EDIFACT_HEAD, ONE_LINE, bill, edifact
from tests.importers.test_tmf678 import TEXT as TMF678
from tests.importers.xml_files import UBL

UTF8 = 'encoding="UTF-8"'
TABLE = b"invoice,date,account,amount\n"
AMOUNT = ">509<"


def swap(text: str, old: str, new: str, times: int = -1) -> bytes:
    """`text` with `old` replaced, which has to be there."""
    assert old in text, old
    return text.replace(old, new, times).encode()


def inside(text: str, more: str) -> bytes:
    """The invoice with something more before its end."""
    at = text.rindex("</")
    return (text[:at] + more + text[at:]).encode()


def table(*rows: str) -> bytes:
    return TABLE + "".join(f"{row}\n" for row in rows).encode()


def bomb(size: int) -> bytes:
    """A gzip of so many megabytes of one table."""
    buffer = io.BytesIO()
    with gzip.open(buffer, "wb", 9) as packed:
        packed.write(TABLE)
        for _ in range(size):
            packed.write(b"1,2026-09-01,5," + b"0" * ((1 << 20) - 20) + b"1\n")
    return buffer.getvalue()


BAI2 = (
    "01,BANK,TOLL,260302,0600,1,80,2,2/\n02,TOLL,BANK,1,260302,,USD,2/\n03,000111,USD,010,{0},,/\n16,475,{1},Z,B1,C1,x/\n"
    "49,{2},3/\n98,{2},1,5/\n99,{2},1,7/\n"
)
OFX = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1"
    "<ACCTID>22<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260302<TRNAMT>{0}<FITID>9"
    "<NAME>C</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>400.00<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>"
    "</OFX>"
)
XML: dict[str, Callable[[], bytes]] = {
    "deep.xml": lambda: inside(UBL, "<a>" * 250 + "</a>" * 250),
    "deeper.xml": lambda: inside(UBL, "<a>" * 100_000 + "</a>" * 100_000),
    "attributes.xml": lambda: inside(UBL, "<a " + " ".join(f'a{n}="5"' for n in range(300_000)) + "/>"),
    "namespaces.xml": lambda: inside(UBL, "<a " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(20_000)) + "/>"),
    "namespaces-deep.xml": lambda: inside(UBL, "".join(f'<a xmlns="urn:{n}">' for n in range(200)) + "</a>" * 200),
    "utf-7.xml": lambda: swap(UBL, UTF8, 'encoding="UTF-7"'),
    "utf-16-said.xml": lambda: swap(UBL, UTF8, 'encoding="UTF-16"'),
    "utf-16-hidden-doctype.xml": lambda: (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")
    ),
    "ebcdic.xml": lambda: UBL.replace(UTF8, 'encoding="cp037"').encode("cp037", "replace"),
    "cdata-amount.xml": lambda: swap(UBL, AMOUNT, "><![CDATA[9]]>509<"),
    "comment-amount.xml": lambda: swap(UBL, AMOUNT, ">5<!-- -->09<"),
    "pi-amount.xml": lambda: swap(UBL, AMOUNT, ">5<?x y?>09<"),
    "element-amount.xml": lambda: swap(UBL, AMOUNT, "><b>9</b>509<"),
    "entity-amount.xml": lambda: swap(UBL, AMOUNT, ">&#53;09<"),
    "foreign-digits.xml": lambda: swap(UBL, AMOUNT, ">٥٠٩<"),
    "exponent.xml": lambda: swap(UBL, AMOUNT, ">5E2<"),
    "not-a-number.xml": lambda: swap(UBL, AMOUNT, ">NaN<"),
    "two-roots.xml": lambda: (
        UBL.encode() + UBL[UBL.index("<Invoice") :].encode() if "<Invoice" in UBL else UBL.encode() * 2
    ),
    "two-totals.xml": lambda: inside(
        UBL, UBL[UBL.index("<cac:LegalMonetaryTotal") : UBL.index("</cac:LegalMonetaryTotal>") + 25]
    ),
    "parameter-entity.xml": lambda: b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a/>',
    "stylesheet.xml": lambda: (
        b'<?xml-stylesheet href="file:///etc/passwd" type="text/xsl"?>' + UBL.encode().split(b"?>", 1)[1]
    ),
    "include.xml": lambda: inside(
        UBL, '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    ),
    "text-of-megabytes.xml": lambda: inside(UBL, "<a>" + "x" * 11_000_000 + "</a>"),
    "hidden-letters.xml": lambda: swap(UBL, "Acme", "A\u200bc\u202eme", 1),
}
EDI: dict[str, Callable[[], bytes]] = {
    "separator-is-a-digit.edi": lambda: bill(*ONE_LINE, total="2001").replace(b"*", b"0"),
    "separator-is-a-letter.edi": lambda: bill(*ONE_LINE, total="2001").replace(b"*", b"A"),
    "no-terminator.edi": lambda: bill(*ONE_LINE, total="2001").replace(b"~", b" "),
    "ring-of-levels.edi": lambda: bill("HL*1*2*8*1", "HL*2*1*8*1", *ONE_LINE[1:], total="2001"),
    "level-of-its-own.edi": lambda: bill("HL*1*1*8*1", *ONE_LINE[1:], total="2001"),
    "levels-deep.edi": lambda: bill(*(f"HL*{n + 1}*{n or ''}*8*1" for n in range(3_000)), *ONE_LINE[1:], total="2001"),
    "segment-of-10-mb.edi": lambda: bill(*ONE_LINE, "NTE*ADD*" + "x" * 10_000_000, total="2001"),
    "elements-without-end.edi": lambda: bill(*ONE_LINE, "REF" + "*" * 5_000, total="2001"),
    "count-overflows.edi": lambda: bill(*ONE_LINE, total="2001").replace(b"SE*", b"SE*99999999999999999999"),
    "total-overflows.edi": lambda: bill(*ONE_LINE, total="9" * 40),
    "quantity-overflows.edi": lambda: bill("HL*1**8*0", "IT1*1*" + "9" * 30 + "*EA*1**SV*0200", total="2001"),
    "exponent.edi": lambda: bill("HL*1**8*0", "IT1*1*1*EA*1E3**SV*0200", total="100000"),
    "zero-byte.edi": lambda: bill(*ONE_LINE, total="2001").replace(b"ZZ", b"Z\x00", 1),
    "set-in-set.edi": lambda: bill(*ONE_LINE, "ST*811*0009", total="2001"),
    "binary-in-it.edi": lambda: bill(*ONE_LINE, "BIN*99999999*x", total="2001"),
    "una-of-letters.edi": lambda: edifact((*EDIFACT_HEAD, "MOA+77:20"), una="UNAabcdef"),
    "una-all-the-same.edi": lambda: edifact((*EDIFACT_HEAD, "MOA+77:20"), una="UNA++++++"),
    "release-without-end.edi": lambda: edifact((*EDIFACT_HEAD, "FTX+AAI+++" + "?" * 500_001, "MOA+77:20")),
    "count-lies.edi": lambda: edifact((*EDIFACT_HEAD, "MOA+77:20")).replace(b"UNZ+1", b"UNZ+4000000000"),
}
CSV: dict[str, Callable[[], bytes]] = {
    "quote-without-end.csv": lambda: table('"1,2026-09-01,5,1.00') + b"x" * 3_000_000,
    "zeros.csv": lambda: table("1,2026-09-01,5,1.00") + b"\x00" * 100_000,
    "no-line-break.csv": lambda: TABLE + b"9," * 2_000_000,
    "lines-without-end.csv": lambda: TABLE + b"\n" * 5_000_000,
    "mixed-separators.csv": lambda: b"invoice,date;account\tamount\n1,2026-09-01;5\t1.00\n1;2026-09-01,5|1.00\n",
    "formulas.csv": lambda: table("=1+1,2026-09-01,5,=1+1", "@x,2026-09-01,5,1.00", "A-1,2026-09-01,5,+1"),
    "right-to-left.csv": lambda: table("A\u202e001,2026-09-01,5\u200b5,1.00"),
    "cyrillic-total.csv": lambda: table("А-1,2026-09-01,5,1.00"),
    "other-header-look-alike.csv": lambda: "invoice,date,account,аmount\n1,2026-09-01,5,1.00\n".encode(),
    "numbers.csv": lambda: table(
        *(f"{n},2026-09-01,5,{text}" for n, text in enumerate(("NaN", "1e3", "1_0", "١", "0x1", "--1")))
    ),
    "days.csv": lambda: table(
        *(f"{n},{text},5,1" for n, text in enumerate(("2026-02-30", "01/02/03", "0000-00-00", "9999-12-31")))
    ),
    "header-twice.csv": lambda: b"invoice,date,account,amount,amount\n1,2026-09-01,5,1.00,9.00\n",
    "utf-16-without-mark.csv": lambda: TABLE.decode().encode("utf-16-le") * 3,
    "utf-8-broken.csv": lambda: table("1,2026-09-01,5,1.00") + b"\xc3\x28,\xff,5,1\n",
    "cell-of-a-megabyte.csv": lambda: table("1,2026-09-01,5," + "9" * 1_100_000),
    "columns-without-end.csv": lambda: b"amount," * 400_000 + b"\n",
}
BANK: dict[str, Callable[[], bytes]] = {
    "amount-overflows.sta": lambda: swap(MT940, "D600,00", "D" + "9" * 40 + ",00"),
    "day-that-is-none.sta": lambda: swap(MT940, ":61:260302", ":61:260230"),
    "balance-lies.sta": lambda: swap(MT940, ":62F:C260302EUR400,00", ":62F:C260302EUR900,00"),
    "fields-without-end.sta": lambda: swap(MT940, "-\n", ":86:x\n" * 100_000 + "-\n"),
    "camt-doctype.xml": lambda: camt(part("T", "600.00")).replace(b"<Document", b"<!DOCTYPE x><Document", 1),
    "camt-negative.xml": lambda: camt(part("T", "-600.00"), amount="-600.00"),
    "bai2-count-overflows.bai": lambda: BAI2.format("9" * 30, "5", "9" * 30).encode(),
    "bai2-control-lies.bai": lambda: BAI2.format("100000", "60000", "7").encode(),
    "ofx-amount-is-none.ofx": lambda: OFX.format("1,000.00.5").encode(),
    "ofx-deep.ofx": lambda: (OFX.format("-5.00")[:-6] + "<A>" * 100_000 + "</OFX>").encode(),
    "nacha-lines-of-one.ach": lambda: b"101 121000248 1234567892603020600A094101" + b"\n1" * 100_000,
}
JSON: dict[str, Callable[[], bytes]] = {
    "deep.json": lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "lists-deep.json": lambda: b"[" * 100_000 + b"]" * 100_000,
    "key-twice.json": lambda: swap(TMF678, '"amountDue"', '"amountDue": {"unit": "EUR", "value": 1}, "amountDue"', 1),
    "infinite.json": lambda: b'{"customerBill": {"amountDue": {"unit": "EUR", "value": 1e999}}}',
    "not-a-number.json": lambda: b'{"customerBill": {"amountDue": {"unit": "EUR", "value": NaN}}}',
    "number-of-a-megabyte.json": lambda: b'{"customerBill": {"amountDue": {"value": ' + b"9" * 1_000_000 + b"}}}",
    "text-of-megabytes.json": lambda: json.dumps({"customerBill": {"id": "x" * 9_000_000}}).encode(),
    "surrogate.json": lambda: b'{"customerBill": {"id": "\\ud800", "billNo": "\\u0000"}}',
}
GZIP: dict[str, Callable[[], bytes]] = {
    "bomb.csv.gz": lambda: bomb(300),
    "gzip-in-gzip.csv.gz": lambda: gzip.compress(gzip.compress(TABLE)),
    "broken.csv.gz": lambda: bomb(2)[:-400],
    "many-members.csv.gz": lambda: gzip.compress(b"") * 50_000,
}
FILES = {**XML, **EDI, **CSV, **{f"bank-{name}": make for name, make in BANK.items()}, **JSON, **GZIP}
