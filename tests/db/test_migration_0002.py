"""A workspace of the first version opens in this one: nothing is lost, per-minute prices keep their increments."""

from __future__ import annotations

from datetime import date

import pytest
from alembic import command
from sqlalchemy import insert, inspect, select, text

from app.db.migrate import configuration_for, current_revision, head_revision
from app.domain.money import D
from app.domain.vocabulary import ExchangeDay, PriceChange, PriceModel
from app.models import Base
from app.models.contracts import Contract, RateElement
from app.models.inventory import Carrier
from app.services.workspace import Workspace, open_workspace

_COMPANY = """
    INSERT INTO workspace_info (id, company, currency, created_at, address, contact, payer_name, payer_routing,
    payer_account, payer_iban, payer_bic, payer_company_id)
    VALUES (1, 'Meridian Foods', 'USD', '2025-01-01 00:00:00', '', '', '', '', '', '', '', '')
"""
_CONTRACT = """
    INSERT INTO contracts (id, carrier_id, number, title, start, currency, proration, disconnect_day_billed, rounding,
    rounding_places, rounding_scope, payment_days, dispute_days, withhold_days, notice_days)
    VALUES (1, 1, 'QH-1', '', '2025-01-01', 'USD', 'actual', false, 'half_up', 2, 'charge', 30, 60, 30, 60)
"""
_PRICES = """
    INSERT INTO rate_elements (id, contract_id, code, charge_type, model, price, effective_from, waived,
    initial_seconds, increment_seconds, clause, description)
    VALUES (1, 1, 'MIN', 'USAGE', 'per_minute', 125000000, '2025-01-01', false, 6, 6, '3.1', ''),
    (2, 1, 'DIA', 'MRC', 'flat', 5000000000000, '2025-01-01', true, 60, 60, '', 'Internet')
"""


@pytest.fixture
def first_version(workspace: Workspace) -> Workspace:
    """The workspace as the first version made it, with one price of each model; closed."""
    with workspace.database.engine.execution_options(tollbook_writes=True).begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        command.upgrade(configuration_for(connection), "0001")
        connection.execute(text(_COMPANY))
        connection.execute(insert(Carrier).values(id=1, name="Quiet Hill", name_key="quiet hill"))
        connection.execute(text(_CONTRACT))
        connection.execute(text(_PRICES))
    workspace.close()
    return workspace


def test_prices_per_minute_keep_their_increments_as_parameters(first_version: Workspace) -> None:
    opened = open_workspace(first_version.folder)
    with opened.database.reading() as session:
        minute, flat = session.scalars(select(RateElement).order_by(RateElement.id)).all()
        assert (minute.model, minute.parameters) == (PriceModel.PER_MINUTE, "initial=6; increment=6")
        assert (minute.price, minute.clause, minute.effective_from) == (D("0.0125"), "3.1", date(2025, 1, 1))
        assert (flat.model, flat.parameters, flat.waived) == (PriceModel.FLAT, "", True)
        assert {(row.zone, row.service_kind, row.amendment, row.agreed, row.reason) for row in (minute, flat)} == {
            ("", None, "", None, "")
        }
    opened.close()


def test_a_contract_of_the_first_version_counts_as_it_did(first_version: Workspace) -> None:
    opened = open_workspace(first_version.folder)
    with opened.database.reading() as session:
        contract = session.get_one(Contract, 1)
        assert (contract.price_change, contract.time_zone) == (PriceChange.SPLIT, "UTC")
        assert (contract.exchange, contract.offer) == (ExchangeDay.NONE, False)
    opened.close()


def test_the_migrated_tables_are_those_of_a_new_workspace(first_version: Workspace) -> None:
    opened = open_workspace(first_version.folder)
    with opened.database.engine.connect() as connection:
        assert current_revision(connection) == head_revision()
        columns = {column["name"] for column in inspect(connection).get_columns("rate_elements")}
        assert columns == {column.name for column in RateElement.__table__.columns}
        if opened.database.is_sqlite:
            loose = connection.execute(
                text("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict")
            )
            assert {name for (name,) in loose if not name.startswith("sqlite_")} <= {"alembic_version"}
    opened.close()


def test_the_database_of_before_is_backed_up(first_version: Workspace) -> None:
    open_workspace(first_version.folder).close()
    made = list((first_version.folder / "backups").glob("*"))
    assert len(made) == (1 if (first_version.folder / "workspace.sqlite").is_file() else 0)
