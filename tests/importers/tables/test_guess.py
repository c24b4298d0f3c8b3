"""A first mapping by words and looks: what is sure is chosen with its reason, what is not is asked."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vocabulary import ChargeType
from app.importers.registry import Definitions
from app.importers.tabular.answers import answer_guess
from app.importers.tabular.claims import Claims, tell_near
from app.importers.tabular.definition import MappingFault
from app.importers.tabular.guess import guess
from app.importers.tabular.guess_values import look_for_amounts, look_for_dates, looks_like_telephone
from app.importers.tabular.guess_words import INVOICE_WORDS, charge_type_of, plain_words, rank_header
from app.importers.tabular.importer import tabular_importers
from app.importers.tabular.preview import compare_readings, preview
from app.importers.tabular.sheets import GridFault
from app.services.mapping_toml import write_toml
from tests.importers.tables.table_files import head_of, make_workbook, read_with

GERMAN = """Larkspur Telefon;;;
Rechnungsnummer: R-77;;;
Rechnungsdatum;01.05.2026;;
Kundennummer;K-1;;
Leitungsnummer;Bezeichnung;Entgeltart;Betrag;Währung;von;bis
LK/1/44;Anschluss;monatlich;1.234,50;EUR;01.04.2026;30.04.2026
LK/1/45;Anschluss;einmalig;4,50;EUR;01.04.2026;30.04.2026
"""


def draft(content: str | bytes, **options: object) -> dict[str, Any]:
    return guess("bill.csv", content.encode() if isinstance(content, str) else content, options)


def test_a_german_bill_is_guessed_whole_and_reads() -> None:
    found = draft(GERMAN)
    mapping = found["mapping"]
    assert mapping["format"] == {"delimiter": ";", "date": "DD.MM.YYYY", "decimal": ",", "group": "."}
    assert mapping["invoice"] == {
        "currency": "Währung",
        "number": {"label": "Rechnungsnummer"},
        "bill_date": {"label": "Rechnungsdatum"},
        "ban": {"label": "Kundennummer"},
    }
    assert mapping["charges"]["types"] == {
        "column": "Entgeltart",
        "values": {"monatlich": "MRC", "einmalig": "NRC"},
    }
    assert [question["key"] for question in found["unsure"]] == ["carrier"]
    (importer,) = tabular_importers([write_toml(mapping | {"name": "l", "carrier": "Larkspur Telefon"})])
    (bill,) = read_with(importer, "bill.csv", GERMAN).invoices
    assert (bill.number, bill.ban, bill.bill_date) == ("R-77", "K-1", date(2026, 5, 1))
    assert [(charge.charge_type, charge.amount) for charge in bill.charges] == [
        (ChargeType.MRC, Decimal("1234.50")),
        (ChargeType.NRC, Decimal("4.50")),
    ]


def test_every_choice_has_its_reason() -> None:
    reasons = draft(GERMAN)["reasons"]
    assert reasons["charges.amount"] == "column 'Betrag', by its name 'Betrag'"
    assert reasons["invoice.number"] == "the cell beside 'Rechnungsnummer'"


def test_days_that_could_be_months_are_asked_and_never_guessed() -> None:
    found = draft("Invoice No,Invoice Date,Amount\nA-1,01/02/2026,5.00\nA-1,01/02/2026,6.00\n")
    assert "date" not in found["mapping"]["format"]
    (question,) = [one for one in found["unsure"] if one["key"] == "format.date"]
    assert set(question["choices"]) >= {"DD/MM/YYYY", "MM/DD/YYYY"}


def test_one_day_beyond_the_twelfth_settles_it() -> None:
    found = draft("Invoice No,Invoice Date,Due Date,Amount\nA-1,01/02/2026,01/31/2026,5.00\n")
    assert found["mapping"]["format"]["date"] == "MM/DD/YYYY"


def test_a_comma_that_could_be_either_is_asked() -> None:
    found = draft("Invoice No;Amount\nA-1;1,234\nA-1;2,500\n")
    assert [one["choices"] for one in found["unsure"] if one["key"] == "format.decimal"] == [[".,", ",."]]
    assert "format.decimal" not in [one["key"] for one in draft("Invoice No;Amount\nA-1;1,234\nA-1;2,50\n")["unsure"]]


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["1,234.50", "3.00"], [".,"]),
        (["1.234,50", "3,00"], [",."]),
        (["1 234,50", "3,00"], [", "]),
        (["1'234.50"], [".'"]),
        (["12", "13"], [".,"]),
        (["1,234"], [".,", ",."]),
        (["-5.00", "(5.00)", "5.00 CR"], [".,"]),
    ],
)
def test_the_decimal_sign_is_the_one_that_reads_all(values: list[str], formats: list[str]) -> None:
    found = look_for_amounts(values)
    assert found is not None
    assert [f"{one.decimal}{one.group}" for one in found.formats] == formats


@pytest.mark.parametrize("values", [["12", "x"], ["1.2.3"], ["NaN"], [date(2026, 1, 1)], []])
def test_what_is_no_amount_is_none(values: list[Any]) -> None:
    assert look_for_amounts(values) is None


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-04-01"], ("YYYY-MM-DD",)),
        (["13.04.2026", "01.02.2026"], ("DD.MM.YYYY",)),
        (["04/04/2026"], ("DD/MM/YYYY",)),  # both readings are the same day
        (["2026-04-01 00:00:00"], ("YYYY-MM-DD 00:00:00",)),
        (["1. März 2026"], ("D. MMMM YYYY",)),
    ],
)
def test_a_date_format_is_the_one_that_reads_all(values: list[str], formats: tuple[str, ...]) -> None:
    found = look_for_dates(values)
    assert found is not None
    assert found.formats == formats


def test_a_telephone_number_a_currency_and_a_circuit_are_known_by_their_looks() -> None:
    fields = draft("Ref,X1,X2,X3,Net\nA,312-555-0101,USD,QH/0001/A,5.00\n")["fields"]
    assert (fields["X1"], fields["X2"], fields["X3"]) == ("charges.tn", "invoice.currency", "charges.circuit_id")


def test_of_two_columns_of_amounts_none_is_taken_without_a_name() -> None:
    found = draft("Ref,X,Y\nA,5.00,6.00\n")
    assert "amount" not in found["mapping"]["charges"]["columns"]
    assert [one["choices"] for one in found["unsure"] if one["key"] == "charges.amount"] == [["X", "Y"]]


def test_the_header_of_a_workbook_stands_below_its_block() -> None:
    rows = [
        ("Larkspur Voice",),
        ("Invoice number", "L-9"),
        ("Invoice date", date(2026, 5, 1)),
        (),
        ("Circuit", "Description", "Amount"),
        ("LK/1", "Line", 40.1),
    ]
    shown = preview("b.xlsx", make_workbook({"Bill": rows}), {})
    assert (shown["header_row"], shown["sheet"]) == (5, "Bill")
    found = guess("b.xlsx", make_workbook({"Bill": rows}), {})["mapping"]
    assert found["invoice"]["bill_date"] == {"label": "Invoice date", "sheet": "Bill"}
    assert found["charges"]["columns"]["amount"] == "Amount"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("One Time", ChargeType.NRC),
        ("Non-Recurring", ChargeType.NRC),
        ("Recurring", ChargeType.MRC),
        ("State Sales Tax", ChargeType.TAX),
        ("MwSt. 19 %", ChargeType.TAX),
        ("Gutschrift", ChargeType.CREDIT),
        ("Late Payment Fee", ChargeType.LPC),
        ("Widget", None),
    ],
)
def test_words_of_types_are_known(printed: str, meant: ChargeType | None) -> None:
    assert charge_type_of(printed) is meant


def test_words_are_compared_without_case_accents_and_humps() -> None:
    assert plain_words("BilledCost") == plain_words("billed  cost") == "billed cost"
    assert plain_words("Numéro de facture") == "numero de facture"


# encodings

LATIN = "Rechnung;Kunde;Betrag\nR-1;Müller;1,50\n".encode("iso-8859-1")


def test_what_is_not_utf8_is_asked_with_its_readings_side_by_side() -> None:
    shown = preview("r.csv", LATIN, {})
    assert (shown["rows"], shown["encoding"]) == ([], "")
    first, second = shown["readings"][:2]
    assert ("iso-8859-1" in first["encodings"], first["lines"]) == (True, [[2, "R-1;Müller;1,50"]])
    assert (second["encodings"], second["lines"]) == (["cp437"], [[2, "R-1;Mⁿller;1,50"]])


def test_the_reading_that_is_chosen_opens_it_and_stands_in_the_mapping() -> None:
    assert preview("r.csv", LATIN, {"encoding": "cp1252"})["rows"][1]["cells"][1] == "Müller"
    assert draft(LATIN, encoding="cp1252")["mapping"]["format"]["encoding"] == "cp1252"


@pytest.mark.parametrize("content", ["é;1\n".encode(), "é;1\n".encode("utf-16"), b"\xef\xbb\xbfa;1\n", b"plain,1\n"])
def test_what_says_its_encoding_itself_is_not_asked(content: bytes) -> None:
    assert compare_readings(content) == ()


def test_an_empty_file_has_no_preview() -> None:
    with pytest.raises(GridFault, match="is empty"):
        preview("e.csv", b" \n", {})


# claims

HEAD = "No,Net,Kind\nA,1.00,x\n"
CLAIMS = Claims("csv", frozenset({"no", "net", "kind"}), exact=True)


def test_an_exact_header_claims_and_one_column_more_does_not() -> None:
    assert CLAIMS.hold(head_of("a.csv", HEAD.encode()))
    more = head_of("a.csv", b"No,Net,Kind,Site\nA,1.00,x,y\n")
    assert not CLAIMS.hold(more)
    assert tell_near(more, [("quiet", CLAIMS)]) == (
        "; its header differs from that of the mapping 'quiet': it has 'site' besides"
    )


def test_a_renamed_column_is_named_both_ways() -> None:
    head = head_of("a.csv", b"No,Net USD,Kind\nA,1.00,x\n")
    assert tell_near(head, [("quiet", CLAIMS)]) == (
        "; its header differs from that of the mapping 'quiet': it lacks 'net' and has 'net usd' besides"
    )


def test_a_header_of_something_else_is_not_near() -> None:
    assert tell_near(head_of("a.csv", b"From,To,Seconds\n1,2,3\n"), [("quiet", CLAIMS)]) == ""


def test_exact_claims_need_columns() -> None:
    mapping = draft(GERMAN)["mapping"] | {"name": "l", "carrier": "C", "claims": {"file": "*", "exact": True}}
    with pytest.raises(MappingFault, match="exact"):
        tabular_importers([write_toml(mapping)])


def test_a_header_that_quotes_its_commas_is_exact_too() -> None:
    head = head_of("a.csv", b'No,"Net, USD",Kind\nA,1.00,x\n')
    assert Claims("csv", frozenset({"no", "net, usd", "kind"}), exact=True).hold(head)


# a real file of another trade

FOCUS = "usage/focus_sample.csv"


def test_the_real_cloud_cost_file_is_mapped_to_its_exact_sum(shared_data: Path) -> None:
    content = (shared_data / FOCUS).read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    exact = sum((Decimal(row["BilledCost"]) for row in rows), Decimal(0))
    found = guess("focus.csv", content, {})
    mapping = found["mapping"] | {"name": "focus", "carrier": "Cirrus Cloud"}
    assert mapping["charges"]["columns"]["amount"] == "BilledCost"
    assert (mapping["format"]["round"], mapping["format"]["empty"]) == (True, ["NULL"])
    assert mapping["format"]["period_end"] == "exclusive"
    mapping["invoice"] |= {"number": {"value": "2024-09"}, "bill_date": {"value": "2024-10-01 00:00:00"}}
    for one in ("currency", "ban", "period_start", "period_end"):
        mapping["invoice"].pop(one)
    mapping["currency"] = "USD"
    (importer,) = tabular_importers([write_toml(mapping)])
    (bill,) = read_with(importer, "focus.csv", content).invoices
    assert len(bill.charges) == len(rows) == 1_000
    assert bill.current_charges == exact.quantize(Decimal("0.000001"))
    assert sum(charge.amount for charge in bill.charges) + bill.rounding == bill.current_charges


def test_the_answer_names_the_mapping_that_is_almost_meant() -> None:
    text = write_toml(draft(GERMAN)["mapping"] | {"name": "lark", "carrier": "Larkspur Telefon"})
    said = answer_guess("b.csv", GERMAN.replace("Betrag", "Nettobetrag").encode(), Definitions(mappings=(text,)), {})
    assert said["near"] == {"name": "lark", "missing": ["betrag"], "more": ["nettobetrag"]}


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_previewed_and_guessed_or_refused(content: bytes) -> None:
    code = ""
    try:
        preview("x", content, {})
        guess("x", content, {})
    except GridFault as fault:
        code = fault.code
    assert code in {"", "empty", "bad-encoding", "broken-csv", "beyond-limits", "broken-workbook", "not-a-table"}


def test_dates_are_no_telephone_numbers() -> None:
    assert looks_like_telephone(["2025550101", "+1 (202) 555-0102"])
    assert not looks_like_telephone(["2026-04-01", "2026-05-01"])
    assert not looks_like_telephone(["2026-04-01", "01.05.2026"]), "written in two ways"
    assert not looks_like_telephone(["01.04.26-30.04.26"])


def test_umlauts_are_known_in_both_ways_of_writing_them() -> None:
    for name in ("Fälligkeit", "Faelligkeit", "FALLIGKEIT"):
        assert rank_header(name, INVOICE_WORDS["due_date"]), name
    assert charge_type_of("Mahngebühr") is charge_type_of("Mahngebuehr") is ChargeType.LPC


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Amount,D/C\n{},100.00,D\n{},50.00,C\n", True),
        ("Amount,D/C\n{},100.00,D\n{},-50.00,C\n", False),
        ("Amount,D/C\n{},100.00,D\n{},50.00,D\n", False),
        ("Amount,Grade\n{},100.00,A\n{},50.00,C\n", False),
        ("Charge,Credit\n{},100.00,\n{},0.00,50.00\n", True),
        ("Net Amount,Credit\n{},100.00,\n{},-50.00,50.00\n", False),
    ],
)
def test_credits_in_a_column_that_no_mapping_reads_hold_the_bill(text: str, held: bool) -> None:
    rows = "Invoice Number,Invoice Date,Description," + text.format("A-1,2026-04-01,Port", "A-1,2026-04-01,Refund")
    draft = guess("b.csv", rows.encode(), {})["mapping"] | {"name": "q", "carrier": "Quiet Hill", "currency": "USD"}
    (importer,) = tabular_importers([write_toml(draft)])
    found = [(one.code, one.source.row) for one in read_with(importer, "b.csv", rows).issues]
    assert found == ([("credits-not-read", 3)] if held else [])
