"""The one reader of EN 16931 invoices: it follows the paths of a syntax and returns the parts of the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.money import ZERO
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.xml.bill import Bill
from app.importers.xml.lines import read_lines
from app.importers.xml.nodes import Nodes
from app.importers.xml.sums import charge_bases, read_adjustments, read_taxes, read_third_party
from app.importers.xml.syntax import Syntax

if TYPE_CHECKING:
    from lxml.etree import _Element

CREDIT_NOTE = "381"


def read_invoice(root: _Element, syntax: Syntax) -> Bill:
    """The bill in the document at `root`; its issues hold what is wrong with it."""
    nodes = Nodes(syntax.namespaces)
    bill = Bill(syntax.importer)
    for path in syntax.once:
        nodes.walk(root, path, required=True)
    _read_header(nodes, root, syntax, bill)
    _read_totals(nodes, root, syntax, bill)
    lines = read_lines(nodes, root, syntax, bill)
    taxes = read_taxes(nodes, root, syntax, bill)
    if lines:
        bill.charges += [*lines, *read_adjustments(nodes, root, syntax, bill)]
    else:
        profile = nodes.text(nodes.first(root, syntax.profile))
        bill.charges += charge_bases(nodes, root, syntax, bill)
        bill.issues.append(_tell_no_lines(bill, allowed=profile.endswith(syntax.linefree) and bool(syntax.linefree)))
    bill.charges += taxes + read_third_party(nodes, root, syntax, bill)
    bill.issues[:0] = nodes.issues
    return bill


def _read_header(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> None:
    number = nodes.walk(root, syntax.number, required=True)
    issued = nodes.walk(root, syntax.bill_date, required=True)
    currency = nodes.walk(root, syntax.currency, required=True)
    carrier = nodes.first(root, *syntax.carriers)
    due = nodes.first(root, *syntax.due_dates)
    period = nodes.first(root, syntax.period)
    corrected = nodes.first(root, *syntax.corrects)
    account = syntax.account(nodes, root)
    bill.number, bill.carrier, bill.currency = nodes.text(number), nodes.text(carrier), nodes.text(currency)
    bill.bill_date = nodes.read_day(issued, syntax.ends.day)
    bill.due_date = nodes.read_day(due, syntax.ends.day)
    bill.ban, bill.corrects = nodes.text(account), nodes.text(corrected)
    bill.period = nodes.read_period(period, syntax.ends)
    bill.type_code = nodes.text(nodes.first(root, *syntax.type_codes))
    bill.copy = nodes.text(nodes.first(root, syntax.copy)).lower() in {"true", "1"}
    if nodes.name(root) == "CreditNote":
        bill.type_code = CREDIT_NOTE
    needed = {"number": (bill.number, number), "currency": (bill.currency, currency), "date": (bill.bill_date, issued)}
    for name, (value, element) in needed.items():
        if not value and element is not None and not nodes.has_failed(element):
            nodes.fail("field-missing", f"The {name} of the invoice is empty", element)
    if not bill.carrier:
        nodes.fail("field-missing", "The seller's name is missing", root)
    found = {"number": number, "bill_date": issued, "due_date": due, "carrier": carrier, "ban": account}
    found |= {"currency": currency, "billing_period": period, "corrects": corrected}
    bill.sources |= {name: nodes.source(element) for name, element in found.items() if element is not None}
    accounts = [element for path in syntax.pay_to for element in nodes.all(root, path)]
    bill.pay_to = tuple(dict.fromkeys(text for element in accounts if (text := nodes.text(element))))
    if accounts:
        bill.sources["pay_to"] = nodes.source(accounts[0])


def _read_totals(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> None:
    totals = nodes.walk(root, syntax.totals, required=True)
    if totals is None:
        return
    elements = {
        "net_total": nodes.only(totals, syntax.net),
        "current_charges": nodes.only(totals, syntax.gross),
        "payments_applied": nodes.only(totals, syntax.prepaid),
        "rounding": nodes.only(totals, syntax.rounding),
        "total_due": nodes.only(totals, syntax.payable, required=True),
    }
    amounts = {name: nodes.amount(element, bill.currency) for name, element in elements.items()}
    bill.net, bill.gross, bill.payable = amounts["net_total"], amounts["current_charges"], amounts["total_due"]
    bill.prepaid, bill.rounding = amounts["payments_applied"] or ZERO, amounts["rounding"] or ZERO
    payable = elements["total_due"]
    if bill.payable is None and payable is not None and not nodes.has_failed(payable):
        nodes.fail("field-missing", f"{nodes.name(payable)} is empty", payable)
    bill.sources |= {name: nodes.source(element) for name, element in elements.items() if element is not None}


def _tell_no_lines(bill: Bill, *, allowed: bool) -> ParseIssue:
    if allowed:
        message = "The e-invoice is of a kind without lines: its charges are the taxed sums, one for each tax."
        remedy = "It can be paid but not checked line by line; ask the carrier for one with lines, or read the page."
        return ParseIssue(Severity.WARNING, "no-lines", message, remedy)
    message = "The e-invoice has no lines, and its kind must have some."
    return ParseIssue(Severity.ERROR, "no-lines", message, "Ask the carrier for a complete e-invoice.")
