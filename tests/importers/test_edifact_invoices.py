"""The message INVOIC: syntax, envelopes, lines, allowances, taxes, totals."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import D
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.identify import look
from tests.importers.edi_files import EDIFACT_HEAD, PROFILE, codes, edifact, issue, only, read

LINE = ("LIN+1++P-1:SA", "IMD+F++:::Access", "QTY+47:2:EA", "MOA+203:20", "PRI+AAA:10")
TOTALS = (
    "UNS+S",
    "MOA+389:20",
    "MOA+176:4",
    "MOA+388:24",
    "MOA+9:24",
    "TAX+7+VAT+++:::20+S",
    "MOA+125:20",
    "MOA+124:4",
)
BODY = (*EDIFACT_HEAD, *LINE, *TOTALS)


def test_a_plain_invoice() -> None:
    document = read(edifact(BODY))
    invoice = only(document)
    assert (invoice.carrier, invoice.number, invoice.currency) == ("Pine Ridge Telephone", "PR-7", "EUR")
    assert (invoice.bill_date, invoice.current_charges, invoice.total_due) == (date(2026, 9, 30), 24, 24)
    line, tax = invoice.charges
    assert (line.description, line.code, line.quantity, line.unit, line.unit_price) == ("Access", "P-1", 2, "EA", 10)
    assert (line.amount, tax.amount, tax.charge_type) == (20, 4, ChargeType.TAX)
    assert (line.source.path, invoice.sources["total_due"].path) == ("segment 10, MOA*01", "segment 16, MOA*01")
    assert document.issues == ()


@pytest.mark.parametrize(
    ("release", "title"), [("D:93A", ""), ("D:96A", "EAN008"), ("D:97B", ""), ("D:01B", "EAN010"), ("D:16B", "")]
)
def test_every_directory_is_read_alike(release: str, title: str) -> None:
    kind = f"INVOIC:{release}:UN" + (f":{title}" if title else "")
    assert only(read(edifact(BODY, kind=kind))).total_due == 24


def test_the_service_string_may_name_other_separators() -> None:
    table = str.maketrans({"+": "|", ":": "^", "'": "~", ".": ","})
    text = edifact((*EDIFACT_HEAD, *LINE, "UNS+S", "MOA+388:20.00")).decode().translate(table)
    assert only(read("UNA^|,\\ ~" + text)).total_due == 20


@pytest.mark.parametrize(("una", "written"), [("UNA:+,? '", "20,00"), ("UNA:+.? '", "20.00"), ("", "20.00")])
def test_the_decimal_sign_is_the_one_that_is_named(una: str, written: str) -> None:
    body = (*EDIFACT_HEAD, "LIN+1", f"MOA+203:{written}", "UNS+S", f"MOA+388:{written}")
    assert only(read(edifact(body, una=una))).total_due == 20
    other = written.translate(str.maketrans(".,", ",."))
    wrong = read(edifact((*EDIFACT_HEAD, "LIN+1", f"MOA+203:{other}", "UNS+S"), una=una))
    assert issue(wrong, "bad-number").source.path == "segment 8, MOA*01"


def test_released_characters_belong_to_the_text() -> None:
    body = [*BODY]
    body[body.index("IMD+F++:::Access")] = "IMD+F++:::Acc?'s ?+ ports?: A??B"
    assert only(read(edifact(body))).charges[0].description == "Acc's + ports: A?B"


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("UNT+19+1", "UNT+18+1", "edi-count", "segment 20, UNT*01"),
        ("UNT+19+1", "UNT+19+9", "edi-control-number", "segment 20, UNT*02"),
        ("UNZ+1+77", "UNZ+2+77", "edi-count", "segment 21, UNZ*01"),
        ("UNZ+1+77", "UNZ+1+78", "edi-control-number", "segment 21, UNZ*02"),
        ("UNT+19+1'\n", "", "edi-envelope", "segment 20, UNZ"),
    ],
)
def test_envelopes_that_disagree_keep_the_bill_out(old: str, new: str, code: str, place: str) -> None:
    content = edifact(BODY)
    assert content.count(old.encode()) == 1
    document = read(content.replace(old.encode(), new.encode()))
    found = issue(document, code)
    assert (found.severity, found.source) == (Severity.ERROR, Source(path=place))
    assert document.invoices == ()


def test_an_interchange_that_ends_with_the_reference_of_its_message_is_told() -> None:
    document = read(edifact(BODY).replace(b"UNZ+1+77", b"UNZ+1+1"))
    assert issue(document, "edi-control-number").severity is Severity.WARNING
    assert only(document).total_due == 24


def test_a_message_that_stands_twice_is_told() -> None:
    content = edifact(BODY, BODY).replace(b"UNH+2+", b"UNH+1+").replace(b"UNT+19+2", b"UNT+19+1")
    assert "edi-repeated" in codes(read(content))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (edifact(BODY)[:120], "breaks off within"),
        (edifact(BODY).split(b"UNZ")[0], "before the end of its interchange"),
        (b"UNA:+.?" + b" '", "before the end of its interchange"),
        (b"UNA::.? '" + edifact(BODY), "one character twice"),
        (edifact(BODY).replace(b"Access", b"Acc\x00ss"), "zero bytes"),
        (edifact(BODY).replace(b"UNOC", b"UNOA").replace(b"Access", b"Acc\xe9ss"), "0xe9, not text in UNOA"),
        (edifact(BODY).replace(b"LIN+1", b"Lin+1"), "which is no name"),
        (edifact(BODY).replace(b"UNT+", b"UNO+P1+1+1+999999'UNT+"), "is not 999999 characters long"),
        (edifact(BODY).replace(b"UNT+", b"UNO+P1+1+1+x'UNT+"), "does not give the length"),
        (edifact(BODY) + b"UNH+1+INVOIC'", "outside of an interchange"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused_with_the_reason(broken: bytes, why: str) -> None:
    document = read(broken)
    assert codes(document)[-1] == "broken"
    assert why in document.issues[-1].message


@pytest.mark.parametrize("flood", ["x" * 20_000, "+".join("x" * 500), ":".join("x" * 500)])
def test_a_segment_beyond_the_limits_is_refused(flood: str) -> None:
    assert codes(read(edifact((*EDIFACT_HEAD, f"FTX+{flood}")))) == ["too-large"]


def test_latin_text_is_read_in_the_repertoire_that_is_named() -> None:
    content = edifact(BODY).replace(b"Pine Ridge Telephone", "Höhentelefon".encode("latin-1"))
    assert only(read(content)).carrier == "Höhentelefon"


def test_several_messages_are_several_bills() -> None:
    document = read(edifact(BODY, tuple(one.replace("PR-7", "PR-8") for one in BODY)))
    assert [one.number for one in document.invoices] == ["PR-7", "PR-8"]


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("ORDERS", "not-a-bill", "an order (ORDERS)"),
        ("XXXXXX", "not-a-bill", "a message XXXXXX"),
        ("CONTRL", "acknowledgement", "(CONTRL)"),
    ],
)
def test_another_message_is_refused_by_its_name(kind: str, code: str, words: str) -> None:
    assert words in issue(read(edifact(("BGM+220+1",), kind=f"{kind}:D:96A:UN")), code).message


def test_another_message_beside_a_bill_is_told() -> None:
    content = edifact(BODY, ("BGM+220+1",)).replace(b"UNH+2+INVOIC", b"UNH+2+ORDERS")
    assert "an order (ORDERS)" in issue(read(content), "other-set").message


def test_a_credit_note_is_negative() -> None:
    invoice = only(read(edifact(("BGM+381+CN-1+9", "RFF+OI:PR-7", *BODY[1:]))))
    assert invoice.kind is DocumentKind.CREDIT_NOTE
    assert (invoice.current_charges, invoice.total_due, invoice.corrects) == (-24, -24, "PR-7")
    assert [(one.amount, one.quantity) for one in invoice.charges] == [(-20, -2), (-4, None)]


def test_a_credit_note_that_is_written_with_its_sign_stays_negative() -> None:
    body = ("BGM+381+CN-1+9", *EDIFACT_HEAD[1:], "LIN+1", "MOA+203:-20", "UNS+S", "MOA+388:-20")
    invoice = only(read(edifact(body)))
    assert (invoice.total_due, invoice.charges[0].amount) == (-20, -20)


def test_allowances_on_a_line_are_inside_its_amount() -> None:
    line = ("LIN+1", "IMD+F++:::Access", "QTY+47:1", "MOA+203:95", "PRI+AAA:100", "ALC+A+Loyalty", "MOA+204:10",
            "ALC+C++++FC:::Freight", "MOA+23:5")  # fmt: skip
    document = read(edifact((*EDIFACT_HEAD, *line, "UNS+S", "MOA+388:95")))
    charges = [(one.amount, one.charge_type, one.description) for one in only(document).charges]
    assert charges == [
        (100, None, "Access"),
        (-10, ChargeType.CREDIT, "Loyalty: Access"),
        (5, ChargeType.FEE, "Freight: Access"),
    ]
    assert document.issues == ()


def test_allowances_of_the_summary_that_repeat_the_header_count_once() -> None:
    body = (*EDIFACT_HEAD, "ALC+C+Freight", "MOA+8:5", *LINE, "UNS+S", "MOA+77:25", "ALC+C+Freight", "MOA+8:5")
    document = read(edifact(body))
    assert [one.amount for one in only(document).charges] == [20, 5]
    assert codes(document) == ["amounts-repeat"]


def test_a_line_without_an_amount_is_quantity_times_price() -> None:
    body = (*EDIFACT_HEAD, "LIN+1", "QTY+47:3", "PRI+AAA:250:::100", "UNS+S", "MOA+388:7.5")
    (charge,) = only(read(edifact(body))).charges
    assert (charge.amount, charge.unit_price) == (D("7.50"), D("2.5"))


def test_a_line_of_which_no_amount_is_known_keeps_the_bill_out() -> None:
    assert issue(read(edifact((*EDIFACT_HEAD, "LIN+1", "UNS+S"))), "amount-missing").severity is Severity.ERROR


def test_a_line_that_does_not_multiply_is_told() -> None:
    body = tuple(one.replace("PRI+AAA:10", "PRI+AAA:11") for one in BODY)
    assert "2 × 11" in issue(read(edifact(body)), "line-does-not-multiply").message


def test_what_was_prepaid_is_a_payment() -> None:
    body = (*EDIFACT_HEAD, *LINE, "UNS+S", "MOA+388:20", "MOA+113:5", "MOA+9:15")
    document = read(edifact(body))
    assert (only(document).payments_applied, only(document).total_due) == (-5, 15)
    assert document.issues == ()


def test_totals_that_differ_are_told() -> None:
    assert "several-totals" in codes(read(edifact((*EDIFACT_HEAD, *LINE, "UNS+S", "MOA+388:20", "MOA+77:21"))))
    assert "does-not-foot" in codes(read(edifact((*EDIFACT_HEAD, *LINE, "UNS+S", "MOA+388:21"))))
    assert "does-not-foot" in codes(read(edifact((*BODY[:-1], "MOA+124:3"))))


@pytest.mark.parametrize(
    ("summary", "taxes"),
    [
        (("MOA+388:24", "MOA+176:4"), [4]),
        (("MOA+388:24", "MOA+124:4", "TAX+7+VAT+++:::20+S"), [4]),
        (("MOA+388:24", "TAX+7+VAT+++:::20+S", "MOA+124:3", "TAX+7+VAT+++:::5+S", "MOA+124:1"), [3, 1]),
    ],
)
def test_taxes_come_from_the_summary(summary: tuple[str, ...], taxes: list[int]) -> None:
    charges = only(read(edifact((*EDIFACT_HEAD, *LINE, "UNS+S", *summary)))).charges
    assert [one.amount for one in charges if one.charge_type is ChargeType.TAX] == taxes


def test_taxes_of_lines_count_where_nothing_sums_them() -> None:
    body = (*EDIFACT_HEAD, *LINE, "TAX+7+VAT+++:::20+S", "MOA+124:4", "UNS+S", "MOA+388:24")
    assert [one.amount for one in only(read(edifact(body))).charges] == [20, 4]


def test_amounts_in_another_currency_and_of_unknown_kinds_are_told() -> None:
    document = read(edifact((*BODY[:-8], "UNS+S", "MOA+388:20", "MOA+176:33:SEK", "MOA+999:7")))
    told = [one.message for one in document.issues if one.code == "amounts-inform"]
    assert [message.split(" in all")[0] for message in told] == ["1 MOA+176 of 33.00", "1 MOA+999 of 7.00"]


@pytest.mark.parametrize(
    "dates",
    [
        ("DTM+167:20260901:102", "DTM+168:20260930:102"),
        ("DTM+263:20260901-20260930:718",),
        ("DTM+263:2026090120260930:718",),
    ],
)
def test_periods_end_after_their_last_day(dates: tuple[str, ...]) -> None:
    invoice = only(read(edifact((*EDIFACT_HEAD, *dates, *LINE, *dates, *TOTALS))))
    assert invoice.billing_period == invoice.charges[0].period == Period(date(2026, 9, 1), date(2026, 10, 1))


def test_a_period_that_ends_before_it_begins_is_told() -> None:
    body = (*EDIFACT_HEAD, "DTM+167:20260930:102", "DTM+168:20260901:102", *LINE, *TOTALS)
    assert codes(read(edifact(body))) == ["bad-period"]


def test_a_date_that_is_none_is_never_guessed() -> None:
    document = read(edifact(tuple(one.replace("20260930", "20260931") for one in BODY)))
    assert issue(document, "bad-date").source.path == "segment 4, DTM*01"


def test_circuits_and_telephone_numbers_come_from_the_references_of_a_line() -> None:
    body = (
        *EDIFACT_HEAD,
        *LINE,
        "RFF+AVE:DH/KXGS/1",
        "LIN+2",
        "MOA+203:5",
        "RFF+AVE:?+49 89 5550100",
        "UNS+S",
        "MOA+388:25",
    )
    first, second = only(read(edifact(body))).charges
    assert (first.circuit_id, second.tn) == ("DH/KXGS/1", "+49 89 5550100")


def test_what_is_not_named_is_held_for_a_person() -> None:
    document = read(edifact(("BGM+380+PR-7", EDIFACT_HEAD[1], *LINE, "UNS+S")))
    assert {"carrier-missing", "currency-missing", "total-missing"} <= set(codes(document))
    assert document.needs_eyes
    assert not document.refused
    assert (only(document).carrier, only(document).currency) == ("4000001", "XXX")


def test_a_profile_says_what_the_files_leave_out() -> None:
    document = read(edifact(("BGM+380+PR-7", EDIFACT_HEAD[1], *LINE, *TOTALS)), profiles=[PROFILE])
    assert (only(document).carrier, only(document).currency) == ("Pine Ridge Telephone Cooperative", "CAD")
    assert document.issues == ()


def test_a_copy_is_held_and_a_proforma_is_not_taken() -> None:
    copy = tuple(one.replace("PR-7+9", "PR-7+31") for one in BODY)
    assert issue(read(edifact(copy)), "not-an-original").severity is Severity.REVIEW
    proforma = tuple(one.replace("BGM+380", "BGM+325") for one in BODY)
    assert codes(read(edifact(proforma))) == ["nothing-payable", "memo-document"]


def test_a_message_without_a_number_or_date_is_no_bill() -> None:
    assert "header-missing" in codes(read(edifact(("BGM+380", *BODY[1:]))))
    assert "header-missing" in codes(read(edifact((BODY[0], *BODY[2:]))))


def test_a_number_of_lines_that_differs_is_told() -> None:
    assert "line-count" in codes(read(edifact((*BODY, "CNT+2:9"))))
    assert "line-count" not in codes(read(edifact((*BODY, "CNT+2:1"))))


def test_bank_details_are_not_taken() -> None:
    body = (*EDIFACT_HEAD, "FII+RB+NL57RABO0107307510:HOLDER+RABONL2U", *LINE, *TOTALS)
    assert "RABO" not in repr(read(edifact(body)))


def test_the_head_names_the_kinds_of_messages() -> None:
    head = look("a.edi", edifact(BODY, ("BGM+1",)).replace(b"UNH+2+INVOIC", b"UNH+2+ORDERS"))
    assert (head.media, head.text) == ("edifact", "INVOIC ORDERS")
