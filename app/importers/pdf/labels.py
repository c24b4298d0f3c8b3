"""Words beside which bills print their values, and over their columns, in English, German, French and Dutch.

Each is a regular expression without regard to case; the earlier in its list, the more it says. None is a carrier's.
"""

from __future__ import annotations

import re

Patterns = tuple[re.Pattern[str], ...]


def _words(*patterns: str) -> Patterns:
    return tuple(re.compile(rf"(?<![^\W_]){pattern}(?![^\W\d_])", re.IGNORECASE) for pattern in patterns)


_NO = r"(?:\s?(?:number|no|nr|num)\b\.?|\s?[#№]|\s?n[°ºo]\b\.?)"
_END = r"\s?[:.]?"

LABELS: dict[str, Patterns] = {
    "number": _words(
        rf"(?:tax )?invoice{_NO}{_END}",
        rf"bill{_NO}{_END}",
        rf"(?:rechnungs?|beleg)(?:nummer|[- ]?nr\.?){_END}",
        rf"(?:num[ée]ro de |n[°º] (?:de )?)(?:la )?facture{_END}",
        rf"facture\s?n[°ºo]{_END}",
        rf"factuur(?:nummer|[- ]?nr\.?){_END}",
        rf"(?:statement|document|receipt|reference){_NO}{_END}",
        rf"(?:invoice|booking|reference|receipt|document) id{_END}",
        rf"(?:rechnung|invoice|facture|factuur|reference){_END}",
        r"#",
    ),
    "ban": _words(
        rf"(?:billing )?account{_NO}{_END}",
        rf"customer (?:id|{_NO.strip()}){_END}",
        rf"customer{_NO}{_END}",
        rf"kunden(?:nummer|[- ]?nr\.?){_END}",
        rf"(?:vertrags?konto|kundenkonto|buchungskonto)(?:nummer)?{_END}",
        rf"(?:num[ée]ro|n[°º]) (?:de )?(?:client|compte|dossier|contrat){_END}",
        rf"id\.?\s?client{_END}",
        rf"(?:client|compte)\s?n[°ºo]{_END}",
        rf"klant(?:nummer|[- ]?nr\.?){_END}",
        rf"account(?: id)?{_END}",
    ),
    "bill_date": _words(
        rf"(?:invoice|bill|billing|statement|issue) date{_END}",
        rf"date of (?:invoice|bill|issue){_END}",
        rf"(?:rechnungs|ausstellungs|beleg)datum{_END}",
        rf"date (?:de )?(?:la )?factur(?:e|ation){_END}",
        rf"date d['’]?[ée]mission{_END}",
        rf"factuurdatum{_END}",
        rf"(?:order|booking|receipt) date{_END}",
        rf"(?:facture|rechnung|invoice)\b.{{0,24}}?\b(?:du|vom|of|dated){_END}",
        rf"dat(?:e|um){_END}",
    ),
    "due_date": _words(
        rf"(?:payment )?due (?:date|by|on){_END}",
        rf"(?:total )?amount due (?:on|by){_END}",
        rf"(?:please )?pay(?:able)? by{_END}",
        rf"payment due{_END}",
        rf"f[äa]lligkeit(?:sdatum)?{_END}",
        rf"(?:f[äa]llig|zahlbar) (?:am|bis(?: zum)?){_END}",
        rf"date (?:limite de paiement|d['’]?[ée]ch[ée]ance)(?: le)?{_END}",
        rf"(?:[ée]ch[ée]ance|[àa] payer avant le){_END}",
        rf"(?:vervaldatum|uiterste betaaldatum){_END}",
    ),
    "billing_period": _words(
        rf"(?:billing|service|invoice|bill) period{_END}",
        rf"(?:for )?(?:the )?period(?: of| from)?{_END}",
        rf"services? (?:from|dates?){_END}",
        rf"(?:abrechnungs|leistungs|rechnungs)zeitraum{_END}",
        rf"p[ée]riode (?:de facturation)?{_END}",
        r"service",
        r"du(?= \d)",
        r"vom(?= \d)",
        r"check in",
    ),
    "total_due": _words(
        rf"total (?:amount )?due(?: on| by)?{_END}",
        rf"(?:amount|balance) due{_END}",
        rf"(?:please pay|amount payable|total payable|pay this amount){_END}",
        rf"(?:total amount|amount) to pay{_END}",
        rf"(?:zahlbetrag|zu zahlen(?:der betrag)?|f[äa]lliger betrag|offener betrag){_END}",
        rf"(?:somme|montant|net|total|reste) [àa] payer{_END}",
        rf"(?:te betalen(?: bedrag)?|totaal te betalen){_END}",
        rf"(?:invoice|grand|bill) total{_END}",
        rf"(?:rechnungsbetrag|gesamtbetrag|endbetrag|gesamtsumme|brutto(?:betrag|summe)?){_END}",
        rf"(?:total|montant) (?:ttc|toutes taxes comprises){_END}",
        rf"total (?:amount|for this invoice|of this bill|facture){_END}",
        rf"(?:totaal(?:bedrag)?|total|summe|gesamt){_END}",
    ),
    "current_charges": _words(
        rf"(?:total )?(?:current|new) charges{_END}",
        rf"total for this (?:invoice|bill|period){_END}",
        rf"(?:neue|aktuelle) (?:forderungen|betr[äa]ge|kosten){_END}",
        rf"(?:nouveaux frais|total (?:de la )?facture|consommations du mois){_END}",
    ),
    "previous_balance": _words(
        rf"previous (?:balance|bill|amount due|charges){_END}",
        rf"(?:balance (?:brought )?forward|opening balance|last bill){_END}",
        rf"(?:alter saldo|vorheriger (?:saldo|betrag)|saldovortrag|[üu]bertrag){_END}",
        rf"(?:solde (?:pr[ée]c[ée]dent|ant[ée]rieur)|ancien solde){_END}",
        rf"vorig saldo{_END}",
    ),
    "payments_applied": _words(
        rf"payments?(?: \([^)]*\))? (?:received|applied|credited){_END}",
        rf"payments?(?: \S+)? thank you{_END}",
        rf"(?:less )?payments{_END}",
        rf"(?:ihre zahlung(?:en)?|geleistete zahlungen|zahlungseingang){_END}",
        rf"(?:paiements? re[çc]us?|vos paiements|r[èe]glements? re[çc]us?){_END}",
        rf"ontvangen betaling(?:en)?{_END}",
    ),
    "net_total": _words(
        rf"(?:total )?(?:net (?:amount|total)|before tax|excl(?:uding|\.)? (?:vat|tax|gst)){_END}",
        rf"(?:netto(?:betrag|summe)?|zwischensumme netto|summe netto){_END}",
        rf"(?:total|montant) (?:ht|hors taxes?){_END}",
        rf"(?:exclusief btw|totaal excl\.? btw){_END}",
        rf"sub-?total{_END}",
    ),
    "tax_total": _words(
        rf"(?:total )?(?:tax(?:es)?|vat|gst|sales tax)(?: total| amount)?(?: ?\*+)?(?: ?\(?[\d.,]+ ?%\)?)?{_END}",
        rf"total taxes(?:, surcharges(?: and fees)?)?{_END}",
        rf"(?:ust|mwst|umsatzsteuer|mehrwertsteuer)\.?(?: ?\(?[\d.,]+ ?%\)?)?{_END}",
        rf"(?:total |montant )?tva(?: ?\(?[\d.,]+ ?%\)?)?{_END}",
        rf"btw(?: ?\(?[\d.,]+ ?%\)?)?{_END}",
    ),
}

