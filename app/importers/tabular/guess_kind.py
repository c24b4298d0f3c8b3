"""What kind of table a file is, by the words of its header and what its columns could hold."""

from __future__ import annotations

from app.importers.tabular import guess as bill
from app.importers.tabular.guess_columns import Columns, assign_by_words
from app.importers.tabular.guess_looks import are_whole, may_be
from app.importers.tabular.guess_values import looks_like_telephone
from app.importers.tabular.guess_words import CHARGE_WORDS, INVOICE_WORDS, plain_words
from app.importers.tabular.kinds import BILL, CALLS, KINDS
from app.importers.tabular.table_kind import TableKind
from app.importers.usage.guess_moments import look_for_moments

_SIGN, _WHOLE = 4, 5  # what a word counts that is another kind's hardly ever, and having all that is needed
_BILL = [(f"invoice.{key}", words) for key, words in INVOICE_WORDS.items()] + [
    (f"charges.{key}", words) for key, words in CHARGE_WORDS.items()
]


def guess_kind(columns: Columns, *, headless: bool = False) -> TableKind:
    """The kind whose words fit best; a bill where none does."""
    if headless:
        return _guess_by_looks(columns)
    ranked = [(_rank(kind, columns), -place, kind) for place, kind in enumerate(KINDS)]
    best = max(ranked, key=lambda one: one[:2])
    return best[2] if best[0] else BILL


def assign_fields(kind: TableKind, columns: Columns) -> dict[str, str]:
    """Columns to the fields of a kind, by their words: column → field's key."""
    looks = {field.key: field.look for field in kind.fields}
    return assign_by_words(
        columns,
        [(field.key, field.words) for field in kind.fields],
        lambda key, values: may_be(looks[key], values),
    )


def _rank(kind: TableKind, columns: Columns) -> int:
    signs = sum(1 for name in columns if _is_sign(name, kind))
    if kind is BILL:
        used = set(assign_by_words(columns, _BILL, bill.may_hold).values())
        whole = "charges.amount" in used and bool({"invoice.number", "invoice.bill_date", "invoice.ban"} & used)
    else:
        used = set(assign_fields(kind, columns).values())
        needed = {field.key for field in kind.fields if field.needed and not field.whole and not field.constant}
        whole = needed <= used and all(any(set(one) <= used for one in group) for group in kind.either)
        if not whole and signs < 2:
            return 0
    return _SIGN * signs + len(used) + (_WHOLE if whole else 0)


def _is_sign(name: str, kind: TableKind) -> bool:
    header = f" {plain_words(name)} "
    return any(f" {sign} " in header for sign in kind.signs)


def _guess_by_looks(columns: Columns) -> TableKind:
    """Without names: moments, telephone numbers and whole numbers are calls."""
    moments = [name for name, values in columns.items() if look_for_moments(values) is not None]
    others = {name: values for name, values in columns.items() if name not in moments}
    dialled = [name for name, values in others.items() if looks_like_telephone(values)]
    counted = [name for name, values in others.items() if are_whole(values) and name not in dialled]
    return CALLS if moments and dialled and counted else BILL
