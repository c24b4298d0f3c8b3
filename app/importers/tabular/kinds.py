"""What a table can be, beside a bill: the fields of each kind with the words that name them, and what is to be said of
the file as a whole. One row of such a table is one record, so that all of them are mapped in one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.importers.tabular.guess_words import split_words
from app.importers.tabular.kind_words import (
    ACCOUNT,
    BANK_WORDS,
    CALL_WORDS,
    CARRIER,
    CIRCUIT,
    OUTAGE_WORDS,
    READING_WORDS,
    SAMPLE_WORDS,
    WORK_WORDS,
)
from app.importers.tabular.table_kind import LIST, TRUTH, WHOLE, Field, Look, Setting, TableKind

_WHOSE = (
    Field("carrier", "Carrier", CARRIER, needed=True, whole=True),
    Field("ban", "Account", ACCOUNT, needed=True, whole=True),
)
_CIRCUIT = Field("circuit_id", "Circuit", CIRCUIT, needed=True, constant=True)
_MOMENTS = (
    Setting("time.format", "Moments", free=True, hint="made of YYYY MM DD hh mm ss AM ZZ; or epoch"),
    Setting("time.zone", "Time zone", free=True, hint="of the clock that wrote the moments"),
    Setting("time.ambiguous", "Hour shown twice", (("the first one", ""), ("the second one", "second"))),
)
_NUMBERS = Setting("format.decimal", "Numbers")
_LEFT_OUT = Setting("most_rejected_percent", "Rows left out", hint="at most so many per cent, 1 if empty")

BILL = TableKind(
    "bill",
    "Bill",
    "bill-mapping",
    "bill",
    signs=split_words(
        "invoice number; invoice no; invoice id; invoice date; bill number; bill date; due date; billed cost; "
        "charge type; "
        "charge category; charge code; charge class; usoc; billing period start; rechnungsnummer; rechnungsdatum; "
        "entgeltart; numero de facture; date de facture; facture; numero de factura; factura; tipo de cargo"
    ),
    settings=(
        Setting("format.date", "Dates", free=True),
        _NUMBERS,
        Setting(
            "format.sign",
            "Charges are",
            (("positive, credits negative", ""), ("negative, credits positive", "reversed")),
        ),
        Setting("format.period_end", "Last day", (("is billed still", ""), ("is the day after", "exclusive"))),
        Setting(
            "format.round",
            "More than 6 decimals",
            (("are refused", ""), ("are rounded", "true")),
            hint="Each is rounded half to even, their exact sum once; the difference is the bill’s rounding",
            sort=TRUTH,
        ),
    ),
)
CALLS = TableKind(
    "calls",
    "Call records",
    "usage-mapping",
    "call-records",
    "calls",
    (
        Field("tn", "Our number", CALL_WORDS["tn"], Look.TELEPHONE, needed=True),
        Field("other_party", "Other number", CALL_WORDS["other_party"], Look.TELEPHONE),
        Field("start", "Started", CALL_WORDS["start"], Look.MOMENT, needed=True),
        Field("seconds", "Duration", CALL_WORDS["seconds"], Look.DURATION, needed=True),
        Field("billed", "Charged", CALL_WORDS["billed"], Look.AMOUNT),
        *_WHOSE,
    ),
    (
        *_MOMENTS,
        Setting(
            "duration",
            "Duration in",
            (("seconds", "seconds"), ("minutes", "minutes"), ("h:mm:ss or m:ss", "h:m:s")),
        ),
        _NUMBERS,
        Setting("currency", "Currency", hint="of what is charged; that of the account if empty"),
        Setting(
            "numbers.country",
            "Country code",
            (("none: North America", ""), ("44", "44"), ("49", "49"), ("33", "33"), ("34", "34"), ("1", "1")),
            free=True,
            hint="of numbers that are printed without one",
        ),
        Setting(
            "numbers.international",
            "Dialled abroad",
            hint="00 or 011, before a country code",
            sort=LIST,
        ),
        Setting("numbers.trunk", "Dialled at home", hint="0, before the area code"),
        Setting("rows.unanswered", "Calls of 0 seconds", (("are taken in", ""), ("are passed over", "skip"))),
        _LEFT_OUT,
    ),
    split_words(
        "calling number; called number; caller; callee; billsec; call duration; dialled number; dialed number; "
        "destination number; calling party; called party; originating number; terminating number; rufnummer; "
        "zielrufnummer; gesprachsdauer; a number; b number; numero appele; numero appelant; duree appel; "
        "duracion llamada; cli; ani; call date; call type; answer time"
    ),
    counts_rows=True,
    headless=True,
)
SAMPLES = TableKind(
    "samples",
    "Traffic samples",
    "usage-mapping",
    "traffic-samples",
    "samples",
    (
        _CIRCUIT,
        Field("end", "Time", SAMPLE_WORDS["end"], Look.MOMENT, needed=True),
        Field("in", "In", SAMPLE_WORDS["in"], Look.NUMBER, needed=True),
        Field("out", "Out", SAMPLE_WORDS["out"], Look.NUMBER, needed=True),
        Field("uptime", "Uptime", SAMPLE_WORDS["uptime"], Look.NUMBER),
        *_WHOSE,
    ),
    (
        *_MOMENTS,
        Setting(
            "rate",
            "In and out are",
            (
                ("octets of the interval", "octets"),
                ("bits per second", "bits_per_second"),
                ("kbit/s", "kbits_per_second"),
                ("Mbit/s", "mbits_per_second"),
                ("bytes per second", "bytes_per_second"),
                ("kB/s", "kbytes_per_second"),
                ("MB/s", "mbytes_per_second"),
                ("octet counters", "octet_counters"),
            ),
        ),
        Setting("bin_seconds", "Interval in seconds", hint="how often the port is sampled; mostly 300", sort=WHOLE),
        Setting(
            "stamped_at_start",
            "The time is that of",
            (("the interval’s end", ""), ("its beginning", "true")),
            sort=TRUTH,
        ),
        Setting(
            "counter_bits",
            "Counters of",
            (("64 bits", "64"), ("32 bits", "32")),
            "64",
            when=("rate", "octet_counters"),
            sort=WHOLE,
        ),
        Setting(
            "port_mbits",
            "Port in Mbit/s",
            hint="what the port can carry, if known",
            when=("rate", "octet_counters"),
            sort=WHOLE,
        ),
        _NUMBERS,
        _LEFT_OUT,
    ),
    split_words(
        "octets in; octets out; in octets; out octets; bytes in; bytes out; bits in; bits out; bps in; bps out; "
        "in bps; "
        "out bps; inbound bps; outbound bps; avg in; avg out; traffic in; traffic out; mbps in; mbps out; in mbps; "
        "out mbps; in mbit s; out mbit s; mbit s in; mbit s out; in kbit s; out kbit s; "
        "ifhcinoctets; ifhcoutoctets; ifinoctets; ifoutoctets; if hcin octets; if hcout octets; interface"
    ),
    counts_rows=True,
    headless=True,
)
READINGS = TableKind(
    "readings",
    "Meter readings",
    "usage-mapping",
    "meter-readings",
    "readings",
    (
        _CIRCUIT,
        Field("at", "Read at", READING_WORDS["at"], Look.MOMENT, needed=True),
        Field("value", "Reading", READING_WORDS["value"], Look.NUMBER, needed=True),
        Field("volts", "Volts", READING_WORDS["volts"], Look.NUMBER, constant=True),
        *_WHOSE,
    ),
    (
        *_MOMENTS,
        Setting(
            "unit",
            "Readings are in",
            (("kWh", "kwh"), ("Wh", "wh"), ("MWh", "mwh"), ("kW", "kw"), ("W", "w"), ("amperes", "amps")),
        ),
        Setting("factor", "Times", hint="what each reading is multiplied by, 1 if empty"),
        Setting(
            "register",
            "Register ends at",
            hint="where it begins again at 0, if known",
            when=("unit", "kwh", "wh", "mwh"),
        ),
        _NUMBERS,
        _LEFT_OUT,
    ),
    split_words(
        "kwh; kw; wh; mwh; meter; meter reading; amps; energy; power; zahlerstand; zahler; feed; rack; demand; "
        "releve; compteur; lectura; contador; register"
    ),
    counts_rows=True,
    headless=True,
)
WORK = TableKind(
    "work",
    "Work tickets",
    "usage-mapping",
    "work-tickets",
    "work",
    (
        Field("reference", "Ticket", WORK_WORDS["reference"], needed=True),
        Field("start", "Started", WORK_WORDS["start"], Look.MOMENT, needed=True),
        Field("end", "Ended", WORK_WORDS["end"], Look.MOMENT),
        Field("minutes", "Minutes", WORK_WORDS["minutes"], Look.DURATION),
        Field("circuit_id", "Circuit", CIRCUIT),
        Field("location", "Location", WORK_WORDS["location"]),
        Field("after_hours", "After hours", WORK_WORDS["after_hours"]),
        Field("expedited", "Expedited", WORK_WORDS["expedited"]),
        Field("description", "Description", WORK_WORDS["description"]),
        Field("carrier", "Carrier", CARRIER, needed=True, whole=True),
        Field("ban", "Account", ACCOUNT),
    ),
    (
        *_MOMENTS,
        Setting(
            "duration",
            "Duration in",
            (("minutes", "minutes"), ("hours", "hours"), ("h:mm", "h:m"), ("h:mm:ss or m:ss", "h:m:s")),
        ),
        _NUMBERS,
    ),
    split_words(
        "remote hands; smart hands; technician; minutes; after hours; expedited; work order; labor; labour; "
        "arbeitszeit; techniker"
    ),
    ((("minutes",), ("end",)),),
)
OUTAGES = TableKind(
    "outages",
    "Outages",
    "usage-mapping",
    "outage-tickets",
    "outages",
    (
        Field("reference", "Ticket", WORK_WORDS["reference"], needed=True),
        Field("start", "Down from", OUTAGE_WORDS["start"], Look.MOMENT, needed=True),
        Field("end", "Down until", OUTAGE_WORDS["end"], Look.MOMENT),
        Field("circuit_id", "Circuit", CIRCUIT),
        Field("tn", "Telephone number", OUTAGE_WORDS["tn"]),
        Field("excluded", "Excluded", OUTAGE_WORDS["excluded"]),
        Field("description", "Description", WORK_WORDS["description"]),
        Field("carrier", "Carrier", CARRIER, needed=True, whole=True),
        Field("ban", "Account", ACCOUNT),
    ),
    _MOMENTS,
    split_words(
        "outage; trouble ticket; down from; down until; downtime; resolved; restored; incident; störung; ausfall; "
        "panne; incidencia; root cause; outage start; outage end; cleared"
    ),
    ((("circuit_id",), ("tn",)),),
)
BANK = TableKind(
    "bank",
    "Bank statement",
    "bank-mapping",
    "bank",
    "",
    (
        Field("booked", "Booked", BANK_WORDS["booked"], Look.DAY, needed=True),
        Field("valued", "Value day", BANK_WORDS["valued"], Look.DAY),
        Field("amount", "Amount", BANK_WORDS["amount"], Look.AMOUNT),
        Field("side", "Debit or credit", BANK_WORDS["side"], Look.SIDE),
        Field("debit", "Debit", BANK_WORDS["debit"], Look.AMOUNT),
        Field("credit", "Credit", BANK_WORDS["credit"], Look.AMOUNT),
        Field("balance", "Balance", BANK_WORDS["balance"], Look.AMOUNT),
        Field("reference", "Reference", BANK_WORDS["reference"]),
        Field("bank_reference", "Bank’s reference", BANK_WORDS["bank_reference"]),
        Field("party", "Other party", BANK_WORDS["party"]),
        Field("party_account", "Its account", BANK_WORDS["party_account"]),
        Field("text", "Text", BANK_WORDS["text"]),
        Field("code", "Code", BANK_WORDS["code"]),
        Field("account", "Our account", BANK_WORDS["account"], needed=True, whole=True),
        Field("currency", "Currency", BANK_WORDS["currency"], Look.CURRENCY, needed=True, whole=True),
    ),
    (
        Setting("format.date", "Dates", free=True),
        _NUMBERS,
        Setting("format.sign", "What leaves is", (("negative", ""), ("positive", "reversed"))),
        Setting("bank", "Bank", hint="its name"),
        Setting("intraday", "Movements are", (("booked", ""), ("of today, so far", "true")), sort=TRUTH),
    ),
    split_words(
        "booking date; posting date; date posted; value date; iban; bic; counterparty; payee; withdrawal; deposit; "
        "withdrawals; deposits; running balance; buchungstag; buchungsdatum; valuta; valutadatum; verwendungszweck; "
        "auftraggeber; begünstigter; kontonummer; saldo; date operation; date valeur; libelle operation; "
        "fecha valor; "
        "fecha operacion; debit; credit; soll; haben; debet; paid in; paid out; money in; money out; transaction date"
    ),
    ((("amount",), ("debit", "credit")),),
)
KINDS = (BILL, CALLS, SAMPLES, READINGS, WORK, OUTAGES, BANK)
BY_KEY = {kind.key: kind for kind in KINDS}


def kind_of(mapping: Mapping[str, Any]) -> TableKind:
    """The kind of table that a mapping, or a draft of one, is for."""
    said, record = mapping.get("kind", BILL.mapping), mapping.get("record", CALLS.record)
    fitting = [kind for kind in KINDS if kind.mapping == said]
    return next((kind for kind in fitting if kind.record in ("", record)), BILL)
