"""All services of the company, with their life-cycle dates."""

from __future__ import annotations

from datetime import date

from tools.demo_company.estate_local import HALYARD_SERVICES, STRATUM_SERVICES, TRILAKES_SERVICES
from tools.demo_company.estate_wide import CALDER_SERVICES, NORTHBEAM_SERVICES
from tools.demo_company.values import Service

SERVICES: tuple[Service, ...] = (
    *NORTHBEAM_SERVICES,
    *TRILAKES_SERVICES,
    *CALDER_SERVICES,
    *HALYARD_SERVICES,
    *STRATUM_SERVICES,
)

BY_KEY = {service.key: service for service in SERVICES}
FIRST_MONTH = date(2026, 4, 1)
MONTHS = tuple(date(2026, month, 1) for month in range(4, 10))


def services_of(account: str) -> list[Service]:
    """The services of one billing account, in the order in which its bills list them."""
    return [service for service in SERVICES if service.account == account]
