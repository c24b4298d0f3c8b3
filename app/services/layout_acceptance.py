"""Accepting a layout: tried on every stored bill of its carrier first, then saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.domain.identifiers import name_key
from app.domain.vocabulary import InvoiceStatus, Severity
from app.errors import UserError
from app.importers.tabular.definition import open_toml
from app.models.documents import SourceDocument
from app.models.inventory import Carrier
from app.models.invoices import Charge, Invoice
from app.services.layout_draft import KIND, Draft, name_of, to_toml
from app.services.layout_drift import find_known
from app.services.layouts import Bill, find_anchors, read_by, read_by_layout, read_draft
from app.services.log import record
from app.services.mappings import definitions, save_mapping

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedInvoice
    from app.services.changes import Changes
    from app.services.workspace import Workspace

Cancelled = Callable[[], bool]


class LayoutWanting(UserError):
    """The layout cannot be accepted: {why}"""


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """A stored bill, read again by the new layout. `differences` say what reads otherwise than it was posted."""

    document_id: int
    document: str
    number: str
    same: bool
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A layout that is ready to be saved, and what it does to the bills that are here already."""

    toml: str
    name: str
    carrier: str
    replaces: str  # the carrier of a saved layout of the same name, "" where there is none
    footing_holds: bool
    results: tuple[ReplayResult, ...]

    @property
    def differing(self) -> tuple[ReplayResult, ...]:
        return tuple(result for result in self.results if not result.same)


@dataclass(frozen=True, slots=True)
class _Posted:
    document_id: int
    document: str
    sha256: str
    importer: str
    invoice: Invoice
    charges: int


def try_layout(
    workspace: Workspace,
    name: str,
    content: Bill,
    draft: Draft,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> Trial:
    """Complete the layout with its name and anchors, see that an import would take it, and replay it.

    Raises LayoutWanting in words that say what to mend.
    """
    carrier = draft.text("carrier").strip()
    if not carrier:
        raise LayoutWanting(why="name the carrier whose bills it reads.")
    named = draft.with_value("name", draft.text("name") or name_of(carrier)).with_value("kind", KIND)
    reading = read_draft(name, content, named.with_value("anchors", []), cancelled=cancelled)
    errors = [issue.message for issue in reading.issues if issue.severity is Severity.ERROR]
    if reading.todo or errors or reading.invoice is None:
        raise LayoutWanting(why=(*reading.todo, *errors, "no bill was read with it.")[0])
    anchored = find_anchors(name, content, named, cancelled=cancelled)
    toml_text = to_toml(anchored.named())
    _see_that_it_is_chosen(workspace, name, content, toml_text, anchored.text("name"))
    results = replay(workspace, toml_text, carrier, progress=progress, cancelled=cancelled)
    saved = find_known(workspace, f"pdf:{named.text('name')}") or {}
    holds = reading.footing is not None and reading.footing.holds
    return Trial(toml_text, named.text("name"), carrier, str(saved.get("carrier", "")), holds, tuple(results))


def replay(
    workspace: Workspace,
    layout_toml: str,
    carrier: str,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> list[ReplayResult]:
    """Read the stored bills of `carrier` that this layout claims, each in a child, and compare with the posted.

    A bill that this layout itself has read before and claims no longer is a difference, too.
    """
    own = f"pdf:{open_toml(layout_toml).get('name', '')}"
    with workspace.database.reading() as session:
        posted = _posted(session, carrier)
    results: list[ReplayResult] = []
    for done, bill in enumerate(posted):
        progress(done, len(posted))
        if cancelled():
            break
        document = read_by_layout(
            bill.document, workspace.documents.path(bill.sha256), layout_toml, cancelled=cancelled
        )
        errors = [issue for issue in document.issues if issue.severity is Severity.ERROR]
        if not document.importer and errors and bill.importer != own:
            continue  # not this layout's kind of bill
        wrong = tuple(issue.message for issue in errors) or _compare(bill, document.invoices)
        results.append(ReplayResult(bill.document_id, bill.document, bill.invoice.number, not wrong, wrong))
    progress(len(posted), len(posted))
    return results


def accept(workspace: Workspace, trial: Trial, actor: str, reason: str = "") -> Changes:
    """Save a layout that was tried. Raises LayoutWanting where it reads stored bills otherwise and nobody said why."""
    doubtful = bool(trial.differing) or not trial.footing_holds
    if doubtful and not reason.strip():
        raise LayoutWanting(why="say why it is right although figures differ, or mend it.")
    changes = save_mapping(workspace, trial.toml, actor)
    if doubtful:
        with workspace.database.writing() as session:
            numbers = ", ".join(result.number for result in trial.differing)[:500]
            record(session, actor, "accepted", f"{KIND} {trial.name}", reason=reason.strip(), differing=numbers)
    return changes


def _posted(session: Session, carrier: str) -> list[_Posted]:
    rows = session.execute(
        select(SourceDocument, Invoice)
        .join(Invoice, Invoice.document_id == SourceDocument.id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .where(
            Carrier.name_key == name_key(carrier),
            SourceDocument.importer.like("pdf:%"),
            Invoice.status != InvoiceStatus.SUPERSEDED,
        )
        .order_by(Invoice.bill_date, Invoice.id)
    ).all()
    counted = []
    for document, invoice in rows:
        charges = len(session.scalars(select(Charge.id).where(Charge.invoice_id == invoice.id)).all())
        counted.append(_Posted(document.id, document.name, document.sha256, document.importer, invoice, charges))
    session.expunge_all()
    return counted


def _compare(bill: _Posted, found: Sequence[ParsedInvoice]) -> tuple[str, ...]:
    """What reads otherwise than it was posted, each as "what: posted → now"."""
    posted = bill.invoice
    now = next((one for one in found if one.number == posted.number), found[0] if len(found) == 1 else None)
    if now is None:
        return ("no bill was read",)
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("number", posted.number, now.number),
        ("bill date", posted.bill_date, now.bill_date),
        ("due date", posted.due_date, now.due_date),
        ("previous balance", posted.previous_balance, now.previous_balance),
        ("payments", posted.payments_applied, now.payments_applied),
        ("current charges", posted.current_charges, now.current_charges),
        ("total due", posted.total_due, now.total_due),
        ("charges", bill.charges, len(now.charges)),
    )
    return tuple(f"{what}: {_say(before)} → {_say(after)}" for what, before, after in pairs if before != after)


def _say(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:,.2f}" if hasattr(value, "quantize") else str(value)


def _see_that_it_is_chosen(workspace: Workspace, name: str, content: Bill, toml_text: str, own: str) -> None:
    """An import asks all layouts: this one alone must claim the bill."""
    known = definitions(workspace)
    others = tuple(text for text in known.layouts if open_toml(text).get("name") != own)
    document = read_by(name, content, replace(known, layouts=(*others, toml_text)))
    if document.importer != f"pdf:{own}":
        errors = [issue.message for issue in document.issues if issue.severity is Severity.ERROR]
        told = f" {errors[0]}" if errors else ""
        raise LayoutWanting(why=f"the words by which bills are recognised do not lead to it alone.{told}")
