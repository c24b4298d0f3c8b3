"""Invented bank files for the tests of their readers, and reading without the other importers."""

from __future__ import annotations

from app.domain.parsed import ParsedDocument
from app.importers.bank.importer import bank_importers
from app.importers.bank.recognise import look_into_bank
from app.importers.faults import DocumentFault, refuse
from app.importers.peek import look_into_text
from app.importers.xml.safe import look_into_xml

MT940 = """:20:STARTUMS
:25:DE89370400440532013000
:28C:7/1
:60F:C260301EUR1000,00
:61:2603020302D600,00NTRFTB-1//B-77
:86:116?00SEPA transfer?20EREF+TB-1?21SVWZ+Bill INV-1?31FR1420041010050500013M02606?32Calder
?33 Fiber
:62F:C260302EUR400,00
-
"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>
<CreDtTm>2026-03-02T20:00:00+01:00</CreDtTm></GrpHdr><Stmt><Id>S7</Id><ElctrncSeqNb>7</ElctrncSeqNb>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-03-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-03-02</Dt></Dt></Bal>{entries}</Stmt></BkToCstmrStmt></Document>
"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><Dt>2026-03-02</Dt></ValDt><AcctSvcrRef>B-77</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls>{parts}</NtryDtls></Ntry>"""
PART = """<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt>
<RltdPties><Cdtr><Pty><Nm>Calder Fiber</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id>
</CdtrAcct></RltdPties>{more}</TxDtls>"""
RETURNED = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


def camt(*parts: str, amount: str = "600.00", closing: str = "400.00", direction: str = "DBIT") -> bytes:
    """A camt.053 with one entry of these parts."""
    entry = ENTRY.format(amount=amount, direction=direction, parts="".join(parts))
    return CAMT.format(closing=closing, entries=entry).encode()


def part(reference: str, amount: str, more: str = "") -> str:
    """One payment of an entry."""
    return PART.format(reference=reference, amount=amount, more=more)


def read_bank(name: str, content: bytes) -> ParsedDocument:
    """What the bank's importers make of a file, faults of the whole file as issues; "" where none claims it."""
    try:
        head = look_into_bank(name, content)
        if head is None:
            xml = content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")
            head = look_into_xml(name, content) if xml else look_into_text(name, content)
        chosen = [one for one in bank_importers() if one.claims(head)]
        assert len(chosen) <= 1
        return chosen[0].read(content, head) if chosen else ParsedDocument("")
    except DocumentFault as fault:
        return refuse("", fault)


def codes(document: ParsedDocument) -> list[str]:
    """The codes of its issues."""
    return [issue.code for issue in document.issues]
