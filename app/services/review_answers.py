"""What the answers of a review do, inside the transaction that posts the document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identifiers import ban_key
from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import ParsedService
from app.domain.review import Deed, Question, QuestionKind
from app.domain.vocabulary import ChargeType, MatchMethod, ServiceKind
from app.models.intake import AccountAlias
from app.models.invoices import Charge, ChargeMatch
from app.services.code_book import CodeBook
from app.services.posting import find_or_add_account, find_or_add_carrier
from app.services.records import save_records
from app.services.superseding import supersede_within

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Answers:
    """`prepare` does what comes before posting, `finish` what comes after."""

    def __init__(self, session: Session, document: ParsedDocument, questions: Sequence[Question], actor: str) -> None:
        self._session, self._document, self._actor = session, document, actor
        self._questions = [question for question in questions if question.answer is not None]

    def prepare(self) -> None:
        """Aliases of accounts, the charge-code dictionary, new services, bills that give way."""
        for question in self._questions:
            answer = question.answer
            if answer is None:
                continue
            if question.kind is QuestionKind.ACCOUNT and answer.deed is Deed.MAP:
                self._add_alias(question, int(answer.target), answer.reason)
            elif question.kind is QuestionKind.CODE:
                self._teach(question)
            elif question.kind is QuestionKind.SERVICE and answer.deed is Deed.CREATE:
                self._add_service(question, ServiceKind(answer.target))
            elif question.kind is QuestionKind.DUPLICATE and answer.deed is Deed.SUPERSEDE:
                supersede_within(self._session, int(question.key.partition("|")[2]), self._actor, answer.reason)
        self._session.flush()

    def finish(self, invoice_ids: Sequence[int | None]) -> None:
        """Charges that a person has matched to a service; `invoice_ids` by their place in the document."""
        for question in self._questions:
            answer = question.answer
            if answer is None or question.kind is not QuestionKind.SERVICE or answer.deed is not Deed.MAP:
                continue
            for position, invoice_id in enumerate(invoice_ids):
                if invoice_id is not None:
                    self._match(invoice_id, position, question, int(answer.target))

    def _add_alias(self, question: Question, account_id: int, reason: str) -> None:
        invoice = self._document.invoices[question.invoice]
        carrier = find_or_add_carrier(self._session, invoice.carrier, invoice.currency, [])
        self._session.add(
            AccountAlias(
                carrier_id=carrier.id,
                ban=invoice.ban,
                ban_key=ban_key(invoice.ban),
                account_id=account_id,
                reason=reason,
                added_by=self._actor,
                added_at=datetime.now(UTC),
            )
        )

    def _teach(self, question: Question) -> None:
        answer = question.answer
        if answer is None:
            return
        invoice = self._document.invoices[question.invoice]
        charge = invoice.charges[question.charges[0]]
        carrier = find_or_add_carrier(self._session, invoice.carrier, invoice.currency, [])
        ignored = answer.deed is Deed.IGNORE
        kind = ChargeType.OCC if ignored else ChargeType(answer.target)
        book = CodeBook(self._session, carrier.id)
        book.teach(charge.code, charge.description, kind, self._actor, ignored=ignored, why=answer.reason)

    def _add_service(self, question: Question, kind: ServiceKind) -> None:
        invoice = self._document.invoices[question.invoice]
        charge = invoice.charges[question.charges[0]]
        carrier = find_or_add_carrier(self._session, invoice.carrier, invoice.currency, [])
        find_or_add_account(self._session, carrier, invoice.ban, invoice.currency, [])
        service = ParsedService(
            carrier=invoice.carrier,
            kind=kind,
            source=charge.source,
            ban=invoice.ban,
            circuit_id=charge.circuit_id,
            tn=charge.tn,
            code=charge.code,
            description=charge.description,
        )
        save_records(self._session, [service], self._actor)

    def _match(self, invoice_id: int, position: int, question: Question, service_id: int) -> None:
        parsed = self._document.invoices[position]
        wanted = self._document.invoices[question.invoice].charges[question.charges[0]]
        places = [
            seq
            for seq, charge in enumerate(parsed.charges, start=1)
            if (charge.circuit_id, charge.tn) == (wanted.circuit_id, wanted.tn)
        ]
        rows = self._session.scalars(
            select(Charge.id).where(Charge.invoice_id == invoice_id, Charge.seq.in_(places)).order_by(Charge.seq)
        )
        for charge_id in rows:
            self._session.add(
                ChargeMatch(
                    charge_id=charge_id, service_id=service_id, method=MatchMethod.BY_HAND, matched_by=self._actor
                )
            )
