"""Identifiers, transitions and fingerprints."""

from __future__ import annotations

import pytest

from app.domain.finding import FindingDraft
from app.domain.identifiers import ban_key, circuit_key, name_key, number_key, tn_key
from app.domain.money import D
from app.domain.vocabulary import DisputeStatus, InvoiceStatus, Ledger, PaymentStatus
from app.domain.workflow import DISPUTE_FLOW, INVOICE_FLOW, PAYMENT_FLOW, IllegalTransition, check
from app.errors import UserError


def test_one_circuit_is_one_circuit_however_it_is_printed() -> None:
    spellings = ["80/KXGS/000123//NBM", "80.KXGS.000123..NBM", "80 kxgs 000123 nbm", "80-KXGS-000123-NBM"]
    assert {circuit_key(text) for text in spellings} == {"80KXGS000123NBM"}


def test_one_number_is_one_number_however_it_is_printed() -> None:
    assert {tn_key(text) for text in ["(217) 555-0143", "217.555.0143", "+1 217 555 0143", "12175550143"]} == {
        "12175550143"
    }
    assert tn_key("+44 20 7946 0018") == "442079460018"
    assert tn_key("+46 8 555 012 3") == "4685550123"
    assert tn_key("030 1234567") == "0301234567"  # ten digits, but not of North America


@pytest.mark.parametrize(
    "extension", [" x5", "x 5", " ext. 77", ", ext 77", " Ext:77", " extension 77", ";ext=77", " #5"]
)
def test_an_extension_is_no_part_of_a_number(extension: str) -> None:
    assert tn_key("(217) 555-0143" + extension) == "12175550143"


def test_the_trunk_digit_behind_a_plus_is_no_part_of_a_number() -> None:
    assert tn_key("+44 (0)20 7946 0018") == "442079460018"
    assert tn_key("(0)20 7946 0018") == "02079460018"  # at home it is dialled
    assert tn_key("#5") == "5"


def test_accounts_numbers_and_names_are_compared_by_what_counts() -> None:
    assert ban_key("555-0100 / 7") == "55501007"
    assert number_key("INV-000417") == number_key("inv 000417")
    assert number_key("000417") == "417"
    assert name_key("Télé-Nord GmbH") == name_key("TELE NORD gmbh")


@pytest.mark.parametrize(
    ("flow", "words"),
    [(INVOICE_FLOW, InvoiceStatus), (DISPUTE_FLOW, DisputeStatus), (PAYMENT_FLOW, PaymentStatus)],
)
def test_every_status_has_its_row_and_leads_to_known_ones(flow, words) -> None:  # type: ignore[no-untyped-def]
    assert set(flow) == set(words)
    assert all(target in flow for targets in flow.values() for target in targets)


def test_an_invoice_is_not_paid_before_it_is_approved() -> None:
    assert check(INVOICE_FLOW, InvoiceStatus.AUDITED, InvoiceStatus.IN_APPROVAL, "bill 7") is InvoiceStatus.IN_APPROVAL
    with pytest.raises(IllegalTransition, match=r"bill 7 is audited and cannot become paid; possible from here: .*"):
        check(INVOICE_FLOW, InvoiceStatus.AUDITED, InvoiceStatus.PAID, "bill 7")


def test_paid_money_is_reached_from_scheduled_only() -> None:
    assert [status for status, targets in INVOICE_FLOW.items() if InvoiceStatus.PAID in targets] == [
        InvoiceStatus.SCHEDULED
    ]


def test_a_fingerprint_knows_its_accusation_and_nothing_else() -> None:
    draft = FindingDraft("A30", "rate_above_contract", 1, Ledger.ERROR, "75.00 too much", 1, D("75"), charge_id=4)
    same = FindingDraft("A30", "rate_above_contract", 2, Ledger.ERROR, "80.00 too much", 1, D("80"), charge_id=4)
    other = FindingDraft("A30", "rate_above_contract", 1, Ledger.ERROR, "75.00 too much", 1, D("75"), charge_id=5)
    assert draft.fingerprint == same.fingerprint
    assert draft.fingerprint != other.fingerprint


def test_a_user_error_says_its_docstring() -> None:
    class ColumnMissing(UserError):
        """{file} has no column "{column}": add it, or name another in the mapping.

        Raised by nobody.
        """

    assert ColumnMissing(file="a.csv", column="BAN").message == (
        'a.csv has no column "BAN": add it, or name another in the mapping.'
    )
