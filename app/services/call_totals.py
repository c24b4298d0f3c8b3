"""All stored calls of a contract re-rated by its rate deck and added up: by account, zone, day or cause, and checked.

What a bill's charges are judged by is `services.rated_calls`; this looks at every call that is here, whether a bill
charges for it yet or not, in bounded memory and from where an interrupted run stopped.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.money import MONEY_SCALE, ZERO, from_scaled
from app.domain.vocabulary import PriceModel
from app.errors import UserError
from app.models.documents import UsageBatch
from app.models.inventory import BillingAccount, Carrier
from app.rating.ratebook import Price, Scope, code_key, scope_of
from app.rating.voice.crosscheck import can_check, total_by_sql
from app.rating.voice.totals import Key, Sums, Totals, add_up
from app.services.facts import load_contracts
from app.services.voice_prices import load_voice_price
from app.usage.rerate import rate_files
from app.usage.store import CALLS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.terms import ContractTerms
    from app.services.workspace import Workspace


class NoCallPrice(UserError):
    """No contract of {carrier} prices calls by a rate deck{named}: import a price of the model `calls`."""


class SeveralCallPrices(UserError):
    """Several prices of {carrier} are by a rate deck: {prices}. Name one by its contract and code."""


class CallsDisagree(UserError):
    """Two engines rated these calls and their sums differ: {ours} and {theirs}. Report it with the deck."""


@dataclass(frozen=True, slots=True)
class TotalRow:
    """Calls of one account that share the keys that were asked for. Money is in the contract's currency; `expected` is
    what they cost, rounded call by call, `billed` what their records say that the carrier charges."""

    account: str
    keys: tuple[str | date, ...]
    calls: int
    seconds: int
    expected: Decimal
    billed: Decimal
    differing: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class CallTotalsReport:
    """The rows, in order; the price that they were rated by; and whether a second engine gave the same sums (None: it
    does not know terms of this kind)."""

    rows: tuple[TotalRow, ...]
    contract: str
    code: str
    currency: str
    files: int
    kept: int
    checked: bool | None


def total_calls(
    workspace: Workspace,
    carrier_id: int,
    *,
    contract: str = "",
    code: str = "",
    by: tuple[Key, ...] = (),
    write_to: Path | None = None,
    check: bool = False,
) -> CallTotalsReport:
    """Rate every stored call of the accounts that the contract's price of calls is for.

    With `write_to` the rated rows are written there, one Parquet file for each of the store's, and a later run goes on
    with what is missing. With `check` a second engine adds up the same calls; raises CallsDisagree where it differs.
    """
    with workspace.database.reading() as session:
        price = _find_price(session, carrier_id, contract, code)
        voice = load_voice_price(session, workspace.usage, price, _zone_prices(price))
        accounts = _accounts(session, price.contract)
        files = _files(session, accounts)
    terms, deck = voice.terms, voice.compile_once(workspace.usage)
    rows: list[TotalRow] = []
    rated = kept = 0
    wholes: list[Totals] = []
    for account_id, paths in files.items():
        folder = None if write_to is None else write_to / f"account={account_id}"
        found = rate_files(workspace.usage.files(paths), deck, terms, by, folder)
        rated, kept = rated + found.rated, kept + found.kept
        rows += [_row(accounts[account_id], keys, sums) for keys, sums in sorted(found.totals.items(), key=str)]
        wholes.append({(): sum(found.totals.values(), Sums())})
    checked = None
    if check and can_check(voice.rows, terms):
        every = workspace.usage.files([path for paths in files.values() for path in paths])
        ours, theirs = add_up(wholes).get((), Sums()), total_by_sql(every, voice.rows, terms)
        if ours != theirs:
            raise CallsDisagree(ours=ours, theirs=theirs)
        checked = True
    element = price.element
    currency = price.contract.currency
    return CallTotalsReport(tuple(rows), price.contract.number, element.code, currency, rated, kept, checked)


def _find_price(session: Session, carrier_id: int, contract: str, code: str) -> Price:
    carrier = session.get_one(Carrier, carrier_id).name
    prices = [
        Price(terms, element)
        for terms in load_contracts(session, carrier_id)
        for element in terms.elements
        if element.model is PriceModel.CALLS
        and not element.zone
        and contract in ("", terms.number)
        and code_key(code) in ("", code_key(element.code))
    ]
    if not prices:
        named = " as ".join(name for name in (contract, code) if name)
        raise NoCallPrice(carrier=carrier, named=f" ({named})" if named else "")
    latest = {(price.contract.number, code_key(price.element.code)): price for price in sorted(prices, key=_since)}
    if len(latest) > 1:
        listed = ", ".join(f"{price.contract.number} {price.element.code}" for price in latest.values())
        raise SeveralCallPrices(carrier=carrier, prices=listed)
    return next(iter(latest.values()))


def _since(price: Price) -> date:
    return price.element.effective_from


def _zone_prices(price: Price) -> dict[str, Decimal]:
    """What the contract itself sets for zones of the deck for any service, by the day of the price."""
    fitting = [
        element
        for element in price.contract.elements
        if element.zone
        and scope_of(element) is Scope.ANY
        and code_key(element.code) == code_key(price.element.code)
        and element.in_force(price.element.effective_from)
    ]
    return {element.zone: ZERO if element.waived else element.price for element in fitting}


def _accounts(session: Session, contract: ContractTerms) -> dict[int, str]:
    wanted = select(BillingAccount.id, BillingAccount.ban).where(BillingAccount.carrier_id == contract.carrier_id)
    if contract.account_ids:
        wanted = wanted.where(BillingAccount.id.in_(contract.account_ids))
    return {row.id: row.ban for row in session.execute(wanted.order_by(BillingAccount.ban))}


def _files(session: Session, accounts: Mapping[int, str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(UsageBatch.account_id, UsageBatch.path)
        .where(UsageBatch.kind == CALLS, UsageBatch.account_id.in_(accounts))
        .order_by(UsageBatch.month, UsageBatch.path)
    )
    for row in rows:
        found[row.account_id].append(row.path)
    return found


def _row(account: str, keys: tuple[str | date, ...], sums: Sums) -> TotalRow:
    return TotalRow(
        account=account,
        keys=keys,
        calls=sums.calls,
        seconds=sums.seconds,
        expected=from_scaled(sums.expected, MONEY_SCALE),
        billed=from_scaled(sums.billed, MONEY_SCALE),
        differing=sums.differing,
        unpriced=sums.unpriced,
    )
