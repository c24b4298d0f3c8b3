"""What a command changed, so that each page knows whether to load again."""

from __future__ import annotations

from enum import Flag, auto


class Changes(Flag):
    """Kinds of things. A command returns those it touched."""

    NONE = 0
    INVENTORY = auto()
    CONTRACTS = auto()
    INVOICES = auto()
    CHARGES = auto()
    FINDINGS = auto()
    DISPUTES = auto()
    APPROVALS = auto()
    PAYMENTS = auto()
    USAGE = auto()
    USERS = auto()
    SETTINGS = auto()
    INTAKE = auto()  # what waits for review or stands in quarantine
    BANK = auto()
