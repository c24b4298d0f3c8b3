"""The field's words as enumerations. Values are what is stored and written to files; docs/glossary.md explains them."""

from __future__ import annotations

from enum import StrEnum


class ChargeType(StrEnum):
    """What kind of charge a line of an invoice is."""

    MRC = "MRC"  # monthly recurring charge
    NRC = "NRC"  # one-time charge
    USAGE = "USAGE"
    OCC = "OCC"  # other charges and credits
    TAX = "TAX"
    SURCHARGE = "SURCHARGE"
    FEE = "FEE"
    LPC = "LPC"  # late payment charge
    CREDIT = "CREDIT"
    ADJUSTMENT = "ADJUSTMENT"


# the charge types that a contract has to price; taxes, fees and credits are judged by other rules
PRICED_TYPES = frozenset({ChargeType.MRC, ChargeType.NRC, ChargeType.USAGE})


class ServiceKind(StrEnum):
    """The four families of services."""

    INTERNET = "internet"
    WAN = "wan"
    VOICE = "voice"
    COLOCATION = "colocation"


class ServiceStatus(StrEnum):
    """Where a service stands in its life."""

    ORDERED = "ordered"
    ACTIVE = "active"
    DISCONNECT_REQUESTED = "disconnect_requested"
    DISCONNECTED = "disconnected"


class BillingMode(StrEnum):
    """When an account is paid: before use, after it, or both on one statement."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"
    CONVERGENT = "convergent"


class ProrationMethod(StrEnum):
    """How a contract charges part of a month (domain/rating, proration)."""

    ACTUAL = "actual"  # price × days / days of the month
    ACTUAL_30 = "actual_30"  # price × days / 30
    STRICT_30_360 = "strict_30_360"  # every month has 30 days
    MONTHS_AND_DAYS = "months_and_days"  # whole months, then days / days of the end month
    NONE = "none"  # any part of a month is a full month
    BY_SECOND = "by_second"  # price × seconds / seconds of the month
    NEXT_MONTH = "next_month"  # free until the first of the next month, then full months


class PriceModel(StrEnum):
    """How a rate element turns quantity into an amount; the last ones change another element's price."""

    FLAT = "flat"  # price × quantity for a month or once
    GRADUATED = "graduated"  # each tier's units at that tier's price
    VOLUME = "volume"  # all units at the price of the tier of the total
    PACKAGE = "package"  # price × packages begun, above free units
    PERCENTAGE = "percentage"  # a per cent of other charges
    PER_MINUTE = "per_minute"  # price × billable minutes
    CALLS = "calls"  # each call by a rate deck: zone, band, jurisdiction
    PERCENTILE = "percentile"  # committed rate and the 95th percentile above it
    DATA_CAP = "data_cap"  # blocks of data above a cap
    MILEAGE = "mileage"  # fixed + miles × price, in bands
    PER_CLASS = "per_class"  # bandwidth by class of service
    COMMITTED_EXCESS = "committed_excess"  # CIR × price + EIR × its price
    COMMITTED_POWER = "committed_power"  # committed kW and the demand above it
    METERED_ENERGY = "metered_energy"  # kWh × multiplier × price × PUE
    BREAKER = "breaker"  # breaker circuits, the B feed at a fraction
    REMOTE_HANDS = "remote_hands"  # hours in increments, above included ones
    MINIMUM = "minimum"  # what is missing to a minimum charge
    COMMITMENT = "commitment"  # a per cent of what is missing to a committed spend
    EARLY_TERMINATION = "early_termination"  # bands of the months that were left
    SLA_CREDIT = "sla_credit"
    LATE_CHARGE = "late_charge"
    SURCHARGE = "surcharge"  # a dated per cent of a base, with a cap
    ESCALATOR = "escalator"  # changes prices: yearly
    TERM_DISCOUNT = "term_discount"  # changes prices: by the length of the term
    DISCOUNT = "discount"  # changes amounts: per cent or fixed, until a day


# the models that price nothing by themselves but change what other elements of the contract cost
MODIFIERS = frozenset({PriceModel.ESCALATOR, PriceModel.TERM_DISCOUNT, PriceModel.DISCOUNT})


class RoundingScope(StrEnum):
    """What is rounded: each call, each zone's calls, the charge, or only the bill's total."""

    CALL = "call"
    ZONE = "zone"
    CHARGE = "charge"
    BILL = "bill"


