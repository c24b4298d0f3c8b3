"""Our call records cover a charge in full or not at all, by months of the contract's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.evidence import UsageFacts
from app.domain.parsed_usage import ParsedUsage
from app.domain.period import Period
from app.domain.vocabulary import ChargeType
from app.models.documents import UsageBatch
from app.services.facts import load_invoices, load_services
from app.services.matching import match_invoice
from app.services.recorded_calls import load_usage
from app.services.workspace import Workspace
from tests.services.office import APRIL, MAY, Office, bill, charge

CHICAGO = "America/Chicago"
TN = "13125550101"


def _write_calls(office: Office, account_id: int, month: date, calls: list[tuple[str, int]]) -> None:
    """These calls on the 10th, and a call of another number every third day: the month is covered."""
    tenth = [(tn, datetime(month.year, month.month, 10, tzinfo=UTC), seconds) for tn, seconds in calls]
    days = (datetime(month.year, month.month, day, tzinfo=UTC) for day in range(1, 31, 3))
    _write(office, account_id, f"calls-{month}.csv", [*tenth, *(("13125559999", day, 60) for day in days)])


def _write_day(office: Office, account_id: int, moment: datetime) -> None:
    """One call of another number."""
    _write(office, account_id, f"calls-{moment.date()}.csv", [("13125559999", moment, 60)])


def _write(office: Office, account_id: int, name: str, calls: list[tuple[str, datetime, int]]) -> None:
    usage = ParsedUsage(
        carrier="Calder Fiber",
        ban="CF-1001",
        currency="USD",
        tn=tuple(tn for tn, _, _ in calls),
        other_party=("13125550000",) * len(calls),
        started=tuple(int(moment.timestamp()) for _, moment, _ in calls),
        seconds=tuple(seconds for _, _, seconds in calls),
        billed=(None,) * len(calls),
        rows=tuple(range(1, len(calls) + 1)),
    )
    document_id = office.document(name)
    for part in office.workspace.usage.write_calls(account_id, f"{document_id:064x}", [usage]):
        with office.workspace.database.writing() as session:
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


def _usage(office: Office, invoice_id: int, zone: str = "UTC") -> list[UsageFacts | None]:
    match_invoice(office.workspace, invoice_id, "Dana")
    with office.workspace.database.reading() as session:
        invoice = load_invoices(session, [invoice_id])[invoice_id]
        services = load_services(session, invoice.carrier_id)
        usage = load_usage(session, office.workspace.usage, invoice, services, zone)
    return [usage.get(one.id) for one in invoice.charges]


def test_recorded_calls_cover_a_number_only_where_every_month_is_here(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account = office.account(carrier)
    first = office.service(carrier, tn="312-555-0101", code="VOICE")
    silent = office.service(carrier, tn="312-555-0102", code="VOICE")
    both = Period(APRIL.start, MAY.end)
    _write_calls(office, account, APRIL.start, [("13125550101", 61), ("13125550101", 30), ("13125550101", 61)])
    lines = [
        charge("9.00", ChargeType.USAGE, tn="312-555-0101"),
        charge("9.00", ChargeType.USAGE, tn="312-555-0102", period=None),  # the bill's period holds
        charge("9.00", ChargeType.USAGE, tn="312-555-0101", period=both),
        charge("9.00", ChargeType.MRC, tn="312-555-0101"),
    ]
    invoice_id = office.post(bill(*lines))
    covered = [
        UsageFacts(first, APRIL, ((30, 1), (61, 2)), ("calls-2026-04-01.csv",)),
        UsageFacts(silent, APRIL, (), ("calls-2026-04-01.csv",)),
    ]
    assert _usage(office, invoice_id) == [*covered, None, None]
    _write_calls(office, account, MAY.start, [("13125550101", 5)])
    found = _usage(office, invoice_id)[2]
    assert found is not None
    assert (found.durations, found.batches) == (
        ((5, 1), (30, 1), (61, 2)),
        ("calls-2026-04-01.csv", "calls-2026-05-01.csv"),
    )


def test_calls_are_not_shared_out_between_two_charges_of_one_number(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account = office.account(carrier)
    office.service(carrier, tn="312-555-0101")
    _write_calls(office, account, APRIL.start, [("13125550101", 61)])
    lines = [charge("9.00", ChargeType.USAGE, code=code, tn="312-555-0101") for code in ("LOCAL", "WORLD")]
    assert _usage(office, office.post(bill(*lines))) == [None, None]


def test_call_records_that_end_early_or_reach_a_few_hours_into_a_month_cover_none(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account = office.account(carrier)
    office.service(carrier, tn="312-555-0101")
    _write_calls(office, account, APRIL.start, [("13125550101", 61)])
    _write_day(office, account, datetime(2026, 5, 1, 2, tzinfo=UTC))  # the evening of 30 April, in Chicago
    lines = [charge("9.00", ChargeType.USAGE, tn="312-555-0101", period=period) for period in (APRIL, MAY)]
    april, may = _usage(office, office.post(bill(*lines)))
    assert april is not None
    assert may is None


def test_a_service_that_moved_between_accounts_has_the_calls_of_both(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    old, new = office.account(carrier, "CF-1000"), office.account(carrier)
    office.service(carrier, tn="312-555-0101", account_id=old)
    _write_calls(office, old, APRIL.start, [("13125550101", 61)])
    _write_calls(office, new, APRIL.start, [("13125550101", 30)])
    (found,) = _usage(office, office.post(bill(charge("9.00", ChargeType.USAGE, tn="312-555-0101"))))
    assert found is not None
    assert found.durations == ((30, 1), (61, 1))


@pytest.mark.parametrize(
    ("zone", "moment", "month"),
    [
        (CHICAGO, "2026-04-30T23:59:59", APRIL),  # 04:59:59 of 1 May in UTC
        (CHICAGO, "2026-05-01T00:00:00", MAY),
        (CHICAGO, "2026-03-31T23:59:59", None),  # 04:59:59 of 1 April in UTC
        (CHICAGO, "2026-04-01T00:00:00", APRIL),
        ("Asia/Tokyo", "2026-04-01T00:00:00", APRIL),  # 15:00 of 31 March in UTC
        ("Asia/Tokyo", "2026-04-30T23:59:59", APRIL),
        ("Asia/Tokyo", "2026-05-01T00:00:00", MAY),
        ("UTC", "2026-04-30T23:59:59", APRIL),
    ],
)
def test_a_call_belongs_to_the_month_of_the_contracts_clock(
    workspace: Workspace, zone: str, moment: str, month: Period | None
) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account = office.account(carrier)
    office.service(carrier, tn="312-555-0101")
    _write_calls(office, account, APRIL.start, [])
    _write_calls(office, account, MAY.start, [])
    local = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    _write(office, account, "night.csv", [(TN, local, 61)])
    lines = [charge("9.00", ChargeType.USAGE, tn="312-555-0101", period=period) for period in (APRIL, MAY)]
    found = dict(zip((APRIL, MAY), _usage(office, office.post(bill(*lines)), zone), strict=True))
    for period, usage in found.items():
        assert usage is not None
        assert usage.durations == (((61, 1),) if period == month else ())
        assert ("night.csv" in usage.batches) == (period == month)


def test_a_month_of_the_contracts_clock_needs_no_records_of_the_next_month_of_utc(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account = office.account(carrier)
    office.service(carrier, tn="312-555-0101")
    _write_calls(office, account, APRIL.start, [(TN, 61)])
    invoice_id = office.post(bill(charge("9.00", ChargeType.USAGE, tn="312-555-0101")))
    for zone in (CHICAGO, "Asia/Tokyo"):
        (found,) = _usage(office, invoice_id, zone)
        assert found is not None
        assert found.durations == ((61, 1),)
