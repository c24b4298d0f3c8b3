"""ISO 20022 credit transfer initiations, pain.001.001.09: SEPA payments with structured remittance of the bill.

`write_verified` writes the file and reads it back with other code before anyone gets it. Layout:
docs/formats/pain001.md.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from app.domain.money import CENT, D
from app.errors import BugError, UserError
from app.payments.identifiers import bic, iban
from app.payments.order import BatchOrder, PaymentOrder
from app.payments.text import to_latin

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_NAME = 70
_REFERENCE = 35


class NotEuro(UserError):
    """SEPA pays in euro only, and the payment to {payee} is in {currency}: give this carrier a bank account in its
    currency, or pay outside."""


def write_verified(batch: BatchOrder) -> bytes:
    """The bytes of the file that pays `batch`, after reading them back and comparing every order and both totals."""
    content = _write(batch)
    read, count, total = parse(content)
    expected = sorted(_facts(order) for order in batch.orders)
    if sorted(read) != expected or count != len(batch.orders) or total != batch.total or not batch.orders:
        raise BugError("a pain.001 file does not say what was to be paid")
    return content


def _write(batch: BatchOrder) -> bytes:
    from lxml import etree

    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    initiation = _add(root, "CstmrCdtTrfInitn")
    header = _add(initiation, "GrpHdr")
    number = _reference(batch.number)
    _add(header, "MsgId", number)
    _add(header, "CreDtTm", f"{batch.created:%Y-%m-%dT%H:%M:%S}")
    _add(header, "NbOfTxs", str(len(batch.orders)))
    _add(header, "CtrlSum", _amount(batch.total))
    _add(_add(header, "InitgPty"), "Nm", _name(batch.payer.name))
    orders = sorted(batch.orders, key=lambda order: (order.send_on, order.reference))
    for place, (day, group) in enumerate(groupby(orders, key=lambda order: order.send_on), start=1):
        _add_day(initiation, batch, f"{number}-{place}"[-_REFERENCE:], day, list(group))
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _add_day(initiation: etree._Element, batch: BatchOrder, name: str, day: date, orders: list[PaymentOrder]) -> None:
    """One PmtInf: the orders that the bank executes on `day`."""
    payer = batch.payer
    block = _add(initiation, "PmtInf")
    _add(block, "PmtInfId", name)
    _add(block, "PmtMtd", "TRF")
    _add(block, "BtchBookg", "true")
    _add(block, "NbOfTxs", str(len(orders)))
    _add(block, "CtrlSum", _amount(sum((order.amount for order in orders), Decimal(0))))
    _add(_add(_add(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _add(_add(block, "ReqdExctnDt"), "Dt", day.isoformat())
    _add(_add(block, "Dbtr"), "Nm", _name(payer.name))
    _add(_add(_add(block, "DbtrAcct"), "Id"), "IBAN", iban(payer.iban))
    institution = _add(_add(block, "DbtrAgt"), "FinInstnId")
    if payer.bic:
        _add(institution, "BICFI", bic(payer.bic))
    else:
        _add(_add(institution, "Othr"), "Id", "NOTPROVIDED")
    _add(block, "ChrgBr", "SLEV")
    for order in orders:
        _add_transfer(block, order)


def _add_transfer(block: etree._Element, order: PaymentOrder) -> None:
    if order.currency != "EUR":
        raise NotEuro(payee=order.payee, currency=order.currency)
    transfer = _add(block, "CdtTrfTxInf")
    _add(_add(transfer, "PmtId"), "EndToEndId", _reference(order.reference))
    _add(_add(transfer, "Amt"), "InstdAmt", _amount(order.amount), Ccy="EUR")
    if order.bic:
        _add(_add(_add(transfer, "CdtrAgt"), "FinInstnId"), "BICFI", bic(order.bic))
    _add(_add(transfer, "Cdtr"), "Nm", _name(order.payee))
    _add(_add(_add(transfer, "CdtrAcct"), "Id"), "IBAN", iban(order.iban))
    remittance = _add(_add(transfer, "RmtInf"), "Strd")
    document = _add(remittance, "RfrdDocInf")
    _add(_add(_add(document, "Tp"), "CdOrPrtry"), "Cd", "CINV")
    _add(document, "Nb", _reference(order.invoice_number))
    _add(document, "RltdDt", order.invoice_date.isoformat())
    _add(_add(remittance, "RfrdDocAmt"), "RmtdAmt", _amount(order.amount), Ccy="EUR")
    if order.ban:
        _add(remittance, "AddtlRmtInf", f"Account {to_latin(order.ban)}"[:140])


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = parent.makeelement(f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text
    parent.append(element)
    return element


def _amount(value: Decimal) -> str:
    if value <= 0 or value != value.quantize(CENT):
        raise BugError(f"a payment of {value} is not a positive number of whole cents")
    return f"{value.quantize(CENT):f}"


def _name(text: str) -> str:
    return to_latin(text)[:_NAME].rstrip() or "NOTPROVIDED"


def _reference(text: str) -> str:
    """At most 35 characters, and as SEPA wants it: no slash at either end, no two in a row."""
    latin = to_latin(text)
    while "//" in latin:
        latin = latin.replace("//", "/")
    if len(latin) > _REFERENCE:  # the end of a bill's number tells more than its beginning
        latin = latin[-_REFERENCE:]
    return latin.strip("/ ") or "NOTPROVIDED"


Facts = tuple[str, str, str, Decimal, str, str]  # reference, payee, IBAN, amount, invoice number, day of execution


def _facts(order: PaymentOrder) -> Facts:
    return (
        _reference(order.reference),
        _name(order.payee),
        iban(order.iban),
        order.amount.quantize(CENT),
        _reference(order.invoice_number),
        order.send_on.isoformat(),
    )


def parse(content: bytes) -> tuple[list[Facts], int, Decimal]:
    """What a file orders, the number of transfers that it states, and the sum that it states.

    Raises BugError where a block's count or sum is not that of its transfers, or an identifier is there twice.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    facts: list[Facts] = []
    for block in root.iter(f"{{{NAMESPACE}}}PmtInf"):
        day = _text(block, "ReqdExctnDt/Dt")
        inside = [
            (
                _text(transfer, "PmtId/EndToEndId"),
                _text(transfer, "Cdtr/Nm"),
                _text(transfer, "CdtrAcct/Id/IBAN"),
                D(_text(transfer, "Amt/InstdAmt")),
                _text(transfer, "RmtInf/Strd/RfrdDocInf/Nb"),
                day,
            )
            for transfer in block.iter(f"{{{NAMESPACE}}}CdtTrfTxInf")
        ]
        summed = sum((fact[3] for fact in inside), Decimal(0))
        if int(_text(block, "NbOfTxs")) != len(inside) or D(_text(block, "CtrlSum")) != summed:
            raise BugError("a pain.001 block's count or sum is not that of its transfers")
        facts += inside
    if len({fact[0] for fact in facts}) != len(facts):
        raise BugError("an EndToEndId is in a pain.001 file twice")
    header = "CstmrCdtTrfInitn/GrpHdr"
    return facts, int(_text(root, f"{header}/NbOfTxs")), D(_text(root, f"{header}/CtrlSum"))


def _text(element: etree._Element, path: str) -> str:
    found = element.find("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/")))
    if found is None or not found.text:
        raise BugError(f"a pain.001 file lacks {path}")
    return found.text
