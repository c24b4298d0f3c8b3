"""PDFs that want to take all time and memory, or the reader itself."""

from __future__ import annotations

import zlib

from tests.importers.hostile.raw_pdf import FONT, assemble, bill, printed, stream, write

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"


def page_tree(pages: bytes, *more: bytes) -> bytes:
    """A bill with this page tree; `more` are numbered from 6 on."""
    return assemble([CATALOGUE, pages, PAGE, stream(printed()), FONT, *more])


def forms(depth: int, each: int) -> bytes:
    """Forms that draw forms: `each` to the power of `depth` of them."""
    objects = []
    for level in range(depth):
        inner = b"/X Do " * each if level + 1 < depth else b"0 0 1 1 re f"
        words = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (7 + level)
        objects.append(stream(inner, words))
    return bill(b"/X Do", resources=b"/XObject<</X 6 0 R>>", objects=objects)


def picture(words: bytes, body: bytes = b"\x00" * 40) -> bytes:
    """A bill with a picture of these words upon it."""
    image = stream(body, b"/Type/XObject/Subtype/Image" + words)
    return bill(b"q 500 0 0 500 9 9 cm /I Do Q", resources=b"/XObject<</I 6 0 R>>", objects=[image])


def xref_stream(words: bytes, table: bytes) -> bytes:
    """A bill whose table of objects is a stream."""
    plain = bill()
    body = plain[: plain.rindex(b"xref\n0")]
    made = (
        b"9 0 obj\n" + stream(zlib.compress(table), b"/Type/XRef/Root 1 0 R/Filter/FlateDecode" + words) + b"\nendobj\n"
    )
    return body + made + b"startxref\n%d\n%%%%EOF\n" % len(body)


