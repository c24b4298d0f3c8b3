"""The candidates, written out: what a bill may have been counted by instead of its contract."""

from __future__ import annotations

from enum import Enum

from app.rating.reverse.candidates import parameters, prices, quantity, rises, terms, tiers, traffic
from app.rating.reverse.case import Candidate


class Reach(Enum):
    """Which charges a change would have touched as well, and so are witnesses for or against it."""

    CONTRACT = "contract"  # all of the contract
    MODEL = "model"  # those priced by the same model
    PRICE = "price"  # those of the same code


CANDIDATES: tuple[tuple[Reach, Candidate], ...] = (
    (Reach.MODEL, parameters.increments),
    (Reach.CONTRACT, terms.rounding_scope),
    (Reach.CONTRACT, terms.rounding_mode),
    (Reach.CONTRACT, terms.rounding_places),
    (Reach.CONTRACT, terms.proration),
    (Reach.CONTRACT, terms.whole_month),
    (Reach.CONTRACT, terms.days_counted),
    (Reach.CONTRACT, terms.price_change),
    (Reach.CONTRACT, terms.exchange_day),
    (Reach.CONTRACT, terms.time_zone),
    (Reach.PRICE, prices.price_before),
    (Reach.PRICE, prices.price_after),
    (Reach.PRICE, prices.general_price),
    (Reach.PRICE, prices.before_amendment),
    (Reach.PRICE, prices.amendment_early),
    (Reach.PRICE, prices.waiver_ignored),
    (Reach.PRICE, rises.modifier_left_out),
    (Reach.PRICE, rises.rise_early),
    (Reach.PRICE, rises.rise_twice),
    (Reach.MODEL, parameters.policies),
    (Reach.MODEL, parameters.left_out),
    (Reach.MODEL, parameters.job_steps),
    (Reach.MODEL, parameters.percentiles),
    (Reach.MODEL, parameters.jurisdiction_shares),
    (Reach.PRICE, parameters.modifier_policies),
    (Reach.MODEL, tiers.tier_reading),
    (Reach.MODEL, tiers.tier_bound),
    (Reach.MODEL, traffic.sample_position),
    (Reach.MODEL, traffic.average),
    (Reach.PRICE, quantity.inventory_quantity),
    (Reach.PRICE, quantity.bill_quantity),
    (Reach.PRICE, quantity.quantity_of_one),
)
