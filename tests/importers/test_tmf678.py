"""TMF678 customer bills: which field becomes which, in every shape they come in, and what is refused."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.faults import DocumentFault
from app.importers.identify import look, read_document
from app.importers.json.strict import Odd, parse_json
from app.importers.registry import Definitions
from app.importers.verify import verify

TEXT = (Path(__file__).resolve().parent / "data" / "acme-bill.tmf678.json").read_text(encoding="utf-8")
AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))
SHAPE = json.loads(TEXT)
BILL, RATES = SHAPE["customerBill"], SHAPE["appliedCustomerBillingRate"]


def read(value: Any) -> ParsedDocument:
    text = value if isinstance(value, str) else json.dumps(value)
    return read_document("bill.json", text.encode(), Definitions())


def swap(old: str, new: str) -> str:
    assert old in TEXT, old
    return TEXT.replace(old, new, 1)


def changed(**fields: Any) -> dict[str, Any]:
    return {**SHAPE, "customerBill": {**BILL, **fields}}


def test_a_customer_bill_is_read_with_its_totals() -> None:
    document = read(TEXT)
    (invoice,) = document.invoices
    assert document.importer == "tmf678"
    assert (invoice.carrier, invoice.number, invoice.ban, invoice.currency) == ("Acme Networks", "S-77", "A0815", "EUR")
    assert (invoice.bill_date, invoice.due_date) == (date(2026, 9, 1), date(2026, 9, 30))
    assert invoice.billing_period == AUGUST
    assert (invoice.net_total, invoice.tax_total, invoice.current_charges) == (D("140.40"), D("28.08"), D("168.48"))
    assert (invoice.previous_balance, invoice.payments_applied, invoice.total_due) == (D(20), D(0), D("188.48"))
    assert invoice.sources["total_due"].path == "/customerBill/amountDue"
    assert verify(invoice) == ()


def test_its_billing_rates_are_charges_and_its_tax_items_taxes() -> None:
    (invoice,) = read(TEXT).invoices
    assert [(one.charge_type, one.description, one.amount) for one in invoice.charges] == [
        (ChargeType.MRC, "Fibre access – Fibre access 1 Gbit/s", D(150)),
        (ChargeType.USAGE, "voice usage", D("0.40")),
        (ChargeType.CREDIT, "Loyalty", D(-10)),
        (ChargeType.TAX, "VAT 20 %", D("28.08")),
    ]
    access, voice = invoice.charges[:2]
    assert (access.code, access.circuit_id, access.location, access.period) == ("DIA1G", "80/KX/1", "FRA1", AUGUST)
    assert (voice.tn, voice.source.path) == ("+49 69 555 0100", "/appliedCustomerBillingRate/1")


def test_what_remains_after_payments_is_told_and_the_bill_keeps_what_it_asked_for() -> None:
    (issue,) = read(TEXT).issues
    assert (issue.severity, issue.code) == (Severity.INFO, "partly-paid")
    assert "asked for 188.48; 88.48 of it remain, after payments of 100.00" in issue.message


def test_taxes_of_the_charges_count_where_the_bill_names_none() -> None:
    bill = {key: value for key, value in BILL.items() if key != "taxItem"}
    (invoice,) = read({**SHAPE, "customerBill": bill}).invoices
    assert [(one.description, one.amount) for one in invoice.charges][3:] == [("VAT 20 %", D("28.08"))]


@pytest.mark.parametrize(
    "shape",
    [
        [BILL, *RATES],
        {**BILL, "appliedCustomerBillingRate": RATES},
        [{**BILL, "appliedCustomerBillingRate": RATES}],
        {"customerBill": [BILL], "appliedCustomerBillingRate": RATES},
        {"eventType": "CustomerBillCreateEvent", "event": SHAPE},
    ],
)
def test_every_shape_gives_the_same_charges(shape: Any) -> None:
    (invoice,) = read(shape).invoices
    (expected,) = read(TEXT).invoices
    assert [(one.description, one.amount) for one in invoice.charges] == [
        (one.description, one.amount) for one in expected.charges
    ]
    assert (invoice.number, invoice.total_due) == (expected.number, expected.total_due)


def test_several_bills_in_a_file_keep_their_own_charges() -> None:
    other = {**BILL, "id": "CB-78", "billNo": "S-78"}
    moved = {**RATES[0], "bill": {"id": "CB-78"}}
    first, second = read([BILL, other, *RATES[1:], moved]).invoices
    assert (len(first.charges), first.number) == (3, "S-77")
    assert ([one.description[:5] for one in second.charges], second.number) == (["Fibre", "VAT 2"], "S-78")


def test_a_charge_of_a_bill_that_is_not_there_is_refused() -> None:
    document = read([BILL, *RATES, {**RATES[0], "bill": {"id": "CB-99"}}])
    assert document.invoices == ()
    assert "unknown-bill" in [issue.code for issue in document.issues]


def test_a_charge_that_is_not_billed_yet_is_left_out() -> None:
    later = {**RATES[1], "isBilled": False, "customerBill": None}
    document = read([BILL, *RATES, later])
    assert [issue.code for issue in document.issues] == ["not-billed", "partly-paid"]
    assert len(document.invoices[0].charges) == 4


def test_a_credit_note_is_turned() -> None:
    (invoice,) = read(changed(category="credit note")).invoices
    assert (invoice.kind, invoice.total_due, invoice.net_total) == (
        DocumentKind.CREDIT_NOTE,
        D("-188.48"),
        D("-140.40"),
    )


@pytest.mark.parametrize("fields", [{"state": "onHold"}, {"state": "new"}, {"category": "trial"}])
def test_a_bill_that_is_not_final_needs_eyes(fields: dict[str, str]) -> None:
    document = read(changed(**fields))
    assert document.needs_eyes
    assert "not-final" in [issue.code for issue in document.issues]


def test_payments_inside_the_amount_due_are_payments() -> None:
    amounts = {"amountDue": {"unit": "EUR", "value": 68.48}, "remainingAmount": None}
    (invoice,) = read(changed(**amounts)).invoices
    assert (invoice.previous_balance, invoice.payments_applied, invoice.total_due) == (D(0), D(-100), D("68.48"))
    assert verify(invoice) == ()


def test_amounts_are_as_exact_as_they_are_written() -> None:
    text = swap('"value": 140.40', '"value": 140.400001')
    (invoice,) = read(text).invoices
    assert invoice.net_total == Decimal("140.400001")
    assert parse_json("a", b"[0.1, 12345678901234567890.123, 1e5]") == [
        Decimal("0.1"),
        Decimal("12345678901234567890.123"),
        Odd("1e5"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('"value": 168.48', '"value": "168.48"', "bad-amount", "/customerBill/taxIncludedAmount/value"),
        ('"value": 168.48', '"value": 1.6848e2', "bad-amount", "/customerBill/taxIncludedAmount/value"),
        ('"value": 168.48', '"value": 168.4800001', "bad-amount", "/customerBill/taxIncludedAmount/value"),
        ('"value": 168.48', '"value": 9999999999999', "bad-amount", "/customerBill/taxIncludedAmount/value"),
        ('"value": 168.48', '"value": true', "bad-amount", "/customerBill/taxIncludedAmount/value"),
        ('"value": 150', '"value": [150]', "bad-amount", "/appliedCustomerBillingRate/0/taxExcludedAmount/value"),
        ('{"unit": "EUR", "value": 150}', "150", "bad-object", "/appliedCustomerBillingRate/0/taxExcludedAmount"),
        ('"unit": "EUR", "value": 150', '"unit": "USD", "value": 150', "wrong-currency", ""),
        ("2026-09-01T00:00:00.000Z", "01.09.2026", "bad-date", "/customerBill/billDate"),
        ("2026-09-01T00:00:00.000Z", "2026-09-31T00:00:00.000Z", "bad-date", "/customerBill/billDate"),
        ('"billDate": "2026-09-01T00:00:00.000Z",', "", "field-missing", "/customerBill"),
        ('"billNo": "S-77"', '"billNo": ["S-77"]', "bad-text", "/customerBill/billNo"),
        ("bill provider", "witness", "field-missing", "/customerBill"),
        ('"taxExcludedAmount": {"unit": "EUR", "value": 10},', "", "field-missing", "/appliedCustomerBillingRate/2"),
    ],
)
def test_a_fault_is_told_at_its_path(old: str, new: str, code: str, place: str) -> None:
    document = read(swap(old, new))
    faults = [issue for issue in document.issues if issue.severity is Severity.ERROR]
    assert document.invoices == ()
    assert code in [issue.code for issue in faults]
    assert not place or place in [issue.source.path for issue in faults]


def test_a_bill_without_its_charges_is_refused() -> None:
    assert "no-lines" in [issue.code for issue in read(BILL).issues]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TEXT.replace('"id": "CB-77",', '"id": "CB-77", "id": "CB-78",', 1), "duplicate-key"),
        (TEXT.replace("168.48", "NaN", 1), "broken"),
        (TEXT.replace("168.48", "-Infinity", 1), "broken"),
        (TEXT.replace('"value": 168.48', '"value": 0168.48', 1), "broken"),
        (TEXT[:-5], "broken"),
        (TEXT.replace('"Acme Networks"', '"Acme\nNetworks"'), "broken"),
        (TEXT.replace('"P-1"', "[" * 50 + "]" * 50), "too-deep"),
        (TEXT.replace('"P-1"', "[" * 5_000), "too-deep"),
    ],
)
def test_json_that_is_not_sound_is_refused_as_a_whole(text: str, code: str) -> None:
    (issue,) = read(text).issues
    assert (issue.severity, issue.code) == (Severity.ERROR, code)


def test_json_of_no_known_kind_is_refused_with_its_keys() -> None:
    (issue,) = read('{"invoice": {"total": 5}}').issues
    assert issue.code == "no-importer"
    assert "its keys are invoice, total" in issue.message
    assert look("a.json", b"\xef\xbb\xbf [ {} ]").media == "json"
    assert look("a.csv", b"[Section]\na,b\n").media == "csv"


def shape_of(value: Any) -> Any:
    """Everything but the numbers, which the strict reader keeps exact."""
    if isinstance(value, dict):
        return {key: shape_of(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape_of(one) for one in value]
    return value if isinstance(value, str | bool | None) else "number"


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:0123456789.eE+-\\u tfn', max_size=200).map(str.encode))
def test_no_bytes_make_the_strict_reader_fail(content: bytes) -> None:
    with suppress(DocumentFault):  # anything else is a failure
        read_strictly = parse_json("a.json", content)
        assert shape_of(read_strictly) == shape_of(json.loads(content))


def pieces_of(shared_data: Path) -> dict[str, Any]:
    """The examples inside the published description of version 5: plain YAML, which these few lines can read."""
    text = (shared_data / "edi/tmf678/TMF678-CustomerBill-v5.0.0.oas.yaml").read_text(encoding="utf-8")
    text = text[text.index("\n  examples:\n") :]
    found = {}
    for name, body in re.findall(r"\n    (\w+):\n      value:\n((?:        .*\n)+)", text):
        lines = [(len(line) - len(line.lstrip()), line.strip()) for line in body.splitlines()]
        found[name] = _read_yaml(lines)
    return found


def _read_yaml(lines: list[tuple[int, str]]) -> Any:
    if lines and lines[0][1].startswith("- "):
        depth = lines[0][0]
        starts = [n for n, (indent, line) in enumerate(lines) if indent == depth and line.startswith("- ")]
        ends = [*starts[1:], len(lines)]
        items = ([(depth + 2, lines[a][1][2:]), *lines[a + 1 : b]] for a, b in zip(starts, ends, strict=True))
        return [_read_yaml(item) for item in items]
    made: dict[str, Any] = {}
    place = 0
    while place < len(lines):
        depth, line = lines[place]
        key, _, rest = line.partition(":")
        after = place + 1
        while after < len(lines) and (
            lines[after][0] > depth or (lines[after][0] == depth and lines[after][1].startswith("- "))
        ):
            after += 1
        value: Any = rest.strip()
        if not value:
            value = _read_yaml(lines[place + 1 : after])
        elif value.startswith("'"):
            value = value.strip("'")
        elif re.fullmatch(r"-?[0-9.]+|true|false", value):
            value = json.loads(value)
        made[key.strip("'")] = value
        place = after
    return made


def test_the_published_charges_are_read_in_a_bill_of_their_own(shared_data: Path) -> None:
    examples = pieces_of(shared_data)
    rates = examples["AppliedCustomerBillingRate_list_example_response"]
    bill = {
        **examples["CustomerBill_retrieve_example_response"],
        "billDate": "2019-12-31T00:00:00Z",
        "relatedParty": BILL["relatedParty"],
        "taxIncludedAmount": {"unit": "EUR", "value": 0.5},
        "taxExcludedAmount": {"unit": "EUR", "value": 0.4},
    }
    document = read({"customerBill": bill, "appliedCustomerBillingRate": rates})
    (invoice,) = document.invoices
    assert (invoice.number, invoice.ban, invoice.total_due) == ("CB-123", "A0815", D("0.5"))
    assert [(one.description, one.code, one.amount) for one in invoice.charges] == [
        ("voice usage – voice usage.", "PROD-123", D("0.4")),
        ("VAT 0.2 %", "", D("0.1")),
    ]
    assert [issue.code for issue in document.issues] == ["not-billed"]
    assert verify(invoice) == ()


def test_a_published_charge_that_contradicts_itself_does_not_foot(shared_data: Path) -> None:
    examples = pieces_of(shared_data)
    rate = examples["AppliedCustomerBillingRate_retrieve_example_response"]
    bill = {**BILL, "id": "B123", "taxItem": None, "amountDue": None, "remainingAmount": None, "appliedPayment": None}
    bill |= {"taxExcludedAmount": rate["taxExcludedAmount"], "taxIncludedAmount": rate["taxIncludedAmount"]}
    document = read([bill, rate])
    (invoice,) = document.invoices
    rental, tax = invoice.charges
    assert (rental.charge_type, rental.description, rental.amount) == (ChargeType.MRC, "Rental Fee", D(40))
    assert rental.period == Period(date(2019, 12, 1), date(2020, 1, 1))
    assert (tax.description, tax.amount) == ("VAT 20 %", D(100))
    assert "does-not-foot" in [issue.code for issue in document.issues]


@pytest.mark.parametrize("name", ["CustomerBill_list_example_response", "CustomerBill_retrieve_example_response"])
def test_a_published_bill_that_is_only_a_part_is_refused_with_what_it_lacks(shared_data: Path, name: str) -> None:
    document = read({"customerBill": pieces_of(shared_data)[name]})
    assert document.invoices == ()
    messages = " ".join(issue.message for issue in document.issues)
    assert "billDate is missing" in messages
    assert "the carrier is missing" in messages


def test_the_published_descriptions_themselves_are_no_bills(shared_data: Path) -> None:
    path = shared_data / "edi/tmf678/TMF678-CustomerBill-v4.0.0.swagger.json"
    document = read_document(path.name, path.read_bytes(), Definitions())
    assert document.invoices == ()
    assert next(issue.severity for issue in document.issues) is Severity.ERROR
