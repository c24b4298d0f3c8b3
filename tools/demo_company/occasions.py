"""What happens now and then, by right: credits, remote hands, a charge that is taken back on the same bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tools.demo_company.answers import credited_on
from tools.demo_company.estate import BY_KEY, services_of
from tools.demo_company.recurring import bill_dates, recurring_charge
from tools.demo_company.usage_charges import remote_hands
from tools.demo_company.values import CREDIT, Account, Charge


def occasional_charges(account: Account, month: date) -> list[Charge]:
    """The rare charges of an account's bill of `month`; none of them is wrong."""
    number = month.month
    answer = credited_on(account.key, month)
    if answer is not None and answer.granted is not None:
        site = next(service.site for service in services_of(account.key))
        words = f"CREDIT {answer.reference}"
        return [Charge(CREDIT, "CLM", words, -answer.granted, Decimal(1), tn=answer.key, site=site)]
    if (account.key, number) == ("nb_data", 6):
        return [_credit("12/DIAX/104425//NBC", "SLA-CR", "Service level credit, outage 05/21", "-57.50")]
    if (account.key, number) == ("tl_duluth", 5):
        return [_credit("218-555-0144", "INT", "SERVICE INTERRUPTION", "-12.50")]
    if (account.key, number) == ("cf_wan", 6):
        return _billed_and_taken_back("CF/ETH/20410/DSM1", account, month)
    if (account.key, number) == ("cf_wan", 9):
        return [_credit("CF/ACC/20426/DFW1", "OUT-CR", "Outage credit", "-61.00")]
    if account.key == "hv" and number <= 6:
        return [Charge(CREDIT, "PROMO", "Migration promotion, credit", Decimal("-25.00"), Decimal(1))]
    if (account.key, number) == ("sc_fra", 5):
        return [remote_hands(BY_KEY["FRA2-R0418"], account, month, "1.5")]
    if (account.key, number) == ("sc_ams", 8):
        return [remote_hands(BY_KEY["AMS1-R0112"], account, month, "0.75")]
    return []


def _credit(key: str, code: str, description: str, amount: str) -> Charge:
    service = BY_KEY[key]
    credit = Charge(CREDIT, code, description, Decimal(amount), Decimal(1), site=service.site)
    return replace(credit, circuit=service.circuit, tn=service.tn)


def _billed_and_taken_back(key: str, account: Account, month: date) -> list[Charge]:
    """A second charge for a port and its reversal on the same bill: together nothing, and nothing to accuse."""
    service = BY_KEY[key]
    _, start, end = bill_dates(account, month)
    again = recurring_charge(service, account, service.code, start, end)
    back = Charge(
        CREDIT,
        again.code,
        "Reversal of a second charge",
        -again.amount,
        Decimal(1),
        "month",
        start=start,
        end=end,
        circuit=service.circuit,
        site=service.site,
    )
    return [again, back]
