"""What carriers call things in their headers: words of English, German, French and Spanish, and how they compare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from app.domain.vocabulary import ChargeType

_HUMP = re.compile(r"(?<!\b[a-z])(?<=[a-z0-9])(?=[A-Z])")  # but kWh is one word
_BARE = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NO_WORD = re.compile(r"[^a-z0-9#%]+")


def split_words(words: str) -> tuple[str, ...]:
    """The words as `plain_words` leaves them, those with an umlaut in both ways of writing it: "fallig", "faellig"."""
    folded = (word.translate(fold) for word in words.split("; ") for fold in (_BARE, _SPELLED))
    return tuple(dict.fromkeys(folded))


# fields of the bill as a whole; the words stand in the order of how sure they are
INVOICE_WORDS: Mapping[str, tuple[str, ...]] = {
    "number": split_words(
        "invoice number; invoice no; invoice nr; invoice #; invoice num; invoice id; bill number; bill no; invoice; "
        "rechnung; rechnungsnummer; rechnung nr; rechnungsnr; rechnungs nr; belegnummer; numero de facture; "
        "n de facture; no facture; facture; numero de factura; n factura; no factura; num factura; factura"
    ),
    "bill_date": split_words(
        "invoice date; bill date; billing date; date of invoice; statement date; issue date; rechnungsdatum; "
        "belegdatum; date de facture; date facture; date de facturation; fecha de factura; fecha factura; fecha de "
        "emision"
    ),
    "due_date": split_words(
        "due date; payment due; payment due date; pay by; due by; due; fälligkeitsdatum; fällig am; zahlbar bis; "
        "fälligkeit; fällig; date d echeance; echeance; fecha de vencimiento; vencimiento"
    ),
    "ban": split_words(
        "account number; account no; billing account; billing account number; billing account id; ban; account; "
        "customer number; customer no; account id; kundennummer; kunden nr; kundennr; kundenkonto; vertragskonto; "
        "numero de compte; compte; n client; numero client; numero de cuenta; cuenta; numero de cliente"
    ),
    "currency": split_words("currency; currency code; billing currency; ccy; währung; devise; moneda; divisa"),
    "period_start": split_words(
        "billing period start; bill period start; period start; period from; billing from; invoice from; abrechnung "
        "von; zeitraum von; rechnungszeitraum von; debut de periode; periode du; inicio periodo; periodo desde"
    ),
    "period_end": split_words(
        "billing period end; bill period end; period end; period to; billing to; invoice to; abrechnung bis; zeitraum "
        "bis; rechnungszeitraum bis; fin de periode; periode au; fin periodo; periodo hasta"
    ),
    "total_due": split_words(
        "total due; amount due; total amount due; total payable; invoice total; balance due; grand total; "
        "rechnungsbetrag; gesamtbetrag; zahlbetrag; endbetrag; montant total; total a payer; net a payer; total ttc; "
        "total a pagar; importe total; total factura"
    ),
    "previous_balance": split_words(
        "previous balance; prior balance; balance forward; opening balance; vorheriger saldo; alter saldo; "
        "saldovortrag; solde precedent; ancien solde; saldo anterior"
    ),
    "payments_applied": split_words(
        "payments received; payments; payment received; payments applied; zahlungen; zahlungseingang; paiements "
        "recus; paiements; pagos recibidos; pagos"
    ),
    "current_charges": split_words(
        "current charges; total current charges; new charges; aktuelle entgelte; neue entgelte; montant de la "
        "periode; cargos actuales; cargos del periodo"
    ),
    "net_total": split_words("net total; total net; nettobetrag; netto gesamt; summe netto; total ht; base imponible"),
    "tax_total": split_words(
        "tax total; total tax; total taxes; steuerbetrag; mehrwertsteuer gesamt; total tva; total iva"
    ),
}

# columns of the charges
CHARGE_WORDS: Mapping[str, tuple[str, ...]] = {
    "amount": split_words(
        "amount; charge amount; line amount; net amount; billed cost; billed amount; extended amount; total charge; "
        "charge; charges; cost; line total; amount usd; amt; amount net; betrag; nettobetrag; betrag netto; summe; "
        "entgelt; montant; montant ht; importe; importe neto; monto; price total; total; amt usd; amount eur; betrag "
        "eur"
    ),
    "description": split_words(
        "description; charge description; product; service description; item; details; product name; charge name; "
        "text; beschreibung; bezeichnung; leistung; produkt; artikel; libelle; designation; produit; descripcion; "
        "concepto; producto"
    ),
    "code": split_words(
        "charge code; code; usoc; product code; item code; sku; sku id; service code; tariff code; rate code; "
        "artikelnummer; artikel nr; tarifcode; code produit; code article; codigo; codigo de producto"
    ),
    "quantity": split_words(
        "quantity; qty; units; count; consumed quantity; pricing quantity; volume; menge; anzahl; quantite; qte; "
        "cantidad; cant"
    ),
    "unit": split_words(
        "unit; uom; unit of measure; pricing unit; consumed unit; einheit; mengeneinheit; unite; unidad"
    ),
    "unit_price": split_words(
        "unit price; rate; price; price per unit; list unit price; unit rate; einzelpreis; preis; stückpreis; prix "
        "unitaire; prix; tarif; precio unitario; precio; tarifa"
    ),
    "circuit_id": split_words(
        "circuit id; circuit; circuit number; ckt id; ckt; service id; circuit no; line id; resource id; "
        "leitungsnummer; leitung; leitungs id; anschlussnummer; numero de circuit; id circuit; liaison; id de "
        "circuito; circuito; id de servicio"
    ),
    "tn": split_words(
        "telephone number; phone number; service number; tn; working tn; wtn; mobile number; phone; subscriber "
        "number; msisdn; number called from; rufnummer; telefonnummer; nummer; numero de telephone; numero de ligne; "
        "ligne; telefono; numero de telefono; linea"
    ),
    "location": split_words(
        "location; site; service location; site name; site code; service address; address; region name; standort; "
        "adresse; ort; lieu; emplacement; ubicacion; sede; direccion"
    ),
    "period_start": split_words(
        "from; from date; start date; service from; charge from; charge start; service start; von; beginn; du; date "
        "de debut; debut; desde; fecha inicio"
    ),
    "period_end": split_words(
        "to; to date; end date; thru; through; service to; charge to; charge end; service end; bis; ende; au; date de "
        "fin; fin; hasta; fecha fin"
    ),
    "type": split_words(
        "charge type; charge class; charge category; type; category; class; line type; record type; entgeltart; art; "
        "kategorie; typ; positionsart; type de charge; categorie; nature; tipo; tipo de cargo; categoria"
    ),
}

# what the values of a column of types mean; the first word that is found in a value decides
TYPE_WORDS: Mapping[ChargeType, tuple[str, ...]] = {
    ChargeType.LPC: split_words(
        "late payment; late fee; lpc; mahngebühr; verzugszins; penalite de retard; recargo por mora"
    ),
    ChargeType.ADJUSTMENT: split_words(
        "adjustment; adjust; adj; korrektur; anpassung; ajustement; regularisation; ajuste"
    ),
    ChargeType.CREDIT: split_words("credit; refund; gutschrift; erstattung; avoir; remise; abono; credito"),
    ChargeType.SURCHARGE: split_words("surcharge; cost recovery; zuschlag; majoration; recargo; suplemento"),
    ChargeType.TAX: split_words("tax; taxes; vat; gst; steuer; mwst; mw st; ust; tva; taxe; iva; impuesto; impuestos"),
    ChargeType.NRC: split_words(
        "one time; onetime; non recurring; nonrecurring; nrc; install; installation; setup; activation; einmalig; "
        "einrichtung; ponctuel; frais de mise en service; unico; instalacion; alta"
    ),
    ChargeType.MRC: split_words(
        "recurring; monthly; mrc; rental; subscription; recur; monatlich; grundgebühr; miete; abonnement; mensuel; "
        "recurrent; mensual; cuota; recurrente"
    ),
    ChargeType.USAGE: split_words(
        "usage; calls; call; minutes; traffic; overage; nutzung; verbindungen; verbrauch; consommation; appels; "
        "consumo; llamadas; trafico"
    ),
    ChargeType.OCC: split_words("occ; other charge; other charges; sonstige; autres; otros"),
    ChargeType.FEE: split_words("fee; fees; gebühr; frais; tasa; comision"),
}

# rows that are sums, by how their description or type begins
SUM_WORDS = split_words("total; subtotal; sub total; grand total; sum; summe; gesamt; zwischensumme; sous total; suma")
EMPTY_WORDS = ("NULL", "null", "N/A", "n/a", "\\N", "None", "-")


def plain_words(printed: str) -> str:
    """`printed` in small letters without accents, its words parted by one blank: "BilledCost" as "Billed cost"."""
    parted = _HUMP.sub(" ", printed.strip())
    bare = unicodedata.normalize("NFKD", parted.casefold().replace("ß", "ss"))
    return _NO_WORD.sub(" ", "".join(letter for letter in bare if not unicodedata.combining(letter))).strip()


def rank_header(printed: str, words: tuple[str, ...]) -> int:
    """How well a header fits the words of a field: 0 not at all, more where it is one of the first of them."""
    header = plain_words(printed)
    if not header:
        return 0
    if header in words:
        return 1_000 - words.index(header)
    parts = set(header.split())
    held = [place for place, word in enumerate(words) if " " in word and set(word.split()) <= parts]
    return 500 - min(held) if held else 0


def charge_type_of(printed: str) -> ChargeType | None:
    """The type of charge that a value of a column of types means; None where no word of it is known."""
    value = f" {plain_words(printed)} "
    for charge_type, words in TYPE_WORDS.items():
        if any(f" {word} " in value for word in words):
            return charge_type
    return None
