"""PDFs whose text says something else than their pages show: none of them may be posted before a person looked."""

from __future__ import annotations

from tests.importers.hostile.raw_pdf import FONT, LINES, OVER_PORT_1, assemble, bill, printed, stream, write

SECRET = b"Port 9 900.00"
SWAPPED = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def 1 "
    b"begincodespacerange "
    b"<00> <FF> endcodespacerange 2 beginbfrange <20> <30> <0020> <32> <7E> <0032> endbfrange 1 beginbfchar "
    b"<31> <0039> "
    b"endbfchar endcmap CMapName currentdict /CMap defineresource pop end end"
)
EMPTY_GLYPHS = b"0 0 0 0 0 0 d1"
NAMES = b" ".join(b"/g%d" % code for code in range(32, 127))
PROCS = b" ".join(b"/g%d 6 0 R" % code for code in range(32, 127))
TYPE3 = (
    b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 32/LastChar 126"
    b"/Widths["
    + b"500 " * 95
    + b"]/Encoding<</Differences[32 "
    + NAMES
    + b"]>>/CharProcs<<"
    + PROCS
    + b">>/ToUnicode 7 0 R>>"
)
PLAIN_MAP = SWAPPED.replace(b"1 beginbfchar <31> <0039> endbfchar ", b"").replace(
    b"2 beginbfrange <20> <30> <0020> <32> <7E> <0032> endbfrange", b"1 beginbfrange <20> <7E> <0020> endbfrange"
)
BLACK_DOT = stream(b"\x00", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
LAYER = b"<</Type/OCG/Name(Notes)>>"
OFF = b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>"
FORM = stream(write(SECRET), b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>")


def with_gs(state: bytes, *more: bytes) -> bytes:
    """A secret line drawn under this graphics state."""
    return bill(b"q /G1 gs " + write(SECRET) + b"Q", resources=b"/ExtGState<</G1<<%s>>>>" % state, objects=more)


def revised() -> bytes:
    """The total is changed by an update that is written behind the first end of the file."""
    first = bill()
    lines = (*LINES[:4], b"Port 1 900.00", LINES[5], b"Total due 923.45")
    again, place = b"4 0 obj\n" + stream(printed(lines)) + b"\nendobj\n", len(first)
    start = int(first[first.rindex(b"startxref") + 9 :].split()[0])
    end = b"xref\n4 1\n%010d 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return first + again + end % (place, start, place + len(again))


def annotated(annotation: bytes, *objects: bytes, catalogue: bytes = b"") -> bytes:
    """A bill with an annotation upon it; `objects` are numbered from 7 on."""
    return bill(page=b"/Annots[6 0 R]", objects=[b"<</Type/Annot%s>>" % annotation, *objects], catalogue=catalogue)


APPEARANCE = stream(
    b"1 1 1 rg 0 0 120 15 re f 0 g BT /F1 10 Tf 2 3 Td (Port 1 900.00) Tj ET",
    b"/Type/XObject/Subtype/Form/BBox[0 0 120 15]/Resources<</Font<</F1 5 0 R>>>>",
)
WHITE_BOX = stream(b"1 1 1 rg 0 0 120 15 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 120 15]")

# a name says what is wrong with the file; in each, an amount can be read that nobody sees, or the other way round
FILES: dict[str, bytes] = {
    "invisible.pdf": bill(write(SECRET, more=b"3 Tr") + b"0 Tr"),
    "clipping-mode.pdf": bill(b"q " + write(SECRET, more=b"7 Tr") + b"Q"),
    "white.pdf": bill(b"1 1 1 rg " + write(SECRET)),
    "nearly-white.pdf": bill(b"0.97 0.98 0.97 rg " + write(SECRET)),
    "white-cmyk.pdf": bill(b"0 0 0 0 k " + write(SECRET)),
    "white-stroke.pdf": bill(b"1 1 1 RG " + write(SECRET, more=b"1 Tr")),
    "see-through.pdf": with_gs(b"/ca 0"),
    "soft-mask.pdf": with_gs(
        b"/SMask<</S/Luminosity/G 6 0 R>>",
        stream(
            b"0 g 0 0 612 792 re f",
            b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceGray>>",
        ),
    ),
    "beside-the-page.pdf": bill(write(SECRET, x=900)),
    "below-the-page.pdf": bill(write(SECRET, y=-50)),
    "outside-the-crop.pdf": bill(write(SECRET, y=100), page=b"/CropBox[0 300 612 792]"),
    "raised-off-the-page.pdf": bill(write(SECRET, more=b"5000 Ts")),
    "one-point.pdf": bill(write(SECRET, size=1)),
    "shrunk.pdf": bill(b"q .05 0 0 .05 50 500 cm " + write(SECRET, x=0, y=0) + b"Q"),
    "squeezed.pdf": bill(write(SECRET, more=b"1 Tz")),
    "overprinted.pdf": bill(write(b"Port 1 900.00", y=640)),
    "overprinted-digit.pdf": bill(write(b"9", x=80, y=640)),
    "swapped-digits.pdf": bill(font=FONT[:-2] + b"/ToUnicode 6 0 R>>", objects=[stream(SWAPPED)]),
    "letters-without-ink.pdf": bill(
        b"BT /F2 10 Tf 1 0 0 1 50 500 Tm (Port 9 900.00) Tj ET",
        resources=b"",
        page=b"",
        content=printed() + b"BT /F2 10 Tf 1 0 0 1 50 500 Tm (Port 9 900.00) Tj ET",
        objects=[stream(EMPTY_GLYPHS), stream(PLAIN_MAP), TYPE3],
    ).replace(b"/F1 5 0 R>>>>", b"/F1 5 0 R/F2 8 0 R>>>>", 1),
    "revised.pdf": revised(),
    "under-a-white-box.pdf": bill(b"1 1 1 rg " + OVER_PORT_1 + b" f"),
    "under-a-black-bar.pdf": bill(b"0 g " + OVER_PORT_1 + b" f"),
    "under-a-picture.pdf": bill(
        b"q 100 0 0 13 48 637 cm /I1 Do Q", resources=b"/XObject<</I1 6 0 R>>", objects=[BLACK_DOT]
    ),
    "under-a-written-picture.pdf": bill(b"q 100 0 0 13 48 637 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"),
    "under-a-box-with-another-amount.pdf": bill(
        b"1 1 1 rg " + OVER_PORT_1 + b" f 0 g " + write(b"Port 1 900.00", y=640)
    ),
    "under-a-form.pdf": bill(
        b"/X1 Do",
        resources=b"/XObject<</X1 6 0 R>>",
        objects=[stream(b"1 1 1 rg " + OVER_PORT_1 + b" f", b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]")],
    ),
    "clipped-away.pdf": bill(b"q 0 0 1 1 re W n " + write(SECRET) + b"Q"),
    "clipped-empty.pdf": bill(b"q 50 500 0 0 re W n " + write(SECRET) + b"Q"),
    "layer-off.pdf": bill(
        b"/OC /L1 BDC " + write(SECRET) + b"EMC", resources=b"/Properties<</L1 6 0 R>>", catalogue=OFF, objects=[LAYER]
    ),
    "layer-off-form.pdf": bill(
        b"/X1 Do",
        resources=b"/XObject<</X1 7 0 R>>",
        catalogue=OFF,
        objects=[LAYER, FORM.replace(b"<<", b"<</OC 6 0 R", 1)],
    ),
    "box-outside-its-form.pdf": bill(
        b"/X1 Do",
        resources=b"/XObject<</X1 6 0 R>>",
        objects=[FORM.replace(b"/BBox[0 0 612 792]", b"/BBox[0 0 10 10]")],
    ),
    "note-over-an-amount.pdf": annotated(b"/Subtype/FreeText/Rect[48 637 168 652]/F 4/AP<</N 7 0 R>>", APPEARANCE),
    "white-stamp.pdf": annotated(b"/Subtype/Stamp/Rect[48 637 168 652]/F 4/AP<</N 7 0 R>>", WHITE_BOX),
    "field-over-an-amount.pdf": annotated(
        b"/Subtype/Widget/FT/Tx/T(sum)/V(Port 1 100.00)/Rect[48 637 168 652]/F 4/AP<</N 7 0 R>>",
        APPEARANCE,
        catalogue=b"/AcroForm<</Fields[6 0 R]>>",
    ),
    "spoken-otherwise.pdf": bill(
        content=printed((*LINES[:4], *LINES[5:]))
        + b"/Span <</ActualText(Port 1 900.00)>> BDC "
        + write(b"Port 1 100.00", y=440)
        + b"EMC"
    ),
    "renamed-glyphs.pdf": bill(
        font=FONT.replace(b"/WinAnsiEncoding", b"<</BaseEncoding/WinAnsiEncoding/Differences[49/nine]>>")[:-2]
        + b"/ToUnicode 6 0 R>>",
        objects=[stream(PLAIN_MAP)],
    ),
    "second-content.pdf": assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents[4 0 R 6 0 R]/Resources<</Font<</F1 5 0 R>>>>>>",
            stream(printed()),
            FONT,
            stream(b"3 Tr " + write(SECRET)),
        ]
    ),
}
HONEST: dict[str, bytes] = {
    "plain.pdf": bill(),
    "boxed.pdf": bill(before=b"0.9 0.9 1 rg " + OVER_PORT_1 + b" f 0 g "),
    "framed.pdf": bill(OVER_PORT_1 + b" S"),
    "clipped-wide.pdf": bill(before=b"q 0 0 612 792 re W n ", after=b"Q"),
    "marked.pdf": bill(b"/P <</MCID 0>> BDC " + write(b"Thank you") + b"EMC"),
    "layer-on.pdf": bill(
        b"/OC /L1 BDC " + write(b"Page 1") + b"EMC",
        resources=b"/Properties<</L1 6 0 R>>",
        catalogue=b"/OCProperties<</OCGs[6 0 R]/D<<>>>>",
        objects=[LAYER],
    ),
    "link.pdf": annotated(b"/Subtype/Link/Rect[48 637 168 652]/A<</S/URI/URI(https://greedy.example/)>>"),
    "letterhead.pdf": bill(
        before=b"/X1 Do ",
        resources=b"/XObject<</X1 6 0 R>>",
        objects=[stream(b"0.8 g 0 700 612 92 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]")],
    ),
}
