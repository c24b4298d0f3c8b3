"""From what a set says to a bill: which amounts count, what repeats, whether it foots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import CENT, ZERO
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import DocumentKind, Severity
from app.importers.tabular.issues import IssueList
from app.importers.x12.balances import Account, settle
from app.importers.x12.bill_set import BillSet
from app.importers.x12.codes import CREDITS, MEMOS, ORIGINALS, PURPOSES
from app.importers.x12.drafts import Draft, Standing, judge
from app.importers.x12.levels import Tree
from app.importers.x12.segments import place

_NETS = ("N", "BAP", "TT", "5")  # AMT below the total: net, due, transaction total, invoice total


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the set, and which one it is."""

    name: str
    kind: str
    control: str
    segment: int


def make_bill(found: BillSet, sender: Sender, issues: IssueList) -> ParsedInvoice | None:
    """The bill of a set that has been read; None, and told, where it is none or is not payable."""
    header, first = found.header, place(sender.segment, "ST")
    if found.foreign:
        remedy = "Nothing needs to be done: it is a bill of another trade."
        message = f"Set {sender.control} bills vehicles or insurance (levels 19, VEH), not telecommunications."
        issues.error("other-trade", message, remedy, first)
        return None
    if not header.number or header.bill_date is None:
        _need(issues, "BIG", f"Set {sender.control} has no number or date (BIG), so it is no bill.", first)
        return None
    if header.kind in MEMOS:
        message = f"{header.number} is a {MEMOS[header.kind]} ({header.kind}) and not payable; it is not taken in."
        issues.warn("memo-document", message, "Nothing needs to be done.", header.sources["number"])
        return None
    if not found.tree.build():
        return None
    counted = _pick(found)
    total = _total(found, counted, issues)
    rounding = _rounding(found, counted, total, issues)
    found.tallies.tell(issues)
    _check_lines(found, issues)
    credit = header.kind in CREDITS
    sign = -1 if credit and total > 0 else 1
    account = settle(header.balances, sign * total, issues, turned=sign < 0)
    if header.kind and credit and sign == 1 and total < 0:
        issues.tell("credit-signed", f"{header.number} is a credit whose amounts are written with their sign.")
    return _invoice(found, sender, counted, total, rounding, account, sign, issues)


def _invoice(
    found: BillSet,
    sender: Sender,
    counted: Sequence[Draft],
    total: Decimal,
    rounding: Decimal,
    account: Account,
    sign: int,
    issues: IssueList,
) -> ParsedInvoice:
    header = found.header
    assert header.bill_date is not None  # noqa: S101 - make_bill has looked
    _check_purpose(found, issues)
    period = found.elements.period(header.first, header.last, None)
    if period is None and header.first is not None and header.last is not None:
        message = f"The period of the bill ends on {header.last}, before it begins on {header.first}; it is left out."
        issues.warn("bad-period", message, "Compare it with the carrier's bill.", header.sources.get("billing_period"))
    return ParsedInvoice(
        carrier=_carrier(found, sender, issues),
        number=header.number,
        bill_date=header.bill_date,
        currency=_currency(found, issues),
        current_charges=sign * total + ZERO,
        total_due=(sign * total if account.due is None else account.due) + ZERO,
        charges=tuple(_charge(draft, sign, found, issues) for draft in counted),
        kind=DocumentKind.CREDIT_NOTE if header.kind in CREDITS else DocumentKind.INVOICE,
        ban=_account(found, issues),
        billing_period=period,
        due_date=header.due,
        # the account's balances have signs of their own: only what the credit itself is for is turned
        previous_balance=account.previous + ZERO,
        payments_applied=account.payments + ZERO,
        rounding=sign * rounding + ZERO,
        corrects=header.corrects,
        sources=dict(header.sources),
    )