HEADINGS: dict[str, Patterns] = {
    "amount": _words(
        r"(?:line |net |total )?amount(?: \(?(?:usd|eur|gbp|net)\)?)?",
        r"(?:gesamt|netto|zeilen)?betrag",
        r"montant(?: h\.?t\.?| ttc)?",
        r"(?:total|netto|gesamt|summe|prijs incl\.? ?btw|bedrag|totaal|charges?|cost|eur|usd)",
    ),
    "unit_price": _words(
        r"(?:unit )?(?:price|rate)(?: each)?",
        r"(?:einzel|st[üu]ck)?preis",
        r"p\.?\s?u\.?(?: h\.?t\.?)?",
        r"prix(?: unitaire)?(?:/mois)?",
        r"prijs per stuk",
    ),
    "quantity": _words(
        r"(?:qty|quantity|units|count|hours|minutes|usage)",
        r"(?:menge|anzahl|stunden)",
        r"(?:quantit[ée]|qt[ée]|nombre)",
        r"aantal",
    ),
    "period": _words(r"(?:service )?(?:period|dates?)(?: of service)?", r"(?:leistungs)?zeitraum", r"p[ée]riode"),
    "period_start": _words(r"from|start|von|du"),
    "period_end": _words(r"to|until|bis|au"),
    "code": _words(
        r"(?:product |charge )?code|sku|usoc", r"(?:artikel|produkt)(?:nummer|nr\.?|code)", r"r[ée]f[ée]?rence"
    ),
    "circuit_id": _words(r"(?:service|circuit|line|server)(?: id|[- ]?no\.?)?", r"leitung(?:snummer)?", r"ligne"),
    "tn": _words(r"(?:telephone|phone|working)?(?: )?number", r"rufnummer", r"num[ée]ro"),
    "location": _words(r"location|site|address", r"standort", r"lieu"),
    "tax_percent": _words(r"(?:vat|tax|gst)(?: ?%| rate)?", r"(?:ust|mwst)\.?(?: ?%)?", r"tva(?: ?%)?", r"btw(?: ?%)?"),
    "description": _words(
        r"(?:description|details?|item|service|product|charge)s?(?: description)?",
        r"(?:bezeichnung|beschreibung|leistung|artikel|produkt)",
        r"(?:d[ée]signation|libell[ée]|intitul[ée]|prestation)",
        r"omschrijving",
    ),
}

