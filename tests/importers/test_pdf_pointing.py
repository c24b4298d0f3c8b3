"""A layout made by pointing: what the window asks about an unknown bill, and the layout that comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.money import D
from app.domain.vocabulary import Severity
from app.errors import UserError
from app.importers.answer import ANSWERS
from app.importers.pdf.answers import BadQuestion
from app.importers.pdf.declare import read_layout
from app.importers.pdf.read import PdfImporter
from app.importers.registry import Definitions, DocumentHead
from app.importers.tabular.definition import TomlTable
from app.services.parsing import ask_child
from tests.importers.pdf_files import PAGE_1, PAGES, ROWS, TABLE_LAYOUT, Text, codes, make_pdf, make_table, read

NOTHING = Definitions()
BILL: list[Text] = [
    (50, 40, "Birch Networks"),
    (50, 60, "Invoice number:"), (200, 60, "B-77-2041"),
    (50, 75, "Invoice date:"), (200, 75, "09/14/2026"),
    (50, 90, "Due date:"), (200, 90, "10/14/2026"),
    (50, 105, "Account number:"), (200, 105, "555-0100-7"),
    (50, 120, "Billing period:"), (200, 120, "09/01/2026 - 09/30/2026"),
    (50, 135, "Previous balance"), (300, 135, "$100.00"),
    (50, 150, "Payments received"), (300, 150, "$100.00"),
    (50, 165, "Total amount due"), (300, 165, "$1,234.50"),
    (50, 220, "Description"), (300, 220, "Quantity"), (380, 220, "Rate"), (470, 220, "Amount"),
    (50, 235, "Port 1 Gbps, 12 Oak Street"), (310, 235, "1"), (380, 235, "1,000.00"), (470, 235, "1,000.00"),
    (50, 247, "with five addresses"),
    (50, 260, "Cross connect"), (310, 260, "2"), (380, 260, "67.25"), (470, 260, "134.50"),
    (50, 290, "Subtotal"), (470, 290, "1,134.50"),
    (50, 305, "Sales tax"), (470, 305, "100.00"),
    (50, 320, "Total"), (470, 320, "1,234.50"),
]  # fmt: skip
CONTENT = make_pdf([BILL])


def ask(do: str, content: bytes = CONTENT, **options: Any) -> dict[str, Any]:
    return ANSWERS[do]("bill.pdf", content, NOTHING, options)


def point(field: str, box: list[float], content: bytes = CONTENT) -> dict[str, Any]:
    return ask("pdf-point", content, field=field, page=1, box=box)


def replay(layout: dict[str, Any], content: bytes = CONTENT) -> Any:
    """What the layout, named and claimed, reads from the bill."""
    whole = {**layout, "carrier": "Birch Networks", "claims": ["Birch Networks"]}
    known = read_layout("pointed", TomlTable({key: whole[key] for key in whole if key != "kind"}, "pointed"))
    return PdfImporter(known).read(content, DocumentHead("bill.pdf", len(content), "pdf"))


def test_the_words_of_each_page_are_told_with_their_boxes_in_points() -> None:
    (page,) = ask("pdf-words")["pages"]
    assert (page["number"], page["width"], page["height"]) == (1, 612, 792)
    text, x0, top, _, bottom = page["words"][0]
    assert (text, x0) == ("Birch", 50)
    assert top < 40 < bottom
    assert [one["number"] for one in ask("pdf-words", make_pdf(PAGES), pages=[2])["pages"]] == [2]


def test_the_first_guess_is_a_whole_layout_that_reads_the_bill_without_pointing() -> None:
    answer = ask("pdf-guess")
    assert answer["unsure"] == []
    assert {name: one["value"] for name, one in answer["found"].items()} == {
        "number": "B-77-2041",
        "ban": "555-0100-7",
        "bill_date": "2026-09-14",
        "due_date": "2026-10-14",
        "billing_period": "2026-09-01/2026-09-30",
        "total_due": "1234.50",
        "previous_balance": "100.00",
        "payments_applied": "-100.00",
        "net_total": "1134.50",
        "tax_total": "100.00",
    }
    document = replay(answer["layout"])
    assert document.issues == ()
    (invoice,) = document.invoices
    assert [(one.description, one.quantity, one.amount) for one in invoice.charges] == [
        ("Port 1 Gbps, 12 Oak Street with five addresses", D(1), D("1000.00")),
        ("Cross connect", D(2), D("134.50")),
        ("Sales tax", None, D("100.00")),
    ]
    assert sum(one.amount for one in invoice.charges) == invoice.total_due == D("1234.50")


def test_a_guess_says_where_each_value_stands() -> None:
    found = ask("pdf-guess")["found"]["total_due"]
    assert (found["page"], found["text"]) == (1, "$1,234.50")
    assert found["box"][0] == 300
    (table,) = ask("pdf-guess")["tables"]
    assert table["header"] == ["Description", "Quantity", "Rate", "Amount"]
    assert [one["field"] for one in table["columns"]] == ["description", "quantity", "unit_price", "amount"]


def test_a_tax_that_is_a_row_of_the_table_is_not_counted_twice() -> None:
    bill = [(left, top, text.replace("Sales tax", "Levy")) for left, top, text in BILL if top != 290]
    bill += [(50, 180, "Net amount"), (300, 180, "1,134.50"), (50, 195, "Tax amount"), (300, 195, "100.00")]
    answer = ask("pdf-guess", make_pdf([bill]))
    assert answer["unsure"] == []
    assert "charge" not in answer["layout"]["fields"]["tax_total"]
    (invoice,) = replay(answer["layout"], make_pdf([bill])).invoices
    assert sum(one.amount for one in invoice.charges) == D("1234.50")


def test_what_cannot_be_told_is_unsure() -> None:
    bill = [(left, top, text.replace("09/14", "09/10").replace("09/30", "09/12").replace("10/14", "10/04"))
            for left, top, text in BILL if text not in {"Total amount due", "Total"}]  # fmt: skip
    unsure = ask("pdf-guess", make_pdf([bill]))["unsure"]
    assert "total_due" in unsure
    assert "bill_date" in unsure  # month or day first


@pytest.mark.parametrize(
    ("field", "box", "value", "label"),
    [
        ("number", [195, 50, 260, 63], "B-77-2041", "Invoice number:"),
        ("bill_date", [195, 65, 260, 78], "2026-09-14", "Invoice date:"),
        ("billing_period", [195, 110, 340, 123], "2026-09-01/2026-09-30", "Billing period:"),
        ("total_due", [295, 155, 360, 168], "1234.50", "Total amount due"),
        ("payments_applied", [295, 140, 360, 153], "-100.00", "Payments received"),
        ("tax_total", [465, 295, 520, 308], "100.00", "Sales tax"),
    ],
)
def test_a_box_around_a_value_becomes_a_rule_that_reads_it_again(
    field: str, box: list[float], value: str, label: str
) -> None:
    answer = point(field, box)
    assert (answer["problem"], answer["value"], answer["label"]["text"]) == ("", value, label)
    guessed = ask("pdf-guess")
    document = replay({**guessed["layout"], "fields": {**guessed["layout"]["fields"], field: answer["rule"]}})
    assert document.issues == ()
    assert document.invoices[0].sources[field].box.x0 == int(answer_box(answer, box)[0] * 100)


def answer_box(answer: dict[str, Any], box: list[float]) -> list[float]:
    (words,) = ask("pdf-words")["pages"]
    inside = [one for one in words["words"] if box[0] <= one[1] and one[3] <= box[2] and box[1] <= one[2] + 4 <= box[3]]
    assert inside[0][0] == answer["text"].split()[0]
    return list(inside[0][1:])


def test_a_rule_by_label_follows_a_value_that_moves_and_one_by_region_does_not() -> None:
    rule = point("total_due", [295, 155, 360, 168])["rule"]
    assert rule["label"] == "Total amount due"
    moved = [(left, top + 40 if top == 165 else top, text) for left, top, text in BILL]
    layout = ask("pdf-guess")["layout"]
    assert replay({**layout, "fields": {**layout["fields"], "total_due": rule}}, make_pdf([moved])).issues == ()
    region = {"page": "first", "region": rule["region"]}
    lost = replay({**layout, "fields": {**layout["fields"], "total_due": region}}, make_pdf([moved]))
    assert codes(lost) == ["field-missing"]


def test_a_region_is_read_where_the_label_is_not_found() -> None:
    layout = ask("pdf-guess")["layout"]
    rule = point("total_due", [295, 155, 360, 168])["rule"]
    renamed = [(left, top, "Please send us" if text == "Total amount due" else text) for left, top, text in BILL]
    (invoice,) = replay({**layout, "fields": {**layout["fields"], "total_due": rule}}, make_pdf([renamed])).invoices
    assert invoice.total_due == D("1234.50")


@pytest.mark.parametrize(
    ("field", "box", "problem"),
    [
        ("total_due", [195, 50, 260, 63], "is not an amount"),
        ("bill_date", [195, 50, 260, 63], "is not a date"),
        ("bill_date", [500, 700, 510, 710], "there is no text in this box"),
        ("colour", [195, 50, 260, 63], "'colour' is none of"),
    ],
)
def test_a_value_that_cannot_be_read_as_that_field_says_why(field: str, box: list[float], problem: str) -> None:
    answer = point(field, box)
    assert problem in answer["problem"]
    assert answer["rule"] == {}


def test_a_box_around_a_table_becomes_columns_and_rows() -> None:
    answer = ask("pdf-table", page=1, box=[45, 208, 530, 264])
    assert answer["problem"] == ""
    assert [one["field"] for one in answer["table"]["columns"]] == ["description", "quantity", "unit_price", "amount"]
    assert answer["rows"] == [
        ["Port 1 Gbps, 12 Oak Street with five addresses", "1", "1,000.00", "1,000.00"],
        ["Cross connect", "2", "67.25", "134.50"],
    ]
    assert answer["table"]["end"] == ["Subtotal"]


def test_column_borders_that_a_person_moved_are_kept() -> None:
    answer = ask("pdf-table", page=1, box=[45, 208, 530, 264], edges=[45, 90, 300, 370, 450, 530])
    assert [(one["from"], one["to"]) for one in answer["table"]["columns"]] == [
        (45, 90), (90, 300), (300, 370), (370, 450), (450, 530),
    ]  # fmt: skip
    assert answer["rows"][1][:2] == ["Cross", "connect"]


def test_a_box_without_a_table_says_so() -> None:
    assert ask("pdf-table", page=1, box=[45, 30, 400, 80])["problem"]
    assert ask("pdf-table", page=1, box=[500, 700, 510, 710])["problem"] == "there is no text in this box"


def test_a_question_without_its_box_is_refused() -> None:
    for options in ({"page": 1}, {"page": 0, "box": [1, 2, 3, 4]}, {"page": 1, "box": [1, 2, 3, "x"]}):
        with pytest.raises(BadQuestion):
            ask("pdf-table", **options)
    with pytest.raises(UserError):
        ask("pdf-anchors")


def test_anchors_are_labels_and_headings_but_nothing_below_a_table() -> None:
    layout = ask("pdf-guess")["layout"]
    anchors = {one["text"]: one for one in ask("pdf-anchors", layout=layout)["anchors"]}
    assert {"Invoice number:", "Total amount due", "Description Quantity Rate Amount"} <= set(anchors)
    assert not {"Subtotal", "Sales tax"} & set(anchors)
    assert anchors["Invoice number:"]["page"] == 1


def drifted(move: int, text: str = "Invoice number:") -> Any:
    layout = ask("pdf-guess")["layout"]
    layout = {**layout, "anchors": ask("pdf-anchors", layout=layout)["anchors"]}
    bill = [(left, top + move if words == text else top, words) for left, top, words in BILL]
    return replay(layout, make_pdf([bill]))


def test_a_bill_that_looks_as_before_is_not_stopped() -> None:
    assert drifted(0).issues == ()


def test_more_rows_than_before_are_no_drift() -> None:
    layout = ask("pdf-guess")["layout"]
    layout = {**layout, "anchors": ask("pdf-anchors", layout=layout)["anchors"]}
    longer = [(left, top + 12 if top >= 290 else top, words) for left, top, words in BILL]
    longer += [(50, 273, "One more"), (310, 273, "1"), (470, 273, "0.00")]
    assert replay(layout, make_pdf([longer])).issues == ()


def test_a_label_that_moved_is_stopped_with_its_old_place_and_its_new_one() -> None:
    document = drifted(-20, "Birch Networks")
    assert document.issues == ()  # no rule hangs on it
    layout = TABLE_LAYOUT + '\n[[anchors]]\ntext = "Bill Date"\npage = 1\nbox = [50, 60, 93, 72]\n'
    (issue,) = read(make_pdf(make_table(ROWS, [])), layout).issues
    assert (issue.severity, issue.code) == (Severity.REVIEW, "layout-drifted")
    assert "'Bill Date' stood on page 1, 50 points from the left and 60 from the top" in issue.message
    assert "0 points right and 30 points below of that" in issue.message
    assert issue.source.page == 1
    assert issue.source.box is not None
    assert issue.source.box.top == 6000


@pytest.mark.parametrize(
    ("text", "page", "words"),
    [("Bill Date", 2, "it now stands on page 1"), ("Rechnungsdatum", 1, "it is nowhere on this bill")],
)
def test_an_anchor_that_is_gone_is_told(text: str, page: int, words: str) -> None:
    layout = TABLE_LAYOUT + f'\n[[anchors]]\ntext = "{text}"\npage = {page}\nbox = [50, 90, 93, 102]\n'
    (issue,) = read(make_pdf(make_table(ROWS, [6])), layout).issues
    assert words in issue.message


def test_the_tolerance_of_anchors_is_the_layouts() -> None:
    anchor = '\n[[anchors]]\ntext = "Bill Date"\npage = 1\nbox = [50, 70, 93, 82]\n'
    content = make_pdf(make_table(ROWS, []))
    assert codes(read(content, TABLE_LAYOUT + anchor)) == ["layout-drifted"]
    wide = TABLE_LAYOUT.replace('name = "tabled"', 'name = "tabled"\nanchor_tolerance = 25')
    assert codes(read(content, wide + anchor)) == []


def test_the_window_is_answered_by_a_child_process() -> None:
    answer = ask_child("pdf-guess", "bill.pdf", CONTENT, NOTHING)
    assert answer["found"]["number"]["value"] == "B-77-2041"


def test_a_bill_of_sections_can_be_guessed_at_too() -> None:
    found = ask("pdf-guess", make_pdf([PAGE_1]))["found"]
    assert found["bill_date"]["value"] == "2026-09-01"
    assert found["total_due"]["value"] == "735.75"