def _charge(draft: Draft, sign: int, found: BillSet, issues: IssueList) -> ParsedCharge:
    where = draft.where()
    period = found.elements.period(where.first, where.last, None)
    if period is None and where.first is not None and where.last is not None:
        message = f"The period of '{draft.describe()[:40]}' ends on {where.last}, before {where.first}; it is left out."
        issues.warn("bad-period", message, "Compare it with the carrier's bill.", place(draft.number, draft.tag))
    quantity = draft.quantity
    return ParsedCharge(
        description=draft.describe(),
        amount=sign * (draft.amount or ZERO) + ZERO,
        source=place(draft.number, draft.tag, draft.element),
        charge_type=draft.kind,
        code=draft.code,
        quantity=quantity if quantity is None or sign == 1 else -quantity,
        unit=draft.unit,
        unit_price=draft.unit_price,
        period=period,
        circuit_id=where.circuit_id,
        tn=where.tn,
        location=where.location,
    )


def _pick(found: BillSet) -> list[Draft]:
    """The amounts that are charges, in the order of the file; the others go to the tallies."""
    tree: Tree = found.tree
    for draft in found.drafts:
        if draft.tag in {"IT1", "SLN"}:
            draft.standing = judge(draft, tree.is_supporting(draft.level), covered=False)
            if draft.standing is Standing.COUNTED:
                draft.level.priced = True
    counted = []
    for draft in found.drafts:
        draft.standing = judge(draft, tree.is_supporting(draft.level), tree.is_covered(draft.level))
        if draft.standing is Standing.COUNTED:
            counted.append(draft)
        elif draft.standing is Standing.UNCLEAR:
            found.tallies.left_out(draft.tag, draft)
        elif draft.standing is Standing.INCLUDED:
            found.tallies.left_out("covered" if draft.tag == "TCD" and not draft.relation else "included", draft)
        elif draft.standing is Standing.SUPPORTING:
            found.tallies.left_out("supporting", draft)
    return counted


def _sum(drafts: Sequence[Draft]) -> Decimal:
    return sum((draft.amount for draft in drafts if draft.amount is not None), ZERO)


def _total(found: BillSet, counted: list[Draft], issues: IssueList) -> Decimal:
    """The bill's total. Taxes and allowances beside the detail that only repeat it are taken out of `counted`."""
    header = found.header
    if header.total is None:
        message = (
            f"{header.number} names no total (TDS); {_sum(counted):,.2f} is the sum of its {len(counted)} charges."
        )
        remedy = "Compare the sum with the carrier's bill before it is posted."
        issues.add(ParseIssue(Severity.REVIEW, "total-missing", message, remedy, header.sources["number"]))
        return _sum(counted)
    if _sum(counted) == header.total:
        return header.total
    repeats = _find_repeats(counted)
    without = _sum([draft for draft in counted if id(draft) not in repeats])
    nets = [header.amounts[kind] for kind in _NETS if kind in header.amounts]
    if repeats and (without == header.total or without in nets):
        amount = _sum(counted) - without
        message = (
            f"{len(repeats)} amounts beside the detail, {amount:,.2f} in all, repeat what it says; they count once."
        )
        first = min((draft for draft in counted if id(draft) in repeats), key=lambda draft: draft.number)
        issues.tell("amounts-repeat", message, place(first.number, first.tag))
        counted[:] = [draft for draft in counted if id(draft) not in repeats]
    found_sum = _sum(counted)
    allowances = _sum([draft for draft in counted if draft.tag in {"SAC", "ITA"} and (draft.amount or ZERO) < 0])
    if found_sum != header.total and found_sum in nets and found_sum - allowances == header.total:
        message = (
            f"The total of {header.number}, {header.total:,.2f}, is before allowances of {-allowances:,.2f}; "
            f"its net amount of {found_sum:,.2f} is what the charges make, and is taken."
        )
        remedy = "Compare the amount with the carrier's bill."
        issues.warn("total-before-allowances", message, remedy, header.sources["current_charges"])
        return found_sum
    return header.total


