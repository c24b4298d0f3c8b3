"""Pictures are opened under limits: pages, dots, kinds, and what they say of their size."""

from __future__ import annotations

import struct
import time
import zlib
from fractions import Fraction
from io import BytesIO

import pytest
from PIL import Image

from app.importers.faults import BrokenFile, TooLarge
from app.importers.identify import look
from app.importers.ocr.bounds import MOST_PAGES, MOST_PIXELS, SECONDS_A_PAGE, seconds_for
from app.importers.ocr.grounds import lighten_grounds
from app.importers.ocr.pictures import Picture, as_pdf, open_pictures
from app.importers.ocr.read import read_scan
from app.importers.ocr.straighten import Placing, straighten, without_rules
from app.importers.registry import Definitions
from tests.importers.ocr_pictures import save


def png(width: int, height: int) -> bytes:
    """A PNG that claims to be so large and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


def pages(content: bytes) -> list[Picture]:
    return list(open_pictures("scan", content))


def empty_pdf(inches: int, count: int = 1) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(72 * inches, 72 * inches))
    for _ in range(count):
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (9_000, 9_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_opened(width: int, height: int) -> None:
    started = time.monotonic()
    (issue,) = read_scan("bomb.png", png(width, height), Definitions()).issues
    assert issue.code == "too-large"
    assert time.monotonic() - started < 2


def test_a_torn_picture_is_refused() -> None:
    whole = save([Image.effect_noise((800, 1000), 90)], "PNG")
    (issue,) = read_scan("torn.png", whole[: len(whole) // 2], Definitions()).issues
    assert issue.code == "broken"


def test_a_page_of_200_inches_is_drawn_small() -> None:
    (page,) = pages(empty_pdf(200))
    assert page.image.size[0] * page.image.size[1] <= MOST_PIXELS
    assert page.dots == 22


@pytest.mark.parametrize("form", ["PDF", "TIFF"])
def test_more_pages_than_are_read_are_refused(form: str) -> None:
    many = [Image.new("L", (20, 20), 255)] * (MOST_PAGES + 1)
    content = empty_pdf(2, MOST_PAGES + 1) if form == "PDF" else save(many, "TIFF")
    with pytest.raises(TooLarge):
        pages(content)


def test_a_moving_picture_is_refused() -> None:
    buffer = BytesIO()
    Image.new("L", (200, 200), 255).save(
        buffer, "WEBP", save_all=True, append_images=[Image.new("L", (200, 200), 0)], duration=100
    )
    with pytest.raises(BrokenFile, match="moving"):
        pages(buffer.getvalue())


def test_a_picture_that_is_transparent_lies_on_white() -> None:
    (page,) = pages(save([Image.new("RGBA", (1000, 1100), (0, 0, 0, 0))], "PNG"))
    assert page.image.getextrema() == (255, 255)


def test_a_picture_of_sixteen_bits_keeps_its_shades() -> None:
    (page,) = pages(save([Image.new("I;16", (1000, 1100), 0x8000)], "PNG"))
    assert page.image.getextrema() == (128, 128)


@pytest.mark.parametrize(
    ("size", "said", "inches"),
    [
        ((1700, 2200), 200, 11),
        ((850, 1100), 100, 11),
        ((4000, 3000), 72, 11),
        ((1240, 1754), 1, 11),
        ((1654, 2339), 200, Fraction(2339, 200)),
    ],
)
def test_a_picture_is_as_large_as_it_says_where_that_makes_a_page(
    size: tuple[int, int], said: int, inches: Fraction
) -> None:
    (page,) = pages(save([Image.new("L", size, 255)], "PNG", said))
    assert abs(max(page.image.size) / page.dots - inches) < Fraction(1, 20)
    assert page.image.size[0] * page.image.size[1] <= MOST_PIXELS


def test_a_fax_with_dots_that_are_not_square_is_squared() -> None:
    buffer = BytesIO()
    Image.new("1", (1728, 1078), 1).save(buffer, "TIFF", dpi=(204, 98))
    (page,) = pages(buffer.getvalue())
    assert abs(page.image.size[1] / page.image.size[0] - 11 / 8.47) < 0.02


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_a_picture_is_known_by_its_first_bytes(form: str) -> None:
    assert look("bill", save([Image.new("L", (30, 30))], form)).media == "image"


def test_a_picture_is_shown_as_pages_of_the_size_that_it_was_read_on() -> None:
    import pypdfium2

    content = save([Image.new("L", (1700, 2200), 255), Image.new("L", (850, 1100), 0)], "TIFF", 200)
    read = [(page.image.size[0] * 72 / page.dots, page.image.size[1] * 72 / page.dots) for page in pages(content)]
    with pypdfium2.PdfDocument(as_pdf("scan.tif", content)) as shown:
        sizes = [shown.get_page_size(number) for number in range(len(shown))]
        dark = shown[1].render(scale=1).to_pil().convert("L").getextrema()
    assert sizes == [pytest.approx((float(width), float(height)), abs=0.01) for width, height in read]
    assert sizes[0] == pytest.approx((612, 792), abs=1)
    assert dark == (0, 0)


def test_text_that_begins_like_a_bitmap_is_no_picture() -> None:
    assert look("bm.csv", b"BM code,amount\n1,2.00\n").media == "csv"


def test_rules_of_a_table_are_taken_away_and_dark_grounds_are_not() -> None:
    picture = Image.new("L", (600, 400), 255)
    picture.paste(0, (50, 100, 500, 104))
    picture.paste(0, (50, 20, 54, 380))
    picture.paste(90, (50, 200, 500, 260))
    picture.paste(0, (300, 50, 320, 80))
    clean = without_rules(picture)
    assert clean.getpixel((200, 102)) == 255
    assert clean.getpixel((52, 350)) == 255
    assert clean.getpixel((200, 230)) == 90
    assert clean.getpixel((310, 60)) == 0


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_place_on_the_straight_page_is_found_again_on_the_scanned_one(turn: int) -> None:
    """A small square below bars: its box on the straight page holds all of it, and no bar, on the page as scanned."""
    picture = Image.new("L", (850, 1100), 255)
    for top in range(100, 960, 40):
        picture.paste(0, (100, top, 700, top + 12))
    picture.paste(0, (300, 1030, 320, 1050))
    askew = picture.rotate(2, fillcolor=255).rotate(-turn, expand=True)
    straight, placing = straighten(askew, Fraction(100), turn)
    assert placing.turn == turn
    assert abs(placing.skew + 200) <= 10
    ink = Image.eval(straight.crop((0, 990, 850, 1090)), lambda shade: 255 - shade).getbbox()
    assert ink is not None
    box = placing.box_as_scanned(placing.box(ink[0] - 3, 987 + ink[1], ink[2] + 3, 993 + ink[3]))
    place = tuple(side // 72 for side in (box.x0, box.top, box.x1, box.bottom))
    dark = sum(shade < 128 for shade in askew.crop(place).tobytes())
    assert 380 <= dark <= 420


def test_a_page_that_lies_straight_is_left_alone() -> None:
    assert Placing((850, 1100), Fraction(100)).box_as_scanned(Placing((9, 9), Fraction(72)).box(1, 2, 3, 4)) == Placing(
        (9, 9), Fraction(72)
    ).box(1, 2, 3, 4)


def test_time_grows_with_the_pages_up_to_the_most() -> None:
    assert seconds_for(10) == 10 * SECONDS_A_PAGE
    assert seconds_for(0) == seconds_for(9_999) == MOST_PAGES * SECONDS_A_PAGE


def test_a_dark_ground_becomes_light_to_its_edge_and_its_letters_dark() -> None:
    page = Image.new("L", (800, 600), 255)
    page.paste(40, (107, 53, 503, 251))
    page.paste(250, (200, 100, 206, 130))  # a stroke of a light letter
    page.paste(10, (600, 400, 606, 430))  # a stroke of a dark letter on paper
    light = lighten_grounds(page)
    assert light.getpixel((150, 80)) == 215
    assert light.getpixel((203, 115)) == 5
    assert [light.getpixel(dot) for dot in ((107, 53), (502, 250), (106, 53), (503, 250))] == [215, 215, 255, 255]
    assert light.getpixel((603, 415)) == 10


def test_a_page_without_dark_grounds_stays_as_it_is() -> None:
    page = Image.new("L", (800, 600), 255)
    page.paste(0, (100, 100, 700, 110))  # a thick rule
    page.paste(0, (100, 200, 150, 250))  # a spot that holds no words
    assert lighten_grounds(page) is page
