"""Every real bank file imports to the values that stand beside it, or is refused with its fault named."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.vocabulary import Severity
from app.importers.bank.nacha_records import check_controls, split_records
from app.importers.bank.recognise import look_into_bank
from app.importers.tabular.issues import IssueList
from tests.conftest import SHARED_DATA
from tests.importers.bank_files import codes, read_bank

PAYMENTS = SHARED_DATA / "payments"


def files(*patterns: str) -> list[Any]:
    """The files as parameters; one that is skipped, visibly, where they are absent."""
    found = sorted(path for pattern in patterns for path in PAYMENTS.glob(pattern))
    if not found:
        return [pytest.param(None, marks=pytest.mark.skip(reason="the real sample files are absent"))]
    return [pytest.param(path, id=path.name) for path in found]


def expected(path: Path) -> dict[str, str]:
    """The file's row of the table of expected values."""
    with (SHARED_DATA / "expected_payments.csv").open(encoding="utf-8") as table:
        return next(row for row in csv.DictReader(table) if row["file"].endswith(f"/{path.name}"))


def number(computed: str, name: str) -> str:
    found = re.search(rf"{name}=([0-9.]+)", computed)
    assert found is not None, f"{name} is not in {computed}"
    return found[1]


@pytest.mark.parametrize("path", files("mt940/*.sta", "mt940/*.txt"))
def test_an_mt940_has_the_counts_and_balances_that_are_known_of_it(path: Path) -> None:
    known = expected(path)
    document = read_bank(path.name, path.read_bytes())
    lines = [line for statement in document.statements for line in statement.lines]
    assert len(document.statements) == int(number(known["computed"], "statements"))
    assert len(lines) == int(number(known["computed"], "transactions"))
    balances = re.findall(r"(open|close)=\[\('([CD])', '([A-Z]{3})', '([0-9,]+)'\)\]", known["computed"])
    first, last = document.statements[0], document.statements[-1]
    for kind, mark, currency, amount in balances:
        value = Decimal(amount.replace(",", ".").rstrip("."))
        stated = first.opening if kind == "open" else last.closing
        assert stated == (value if mark == "C" else -value)
        assert first.currency == currency
    if known["control_matches"]:
        adds_up = "balance-differs" not in codes(document)
        assert adds_up == (known["control_matches"] == "True")


def golden_lines(path: Path) -> Iterator[dict[str, str]]:
    """The transactions in a golden file of another reader: amount, references and kind of each."""
    text = path.read_text(encoding="utf-8")
    for block in text.split("mt940.models.Transaction\n")[1:]:
        amount = re.search(r"decimal.Decimal \['(-?[0-9.]+)'\]", block)
        assert amount is not None
        fields = dict(re.findall(r"^    (bank_reference|customer_reference|id): (.*)$", block, re.M))
        yield {"amount": amount[1], **{key: value.strip("'\" ") for key, value in fields.items()}}


@pytest.mark.parametrize("path", files("mt940/*.yml"))
def test_an_mt940_has_the_movements_of_the_golden_file_beside_it(path: Path) -> None:
    document = read_bank(path.stem, path.with_suffix(".sta").read_bytes())
    lines = [line for statement in document.statements for line in statement.lines]
    golden = list(golden_lines(path))
    assert [line.amount for line in lines] == [Decimal(one["amount"]) for one in golden]
    assert [line.code.split()[0] for line in lines] == [one["id"] for one in golden]


@pytest.mark.parametrize("path", files("camt/*.json"))
def test_a_camt_has_the_values_of_the_golden_file_beside_it(path: Path) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    document = read_bank(path.stem, path.with_suffix(".xml").read_bytes())
    assert not document.refused
    entries = [one for one in walk(golden) if one.get("__CLASS__") == "Genkgo\\Camt\\DTO\\Entry"]
    lines = {line for statement in document.statements for line in statement.lines}
    assert entries
    # of several statements the golden file repeats but one: the others stand in it as "recursive"
    assert len(lines) == len(entries) if len(document.statements) == 1 else len(lines) >= len(entries)
    for entry in entries:
        line = next(one for one in lines if one.amount == money(entry["getAmount"]))
        value_day = entry["getValueDate"]
        assert line.valued is None if value_day is None else str(line.valued) == value_day["0"][:10]
        if entry["getStatus"] == "BOOK" and entry["getBookingDate"]:
            assert str(line.booked) == entry["getBookingDate"]["0"][:10]
        if entry["getAccountServicerReference"]:
            assert line.bank_reference == entry["getAccountServicerReference"]
    for balance in walk(golden):
        if balance.get("__CLASS__") != "Genkgo\\Camt\\DTO\\Balance" or balance["getType"] not in {"opening", "closing"}:
            continue
        currency = balance["getAmount"]["getCurrency"]["getCode"]
        stated = [getattr(one, balance["getType"]) for one in document.statements if one.currency == currency]
        told = [issue.message for issue in document.issues if issue.code == "balance-currency"]
        value = money(balance["getAmount"])
        assert value in stated or any(f"{value:,.2f} {currency}" in message for message in told)


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def money(value: dict[str, Any]) -> Decimal:
    return Decimal(value["getAmount"]).scaleb(-2)


