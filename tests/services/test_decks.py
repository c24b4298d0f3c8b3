"""Rate decks on both databases: exact prices, faults by row, one version for one content, the latest in force."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identifiers import name_key
from app.domain.money import D
from app.domain.vocabulary import DeckKind
from app.importers.records.deck_columns import COLUMNS
from app.importers.records.deck_table import read_table
from app.importers.records.decks import read_deck
from app.importers.tabular.sheets import GridFault
from app.models.inventory import Carrier
from app.queries import decks as query
from app.rating.voice.call import DeckRow, PlaceRow
from app.services import deck_reading
from app.services.deck_reading import DeckNotRead, DeckRefused
from app.services.decks import (
    DeckDamaged,
    DeckMissing,
    DeckUnreadable,
    DeckVersion,
    NoDeckName,
    deck_rows,
    import_deck,
    load_deck,
    place_rows,
)
from app.services.workspace import Workspace
from tests.importers.tables.table_files import ROOT, make_workbook

PRICES = """\
Prefix,Zone,Price per minute,First day,Last day,Jurisdiction,Band,Connect fee,Initial seconds,Increment seconds
+1 312,Chicago,0.0042,2026-01-01,2026-01-31,,,,,
1312,Chicago,0.0000000001,2026-02-01,,Interstate,peak,0.01,6,1
44,United Kingdom,12345678.5,2026-01-01,,,,,,
"""
PLACES = "Prefix,Country,State,LATA,Local area,Toll-free\n1312,1,IL,358,Chicago,\n1800,1,,,,yes\n"
WORDS = ("interstate", "intrastate")


@pytest.fixture
def carrier(workspace: Workspace) -> int:
    with workspace.database.writing() as session:
        row = Carrier(name="Quiet Hill", name_key=name_key("Quiet Hill"), currency="USD")
        session.add(row)
        session.flush()
        return row.id


def put(
    workspace: Workspace, carrier: int, content: str | bytes, kind: DeckKind = DeckKind.PRICES, name: str = "voice"
) -> DeckVersion:
    file = workspace.folder.parent / "deck.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_deck(workspace, file, carrier, name, kind, "Dana")


def load(workspace: Workspace, carrier: int, kind: DeckKind = DeckKind.PRICES) -> list[Any]:
    with workspace.database.reading() as session:
        frame = load_deck(session, workspace.usage, carrier, "voice", kind)
    return list(deck_rows(frame) if kind is DeckKind.PRICES else place_rows(frame))


def listed(workspace: Workspace) -> list[query.Row]:
    with workspace.database.reading() as session:
        return query.fetch(session)


def test_prices_come_back_as_exact_rows(workspace: Workspace, carrier: int) -> None:
    assert put(workspace, carrier, PRICES).rows == 3
    assert load(workspace, carrier) == [
        DeckRow("1312", "Chicago", D("0.0042"), date(2026, 1, 1), date(2026, 2, 1)),
        DeckRow("1312", "Chicago", D("0.0000000001"), date(2026, 2, 1), None, "interstate", "peak", D("0.01"), 6, 1),
        DeckRow("44", "United Kingdom", D("12345678.5"), date(2026, 1, 1)),
    ]


def test_places_come_back_as_rows(workspace: Workspace, carrier: int) -> None:
    put(workspace, carrier, PLACES, DeckKind.PLACES)
    assert load(workspace, carrier, DeckKind.PLACES) == [
        PlaceRow("1312", "1", "IL", "358", "Chicago"),
        PlaceRow("1800", "1", toll_free=True),
    ]


def test_the_same_content_is_the_same_version_in_any_order_and_form(workspace: Workspace, carrier: int) -> None:
    first = put(workspace, carrier, PRICES)
    head, *rows = PRICES.splitlines()
    assert put(workspace, carrier, "\n".join([head, *reversed(rows), rows[0]])).id == first.id
    cells = [[cell or None for cell in row.split(",")] for row in rows]
    cells[2][2] = 12345678.5  # type: ignore[call-overload]
    cells[0][3] = date(2026, 1, 1)  # type: ignore[call-overload]
    again = put(workspace, carrier, make_workbook({"Deck": [head.split(","), *cells]}))
    assert (again.id, again.new) == (first.id, False)
    assert len(listed(workspace)) == 1


def test_another_content_is_a_new_version_in_force_and_the_old_one_stays(workspace: Workspace, carrier: int) -> None:
    put(workspace, carrier, PRICES)
    second = put(workspace, carrier, PRICES.replace("0.0042", "0.0041"))
    assert second.new
    assert load(workspace, carrier)[0].price == D("0.0041")
    assert [(row.in_force, row.id == second.id, row.document) for row in listed(workspace)] == [
        (True, True, "deck.csv"),
        (False, False, "deck.csv"),
    ]
    assert not put(workspace, carrier, PRICES).new
    assert load(workspace, carrier)[0].price == D("0.0042"), "what is imported last is in force, new or not"
    assert len(listed(workspace)) == 2


def test_faults_are_told_by_row_and_nothing_is_stored(workspace: Workspace, carrier: int) -> None:
    faulty = PRICES + "x,Z,-1,2026-13-01,,far,,1e5,0,1.5\n1312,Chicago,1,2026-01-31,,,,,,\n"
    with pytest.raises(DeckRefused) as caught:
        put(workspace, carrier, faulty)
    message = caught.value.message
    assert message.startswith("deck.csv is not taken in, it has 7 faults: row 5: Prefix is 'x': digits are wanted")
    for part in (
        "Price per minute is '-1'",
        "First day is '2026-13-01'",
        "Jurisdiction is 'far'",
        "Connect fee is '1e5'",
        "Initial seconds is '0': a whole number from 1 to 3,600",
        "Increment seconds is '1.5'",
    ):
        assert part in message
    assert listed(workspace) == []
    assert not (workspace.usage.folder / "decks").exists()


def test_two_rows_for_one_prefix_and_day_are_refused_with_both_numbers(workspace: Workspace, carrier: int) -> None:
    with pytest.raises(DeckRefused, match="row 5: prefix 1312 stands in row 2 too, for the same days"):
        put(workspace, carrier, PRICES + "1312,Chicago,1,2026-01-31,,,,,,\n")
    with pytest.raises(DeckRefused, match="row 4: prefix 1312 stands in row 2 too"):
        put(workspace, carrier, PLACES + "1312,1,WI,,,\n", DeckKind.PLACES)


def test_a_hundred_faults_are_told_and_all_are_counted(workspace: Workspace, carrier: int) -> None:
    rows = "".join(f"a{n},Z,1,2026-01-01,,,,,,\n" for n in range(250))
    with pytest.raises(DeckRefused) as caught:
        put(workspace, carrier, PRICES + rows)
    assert "it has 250 faults" in caught.value.message
    assert caught.value.message.count("digits are wanted") == 100
    assert "and 150 more" in caught.value.message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"Prefix,Zone,Price per minute,First day\n", "no rows below"),
        (b"Prefix,Zone,Price per minute\n1,A,1\n", "'First day' is missing; there are 'Prefix'"),
        (b"Prefix,Prefix,Zone,Price,First day\n", "'Prefix' is there 2 times"),
        (b"Prefix,Zone,Price,First day,Colour\n1,A,1,2026-01-01,red\n", "'Colour' is not known"),
        (b'Prefix,Zone,Price,First day\n1,"A,1,2026-01-01\n', "begins in line 2"),
        (b"PK\x03\x04 nothing of a workbook", "cannot be read"),
    ],
)
def test_a_file_that_is_no_deck_says_why(content: bytes, says: str) -> None:
    with pytest.raises(GridFault) as caught:
        read_deck(content, DeckKind.PRICES, WORDS)
    assert says in caught.value.message


def test_what_is_missing_or_changed_is_told(workspace: Workspace, carrier: int) -> None:
    with pytest.raises(DeckMissing, match="no rate deck 'voice' of Quiet Hill"):
        load(workspace, carrier)
    with pytest.raises(DeckUnreadable, match="No such file"):
        import_deck(workspace, Path("absent.csv"), carrier, "voice", DeckKind.PRICES, "Dana")
    with pytest.raises(NoDeckName):
        put(workspace, carrier, PRICES, name="  ")
    put(workspace, carrier, PRICES)
    (file,) = (workspace.usage.folder / "decks").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(DeckDamaged, match="restore it from a backup, or import it again"):
        load(workspace, carrier)
    put(workspace, carrier, PRICES)
    assert load(workspace, carrier)[0].price == D("0.0042")
    assert len(listed(workspace)) == 1


@given(price=st.decimals("0", "99999999", places=10))
def test_a_price_of_any_ten_decimals_is_kept_exactly(price: Decimal) -> None:
    deck = read_deck(f"Prefix,Zone,Price,First day\n1,A,{price:f},2026-01-01\n".encode(), DeckKind.PRICES, WORDS)
    assert deck.faults == ()
    assert deck.frame["price"][0] == int(price * 10**10)


@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='",;|'), max_size=12))
def test_whatever_stands_in_a_price_is_read_as_decimal_would_or_refused(text: str) -> None:
    deck = read_deck(f"Prefix;Zone;Price;First day\n1;A;{text};2026-01-01\n".encode(), DeckKind.PRICES, WORDS)
    if not deck.faults:
        assert deck.frame["price"][0] == Decimal(text.strip()) * 10**10


@pytest.mark.parametrize("kind", DeckKind)
def test_every_column_of_a_deck_is_documented(kind: DeckKind) -> None:
    page = (ROOT / "docs" / "formats" / "rate-decks.md").read_text(encoding="utf-8")
    for column in COLUMNS[kind]:
        for word in (column.header, *column.synonyms):
            assert f"`{word}`" in page
        assert column.note in page


def test_a_row_of_more_cells_than_columns_is_refused() -> None:
    content = b"Prefix,Zone,First day,Price per minute\n49,Germany,2026-01-01,0,0110\n"
    with pytest.raises(GridFault, match="The row has 5 cells, the column names are 4"):
        read_table(content, COLUMNS[DeckKind.PRICES])


def test_a_deck_of_a_quarter_of_a_million_prefixes_is_read_in_bounded_time(
    sqlite_workspace: Workspace,
) -> None:
    with sqlite_workspace.database.writing() as session:
        row = Carrier(name="Quiet Hill", name_key="quiethill", currency="USD")
        session.add(row)
        session.flush()
        carrier = row.id
    prefixes = range(1_000_000, 1_250_000)
    lines = "".join(f"{prefix},Zone {prefix % 900},0.00{prefix % 89 + 10},2026-01-01\n" for prefix in prefixes)
    began = time.monotonic()
    stored = put(sqlite_workspace, carrier, "Prefix,Zone,Price per minute,First day\n" + lines)
    assert stored.rows == 250_000
    assert time.monotonic() - began < 60


def test_a_deck_is_not_read_in_the_own_process(
    workspace: Workspace, carrier: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("read in the own process")

    monkeypatch.setattr("app.importers.records.decks.read_table", refuse)
    assert put(workspace, carrier, PRICES).rows == 3


def test_a_file_that_is_no_table_is_refused_with_its_reason(workspace: Workspace, carrier: int) -> None:
    with pytest.raises(DeckNotRead, match="'Colour' is not known"):
        put(workspace, carrier, "Prefix,Zone,Price,First day,Colour\n1,A,1,2026-01-01,red\n")


@pytest.mark.parametrize(
    "change",
    [
        {"price": pl.lit(-1, pl.Int64)},
        {"price": pl.lit("1")},
        {"prefix": pl.lit("12x")},
        {"zone": pl.lit(None, pl.String)},
        {"more": pl.lit(1)},
    ],
)
def test_rows_that_are_no_deck_are_not_believed(tmp_path: Path, change: dict[str, pl.Expr]) -> None:
    frame = read_deck(PRICES.encode(), DeckKind.PRICES, WORDS).frame
    frame.write_parquet(tmp_path / "good.parquet")
    frame.with_columns(**change).write_parquet(tmp_path / "bad.parquet")
    assert deck_reading._read_frame(tmp_path / "good.parquet", DeckKind.PRICES) is not None
    assert deck_reading._read_frame(tmp_path / "bad.parquet", DeckKind.PRICES) is None
    assert deck_reading._read_frame(tmp_path / "none.parquet", DeckKind.PRICES) is None
