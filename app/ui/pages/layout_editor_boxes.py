"""What the layout editor draws over the page and writes beside it, out of a draft and its reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from app.domain.period import Period
from app.domain.source import Box
from app.domain.vocabulary import Severity
from app.services.layout_columns import edges_of
from app.services.layout_draft import Draft, Numbers, Place
from app.services.layout_words import PageWords
from app.services.layouts import Reading
from app.ui.tokens import LIGHT
from app.ui.widgets.pointing_fields import COLUMN, FIELD, TABLE, WORDS
from app.ui.widgets.pointing_items import Columns, NamedBox
from app.ui.wording import day, money, span

_HEADINGS = 24.0  # points above the first charge, in which the headings stand


def values_of(draft: Draft, reading: Reading) -> dict[str, str]:
    """Each declared header field as the bill reads it; those that were not read are left out."""
    bill = reading.invoice
    values = {}
    for key in draft.fields:
        place = draft.places.get(key)
        if bill is not None:
            value = getattr(bill, key, None)
            if value not in (None, ""):
                values[key] = _written(value, bill.currency)
        elif place is not None and not place.problem and (place.value or place.text):
            values[key] = place.text or place.value  # as it is printed, until the bill can be read
    return values


def confidences_of(draft: Draft, reading: Reading) -> dict[str, int]:
    """How surely the words of each header field were recognised, per cent; those of text are left out."""
    sources = reading.invoice.sources if reading.invoice is not None else {}
    found = {}
    for key in draft.fields:
        source, place = sources.get(key), draft.places.get(key)
        sure = source.confidence if source is not None else place.confidence if place is not None else None
        if sure is not None:
            found[key] = sure
    return found


def boxes_of(draft: Draft, reading: Reading, claims: Mapping[str, Sequence[Numbers]], loud: str = "") -> list[NamedBox]:
    """A box for each header field where it was read, else where it was found or pointed at; and for the claims."""
    sources = reading.invoice.sources if reading.invoice is not None else {}
    boxes = []
    for key, field in FIELD.items():
        source, place = sources.get(key), draft.places.get(key)
        problem = place.problem if place is not None else ""
        if key in draft.fields and source is not None and source.page is not None and source.box is not None:
            boxes.append(NamedBox(key, source.page, points_of(source.box), field.title, field.ink, loud=key == loud))
        elif place is not None and (problem or key in draft.fields):
            ink = LIGHT.danger if problem else field.ink
            boxes.append(NamedBox(key, place.page, place.box, field.title, ink, loud=key == loud, problem=problem))
    for at, issue in enumerate(reading.issues):
        if issue.severity is Severity.ERROR and issue.source.page is not None and issue.source.box is not None:
            wrong = points_of(issue.source.box)
            boxes.append(
                NamedBox(f"issue:{at}", issue.source.page, wrong, "Cannot be read", LIGHT.danger, problem=issue.message)
            )
    for text, found_at in claims.items():
        if found_at:
            boxes.append(NamedBox(f"claim:{text}", 1, found_at[0], "Recognised by", WORDS))
    return boxes


def points_of(box: Box) -> Numbers:
    """A box in points."""
    return (box.x0 / 100, box.top / 100, box.x1 / 100, box.bottom / 100)


def places_of(draft: Draft, reading: Reading) -> dict[int, Place]:
    """Where each table was pointed at; a lone one of a saved layout stands where its charges were read."""
    if draft.tables or len(draft.layout.get("tables", [])) != 1:
        return dict(draft.tables)
    edges, spans = edges_of(draft.table(0)), _rows_on(reading)
    if not edges or not spans:
        return {}
    page = min(spans)
    top, end = spans[page]
    return {0: Place(page, (edges[0], max(top - _HEADINGS, 0.0), edges[-1], end))}


def columns_of(draft: Draft, reading: Reading) -> list[Columns]:
    """The columns of each table on the page where it was pointed at; of a lone table on all pages with its charges."""
    shown = []
    places = places_of(draft, reading)
    for number, place in places.items():
        table = draft.table(number)
        edges = edges_of(table)
        if not edges:
            continue
        names = tuple(COLUMN.get(column.get("field", ""), "Not read") for column in table["columns"])
        boxes = {place.page: place.box}
        if len(places) == 1:
            for page, (top, end) in _rows_on(reading).items():
                boxes.setdefault(page, (edges[0], top, edges[-1], end))
        shown += [Columns(number, page, box, edges, names, TABLE) for page, box in boxes.items()]
    return shown


def _rows_on(reading: Reading) -> dict[int, tuple[float, float]]:
    """From where to where the charges stand on each page, in points."""
    spans: dict[int, tuple[float, float]] = {}
    for charge in reading.invoice.charges if reading.invoice is not None else ():
        page, box = charge.source.page, charge.source.box
        if page is not None and box is not None:
            top, end = spans.get(page, (box.top / 100 - 2, box.bottom / 100 + 2))
            spans[page] = (min(top, box.top / 100 - 2), max(end, box.bottom / 100 + 2))
    return spans


def words_in(pages: Sequence[PageWords], page: int, box: Numbers) -> str:
    """The words whose middle lies in the box, in reading order."""
    known = next((one for one in pages if one.number == page), None)
    if known is None:
        return ""
    inside = [
        (round((place[1] + place[3]) / 2), place[0], text)
        for text, place in known.words
        if box[0] <= (place[0] + place[2]) / 2 <= box[2] and box[1] <= (place[1] + place[3]) / 2 <= box[3]
    ]
    return " ".join(text for _y, _x, text in sorted(inside))


def _written(value: object, currency: str) -> str:
    if isinstance(value, Decimal):
        return money(value, currency)
    if isinstance(value, Period):
        return span(value.start, value.end)
    return day(value) if isinstance(value, date) else str(value)
