"""What usage, tickets and bank statements call things in their headers, in English, German, French and Spanish."""

from __future__ import annotations

from app.importers.tabular.guess_words import split_words

CARRIER = split_words("carrier; provider; carrier name; operator; anbieter; netzbetreiber; operateur; operador")
ACCOUNT = split_words(
    "account number; account no; billing account; ban; account; account id; customer number; kundennummer; "
    "numero de compte; numero de cuenta"
)
CIRCUIT = split_words(
    "circuit id; circuit; circuit number; ckt; service id; port; interface; interface name; meter; meter id; "
    "feed; rack; "
    "panel; configuration item; ci; leitung; leitungsnummer; zähler; zählernummer; port id; device; compteur; "
    "contador; "
    "numero de circuit; circuito"
)
CALL_WORDS = {
    "tn": split_words(
        "calling number; calling party number; calling party; caller; caller number; from number; "
        "originating number; "
        "originating; a number; a party; our number; source; src; ani; cli; from; msisdn; subscriber number; "
        "subscriber; number; phone number; telephone number; line; extension; caller id; anrufer; rufnummer; "
        "eigene rufnummer; von; numero appelant; appelant; ligne; numero origen; llamante; origen; linea"
    ),
    "other_party": split_words(
        "called number; called party number; called party; callee; dialed number; dialled number; number dialed; "
        "number called; destination number; destination; dst; to number; terminating number; terminating; b number; "
        "b party; other party; dialed; called; to; zielrufnummer; angerufene nummer; gewählte nummer; ziel; "
        "numero appele; appele; numero destino; numero marcado; destino"
    ),
    "start": split_words(
        "answer time; answered; answer; connect time; start time; call start; started; start; start date; "
        "begin time; "
        "date time; datetime; call date time; timestamp; call date; call time; setup time; date; time; beginn; "
        "startzeit; zeitpunkt; datum; datum uhrzeit; date heure; date d appel; date et heure; debut; fecha hora; "
        "fecha; "
        "inicio"
    ),
    "seconds": split_words(
        "billsec; duration seconds; duration sec; duration secs; seconds; billable seconds; call duration; duration; "
        "talk time; elapsed time; length; billed duration; minutes; duration minutes; mins; sec; secs; dauer; "
        "gesprächsdauer; dauer sekunden; dauer minuten; duree; duree secondes; duracion; duracion segundos; segundos"
    ),
    "billed": split_words(
        "charge; call charge; cost; amount; billed; billed amount; price; total; total charge; net amount; betrag; "
        "kosten; entgelt; preis; montant; cout; importe; coste; precio"
    ),
}
SAMPLE_WORDS = {
    "end": split_words(
        "bin end; interval end; end time; timestamp; time stamp; time; date time; datetime; date; sample time; "
        "polled; "
        "poll time; collected; bin start; interval start; start time; start; zeit; zeitpunkt; zeitstempel; datum; "
        "horodatage; date heure; heure; fecha hora; fecha; hora"
    ),
    "in": split_words(
        "octets in; in octets; bytes in; in bytes; bits in; bps in; in bps; inbound bps; traffic in; avg in; "
        "average in; in mbps; mbps in; in mbit s; mbit s in; in kbit s; kbit s in; "
        "kbps in; in kbps; ifhcinoctets; ifinoctets; if hcin octets; if in octets; "
        "inbound; "
        "received; rx; rx bytes; rx bps; in; download; eingang; eingehend; entrant; entree; entrante; entrada"
    ),
    "out": split_words(
        "octets out; out octets; bytes out; out bytes; bits out; bps out; out bps; outbound bps; traffic out; "
        "avg out; "
        "average out; out mbps; mbps out; out mbit s; mbit s out; out kbit s; kbit s out; "
        "kbps out; out kbps; ifhcoutoctets; ifoutoctets; if hcout octets; "
        "if out octets; "
        "outbound; sent; transmitted; tx; tx bytes; tx bps; out; upload; ausgang; ausgehend; sortant; sortie; "
        "saliente; salida"
    ),
    "uptime": split_words("uptime; sysuptime; sys up time; system uptime; up time"),
}
READING_WORDS = {
    "at": split_words(
        "read at; reading time; reading date; read time; timestamp; time stamp; date time; datetime; logged; "
        "time; date; "
        "measured; ablesezeit; ablesedatum; abgelesen am; zeitpunkt; datum; zeit; date de releve; horodatage; date; "
        "fecha lectura; fecha hora; fecha"
    ),
    "value": split_words(
        "kwh; kw; wh; mwh; watts; amps; amperes; reading; meter reading; reading kwh; register; register value; "
        "energy kwh; "
        "power kw; energy; power; load; demand; current; current amps; consumption; value; watt; zählerstand; stand; "
        "verbrauch; leistung; index; releve; consommation; puissance; lectura; consumo; potencia"
    ),
    "volts": split_words("volts; voltage; volt; v; spannung; tension; voltaje"),
}
WORK_WORDS = {
    "reference": split_words(
        "ticket; ticket number; ticket id; ticket no; trouble ticket; trouble ticket number; "
        "work order; order number; case; case number; case id; "
        "incident; "
        "incident number; incident id; reference; number; id; job; vorgang; auftrag; auftragsnummer; störungsnummer; "
        "numero de ticket; dossier; numero de incidencia; incidencia"
    ),
    "start": split_words(
        "started; start; start time; begin; begun; work started; start date; opened; opened at; from; date; beginn; "
        "begonnen; debut; inicio; fecha inicio"
    ),
    "end": split_words(
        "ended; end; end time; finished; completed; closed; work ended; end date; until; to; ende; beendet; fin; "
        "fecha fin"
    ),
    "minutes": split_words(
        "minutes; duration minutes; duration; labor minutes; labour minutes; time spent; mins; billable minutes; "
        "dauer; "
        "dauer minuten; arbeitszeit; duree; minutos; duracion"
    ),
    "location": split_words(
        "location; site; site name; data center; data centre; cage; facility; standort; ort; site; lieu; "
        "emplacement; sede; "
        "ubicacion"
    ),
    "after_hours": split_words("after hours; out of hours; afterhours; overtime; nachts; heures non ouvrees"),
    "expedited": split_words("expedited; urgent; expedite; rush; emergency; eilig; dringend; urgente"),
    "description": split_words(
        "description; summary; subject; title; details; notes; short description; work done; beschreibung; betreff; "
        "objet; descripcion; asunto"
    ),
}
OUTAGE_WORDS = {
    "start": split_words(
        "down from; outage start; outage began; start of outage; start time; started; start; opened; opened at; "
        "reported; began; down since; incident start; störungsbeginn; beginn; gemeldet; debut; inicio"
    ),
    "end": split_words(
        "down until; outage end; end of outage; resolved; resolved at; restored; restored at; end time; ended; end; "
        "cleared; closed; up again; incident end; störungsende; behoben; ende; fin; retabli; resuelto"
    ),
    "tn": split_words("telephone number; phone number; tn; rufnummer; numero de telephone; telefono"),
    "excluded": split_words("excluded; exclusion; excluded reason; not counted; ausgenommen; exclu; excluido"),
}
BANK_WORDS = {
    "booked": split_words(
        "booking date; booked; date booked; posting date; posted; date posted; posted date; transaction date; "
        "trans date; entry date; date; buchungstag; buchungsdatum; buchung; datum; date operation; date d operation; "
        "date comptable; date; fecha operacion; fecha contable; fecha"
    ),
    "valued": split_words(
        "value date; value day; valuta; valutadatum; wertstellung; wertstellungstag; date valeur; date de valeur; "
        "fecha valor"
    ),
    "amount": split_words(
        "amount; transaction amount; booking amount; amount eur; amount usd; net amount; betrag; umsatz; betrag eur; "
        "umsatz eur; montant; montant eur; importe; importe eur; monto"
    ),
    "side": split_words(
        "debit credit; credit debit; dr cr; cr dr; d c; c d; debit credit indicator; credit debit indicator; sign; "
        "direction; soll haben; s h; soll haben kennzeichen; sens; signe; signo; cargo abono; debe haber"
    ),
    "debit": split_words(
        "debit; debits; debit amount; withdrawal; withdrawals; withdrawal amount; paid out; money out; out; "
        "payments; "
        "soll; lastschrift; ausgabe; belastung; debet; sortie; cargo; cargos; debe"
    ),
    "credit": split_words(
        "credit; credits; credit amount; deposit; deposits; deposit amount; paid in; money in; in; receipts; haben; "
        "gutschrift; einnahme; entree; abono; abonos; haber"
    ),
    "balance": split_words(
        "balance; running balance; account balance; balance after; closing balance; saldo; kontostand; solde; "
        "saldo eur; saldo nach buchung"
    ),
    "reference": split_words(
        "reference; end to end reference; end to end id; customer reference; payment reference; our reference; "
        "kundenreferenz; kundenreferenz end to end; end to end referenz; check number; cheque number; "
        "reference client; "
        "referencia; ref"
    ),
    "bank_reference": split_words(
        "bank reference; transaction id; transaction number; bank ref; entry reference; fitid; bankreferenz; "
        "reference banque; referencia banco"
    ),
    "party": split_words(
        "payee; counterparty; counterparty name; other party; beneficiary; payer; name; payee name; merchant; "
        "auftraggeber; begünstigter; auftraggeber begünstigter; begünstigter zahlungspflichtiger; "
        "name zahlungsbeteiligter; empfänger; beneficiaire; tiers; beneficiario; ordenante"
    ),
    "party_account": split_words(
        "counterparty iban; counterparty account; beneficiary account; payee account; iban; other account; "
        "iban zahlungsbeteiligter; kontonummer iban; compte beneficiaire; cuenta beneficiario"
    ),
    "text": split_words(
        "description; details; memo; narrative; remittance information; payment details; particulars; "
        "transaction details; verwendungszweck; text; buchungstext; libelle; libelle operation; concepto; "
        "descripcion; "
        "detalle"
    ),
    "code": split_words(
        "code; transaction code; transaction type; type; btc; gvc; type operation; tipo; tipo operacion"
    ),
    "account": split_words(
        "account number; account; our account; own account; iban auftragskonto; auftragskonto; konto; kontonummer; "
        "account iban; numero de compte; compte; cuenta; numero de cuenta"
    ),
    "currency": split_words("currency; currency code; ccy; währung; devise; moneda; divisa"),
}
