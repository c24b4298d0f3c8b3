"""How a carrier uses EDI: what its files leave out, and codes of its own, as TOML data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.vocabulary import ChargeType
from app.importers.tabular.definition import TomlTable, open_mappings, read_currency
from app.importers.x12.codes import SECTIONS

KIND = "edi-profile"
SERVICES = {"TN": "tn", "CN": "circuit_id", "BT": "words", "OD": "words"}  # SI02 (TCIF)
ACCOUNTS = ("12", "11", "14")  # REF01: billing account, account, master account
_FIELDS = frozenset({"tn", "circuit_id", "words"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What holds for the files of one sender; the default holds for everyone."""

    name: str = ""
    carrier: str = ""
    currency: str = ""
    senders: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ACCOUNTS
    services: Mapping[str, str] = field(default_factory=lambda: dict(SERVICES))
    sections: Mapping[str, ChargeType] = field(default_factory=lambda: dict(SECTIONS))
    component: str = ":"

    def using(self, component: str) -> Profile:
        """The same with the component separator of a file."""
        return replace(self, component=component)


def open_profiles(definitions: Sequence[str]) -> tuple[Profile, ...]:
    """The EDI profiles among the TOML texts; raises MappingFault with the key that is wrong."""
    return tuple(_read_profile(name, table) for name, table in open_mappings(definitions, KIND))


def find_profile(profiles: Sequence[Profile], *ids: str) -> Profile:
    """The profile of whoever sends under one of these identifications, else the default."""
    wanted = {one.strip().casefold() for one in ids if one.strip()}
    for profile in profiles:
        if wanted & {sender.casefold() for sender in profile.senders}:
            return profile
    return Profile()


def _read_profile(name: str, table: TomlTable) -> Profile:
    carrier = table.text("carrier")
    currency = read_currency(table) if "currency" in table else ""
    senders = table.texts("senders")
    if not senders:
        raise table.fault("senders", "the identifications of the sender are wanted, as in ISA06, GS02 or UNB")
    accounts = table.texts("accounts") or ACCOUNTS
    services = dict(SERVICES)
    for code, field_name in _pairs(table, "services"):
        if field_name not in _FIELDS:
            raise table.fault(f"services.{code}", f"one of {', '.join(sorted(_FIELDS))} is wanted")
        services[code] = field_name
    sections = dict(SECTIONS)
    for code, charge_type in _pairs(table, "sections"):
        if charge_type not in ChargeType.__members__:
            raise table.fault(f"sections.{code}", f"one of {', '.join(ChargeType.__members__)} is wanted")
        sections[code] = ChargeType(charge_type)
    table.finish()
    return Profile(name, carrier, currency, senders, accounts, services, sections)


def _pairs(table: TomlTable, key: str) -> list[tuple[str, str]]:
    """The entries of a table of texts."""
    value = table.raw(key)
    if value is None:
        return []
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise table.fault(key, "a table of texts is wanted")
    return sorted(value.items())