def _find_repeats(counted: Sequence[Draft]) -> set[int]:
    """Amounts beside the detail that are, by kind and code, the sum of those in it."""
    sums: dict[tuple[str, str, bool, bool], Decimal] = defaultdict(lambda: ZERO)
    for draft in counted:
        sums[(draft.tag, draft.code, (draft.amount or ZERO) < 0, draft.summary)] += draft.amount or ZERO
    return {
        id(draft)
        for draft in counted
        if draft.summary
        and sums[(draft.tag, draft.code, (draft.amount or ZERO) < 0, True)]
        == sums.get((draft.tag, draft.code, (draft.amount or ZERO) < 0, False))
    }


def _rounding(found: BillSet, counted: Sequence[Draft], total: Decimal, issues: IssueList) -> Decimal:
    """The difference between total and charges, where the rounding of lines to cents explains it."""
    difference = total - _sum(counted)
    if not difference or abs(difference) > CENT / 2 * found.tallies.rounded:
        return ZERO
    message = (
        f"The charges of {found.header.number} make {_sum(counted):,.2f}, its total is {total:,.2f}: the difference of "
        f"{difference:,.2f} is kept as rounding, because {found.tallies.rounded:,} lines are quantity × price rounded."
    )
    issues.tell("rounding-explained", message, found.header.sources.get("current_charges"))
    return difference


def _check_lines(found: BillSet, issues: IssueList) -> None:
    claimed = found.header.lines
    if claimed is not None and claimed not in {found.lines, len(found.tree.levels)}:
        message = f"{found.header.number} says that it has {claimed:,.0f} lines (CTT); {found.lines:,} are there."
        remedy = "Ask the carrier whether lines are missing."
        issues.warn("line-count", message, remedy, found.header.sources["lines"])


def _check_purpose(found: BillSet, issues: IssueList) -> None:
    purpose = found.header.purpose
    if purpose not in ORIGINALS:
        words = PURPOSES.get(purpose, f"sent for the purpose {purpose[:4]}")
        message = f"{found.header.number} is not an original but {words} (BIG08)."
        remedy = "Look whether it takes the place of a bill that is here already."
        issues.add(ParseIssue(Severity.REVIEW, "not-an-original", message, remedy, found.header.sources["number"]))


def _carrier(found: BillSet, sender: Sender, issues: IssueList) -> str:
    named = found.profile.carrier or found.header.carrier
    if named:
        return named
    message = f"{found.header.number} names no payee; its sender {sender.name} is taken for the carrier."
    remedy = "Look whether that is right; an EDI profile can name the carrier."
    issues.add(ParseIssue(Severity.REVIEW, "carrier-missing", message, remedy, place(sender.segment, "ST")))
    return sender.name


def _currency(found: BillSet, issues: IssueList) -> str:
    named = found.header.currency or found.profile.currency
    if named:
        return named
    message = f"{found.header.number} names no currency (CUR); US dollars are assumed."
    remedy = "Look whether that is right; an EDI profile can name the currency."
    issues.add(ParseIssue(Severity.REVIEW, "currency-missing", message, remedy, found.header.sources["number"]))
    return "USD"


def _account(found: BillSet, issues: IssueList) -> str:
    """The account: of the header, else the only one that the levels name."""
    for kind in found.profile.accounts:
        if kind in found.header.accounts:
            return found.header.accounts[kind]
    for kind in found.profile.accounts:
        named = {level.accounts[kind] for level in found.tree.levels.values() if kind in level.accounts}
        if len(named) == 1:
            return named.pop()
        if named:
            shown = ", ".join(sorted(named)[:4])
            message = f"{found.header.number} is for {len(named)} accounts ({shown}), and names none for the whole."
            remedy = "Look to which account it belongs; an EDI profile can name the reference that says so."
            issues.add(ParseIssue(Severity.REVIEW, "several-accounts", message, remedy, Source()))
            return ""
    return ""


def _need(issues: IssueList, tag: str, message: str, source: Source) -> None:
    issues.error(f"{tag.lower()}-missing", message, "Ask the carrier for a corrected file.", source)
