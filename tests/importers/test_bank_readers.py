"""Banks' files read value by value: what a movement says, how batches split, what the controls tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.vocabulary import AnswerKind, Severity, StatementKind
from app.importers.bank.common import comma_amount, minor_amount, point_amount
from app.importers.bank.importer import bank_importers
from app.importers.bank.mt_details import read_details
from app.importers.registry import DocumentHead
from app.importers.tabular.definition import MappingFault
from app.importers.values import BadAmount
from tests.importers.bank_files import CAMT, MT940, RETURNED, camt, codes, part, read_bank

BAI2 = """01,021000021,MERIDIAN,260302,0600,1,,,2/
02,MERIDIAN,021000021,1,260301,,USD,2/
03,778899001,USD,010,100000,,,015,40000,,/
16,451,60000,,B77,TB-1,ACH batch/
88,CRNM: Calder Fiber
49,200000,4/
98,200000,1,6/
99,200000,1,8/
"""
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>021000021<ACCTID>778899001<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260302
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260302120000.000[-5:EST]<TRNAMT>-600.00<FITID>B77<NAME>Calder &amp; Sons
<MEMO>Bill INV-1</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>400.00<DTASOF>20260302</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
PAIN002 = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-03-02T08:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>SEPA-20260302-1</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId><GrpSts>PART</GrpSts>
</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>SEPA-20260302-1-1</OrgnlPmtInfId><PmtInfSts>ACCP</PmtInfSts>
<TxInfAndSts><OrgnlEndToEndId>TB-1</OrgnlEndToEndId><TxSts>RJCT</TxSts>
<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">600.00</InstdAmt></Amt>
<Cdtr><Nm>Calder Fiber</Nm></Cdtr></OrgnlTxRef></TxInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>TB-2</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>TB-3</OrgnlEndToEndId><TxSts>PDNG</TxSts></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""


def test_a_statement_says_the_same_in_mt940_and_in_camt() -> None:
    for name, content in (("s.sta", MT940.encode()), ("s.xml", camt(part("TB-1", "600.00")))):
        document = read_bank(name, content)
        (statement,) = document.statements
        (line,) = statement.lines
        assert (statement.kind, statement.account, statement.currency) == (
            StatementKind.STATEMENT,
            "DE89370400440532013000",
            "EUR",
        )
        assert (statement.opening, statement.closing) == (Decimal(1000), Decimal(400))
        assert (line.amount, line.booked, line.valued) == (Decimal(-600), date(2026, 3, 2), date(2026, 3, 2))
        assert (line.reference, line.bank_reference, line.party) == ("TB-1", "B-77", "Calder Fiber")
        assert line.party_account == "FR1420041010050500013M02606"
        assert document.issues == ()


def test_a_statement_that_does_not_add_up_is_told_with_its_figures() -> None:
    document = read_bank("s.xml", camt(part("TB-1", "600.00"), closing="399.99"))
    (issue,) = document.issues
    assert (issue.code, issue.severity) == ("balance-differs", Severity.WARNING)
    assert "1,000.00 and 1 movement of -600.00 make 400.00" in issue.message
    assert "-0.01 off" in issue.message
    assert codes(read_bank("s.sta", MT940.replace("400,00", "399,99").encode())) == ["balance-differs"]


def test_a_batch_is_split_where_its_parts_add_up_to_it() -> None:
    document = read_bank("s.xml", camt(part("TB-1", "250.00"), part("TB-2", "350.00")))
    assert [(line.amount, line.reference) for line in document.statements[0].lines] == [
        (Decimal(-250), "TB-1"),
        (Decimal(-350), "TB-2"),
    ]
    assert document.issues == ()


def test_a_batch_whose_parts_do_not_add_up_stays_one_movement() -> None:
    document = read_bank("s.xml", camt(part("TB-1", "250.00"), part("TB-2", "350.01")))
    assert [line.amount for line in document.statements[0].lines] == [Decimal(-600)]
    assert codes(document) == ["batch-not-split"]


def test_a_return_in_a_camt_is_an_answer_too() -> None:
    document = read_bank("s.xml", camt(part("TB-1", "600.00", RETURNED), closing="1600.00", direction="CRDT"))
    (line,) = document.statements[0].lines
    assert (line.amount, line.returned, line.party) == (Decimal(600), "AC04", "Calder Fiber")
    (answer,) = document.answers
    assert (answer.kind, answer.reference, answer.code, answer.reason) == (
        AnswerKind.RETURNED,
        "TB-1",
        "AC04",
        "account closed",
    )


@pytest.mark.parametrize("version", ["02", "08", "14"])
def test_every_version_of_camt_is_read(version: str) -> None:
    content = camt(part("TB-1", "600.00")).replace(b"camt.053.001.08", f"camt.053.001.{version}".encode())
    assert read_bank("s.xml", content).statements[0].lines[0].reference == "TB-1"


def test_an_entry_that_is_only_announced_is_not_booked() -> None:
    content = camt(part("TB-1", "600.00")).replace(b"<Cd>BOOK</Cd>", b"<Cd>PDNG</Cd>")
    document = read_bank("s.xml", content)
    assert document.statements[0].lines[0].booked is None
    assert "balance-differs" in codes(document)


def test_an_entry_without_its_direction_keeps_the_file_out() -> None:
    content = camt(part("TB-1", "600.00")).replace(b"<CdtDbtInd>DBIT</CdtDbtInd>", b"")
    document = read_bank("s.xml", content)
    assert document.refused
    assert document.statements == ()


@pytest.mark.parametrize(
    ("written", "reference", "party", "account", "returned"),
    [
        ("/EREF/TB-1//NAME/Calder Fiber/IBAN/FR14/REMI/Bill INV-1", "TB-1", "Calder Fiber", "FR14", ""),
        ("/CNTP/FR14/BICX/Calder Fiber/Paris//REMI/USTD//Bill/EREF/TB-2", "TB-2", "Calder Fiber", "FR14", ""),
        ("/RTRN/AC04/EREF/TB-3", "TB-3", "", "", "AC04"),
        ("159?00RETURN?20EREF+TB-\n4?21SVWZ+back?31123?32Calder?33 Fiber", "TB-4", "Calder Fiber", "123", "159"),
        ("Any words at all", "", "", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_details_of_a_movement_are_read_as_banks_write_them(
    written: str, reference: str, party: str, account: str, returned: str
) -> None:
    details = read_details(written)
    assert (details.reference, details.party, details.party_account) == (reference, party, account)
    assert details.returned == returned


def test_a_reversed_debit_comes_back_and_a_returned_item_is_marked() -> None:
    content = MT940.replace("D600,00NTRF", "RD600,00NRTI").replace("400,00", "1600,00")
    (line,) = read_bank("s.sta", content.encode()).statements[0].lines
    assert (line.amount, line.returned) == (Decimal(600), "RTI")


@pytest.mark.parametrize(("mark", "amount"), [("C", 600), ("D", -600), ("RC", -600), ("RD", 600), ("DR", -600)])
def test_the_mark_says_whether_money_leaves(mark: str, amount: int) -> None:
    document = read_bank("s.sta", MT940.replace("D600,00NTRF", f"{mark}600,00NTRF").encode())
    assert document.statements[0].lines[0].amount == amount


def test_a_movement_that_is_only_expected_is_not_booked() -> None:
    (line,) = read_bank("s.sta", MT940.replace("D600,00NTRF", "ED600,00NTRF").encode()).statements[0].lines
    assert (line.amount, line.booked) == (Decimal(-600), None)


def test_the_sums_of_an_interim_report_are_checked() -> None:
    head = ":20:R1\n:25:123\n:28C:1/1\n:34F:EUR0,\n:13D:2603021815+0100\n"
    lines = ":61:2603020302D600,00NTRFTB-1\n:61:2603020302C5,NTRFX\n"
    good = read_bank("s.sta", f"{head}{lines}:90D:1EUR600,00\n:90C:1EUR5,00\n-\n".encode())
    (statement,) = good.statements
    assert (statement.kind, statement.currency, statement.day) == (StatementKind.INTRADAY, "EUR", date(2026, 3, 2))
    assert codes(good) == []
    wrong = read_bank("s.sta", f"{head}{lines}:90D:1EUR600,01\n:90C:2EUR5,00\n-\n".encode())
    assert codes(wrong) == ["control-differs", "control-differs"]


def test_a_movement_that_cannot_be_read_keeps_the_file_out() -> None:
    document = read_bank("s.sta", MT940.replace("D600,00", "D6e2,00").encode())
    assert document.refused
    assert document.statements == ()
    assert "line" not in document.issues[0].code
    assert document.issues[0].source.row == 5


def test_bai2_reads_balances_movements_and_words() -> None:
    document = read_bank("s.bai", BAI2.encode())
    (statement,) = document.statements
    assert codes(document) == []
    assert (statement.account, statement.opening, statement.closing) == ("778899001", Decimal(1000), Decimal(400))
    (line,) = statement.lines
    assert (line.amount, line.reference, line.bank_reference) == (Decimal(-600), "TB-1", "B77")
    assert line.party == "Calder Fiber"


def test_several_bai2_files_in_one_text_are_read_one_after_the_other() -> None:
    document = read_bank("s.bai", (BAI2 + BAI2.replace("778899001", "778899002")).encode())
    assert [one.account for one in document.statements] == ["778899001", "778899002"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("49,200000,4", "49,200001,4"), ("98,200000,1,6", "98,200000,2,6"), ("99,200000,1,8", "99,200000,1,9")],
)
def test_a_bai2_control_that_differs_holds_the_file(before: str, after: str) -> None:
    document = read_bank("s.bai", BAI2.replace(before, after).encode())
    assert set(codes(document)) == {"control-differs"}
    assert document.needs_eyes


def test_a_bai2_that_is_cut_off_is_refused() -> None:
    assert read_bank("s.bai", BAI2[: BAI2.index("98,")].encode()).refused


def test_ofx_is_read_as_sgml_and_as_xml() -> None:
    xml = (
        '<?xml version="1.0"?><?OFX OFXHEADER="200"?><OFX><STMTRS><CURDEF>USD</CURDEF><BANKACCTFROM><BANKID>021000021'
        "</BANKID><ACCTID>778899001</ACCTID></BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>"
        "20260302</DTPOSTED><TRNAMT>-600.00</TRNAMT><FITID>B77</FITID><NAME>Calder &amp; Sons</NAME><MEMO>Bill INV-1"
        "</MEMO></STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>400.00</BALAMT><DTASOF>20260302</DTASOF></LEDGERBAL>"
        "</STMTRS></OFX>"
    )
    for name, content in (("a.ofx", OFX), ("b.ofx", xml)):
        document = read_bank(name, content.encode())
        (statement,) = document.statements
        (line,) = statement.lines
        assert (statement.account, statement.closing, statement.day) == ("778899001", Decimal(400), date(2026, 3, 2))
        assert (line.amount, line.booked, line.party) == (Decimal(-600), date(2026, 3, 2), "Calder & Sons")
        assert (line.bank_reference, line.text) == ("B77", "Bill INV-1")


def test_a_status_report_is_read_from_the_file_to_the_single_payment() -> None:
    answers = read_bank("r.xml", PAIN002.encode()).answers
    assert [(one.kind, one.reference, one.file_reference, one.code) for one in answers] == [
        (AnswerKind.ACCEPTED, "", "SEPA-20260302-1", "PART"),
        (AnswerKind.ACCEPTED, "", "SEPA-20260302-1-1", "ACCP"),
        (AnswerKind.REJECTED, "TB-1", "SEPA-20260302-1-1", "AC04"),
        (AnswerKind.SETTLED, "TB-2", "SEPA-20260302-1-1", "ACSC"),
        (AnswerKind.PENDING, "TB-3", "SEPA-20260302-1-1", "PDNG"),
    ]
    assert (answers[2].amount, answers[2].currency, answers[2].party) == (Decimal(600), "EUR", "Calder Fiber")


def test_a_status_that_is_not_known_keeps_the_report_out() -> None:
    assert codes(read_bank("r.xml", PAIN002.replace("PDNG", "WXYZ").encode())) == ["status-unknown"]


MAPPING = """kind = "bank-mapping"
name = "house_bank"
account = "778899001"
currency = "USD"
[claims]
columns = ["Posted", "Details"]
[format]
date = "MM/DD/YYYY"
[columns]
booked = "Posted"
text = "Details"
party = {{ column = "Payee", optional = true }}
reference = {{ column = "Reference", optional = true }}
{amounts}
"""
ONE = 'amount = "Amount"\nbalance = "Balance"'
TWO = 'debit = "Out"\ncredit = "In"'


def read_table(amounts: str, text: str) -> tuple[list[Decimal], list[str], tuple[Decimal | None, Decimal | None]]:
    importer = bank_importers((MAPPING.format(amounts=amounts),))[-1]
    head = DocumentHead("t.csv", len(text), "csv", text, tuple(text.split("\n")[0].split(",")))
    assert importer.name == "bank:house_bank"
    assert importer.claims(head)
    document = importer.read(text.encode(), head)
    found = document.statements[0] if document.statements else None
    lines = [] if found is None else [line.amount for line in found.lines]
    return lines, codes(document), (None, None) if found is None else (found.opening, found.closing)


def test_a_table_with_one_column_of_amounts_is_read_in_either_order() -> None:
    rows = ["03/01/2026,Bill,-600.00,400.00", "03/02/2026,Refund,50.00,450.00"]
    head = "Posted,Details,Amount,Balance\n"
    balances = (Decimal("1000.00"), Decimal("450.00"))
    assert read_table(ONE, head + "\n".join(rows)) == ([Decimal(-600), Decimal(50)], [], balances)
    assert read_table(ONE, head + "\n".join(reversed(rows))) == ([Decimal(50), Decimal(-600)], [], balances)


def test_a_table_whose_balances_do_not_follow_is_told() -> None:
    text = "Posted,Details,Amount,Balance\n03/01/2026,Bill,-600.00,400.00\n03/02/2026,Refund,50.00,451.00"
    assert read_table(ONE, text)[1] == ["balance-differs"]


def test_a_table_with_debits_and_credits_apart_is_read() -> None:
    text = "Posted,Details,Out,In\n03/01/2026,Bill,600.00,\n03/02/2026,Refund,,50.00\n03/02/2026,Fee,-1.00,0.00"
    assert read_table(TWO, text)[0] == [Decimal(-600), Decimal(50), Decimal(-1)]
    assert read_table(TWO, text.replace("600.00,", "600.00,3"))[1] == ["bad-movement"]


def test_debits_with_and_without_a_minus_are_held_where_no_balances_settle_them() -> None:
    lines = ["Posted,Details,Out,In,Balance", "04/01/2026,Bill,50.00,,950.00", "04/02/2026,Bill,20.00,,930.00"]
    mixed = "\n".join([*lines, "04/03/2026,Bill back,-20.00,,910.00"])
    assert read_table(TWO, mixed)[1] == ["debits-of-two-signs"]
    assert read_table(TWO, mixed.replace("-20.00", "20.00"))[1] == []
    assert read_table(f'{TWO}\nbalance = "Balance"', mixed)[1] == [], "the balances say that it left"


@pytest.mark.parametrize(("currency", "codes_told"), [("USD", ["bad-movement"]), ("KWD", [])])
def test_thousands_that_the_mapping_takes_for_decimals_are_no_money(currency: str, codes_told: list[str]) -> None:
    text = "Posted,Details,Amount\n04/01/2026,Bill,-50\n04/02/2026,Bill,-1.250\n"
    mapping = MAPPING.format(amounts='amount = "Amount"').replace('"USD"', f'"{currency}"')
    importer = bank_importers((mapping,))[-1]
    head = DocumentHead("t.csv", len(text), "csv", text, ("Posted", "Details", "Amount"))
    assert codes(importer.read(text.encode(), head)) == codes_told


def test_a_word_beside_the_amount_says_which_way_it_went() -> None:
    side = 'amount = "Amount"\nside = "D/C"'
    text = "Posted,Details,Amount,D/C\n04/01/2026,Bill,50.00,D\n04/02/2026,Refund,20.00,C\n04/03/2026,Fee,0.00,d"
    assert read_table(side, text)[0] == [Decimal(-50), Decimal(20), Decimal(0)]
    assert read_table(side, text.replace(",C", ",?"))[1] == ["bad-movement"]
    assert read_table(side, text.replace("20.00,C", "-20.00,C"))[1] == ["bad-movement"]
    assert read_table(side, text.replace("0.00,d", "-7.00,d"))[1] == ["debits-of-two-signs"]
    with pytest.raises(MappingFault):
        bank_importers((MAPPING.format(amounts=f'{TWO}\nside = "D/C"'),))


@pytest.mark.parametrize("amounts", ['debit = "Out"', 'amount = "A"\ndebit = "Out"\ncredit = "In"', ""])
def test_a_mapping_has_one_column_of_amounts_or_two(amounts: str) -> None:
    with pytest.raises(MappingFault):
        bank_importers((MAPPING.format(amounts=amounts),))


@pytest.mark.parametrize("text", ["1e3", "NaN", "٣", "1_000", "--1", "+-1", "", " ", "Infinity", "0x10", "1.2.3", "½"])
def test_amounts_in_other_forms_are_refused(text: str) -> None:
    for read in (comma_amount, point_amount, lambda one: minor_amount(one, "USD")):
        with pytest.raises(BadAmount):
            read(text)


def test_amounts_without_a_point_follow_their_currency() -> None:
    assert minor_amount("-12345", "USD") == Decimal("-123.45")
    assert minor_amount("12345", "JPY") == Decimal(12345)
    assert minor_amount("12345", "KWD") == Decimal("12.345")
    assert minor_amount("-0", "USD").as_tuple().sign == 0


def test_a_camt_with_an_entity_or_a_document_type_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    body = CAMT.split("?>\n", 1)[1].format(closing="0", entries="&b;")
    assert codes(read_bank("s.xml", (bomb + body).encode())) == ["doctype"]
