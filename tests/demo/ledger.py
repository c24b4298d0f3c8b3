"""The truth file and a workspace's findings in one form, so that they can be held against each other."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from app.models.findings import Finding
from app.models.inventory import BillingAccount
from app.models.invoices import Charge, Invoice
from app.services.demo import MATERIAL
from app.services.workspace import Workspace

Entry = tuple[str, str, str, str, str]  # rule, account, invoice number, charge or day, claim


def read_truth(folder: Path = MATERIAL) -> Counter[Entry]:
    """The rows of the truth file."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return Counter(
            (row["rule"], row["account"], row["invoice"], row["charge"], row["amount"]) for row in csv.DictReader(file)
        )


def read_findings(workspace: Workspace) -> Counter[Entry]:
    """All findings of a workspace, whatever has become of them."""
    with workspace.database.reading() as session:
        rows = session.execute(
            select(Finding, BillingAccount.ban, Invoice.number, Charge)
            .join(BillingAccount, BillingAccount.id == Finding.account_id)
            .outerjoin(Invoice, Invoice.id == Finding.invoice_id)
            .outerjoin(Charge, Charge.id == Finding.charge_id)
        ).all()
        return Counter(
            (row.Finding.rule, row.ban, row.number or "", _name(row.Finding, row.Charge), f"{row.Finding.claim:.2f}")
            for row in rows
        )


def name_charge(charge: Charge) -> str:
    """What the truth file calls a charge."""
    days = f" {charge.period_start}..{charge.period_end}" if charge.period_start else ""
    # one carrier prints 218 555-0141 where the inventory has 218-555-0141
    return f"{(charge.circuit_id or charge.tn or charge.location).replace(' ', '-')} {charge.code}{days}"


def _name(finding: Finding, charge: Charge | None) -> str:
    """The subject: the charge, or the day on which a missing bill was due to come."""
    if charge is None:
        return finding.message.split(" was expected on ")[1][:10] if finding.rule == "A04" else ""
    return name_charge(charge)
