"""What the company itself knows: the inventory workbook, the contracts workbook, its own details, the truth."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

from tools.demo_company.answers import ANSWERS
from tools.demo_company.carriers import ACCOUNTS, CARRIERS, CONTRACTS, HALYARD
from tools.demo_company.estate import SERVICES
from tools.demo_company.prices import PRICES, describe
from tools.demo_company.rate_deck import FILE, NAME
from tools.demo_company.sites import COMPANY, COMPANY_ADDRESS, COMPANY_LEGAL, SITE, SITES
from tools.demo_company.values import Price, Service, Truth
from tools.demo_company.workbook import Cell, add_table, new_workbook, save


def write_inventory() -> bytes:
    """Carriers, accounts, locations, services and bank accounts."""
    workbook = new_workbook()
    add_table(
        workbook,
        "Carriers",
        ("Carrier", "Currency", "Dispute e-mail", "Address"),
        ((carrier.name, carrier.currency, carrier.dispute_email, carrier.address) for carrier in CARRIERS),
    )
    add_table(
        workbook,
        "Accounts",
        ("Carrier", "Account number", "Currency", "Billing mode", "Bill day", "Contract number", "Description"),
        ((a.carrier, a.ban, a.currency, "postpaid", a.bill_day, a.contract, a.description) for a in ACCOUNTS),
    )
    add_table(
        workbook,
        "Locations",
        ("Location code", "Name", "Address", "City", "Region", "Country"),
        ((s.code, s.name, s.street, s.city, s.region, s.country) for s in SITES),
    )
    add_table(workbook, "Services", _SERVICE_COLUMNS, (_service(service) for service in SERVICES))
    add_table(
        workbook,
        "BankAccounts",
        ("Carrier", "Currency", "Holder", "Routing number", "Bank account", "IBAN", "BIC"),
        ((c.name, c.currency, c.name, c.routing, c.bank_account, c.iban, c.bic) for c in CARRIERS),
    )
    return save(workbook)


_SERVICE_COLUMNS = (
    "Carrier",
    "Kind",
    "Account number",
    "Circuit ID",
    "Telephone number",
    "Charge code",
    "Description",
    "Location A",
    "Location Z",
    "Status",
    "Quantity",
    "Bandwidth kbps",
    "Ordered on",
    "Installed on",
    "Disconnect requested on",
    "Disconnected on",
    "Cost centre",
)


def _service(service: Service) -> tuple[Cell, ...]:
    ban = next(account.ban for account in ACCOUNTS if account.key == service.account)
    return (
        service.carrier,
        service.kind,
        ban,
        service.circuit,
        service.tn,
        service.code,
        service.description,
        service.site,
        service.far_site if service.far_site != service.site else "",
        "disconnected" if service.disconnected else "active",
        service.quantity,
        service.bandwidth_mbps * 1000 or None,
        service.ordered,
        service.installed,
        service.disconnect_requested,
        service.disconnected,
        SITE[service.site].cost_centre,
    )


def write_contracts() -> bytes:
    """Contracts with their terms, and the price schedules."""
    workbook = new_workbook()
    add_table(
        workbook,
        "Contracts",
        (
            "Carrier",
            "Contract number",
            "Title",
            "First day",
            "Last day",
            "Currency",
            "Proration",
            "Disconnect day billed",
            "Rounding",
            "Rounding places",
            "Rounding scope",
            "Price change",
            "Time zone",
            "Payment days",
            "Dispute days",
            "Withhold days",
            "Notice days",
        ),
        (
            (
                c.carrier,
                c.number,
                c.title,
                c.start,
                c.end - timedelta(days=1),
                c.currency,
                c.proration,
                "yes" if c.disconnect_day_billed else "no",
                "half_up",
                2,
                "charge",
                "first_day",
                c.time_zone,
                c.payment_days,
                c.dispute_days,
                c.withhold_days,
                c.notice_days,
            )
            for c in CONTRACTS
        ),
    )
    add_table(workbook, "Prices", _PRICE_COLUMNS, (_price(price) for price in PRICES))
    return save(workbook)


_PRICE_COLUMNS = (
    "Contract number",
    "Charge code",
    "Charge type",
    "Model",
    "Price",
    "First day",
    "Last day",
    "Description",
    "Circuit ID",
    "Telephone number",
    "Location",
    "Waived",
    "Parameters",
    "Clause",
    "Page",
)


def _price(price: Price) -> tuple[Cell, ...]:
    number = price.key if price.key[:3].isdigit() and "/" not in price.key else ""
    return (
        price.contract,
        price.code,
        price.kind,
        price.model,
        price.amount,
        price.start,
        price.end - timedelta(days=1) if price.end else None,
        describe(price),
        "" if number else price.key,
        number,
        price.site,
        "yes" if price.waived else "no",
        price.parameters,
        price.clause,
        price.page,
    )


def write_company() -> bytes:
    """Who the company is, who works with the program, where its payments leave from."""
    lines = (
        "# The demo company. Its bank accounts have right check digits and belong to no bank.",
        f'name = "{COMPANY}"',
        'currency = "USD"',
        f"address = {list(COMPANY_ADDRESS)}".replace("'", '"'),
        'contact = "telecom.bills@meridianfoods.example"',
        "today = 2026-10-06",
        "",
        "[payer]",
        f'name = "{COMPANY_LEGAL}"',
        'company_id = "1000001127"',
        'routing = "509901338"',
        'account = "5500184412"',
        'iban = "DE33900922770012004417"',
        'bic = "ZQMBDEFFXXX"',
        "",
        "[[decks]]",
        f'file = "{FILE}"',
        f'carrier = "{HALYARD}"',
        f'name = "{NAME}"',
        "",
        *_people(),
        *_answers(),
    )
    return ("\n".join(lines)).encode()


def _people() -> Iterator[str]:
    for name, role in (("Dana Whitfield", "it_manager"), ("Omar Reyes", "ap_clerk"), ("Priya Nair", "approver")):
        yield from ("[[people]]", f'name = "{name}"', f'role = "{role}"', "")


def _answers() -> Iterator[str]:
    """What carriers said to disputes that were filed at the end of a month."""
    for answer in ANSWERS:
        yield from ("[[answers]]", f'month = "{answer.answered:%Y-%m}"', f'disputed = "{answer.disputed:%Y-%m}"')
        yield from (f'carrier = "{answer.carrier}"', f'reference = "{answer.reference}"')
        if answer.granted is not None:
            yield f'granted = "{answer.granted}"'
        yield ""


def write_truth(truths: list[Truth]) -> bytes:
    """Every seeded error: one row is one finding."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("rule", "carrier", "account", "invoice", "charge", "amount", "note"))
    for truth in truths:
        rows.writerow(
            (truth.rule, truth.carrier, truth.ban, truth.invoice, truth.charge, f"{truth.amount:.2f}", truth.note)
        )
    return written.getvalue().encode()
