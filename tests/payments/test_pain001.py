"""pain.001.001.09: a golden file, the schema, and properties over random batches."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import sepaxml
from hypothesis import given, settings
from lxml import etree

from app.errors import BugError
from app.payments.identifiers import BadBic, BadIban
from app.payments.order import BatchOrder
from app.payments.pain001 import NAMESPACE, NotEuro, parse, write_verified
from tests.payments.batches import random_batches, sepa_batch

GOLDEN = Path(__file__).parent / "golden" / "two_bills.xml"
SCHEMA = etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))


def test_the_file_is_byte_for_byte_the_golden_one() -> None:
    assert write_verified(sepa_batch()).decode().splitlines() == GOLDEN.read_text("utf-8").splitlines()
    assert write_verified(sepa_batch()) == GOLDEN.read_bytes()


def test_the_golden_file_fits_the_schema() -> None:
    SCHEMA.assertValid(etree.fromstring(GOLDEN.read_bytes()))


def test_another_copy_of_the_schema_accepts_it(shared_data: Path) -> None:
    other = etree.XMLSchema(etree.parse(shared_data / "payments" / "iso20022-xsd" / "pain.001.001.09.xsd"))
    other.assertValid(etree.fromstring(GOLDEN.read_bytes()))


@settings(max_examples=20, deadline=None)
@given(random_batches("EUR"))
def test_what_is_written_is_read_back_and_fits_the_schema(batch: BatchOrder) -> None:
    content = write_verified(batch)
    root = etree.fromstring(content)
    SCHEMA.assertValid(root)
    facts, count, total = parse(content)
    assert count == len(facts) == len(batch.orders)
    assert total == batch.total == sum((fact[3] for fact in facts), Decimal(0))
    assert {fact[0]: fact[3] for fact in facts} == {order.reference: order.amount for order in batch.orders}
    texts = [text for element in root.iter() if isinstance(element.tag, str) for text in [element.text or ""]]
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ \n")
    assert set("".join(texts)) <= allowed


def test_a_changed_amount_is_seen() -> None:
    content = GOLDEN.read_bytes().replace(b">4120.00</InstdAmt>", b">4121.00</InstdAmt>")
    with pytest.raises(BugError, match="count or sum"):
        parse(content)


def test_the_bill_is_named_in_structured_remittance() -> None:
    root = etree.fromstring(GOLDEN.read_bytes())
    names = {"p": NAMESPACE}
    assert root.xpath("//p:RfrdDocInf/p:Tp/p:CdOrPrtry/p:Cd/text()", namespaces=names) == ["CINV", "CINV"]
    assert root.xpath("//p:RfrdDocInf/p:Nb/text()", namespaces=names) == ["HV-88", "ST-2026/09 17"]
    assert root.xpath("//p:AddtlRmtInf/text()", namespaces=names) == ["Account ST 4410"]


def test_what_sepa_cannot_carry_is_refused_with_its_reason() -> None:
    batch = sepa_batch()
    order = batch.orders[0]
    with pytest.raises(NotEuro, match="USD"):
        write_verified(replace(batch, orders=(replace(order, currency="USD"),)))
    with pytest.raises(BadIban, match="FR15"):
        write_verified(replace(batch, orders=(replace(order, iban="FR15"),)))
    with pytest.raises(BadBic, match="NO"):
        write_verified(replace(batch, orders=(replace(order, bic="NO"),)))
    twice = replace(batch, orders=(order, order))
    with pytest.raises(BugError, match="twice"):
        write_verified(twice)
