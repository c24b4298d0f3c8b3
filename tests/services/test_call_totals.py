"""All stored calls of a contract, re-rated and added up: what the scalar engine says of each, by account and key."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.vocabulary import ChargeType, PriceModel, RoundingScope
from app.rating.voice.totals import Key
from app.services.call_totals import CallsDisagree, NoCallPrice, SeveralCallPrices, total_calls
from app.services.workspace import Workspace
from tests.services.office import APRIL, MAY
from tests.services.voice_office import Voice, month_of_calls

PLAIN = "Prefix,Zone,Price per minute,First day\n1,US,0.0110,2026-01-01\n44,UK,0.0371,2026-01-01\n"


@pytest.fixture
def voice(sqlite_workspace: Workspace) -> Voice:
    voice = Voice(sqlite_workspace, scope=RoundingScope.CALL)
    voice.store(APRIL.start, month_of_calls(APRIL), "april.csv")
    voice.store(MAY.start, month_of_calls(MAY), "may.csv")
    return voice


def test_every_stored_call_is_rated_as_the_scalar_engine_rates_it(voice: Voice) -> None:
    rated, _ = voice.scalar([*month_of_calls(APRIL), *month_of_calls(MAY)])
    report = total_calls(voice.workspace, voice.carrier)
    (row,) = report.rows
    assert (row.calls, row.unpriced) == (len(rated), sum(bool(one.unpriced) for one in rated))
    assert row.expected == sum((one.expected or Decimal(0) for one in rated), Decimal(0))
    assert row.seconds == sum(one.seconds for one in rated)
    assert (report.code, report.currency, report.files) == (
        "VOICE",
        "USD",
        4,
    )  # of two months of UTC each


def test_sums_by_zone_and_day_add_up_to_the_whole(voice: Voice) -> None:
    (whole,) = total_calls(voice.workspace, voice.carrier).rows
    rows = total_calls(voice.workspace, voice.carrier, by=(Key.ZONE, Key.DAY)).rows
    assert len(rows) > 2
    assert sum(row.calls for row in rows) == whole.calls
    assert sum((row.expected for row in rows), Decimal(0)) == whole.expected
    assert all(isinstance(row.keys[1], date) for row in rows)


def test_a_run_that_writes_its_rows_goes_on_where_it_stopped(voice: Voice, tmp_path: Path) -> None:
    first = total_calls(voice.workspace, voice.carrier, write_to=tmp_path / "rated")
    assert (first.files, first.kept) == (4, 0)
    written = sorted((tmp_path / "rated").rglob("*.parquet"))
    assert len(written) == 4
    written[0].unlink()
    again = total_calls(voice.workspace, voice.carrier, write_to=tmp_path / "rated")
    assert (again.files, again.kept) == (1, 3)
    assert again.rows == first.rows


def test_a_contract_without_a_price_of_calls_is_told_so(voice: Voice) -> None:
    with pytest.raises(NoCallPrice, match=r"Calder Fiber .* \(NB-9\)"):
        total_calls(voice.workspace, voice.carrier, contract="NB-9")


def test_of_several_prices_of_calls_one_has_to_be_named(voice: Voice) -> None:
    voice.office.price(voice.contract, "0", "VOICE-2", ChargeType.USAGE, PriceModel.CALLS)
    with pytest.raises(SeveralCallPrices, match="VOICE-2"):
        total_calls(voice.workspace, voice.carrier)
    assert total_calls(voice.workspace, voice.carrier, code="voice").code == "VOICE"


def test_the_second_engine_checks_the_sums_where_it_knows_the_terms(
    sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Voice(sqlite_workspace, deck=PLAIN)
    plain.store(APRIL.start, month_of_calls(APRIL), "april.csv")
    assert total_calls(sqlite_workspace, plain.carrier, check=True).checked is True
    monkeypatch.setattr("app.services.call_totals.total_by_sql", lambda *_: None)
    with pytest.raises(CallsDisagree):
        total_calls(sqlite_workspace, plain.carrier, check=True)


def test_terms_that_the_second_engine_does_not_know_are_not_called_checked(voice: Voice) -> None:
    assert total_calls(voice.workspace, voice.carrier, check=True).checked is None