# how lines of a table begin that sum up its rows, and lines with which it ends
SUBTOTALS = _words(r"sub-?\s?total\b.*", r"zwischensumme", r"sous-total", r"subtotaal")
ENDS = _words(
    r"(?:grand |invoice |bill )?total\b.*",
    r"(?:netto|brutto|summe|gesamt)\b.*",
    r"(?:total|montant)\b.*",
    r"totaal",
    r"(?:(?:sales|excise|service|state|local|federal|zzgl\.?|plus|total) )?(?:ust|mwst|tva|btw|vat|gst|tax(?:es)?)\b.*",
    r"(?:taxes|surcharges)\b.*",
)
# words that a bill of each language uses and the others do not
LANGUAGES: dict[str, frozenset[str]] = {
    "en": frozenset(
        [
            "invoice",
            "bill",
            "date",
            "due",
            "total",
            "amount",
            "charges",
            "account",
            "the",
            "and",
            "for",
            "payment",
            "balance",
        ]
    ),
    "de": frozenset(
        [
            "rechnung",
            "rechnungsnummer",
            "rechnungsdatum",
            "betrag",
            "menge",
            "netto",
            "brutto",
            "der",
            "und",
            "kundennummer",
            "preis",
        ]
    ),
    "fr": frozenset(
        [
            "facture",
            "montant",
            "du",
            "le",
            "la",
            "total",
            "tva",
            "ttc",
            "ht",
            "numéro",
            "désignation",
            "payer",
            "client",
            "somme",
            "et",
        ]
    ),
    "nl": frozenset(
        [
            "factuur",
            "factuurnummer",
            "factuurdatum",
            "klantnummer",
            "btw",
            "aantal",
            "totaal",
            "prijs",
            "en",
            "het",
            "exclusief",
        ]
    ),
}
CURRENCIES: tuple[tuple[str, str], ...] = (
    (r"\bUSD\b|US Dollars|US\$", "USD"),
    (r"\bEUR\b|€|\bEuro\b", "EUR"),
    (r"\bGBP\b|£", "GBP"),
    (r"\bCHF\b", "CHF"),
    (r"\bINR\b|₹|\bRs\b", "INR"),
    (r"\bCAD\b|CA\$", "CAD"),
    (r"\bAUD\b|AU\$", "AUD"),
    (r"\$", "USD"),
)
