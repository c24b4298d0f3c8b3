"""The calls behind a charge, as a person sees them: by the contract's clock, with the file they came in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.period import Period
from app.domain.vocabulary import ChargeType, RatingOutcome
from app.models.contracts import Contract
from app.models.documents import SourceDocument, UsageBatch
from app.models.invoices import ChargeRating, Invoice
from app.queries.calls import Filter, fetch, filter_of
from app.services.matching import match_invoice
from app.services.workspace import Workspace
from tests.services.office import APRIL, Office, bill, charge
from tests.usage.records import calls

CHICAGO = "America/Chicago"
TN = "13125550101"
LAST_NIGHT = int(datetime(2026, 4, 30, 23, 30, tzinfo=ZoneInfo(CHICAGO)).timestamp())


def _store(office: Office, account_id: int, *moments: int, name: str = "calls.csv") -> None:
    document_id = office.document(name)
    with office.workspace.database.writing() as session:
        sha256 = session.get_one(SourceDocument, document_id).sha256
        records = calls(*((TN, moment, 61) for moment in moments), billed=12_500)
        for part in office.workspace.usage.write_calls(account_id, sha256, [records]):
            session.add(
                UsageBatch(
                    document_id=document_id,
                    account_id=account_id,
                    kind=part.kind,
                    month=part.month,
                    path=part.path,
                    rows=part.rows,
                    sha256=part.sha256,
                )
            )


def test_calls_of_the_last_night_are_on_the_months_last_page(workspace: Workspace) -> None:
    office = Office(workspace)
    account = office.account(office.carrier())
    early = int(datetime(2026, 4, 2, tzinfo=UTC).timestamp())
    _store(office, account, early, early + 60, LAST_NIGHT, LAST_NIGHT + 3600)
    wanted = Filter(TN, (account,), APRIL, CHICAGO)
    with workspace.database.reading() as session:
        first = fetch(session, workspace.usage, wanted, limit=2)
        last = fetch(session, workspace.usage, wanted, limit=2, after=first[-1])
        assert fetch(session, workspace.usage, wanted, limit=2, after=last[-1]) == []
    assert [row.call.started for row in first] == [early, early + 60]
    (night,) = last
    assert (night.started.isoformat(), night.number) == ("2026-04-30T23:30:00-05:00", "12175550199")
    assert (night.seconds, night.billed, night.document) == (61, Decimal("0.0125"), "calls.csv")


def test_another_accounts_calls_of_the_number_are_left_out(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    ours, other = office.account(carrier), office.account(carrier, "CF-1002")
    _store(office, other, LAST_NIGHT)
    with workspace.database.reading() as session:
        assert fetch(session, workspace.usage, Filter(TN, (ours,), APRIL, CHICAGO)) == []
        assert len(fetch(session, workspace.usage, Filter(TN, (ours, other), APRIL, CHICAGO))) == 1


def test_a_charge_says_which_calls_it_bills(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account, old = office.account(carrier), office.account(carrier, "CF-1000")
    office.service(carrier, tn="312-555-0101", account_id=old)
    contract = office.contract(carrier)
    element = office.price(contract, "1.00")
    days = Period(date(2026, 4, 10), date(2026, 4, 20))
    lines = [
        charge("9.00", ChargeType.USAGE, tn="312-555-0101", period=days),
        charge("9.00", ChargeType.USAGE, tn="312-555-0101", period=None),
        charge("9.00", ChargeType.MRC, tn="312-555-0101"),
        charge("9.00", ChargeType.USAGE, tn="312-555-0999"),
    ]
    invoice_id = office.post(bill(*lines))
    match_invoice(workspace, invoice_id, "Dana")
    with workspace.database.writing() as session:
        session.get_one(Contract, contract).time_zone = CHICAGO
        charges = [each.id for each in session.get_one(Invoice, invoice_id).charges]
        session.add(
            ChargeRating(
                charge_id=charges[0],
                outcome=RatingOutcome.RATED,
                rate_element_id=element,
                rated_at=datetime(2026, 5, 5, tzinfo=UTC),
            )
        )
    with workspace.database.reading() as session:
        found = [filter_of(session, each) for each in charges]
    both = tuple(sorted((account, old)))
    assert found == [Filter(TN, both, days, CHICAGO), Filter(TN, both, APRIL, "UTC"), None, None]