class PriceChange(StrEnum):
    """What a price that changes within a charge's period does."""

    SPLIT = "split"  # each price for its days, by the contract's proration
    FIRST_DAY = "first_day"  # the first day's price for the whole charge


class ExchangeDay(StrEnum):
    """Which day's exchange rate a contract takes where its bills are in another currency."""

    NONE = "none"  # it does not convert: bills in another currency have no price
    BILL_DATE = "bill_date"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"  # the last day of the period


class DeckKind(StrEnum):
    """What a table of number prefixes says: prices of calls, or the places of numbers."""

    PRICES = "prices"
    PLACES = "places"


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Severity(StrEnum):
    """ERROR keeps a document from being posted, REVIEW until a person has looked; WARNING asks for a look; INFO
    explains."""

    ERROR = "error"
    REVIEW = "review"
    WARNING = "warning"
    INFO = "info"


class Ledger(StrEnum):
    """ERROR is claimable from the carrier, SAVING is ours to act on, CHECK asks a person to look."""

    ERROR = "error"
    SAVING = "saving"
    CHECK = "check"


class RatingOutcome(StrEnum):
    RATED = "rated"
    NO_PRICE = "no_price"  # a price was required and none is in force
    AMBIGUOUS = "ambiguous"  # several prices are in force: the price book must be mended
    NOT_PRICED = "not_priced"  # a tax, fee or credit: no contract price belongs to it
    UNMATCHED = "unmatched"  # the charge names no service that we know


class MatchMethod(StrEnum):
    """How a charge found its service, in the order in which they are tried."""

    CIRCUIT_ID = "circuit_id"
    TELEPHONE_NUMBER = "telephone_number"
    SITE_AND_CODE = "site_and_code"
    BY_HAND = "by_hand"
    ACCOUNT_LEVEL = "account_level"  # the charge names no service at all, and is of a type that needs none


class InvoiceStatus(StrEnum):
    RECEIVED = "received"
    POSTED = "posted"
    MATCHED = "matched"
    RATED = "rated"
    AUDITED = "audited"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PAID = "paid"
    RECONCILED = "reconciled"
    ON_HOLD = "on_hold"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


class FindingStatus(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    DISPUTED = "disputed"
    CREDITED = "credited"
    CLEARED = "cleared"  # a later audit no longer finds it


class DisputeStatus(StrEnum):
    DRAFT = "draft"
    FILED = "filed"
    ACKNOWLEDGED = "acknowledged"
    APPROVED = "approved"
    DENIED = "denied"
    CREDITED = "credited"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class PaymentStatus(StrEnum):
    SCHEDULED = "scheduled"
    RELEASED = "released"
    SETTLED = "settled"
    RETURNED = "returned"
    VOID = "void"


class PaymentMethod(StrEnum):
    ACH_CCD = "ach_ccd"  # NACHA CCD+ with one addendum
    SEPA_CREDIT = "sepa_credit"  # ISO 20022 pain.001


class Role(StrEnum):
    """What a user may do. One person may hold one role; approving one's own submission is refused whatever the role."""

    IT_MANAGER = "it_manager"
    PROCUREMENT = "procurement"
    AP_CLERK = "ap_clerk"
    APPROVER = "approver"
    AUDITOR = "auditor"


class StatementKind(StrEnum):
    """What a bank's list of movements is."""

    STATEMENT = "statement"  # booked, with balances
    INTRADAY = "intraday"  # so far today
    NOTICE = "notice"  # single movements, announced


class AnswerKind(StrEnum):
    """What a bank says of a payment."""

    ACCEPTED = "accepted"
    SETTLED = "settled"
    PENDING = "pending"
    REJECTED = "rejected"  # before it left
    RETURNED = "returned"  # after it left
    CHANGE = "change"  # it went through, but the carrier's bank details have to be corrected


class OrderAction(StrEnum):
    """What a service order asks for."""

    INSTALL = "install"
    CHANGE = "change"
    MOVE = "move"
    DISCONNECT = "disconnect"


class ReadingKind(StrEnum):
    """What a meter says: the energy it has counted (kWh, ever rising), or the power drawn at a moment (kW)."""

    ENERGY = "energy"
    DEMAND = "demand"


class ReviewPolicy(StrEnum):
    """Which bills wait for a person before they are posted."""

    NEEDED = "needed"  # those in which something has to be looked at
    ALWAYS = "always"
