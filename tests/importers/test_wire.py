"""What the parsing child sends arrives as it was, and what it should not have sent is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import parsed_records, source
from app.domain.money import D, to_scaled
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.parsed_usage import ParsedUsage
from app.domain.period import Period
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.errors import BugError
from app.importers.wire import WireFault, from_json, to_json

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
amounts = st.decimals(-(10**11), 10**11, places=4, allow_nan=False)
rates = st.decimals(-(10**7), 10**7, places=8, allow_nan=False)
boxes = st.builds(source.Box, *[st.integers(-(10**6), 10**6)] * 4)
sources = st.builds(
    Source, st.none() | st.integers(1, 999), st.none() | boxes, texts, st.none() | st.integers(1, 2**40), texts
)
periods = st.builds(
    lambda first, length: Period(first, date.fromordinal(first.toordinal() + length)), days, st.integers(1, 999)
)
issues = st.builds(ParseIssue, st.sampled_from(Severity), texts, texts, texts, sources)
charges = st.builds(
    ParsedCharge,
    texts,
    amounts,
    sources,
    quantity=st.none() | rates,
    unit_price=rates,
    period=st.none() | periods,
    tn=texts,
)
invoices = st.builds(
    ParsedInvoice, texts, texts, days, texts, amounts, amounts, st.lists(charges, max_size=3).map(tuple),
    billing_period=st.none() | periods, net_total=st.none() | amounts,
    sources=st.dictionaries(texts, sources, max_size=2),
)  # fmt: skip
records = st.one_of(
    st.builds(parsed_records.ParsedCarrier, texts, sources),
    st.builds(parsed_records.ParsedLocation, texts, texts, sources, closed=st.none() | days),
    st.builds(parsed_records.ParsedService, carrier=texts, source=sources, quantity=rates, bandwidth_kbps=st.just(9)),
    st.builds(parsed_records.ParsedContract, texts, texts, days, st.none() | days, texts, sources),
    st.builds(parsed_records.ParsedRateElement, texts, texts, price=rates, effective_from=days, source=sources),
    st.builds(parsed_records.ParsedBankAccount, texts, texts, sources),
    st.builds(parsed_records.ParsedAccount, texts, texts, sources, bill_day=st.none() | st.integers(1, 31)),
)  # fmt: skip
columns = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=4).map(tuple)
usage = st.builds(
    ParsedUsage, texts, texts, texts, st.lists(texts, max_size=3).map(tuple), st.just(()), columns, columns,
    st.lists(st.none() | st.integers(0, 9), max_size=3).map(tuple), columns,
)  # fmt: skip
documents = st.builds(
    ParsedDocument, texts, st.lists(invoices, max_size=2).map(tuple), st.lists(records, max_size=4).map(tuple),
    st.lists(usage, max_size=1).map(tuple), issues=st.lists(issues, max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(documents)
def test_a_document_arrives_as_it_was_sent(document: ParsedDocument) -> None:
    assert from_json(to_json(document)) == document


def message(**changes: Any) -> str:
    """A document with one invoice on the wire, with fields of the invoice changed or (None) left out."""
    invoice = {
        "carrier": "Acme", "number": "1", "bill_date": "2026-09-01", "currency": "USD", "current_charges": "5.00",
        "total_due": "5.00", "charges": [{"description": "Line", "amount": "5.00", "source": {}}],
    } | changes  # fmt: skip
    return json.dumps({"importer": "x", "invoices": [{key: one for key, one in invoice.items() if one is not None}]})


def test_the_message_that_the_others_are_changed_from_is_sound() -> None:
    (invoice,) = from_json(message()).invoices
    assert invoice.charges[0].amount == D("5.00")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"total_due": 5}, "total_due"),
        ({"total_due": "NaN"}, "total_due"),
        ({"total_due": "1E+999999"}, "total_due"),
        ({"total_due": "0.0000001"}, "total_due"),
        ({"total_due": "9" * 14}, "total_due"),
        ({"bill_date": "2026-02-30"}, "bill_date"),
        ({"bill_date": "20260901"}, "bill_date"),
        ({"bill_date": 5}, "bill_date"),
        ({"number": None}, "number"),
        ({"colour": "red"}, "colour"),
        ({"carrier": ["Acme"]}, "carrier"),
        ({"carrier": "Ac\x00me"}, "carrier"),
        ({"carrier": "\ud800"}, "carrier"),
        ({"carrier": "x" * 10_001}, "carrier"),
        ({"kind": "letter"}, "kind"),
        ({"charges": {}}, "charges"),
        ({"charges": [5]}, "charges[0]"),
        ({"charges": [{"description": "d", "amount": "1", "source": {"page": "1"}}]}, "charges[0].source.page"),
        ({"charges": [{"description": "d", "amount": "1", "source": {"page": 2**63}}]}, "page"),
        ({"billing_period": {"start": "2026-09-02", "end": "2026-09-01"}}, "billing_period"),
        ({"sources": []}, "sources"),
    ],
)
def test_a_message_that_is_not_of_the_form_is_refused_at_its_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(WireFault) as caught:
        from_json(message(**changes))
    assert place in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", pytest.param("[" * 100_000, id="deep"), "{", '{"importer": 1.5}', '{"importer": NaN}',
        '{"importer": "x", "records": [["Path", {}]]}',
    ],
)  # fmt: skip
def test_what_is_no_document_at_all_is_refused(text: str) -> None:
    with pytest.raises(WireFault):
        from_json(text)


def test_whatever_arrives_fits_the_store() -> None:
    (invoice,) = from_json(message(total_due="9223372036854.775807")).invoices
    assert to_scaled(invoice.total_due, 6) == 2**63 - 1
    with pytest.raises(BugError):
        to_scaled(D("9223372036854.775808"), 6)
