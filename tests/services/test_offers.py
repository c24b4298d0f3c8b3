"""Offers on both databases: copies with changed prices, which go when they are discarded; export and import again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedCarrier,
    ParsedContract,
    ParsedExchangeRate,
    ParsedLocation,
    ParsedRateElement,
    ParsedRecord,
    ParsedService,
)
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, ExchangeDay, PriceModel, RoundingScope, ServiceKind
from app.importers.records.importer import record_importers
from app.models.contracts import Contract, RateElement
from app.services.changes import Changes
from app.services.contract_export import export_contracts
from app.services.offers import (
    NoNumber,
    NotAnOffer,
    NumberTaken,
    OfferInUse,
    PercentOutOfRange,
    copy_as_offer,
    discard_offer,
)
from app.services.records import RecordCounts, save_records
from app.services.workspace import Workspace
from tests.importers.tables.table_files import head_of

QUIET = "Quiet Hill Telephone"
START = date(2025, 1, 1)
AT = Source(sheet="Prices", row=2)


def price(
    code: str, amount: str, model: PriceModel = PriceModel.FLAT, parameters: str = "", **scope: object
) -> ParsedRateElement:
    return ParsedRateElement("QH-1", code, ChargeType.MRC, model, D(amount), START, AT, parameters=parameters, **scope)  # type: ignore[arg-type]


PRICES = (
    price("DIA", "33.33"),
    price("SEAT", "0", PriceModel.GRADUATED, "tiers=100:1.00, 200:0.50+10, above:0.05"),
    price("BURST", "4.10", PriceModel.PERCENTILE, "commit=200; overage=3.25"),
    price("RECOV", "2.75", PriceModel.SURCHARGE),
    price("*", "3", PriceModel.ESCALATOR),
)


def save(workspace: Workspace, *records: ParsedRecord) -> RecordCounts:
    with workspace.database.writing() as session:
        return save_records(session, records, "Dana")


@pytest.fixture
def contract(workspace: Workspace) -> int:
    """A contract with prices of five models; its id."""
    terms = ParsedContract(QUIET, "QH-1", START, None, "USD", AT, time_zone="America/Chicago", title="Voice")
    save(workspace, ParsedCarrier(QUIET, AT), terms, *PRICES)
    with workspace.database.reading() as session:
        return session.scalars(select(Contract.id)).one()


def prices_of(workspace: Workspace, contract_id: int) -> dict[str, RateElement]:
    with workspace.database.reading() as session:
        rows = session.scalars(select(RateElement).where(RateElement.contract_id == contract_id)).all()
        session.expunge_all()
    return {row.code: row for row in rows}


def all_contracts(workspace: Workspace) -> Sequence[Contract]:
    with workspace.database.reading() as session:
        rows = session.scalars(select(Contract).order_by(Contract.id)).all()
        session.expunge_all()
        return rows


def test_a_copy_is_an_offer_with_the_terms_and_prices_of_the_contract(workspace: Workspace, contract: int) -> None:
    offer = copy_as_offer(workspace, contract, " QH-  OFFER ", actor="Dana")
    original, copy = all_contracts(workspace)
    assert (original.offer, copy.id, copy.number, copy.offer) == (False, offer, "QH- OFFER", True)
    assert (copy.time_zone, copy.title, copy.start) == ("America/Chicago", "Voice", START)
    before, after = prices_of(workspace, contract), prices_of(workspace, offer)
    assert {code: (row.price, row.parameters) for code, row in before.items()} == {
        code: (row.price, row.parameters) for code, row in after.items()
    }


def test_a_per_cent_changes_what_is_money_and_nothing_else(workspace: Workspace, contract: int) -> None:
    found = prices_of(workspace, copy_as_offer(workspace, contract, "QH-2", percent=D("-12.5"), actor="Dana"))
    assert found["DIA"].price == D("29.16375")
    assert found["SEAT"].parameters == "tiers=100:0.875, 200:0.4375+8.75, above:0.04375"
    assert (found["BURST"].price, found["BURST"].parameters) == (D("3.5875"), "commit=200; overage=2.84375")
    assert (found["RECOV"].price, found["*"].price) == (D("2.75"), D("3.00"))


@pytest.mark.parametrize(
    ("number", "percent", "fault"),
    [
        ("qh 1", None, NumberTaken),
        (" - ", None, NoNumber),
        ("QH-2", "-100", PercentOutOfRange),
    ],
)
def test_what_cannot_be_an_offer_is_refused(
    workspace: Workspace, contract: int, number: str, percent: str | None, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        copy_as_offer(workspace, contract, number, percent=None if percent is None else D(percent), actor="Dana")
    assert len(all_contracts(workspace)) == 1


def test_an_offer_is_discarded_with_its_prices_and_a_contract_is_not(workspace: Workspace, contract: int) -> None:
    offer = copy_as_offer(workspace, contract, "QH-2", actor="Dana")
    assert discard_offer(workspace, offer, actor="Dana") == Changes.CONTRACTS
    assert [row.id for row in all_contracts(workspace)] == [contract]
    assert prices_of(workspace, offer) == {}
    with pytest.raises(NotAnOffer):
        discard_offer(workspace, contract, actor="Dana")
    assert len(prices_of(workspace, contract)) == 5


def test_an_offer_that_an_account_names_is_kept(workspace: Workspace, contract: int) -> None:
    offer = copy_as_offer(workspace, contract, "QH-2", actor="Dana")
    save(workspace, ParsedAccount(QUIET, "0077", AT, contract="QH-2"))
    with pytest.raises(OfferInUse, match="the inventory names it for account 0077"):
        discard_offer(workspace, offer, actor="Dana")


def workbook_of(workspace: Workspace, ids: set[int] | None = None) -> bytes:
    with workspace.database.reading() as session:
        return export_contracts(session, ids)


def import_again(workspace: Workspace, content: bytes) -> RecordCounts:
    head = head_of("contracts.xlsx", content)
    (importer,) = [importer for importer in record_importers() if importer.claims(head)]
    document = importer.read(content, head)
    assert document.issues == ()
    return save(workspace, *document.records)


def test_what_was_exported_imports_again_and_changes_nothing(workspace: Workspace, contract: int) -> None:
    service = ParsedService(QUIET, ServiceKind.VOICE, AT, circuit_id="007/1", tn="312 555 0100")
    only_number = ParsedService(QUIET, ServiceKind.VOICE, AT, tn="312 555 0101")
    save(workspace, ParsedLocation("CHI-01", "Chicago", AT), service, only_number)
    save(
        workspace,
        ParsedContract(
            QUIET,
            "00-7",
            START,
            date(2028, 1, 1),
            "EUR",
            AT,
            exchange=ExchangeDay.PERIOD_END,
            rounding_scope=RoundingScope.BILL,
            disconnect_day_billed=True,
            offer=True,
        ),
        price("ONE", "12345678.0123456789", circuit_id="007/1"),
        price("TWO", "0.0000000001", tn="312 555 0101"),
        price("THREE", "1", location="CHI-01", clause="=1+1", page=7, description="'quoted'"),
        price("FOUR", "1", service_kind=ServiceKind.VOICE, zone="Europe", waived=True),
        price("DIA", "30", amendment="No. 2", agreed=date(2026, 2, 1), reason="Review"),
        ParsedExchangeRate("EUR", "USD", START, D("1.0815"), AT, "Bank"),
    )
    counts = import_again(workspace, workbook_of(workspace))
    assert counts.changes == Changes.NONE
    assert {kind.value: count.unchanged for kind, count in counts.counts.items()} == {
        "contracts": 2,
        "prices": 10,
        "exchange rates": 1,
    }


def test_an_edited_offer_is_brought_up_to_date(workspace: Workspace, contract: int) -> None:
    offer = copy_as_offer(workspace, contract, "QH-2", actor="Dana")
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_of(workspace, {offer})))
    sheet = workbook["Prices"]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[heads.index("Charge code")].value == "DIA":
            row[heads.index("Price")].value = 28
    out = io.BytesIO()
    workbook.save(out)
    import_again(workspace, out.getvalue())
    assert prices_of(workspace, offer)["DIA"].price == D("28.00")
    assert prices_of(workspace, contract)["DIA"].price == D("33.33")
