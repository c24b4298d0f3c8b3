"""FatturaPA 1.2, the Italian e-invoice, to authorities (FPA12) and enterprises (FPR12). A file may hold several bills.

docs/formats/e-invoices.md says which element becomes which field.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, Severity
from app.importers.xml.bill import Bill, Line, make_charges
from app.importers.xml.nodes import Nodes, line_number

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = "{http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2}FatturaElettronica"
_HEADER = "FatturaElettronicaHeader"
_BODY = "FatturaElettronicaBody"
_SELLER = "CedentePrestatore"
_BUYER = "CessionarioCommittente/DatiAnagrafici"
_DOCUMENT = "DatiGenerali/DatiGeneraliDocumento"
_CREDIT_NOTES = frozenset({"TD04", "TD08"})
_SPLIT_PAYMENT = "S"  # the customer pays the tax to the tax office, not to the carrier
# what a line's kind says of it: a discount, a rebate; others are charges
_CREDIT_LINES = frozenset({"SC", "AB"})


def read_fattura(root: _Element) -> list[Bill]:
    """The bills in the document at `root`."""
    nodes = Nodes({})
    header = nodes.only(root, _HEADER, required=True)
    bills: list[Bill] = []
    for body in nodes.all(root, _BODY):
        bill = Bill("fatturapa")
        seen = len(nodes.issues)
        _read_header(nodes, header, body, bill)
        _read_lines(nodes, body, bill)
        _read_taxes(nodes, body, bill)
        _read_payable(nodes, body, bill)
        bill.issues[:0] = nodes.issues[seen:] if bills else nodes.issues
        bills.append(bill)
    if not bills:
        empty = Bill("fatturapa")
        nodes.fail("field-missing", f"{_BODY} is missing", root)
        empty.issues += nodes.issues
        bills.append(empty)
    return bills


def _read_header(nodes: Nodes, header: _Element | None, body: _Element, bill: Bill) -> None:
    document = nodes.walk(body, _DOCUMENT, required=True)
    number = nodes.only(document, "Numero", required=True)
    issued = nodes.only(document, "Data", required=True)
    currency = nodes.only(document, "Divisa", required=True)
    person = f"{_SELLER}/DatiAnagrafici/Anagrafica"
    carrier = nodes.first(header, f"{person}/Denominazione", f"{person}/Cognome")
    account = nodes.first(body, "DatiGenerali/DatiContratto/IdDocumento")
    if account is None:
        account = nodes.first(
            header,
            f"{_SELLER}/RiferimentoAmministrazione",
            f"{_BUYER}/IdFiscaleIVA/IdCodice",
            f"{_BUYER}/CodiceFiscale",
        )
    due = nodes.first(body, "DatiPagamento/DettaglioPagamento/DataScadenzaPagamento")
    corrected = nodes.first(body, "DatiGenerali/DatiFattureCollegate/IdDocumento")
    kind = nodes.text(nodes.only(document, "TipoDocumento", required=True))
    bill.type_code = "381" if kind in _CREDIT_NOTES else "380"
    bill.number, bill.currency, bill.carrier = nodes.text(number), nodes.text(currency), nodes.text(carrier)
    bill.bill_date, bill.due_date = nodes.day(issued), nodes.day(due)
    bill.ban, bill.corrects = nodes.text(account), nodes.text(corrected)
    accounts = list(nodes.all(body, "DatiPagamento/DettaglioPagamento/IBAN"))
    bill.pay_to = tuple(dict.fromkeys(text for element in accounts if (text := nodes.text(element))))
    for name, value in (("number", bill.number), ("date", bill.bill_date), ("seller's name", bill.carrier)):
        if not value and not nodes.has_failed(issued):
            nodes.fail("field-missing", f"The {name} of the invoice is missing", document)
    found = {"number": number, "bill_date": issued, "currency": currency, "carrier": carrier, "ban": account}
    found |= {"due_date": due, "corrects": corrected}
    bill.sources |= {name: nodes.source(element) for name, element in found.items() if element is not None}


def _read_lines(nodes: Nodes, body: _Element, bill: Bill) -> None:
    above = f"{nodes.place(body)}/DatiBeniServizi/DettaglioLinee"
    for number, element in enumerate(nodes.all(body, "DatiBeniServizi/DettaglioLinee"), start=1):
        wanted = nodes.only(element, "PrezzoTotale", required=True)
        amount = nodes.amount(wanted)
        if amount is None:
            continue
        start, end = (nodes.only(element, f"Data{edge}Periodo") for edge in ("Inizio", "Fine"))
        label = nodes.text(nodes.first(element, "NumeroLinea")) or str(number)
        line = Line(
            label=label,
            description=nodes.text(nodes.first(element, "Descrizione")) or f"Line {label}",
            amount=amount,
            source=Source(path=f"{above}[{number}]", row=line_number(element)),
            quantity=nodes.rate(nodes.only(element, "Quantita")),
            unit=nodes.text(nodes.only(element, "UnitaMisura"))[:20],
            price=None if nodes.first(element, "ScontoMaggiorazione") is not None else _price(nodes, element),
            code=nodes.text(nodes.first(element, "CodiceArticolo/CodiceValore")),
            period=nodes.period(nodes.day(start), nodes.day(end), start if start is not None else end),
            properties=[
                (nodes.text(nodes.first(one, "TipoDato")), nodes.text(nodes.first(one, "RiferimentoTesto")))
                for one in nodes.all(element, "AltriDatiGestionali")
            ],
        )
        if nodes.text(nodes.first(element, "TipoCessionePrestazione")) in _CREDIT_LINES and amount < 0:
            line.properties = [*line.properties, ("charge type", ChargeType.CREDIT.name)]
        bill.charges += make_charges(line, (), "", bill.issues)
    if not bill.charges:
        nodes.fail("no-lines", "The e-invoice has no lines", body)


def _price(nodes: Nodes, element: _Element) -> Decimal | None:
    """The price of one unit; a line of one piece may leave its quantity out, and then it is the amount."""
    price = nodes.rate(nodes.only(element, "PrezzoUnitario"))
    return price if nodes.only(element, "Quantita") is not None else None


def _read_taxes(nodes: Nodes, body: _Element, bill: Bill) -> None:
    """Discounts of the whole, pension fund, stamp duty, rounding and taxes; the totals out of the summary of taxes."""
    document = nodes.walk(body, _DOCUMENT)
    bill.charges += _read_extras(nodes, document)
    net = tax = withheld = ZERO
    for part in nodes.all(body, "DatiBeniServizi/DatiRiepilogo"):
        base = nodes.amount(nodes.only(part, "ImponibileImporto", required=True)) or ZERO
        amount = nodes.amount(nodes.only(part, "Imposta", required=True)) or ZERO
        net, tax = net + base, tax + amount
        if nodes.text(nodes.only(part, "EsigibilitaIVA")) == _SPLIT_PAYMENT:
            withheld += amount
        if amount:
            words = f"IVA {nodes.text(nodes.only(part, 'AliquotaIVA'))} %"
            bill.charges.append(ParsedCharge(words, amount, nodes.source(part), ChargeType.TAX))
        bill.sources.setdefault("net_total", nodes.source(part))
        bill.sources.setdefault("tax_total", nodes.source(part))
    for part in nodes.all(document, "DatiRitenuta"):
        withheld += nodes.amount(nodes.only(part, "ImportoRitenuta", required=True)) or ZERO
    bill.net, bill.tax = net, tax
    bill.rounding = nodes.amount(nodes.only(document, "Arrotondamento")) or ZERO
    _read_total(nodes, document, bill)
    if withheld:
        bill.prepaid = withheld
        message = f"Of the bill {withheld:,.2f} are not for the carrier: tax that you pay to the tax office yourself."
        remedy = "It stands as a payment applied; see that the tax office gets it."
        place = bill.sources.get("tax_total", Source())
        bill.issues.append(ParseIssue(Severity.INFO, "tax-withheld", message, remedy, place))


def _read_total(nodes: Nodes, document: _Element | None, bill: Bill) -> None:
    """The total as printed, which may hold the rounding and the stamp duty already; without it, the sum of the rest."""
    net_and_tax = (bill.net or ZERO) + (bill.tax or ZERO)
    total = nodes.only(document, "ImportoTotaleDocumento")
    printed = nodes.amount(total)
    stamp = nodes.walk(document, "DatiBollo/ImportoBollo")
    duty = nodes.amount(stamp) or ZERO
    bill.gross = net_and_tax if printed is None else printed
    if total is not None:
        bill.sources["current_charges"] = nodes.source(total)
    if duty and bill.gross in {net_and_tax + duty, net_and_tax + duty + bill.rounding}:
        bill.charges.append(ParsedCharge("Imposta di bollo", duty, nodes.source(stamp), ChargeType.FEE))
        bill.net, net_and_tax = (bill.net or ZERO) + duty, net_and_tax + duty
    if bill.gross == net_and_tax + bill.rounding:
        bill.gross = net_and_tax


def _read_extras(nodes: Nodes, document: _Element | None) -> list[ParsedCharge]:
    """Charges of the document as a whole, which the taxed sums include."""
    charges = []
    for element in nodes.all(document, "DatiCassaPrevidenziale"):
        amount = nodes.amount(nodes.only(element, "ImportoContributoCassa", required=True))
        if amount:
            charges.append(ParsedCharge("Cassa previdenziale", amount, nodes.source(element), ChargeType.FEE))
    for element in nodes.all(document, "ScontoMaggiorazione"):
        amount = nodes.amount(nodes.only(element, "Importo"))
        if amount:
            discount = nodes.text(nodes.only(element, "Tipo", required=True)) == "SC"
            kind, words = (ChargeType.CREDIT, "Sconto") if discount else (ChargeType.FEE, "Maggiorazione")
            charges.append(ParsedCharge(words, -amount if discount else amount, nodes.source(element), kind))
    return charges


def _read_payable(nodes: Nodes, body: _Element, bill: Bill) -> None:
    """What is to be paid: the instalments together; without any, what the totals leave."""
    parts = list(nodes.all(body, "DatiPagamento/DettaglioPagamento/ImportoPagamento"))
    amounts = [amount for part in parts if (amount := nodes.amount(part)) is not None]
    left = (bill.gross or ZERO) + bill.rounding - bill.prepaid
    bill.payable = sum(amounts, ZERO) if amounts else left
    if parts:
        bill.sources["total_due"] = nodes.source(parts[0])