LETTERS = b"BT /F1 1 Tf " + b"(5) Tj " * 100_000 + b"ET"
BIG_BOX = b"[0 0 1000000000 1000000000]"
FILES: dict[str, bytes] = {
    "kids-are-their-own-parents.pdf": page_tree(b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"),
    "kids-in-a-ring.pdf": page_tree(
        b"<</Type/Pages/Kids[6 0 R]/Count 1>>",
        b"<</Type/Pages/Kids[7 0 R]/Count 1>>",
        b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
    ),
    "one-page-fifty-times.pdf": page_tree(b"<</Type/Pages/Kids[" + b"3 0 R " * 50 + b"]/Count 50>>"),
    "count-lies.pdf": page_tree(b"<</Type/Pages/Kids[3 0 R]/Count 1999>>"),
    "count-negative.pdf": page_tree(b"<</Type/Pages/Kids[3 0 R]/Count -7>>"),
    "giant-page.pdf": bill(box=BIG_BOX),
    "inverted-page.pdf": bill(box=b"[612 792 0 0]"),
    "page-of-no-size.pdf": bill(box=b"[0 0 0 0]"),
    "page-without-numbers.pdf": bill(box=b"[/a /b (c) null]"),
    "ten-thousand-fonts.pdf": bill(
        b"BT " + b"".join(b"/G%d 9 Tf (5) Tj " % n for n in range(10_000)) + b"ET",
        resources=b"/ExtGState<<>>",
    ).replace(b"/F1 5 0 R>>", b"/F1 5 0 R" + b"".join(b"/G%d 5 0 R" % n for n in range(10_000)) + b">>", 1),
    "letters-one-by-one.pdf": bill(LETTERS),
    "million-letters.pdf": bill(b"BT /F1 9 Tf (" + b"5" * 1_000_000 + b") Tj ET"),
    "saved-states.pdf": bill(b"q " * 400_000),
    "endless-path.pdf": bill(b"0 0 m " + b"9 9 l 0 0 l " * 200_000 + b"f"),
    "forms-in-forms.pdf": forms(8, 12),
    "forms-deep.pdf": forms(200, 1),
    "form-draws-itself.pdf": bill(
        b"/X Do",
        resources=b"/XObject<</X 6 0 R>>",
        objects=[stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")],
    ),
    "tiles-without-end.pdf": bill(
        b"/Pattern cs /P scn 0 0 612 792 re f",
        resources=b"/Pattern<</P 6 0 R>>",
        objects=[
            stream(
                b"0 0 .001 .001 re f",
                b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .001/YStep "
                b".001/Resources<<>>",
            )
        ],
    ),
    "shading-without-end.pdf": bill(
        b"/S sh",
        resources=b"/Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 0 0]"
        b"/Function 6 0 R/Extend[true true]>>>>",
        objects=[b"<</FunctionType 3/Domain[0 1]/Functions[6 0 R 6 0 R]/Bounds[.5]/Encode[0 1 0 1]>>"],
    ),
    "packed-bomb.pdf": bill(content=b"").replace(stream(b""), stream(printed() + b" " * (96 << 20), packed=True), 1),
    "packed-thrice.pdf": bill(content=b"").replace(
        stream(b""),
        stream(zlib.compress(zlib.compress(b" " * (96 << 20), 9), 9), b"/Filter[/FlateDecode/FlateDecode]"),
        1,
    ),
    "picture-of-a-billion-dots.pdf": picture(b"/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8"),
    "picture-negative.pdf": picture(b"/Width -5/Height 2147483647/ColorSpace/DeviceGray/BitsPerComponent 16"),
    "jbig2.pdf": picture(
        b"/Width 40000/Height 40000/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/JBIG2Decode",
        b"\x00\x00\x00\x00\x30\x00\x01\x00\x00\x00\x13" + b"\xff" * 8 + b"\x00" * 11,
    ),
    "jpx.pdf": picture(
        b"/Width 40000/Height 40000/Filter/JPXDecode",
        b"\xff\x4f\xff\x51\x00\x29\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff" + b"\x00" * 26 + b"\xff\xd9",
    ),
    "dct-lies.pdf": picture(
        b"/Width 9/Height 9/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
    ),
    "xref-stream-of-billions.pdf": xref_stream(b"/Size 2000000000/W[1 2 1]/Index[0 2000000000]", b"\x00" * 40),
    "xref-stream-wide.pdf": xref_stream(b"/Size 9/W[1 2000000000 1]", b"\x00" * 40),
    "xref-chain-to-itself.pdf": bill() + b"startxref\n9\n%%EOF\n",
    "objects-in-a-stream-of-itself.pdf": bill(
        objects=[stream(b"6 0 6 6 <<>> ", b"/Type/ObjStm/N 2000000000/First 6/Extends 6 0 R")]
    ),
    "map-of-all-letters.pdf": bill(
        font=FONT[:-2] + b"/ToUnicode 6 0 R>>",
        objects=[
            stream(
                b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange "
                b"<00000000> <ffffffff> <0000> endbfrange endcmap"
            )
        ],
    ),
    "letters-that-are-nothing.pdf": bill(
        font=FONT[:-2] + b"/ToUnicode 6 0 R>>",
        objects=[
            stream(
                b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 4 beginbfchar "
                b"<30> <0000> <31> <D800> <32> <DFFF> <33> <FFFE> endbfchar endcmap"
            )
        ],
    ),
    "action-on-opening.pdf": bill(
        catalogue=b"/OpenAction<</S/Launch/F(calc.exe)>>/AA<</WC<</S/JavaScript/JS(app.alert(1))>>>>"
    ),
    "attachment-with-a-path.pdf": bill(
        catalogue=b"/Names<</EmbeddedFiles<</Names[(../../evil) 6 0 R]>>>>",
        objects=[
            b"<</Type/Filespec/F(../../evil)/UF(../../evil)/EF<</F 7 0 R>>>>",
            stream(b"#!/bin/sh", b"/Type/EmbeddedFile"),
        ],
    ),
    "deep-arrays.pdf": bill(objects=[b"[" * 200_000 + b"]" * 200_000]),
    "comment-without-end.pdf": b"%PDF-1.7\n%" + b"x" * 3_000_000,
    "headers-only.pdf": b"%PDF-1.7\n" * 50_000,
    "text-outside-of-text.pdf": bill(b"(900.00) Tj /F1 9 Tf (5) ' (6) \" ET ET BT BT " + write(b"x")),
}
