"""Pointing at scans: words that were recognised once answer all questions of the editor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.importers.ocr.answers import SHOWN, read_kept, recognise_words
from app.importers.ocr.kept import MOST_WORDS, BadWords, read_pages, tell_pages
from app.importers.ocr.moves import ONE, Axis, Move
from app.importers.pdf.answers import tell_guess, tell_point, tell_table
from app.importers.registry import Definitions
from app.importers.wire import from_json
from tests.importers.ocr_pictures import draw, save
from tests.importers.scanned_bills import make_paper, number_of, rows_of, total_of
from tests.importers.scanned_words import (
    BEFORE,
    JULY,
    JUNE,
    NONE,
    is_july,
    layout_text,
    needs_recogniser,
    options_of,
    words_of,
)


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A TIFF of two pages: June's paper on its side and askew, and a smaller sheet. What is said of it, and where its
    pages are shown."""
    needs_recogniser()
    folder = tmp_path_factory.mktemp("scanned")
    (first,) = draw(make_paper(JUNE, previous=BEFORE), 200)
    askew = first.rotate(0.8, fillcolor=255).transpose(Image.Transpose.ROTATE_270)
    smaller = first.crop((0, 0, 1700, 1100))
    told: list[tuple[int, int]] = []
    answer = recognise_words(
        "june.tif", save([askew, smaller], "TIFF", 200), folder, lambda done, of: told.append((done, of))
    )
    assert told == [(0, 2), (1, 2), (1, 2), (2, 2)]
    return answer, folder


def test_the_boxes_of_the_words_fit_on_the_pages_that_are_shown(scanned: tuple[dict[str, Any], Path]) -> None:
    answer, folder = scanned
    shown = draw((folder / SHOWN).read_bytes(), 100)
    sizes = [(page["width"], page["height"]) for page in answer["pages"]]
    assert [(abs(w - 61_200) < 100, abs(h - 79_200) < 100) for w, h in sizes[:1]] == [(True, True)]
    assert (sizes[1][0] > sizes[1][1], len(shown)) == (True, 2)
    for page, picture in zip(answer["pages"], shown, strict=True):
        assert abs(picture.size[0] * 72 - page["width"]) < 200
        words = [word for line in page["lines"] for word in line if word[5] >= 80 and len(word[0]) > 3]
        assert len(words) > 20
        for text, *sides, _sure in words:
            left, top, right, bottom = (side // 72 for side in sides)
            inside = picture.crop((left, top, right + 1, bottom + 1))
            assert inside.getextrema()[0] < 140, f"no ink in the box of {text}"
            above = picture.crop((left + 2, top - 5, right - 2, top - 3))
            assert above.getextrema()[0] > 90, f"{text} stands beside its box"


def test_words_that_are_handed_back_are_the_lines_that_were_recognised(
    scanned: tuple[dict[str, Any], Path],
) -> None:
    pages = scanned[0]["pages"]
    assert tell_pages(read_pages("june.tif", pages)) == pages
    assert any(line[0][0] == "LK-4471" for line in pages[0]["lines"])


def test_the_questions_of_the_editor_are_answered_from_the_words_alone() -> None:
    options = options_of(words_of(make_paper(JUNE, previous=BEFORE)))
    guess = tell_guess("june", b"", NONE, options)
    assert {"number", "ban", "bill_date", "due_date", "total_due"} <= set(guess["found"])
    box = guess["found"]["total_due"]["box"]
    asked = {**options, "field": "total_due", "page": 1, "box": [side + 1 for side in box[:2]] + box[2:]}
    assert tell_point("june", b"", NONE, asked)["value"] == str(total_of(JUNE))
    rows = tell_table("june", b"", NONE, {**options, "page": 1, "box": [50, 440, 562, 600]})["rows"]
    assert len(rows) == len(rows_of(JUNE))


def test_a_bill_is_read_from_the_words_alone_with_its_places_on_the_straight_page() -> None:
    read = words_of(make_paper(JULY, previous=total_of(JUNE)), Move(Axis(ONE, 500), Axis(ONE, -700)))
    answer = read_kept("july", b"", Definitions((layout_text(),), ()), options_of(read))
    document = from_json(answer["document"])
    assert is_july(document)
    (number,) = [word for line in read.lines for word in line.words if word.text == number_of(JULY)]
    assert document.invoices[0].sources["number"].box == number.box
    assert document.invoices[0].sources["number"].confidence == 95


LINE = [["Total", 0, 0, 500, 100, 90]]
PAGE: dict[str, Any] = {"number": 1, "width": 61_200, "height": 79_200, "lines": [LINE]}


@pytest.mark.parametrize(
    "pages",
    [
        None,
        "pages",
        [],
        [7],
        [PAGE, PAGE],
        [{**PAGE, "number": 0}],
        [{**PAGE, "number": True}],
        [{**PAGE, "number": 51}],
        [{**PAGE, "width": 0}],
        [{**PAGE, "height": 612.5}],
        [{**PAGE, "width": 10**9}],
        [{**PAGE, "lines": []}],
        [{**PAGE, "lines": [[]]}],
        [{**PAGE, "lines": {}}],
        [{**PAGE, "lines": [[["Total", 0, 0, 500, 100]]]}],
        [{**PAGE, "lines": [[["", 0, 0, 500, 100, 90]]]}],
        [{**PAGE, "lines": [[["x" * 501, 0, 0, 500, 100, 90]]]}],
        [{**PAGE, "lines": [[["a\x00b", 0, 0, 500, 100, 90]]]}],
        [{**PAGE, "lines": [[[5, 0, 0, 500, 100, 90]]]}],
        [{**PAGE, "lines": [[["Total", 500, 0, 0, 100, 90]]]}],
        [{**PAGE, "lines": [[["Total", -1, 0, 500, 100, 90]]]}],
        [{**PAGE, "lines": [[["Total", 0, 0, "500", 100, 90]]]}],
        [{**PAGE, "lines": [[["Total", 0, 0, 500, 100, 101]]]}],
        [{**PAGE, "lines": [[["Total", 0, 0, 500, 100, None]]]}],
        [{**PAGE, "lines": [LINE] * (MOST_WORDS + 1)}],
        [{**PAGE, "number": one, "lines": [LINE[0] * 1] * 1} for one in range(1, 52)],
    ],
)
def test_words_that_are_not_as_they_were_told_are_refused(pages: object) -> None:
    read_pages("bill", [PAGE])
    with pytest.raises(BadWords):
        read_pages("bill", pages)