def test_a_camt_without_a_statement_is_refused(shared_data: Path) -> None:
    path = shared_data / "payments/camt/camt053.v2.wrong.xml"
    assert codes(read_bank(path.name, path.read_bytes())) == ["bank-file-broken"]


@pytest.mark.parametrize("path", files("bai2/*.txt"))
def test_a_bai2_has_the_accounts_and_movements_that_are_known_of_it(path: Path) -> None:
    computed = expected(path)["computed"]
    document = read_bank(path.name, path.read_bytes())
    assert len(document.statements) == int(number(computed, "accounts"))
    assert sum(len(one.lines) for one in document.statements) == int(number(computed, "transactions"))
    if not document.statements:
        assert codes(document) == ["bank-file-broken"]


def test_the_controls_of_a_good_bai2_agree_and_those_of_a_faulty_one_hold_it(shared_data: Path) -> None:
    good = shared_data / "payments/bai2/sample1.txt"
    assert codes(read_bank(good.name, good.read_bytes())) == []
    faulty = shared_data / "payments/bai2/sample4-continuations-newline-delimited.txt"
    document = read_bank(faulty.name, faulty.read_bytes())
    assert document.needs_eyes
    assert set(codes(document)) == {"control-differs", "balance-differs"}
    assert [(one.reference, one.code) for one in document.answers] == [
        ("GSQ4FBGFDGWGKY", "261"),
        ("20210706MMQFMPU8000001", "266"),
        ("028000020000335", "R02"),
    ]


@pytest.mark.parametrize("path", files("nacha/*.ach"))
def test_a_nacha_file_has_the_sums_that_are_known_of_it(path: Path) -> None:
    known = expected(path)
    text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    file = split_records(path.name, text)
    entries, addenda, debits, credits_ = file.totals()
    computed = known["computed"]
    assert (str(entries), str(addenda)) == (number(computed, "entries"), number(computed, "addenda"))
    assert (f"{debits:.2f}", f"{credits_:.2f}") == (number(computed, "debit"), number(computed, "credit"))
    assert len(file.batches) == int(number(computed, "batches"))
    issues = IssueList()
    check_controls(file, issues)
    # the table of known values compares the file's sums, not its number of batches: one file states a wrong one
    of_the_file = [one.message for one in issues.close() if "the file" in one.message and "batches" not in one.message]
    assert bool(of_the_file) == (known["control_matches"] != "True")


@pytest.mark.parametrize("path", files("nacha/*", "pain/*.xml"))
def test_a_payment_file_is_no_answer_and_one_with_returns_is(path: Path) -> None:
    document = read_bank(path.name, path.read_bytes())
    if document.answers:
        assert path.name in {"cor-example.ach", "return-WEB.ach", "return-no-batch-controls.ach"}
        assert document.needs_eyes == (path.name == "return-no-batch-controls.ach")
    else:
        assert codes(document) == ["payment-file"]
        assert "is a payment file, not a bank's answer" in document.issues[0].message
        assert document.issues[0].severity is Severity.ERROR


def test_returns_and_notices_of_change_say_which_payment_and_why(shared_data: Path) -> None:
    folder = shared_data / "payments/nacha"
    returns = read_bank("r.ach", (folder / "return-WEB.ach").read_bytes()).answers
    assert [(one.code, one.file_reference, one.amount, one.party) for one in returns] == [
        ("R01", "091400600000001", Decimal("123.54"), "Paul Jones"),
        ("R03", "091400600000003", Decimal("45.65"), "Bob Marley"),
    ]
    (change,) = read_bank("c.ach", (folder / "cor-example.ach").read_bytes()).answers
    assert (change.code, change.change, change.reference) == ("C01", "1918171614", "location #23")


def test_the_batch_control_that_was_made_wrong_is_named(shared_data: Path) -> None:
    content = (shared_data / "payments/nacha/iat-invalidBatchControl.ach").read_text()
    issues = IssueList()
    check_controls(split_records("i.ach", content), issues)
    assert any("bank in the control of batch 1 is '23100000'" in one.message for one in issues.close())


def test_tables_and_schemas_beside_them_are_not_taken_for_bank_files(shared_data: Path) -> None:
    others = [*PAYMENTS.glob("pain/*.csv"), *PAYMENTS.glob("iso20022-xsd/*.xsd"), *PAYMENTS.glob("camt/*.json")]
    assert others
    for path in others:
        assert look_into_bank(path.name, path.read_bytes()) is None
        assert read_bank(path.name, path.read_bytes()).importer == ""
