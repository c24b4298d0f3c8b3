"""The rule packs, written out. The order of INVOICE_RULES is the order in which rules claim: what an earlier
rule claims of a charge, a later one does not claim again."""

from __future__ import annotations

from app.audit.rule import Rule
from app.audit.rules import (
    balance_forward_wrong,
    bill_missing,
    billed_after_disconnect,
    billed_before_install,
    charge_billed_twice,
    does_not_foot,
    invoice_billed_twice,
    no_contract_price,
    one_time_charge_repeated,
    proration_wrong,
    rate_above_contract,
    service_unknown,
    usage_not_in_records,
)
from app.domain.history import AccountContext, AuditContext

INVOICE_RULES: tuple[Rule[AuditContext], ...] = (
    does_not_foot.RULE,
    balance_forward_wrong.RULE,
    invoice_billed_twice.RULE,
    service_unknown.RULE,
    charge_billed_twice.RULE,
    billed_after_disconnect.RULE,
    billed_before_install.RULE,
    one_time_charge_repeated.RULE,
    rate_above_contract.RULE,
    proration_wrong.RULE,
    usage_not_in_records.RULE,
    no_contract_price.RULE,
)

ACCOUNT_RULES: tuple[Rule[AccountContext], ...] = (bill_missing.RULE,)
