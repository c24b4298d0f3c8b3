"""Services of the carriers that serve few sites: Tri-Lakes (local lines), Halyard (SIP), Stratum (colocation)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tools.demo_company.carriers import HALYARD, STRATUM, TRILAKES
from tools.demo_company.catalogue import kind_of, name_of, speed_of
from tools.demo_company.values import Service


def _service(carrier: str, account: str, code: str, site: str, **more: object) -> Service:
    return Service(
        carrier,
        account,
        kind_of(code),
        code,
        site,
        description=name_of(code),
        bandwidth_mbps=speed_of(code),
        **more,  # type: ignore[arg-type]
    )


def _trilakes() -> list[Service]:
    services = []
    for line in range(141, 152):
        code = "ALM" if line in (148, 149) else "DSL25" if line == 150 else "1FB"
        services.append(
            _service(
                TRILAKES,
                "tl_duluth",
                code,
                "DLH1",
                tn=f"218-555-0{line}",
                extras=("FTR",) if line in (141, 142, 145, 146) else (),
                install_code="SVO",
            )
        )
    for line in range(171, 179):
        code = "ALM" if line == 176 else "1FB"
        services.append(
            _service(
                TRILAKES,
                "tl_brainerd",
                code,
                "BRD1",
                tn=f"218-555-0{line}",
                extras=("FTR",) if line in (171, 172) else (),
                install_code="SVO",
            )
        )
    return services


_DIDS = (
    ("CHI1", "312-555-0150"),
    ("CHI1", "312-555-0151"),
    ("CHI1", "312-555-0152"),
    ("CHI1", "312-555-0153"),
    ("MKE1", "414-555-0154"),
    ("MKE1", "414-555-0155"),
    ("MSP1", "612-555-0156"),
    ("MSP1", "612-555-0157"),
    ("MCI1", "816-555-0158"),
    ("STL1", "314-555-0159"),
    ("DFW1", "214-555-0160"),
    ("DFW1", "214-555-0161"),
    ("ATL1", "404-555-0162"),
)
_ABROAD = ("312-555-0180", "312-555-0181", "312-555-0182")  # the export office
_TOLL_FREE = ("800-555-0163", "888-555-0164", "877-555-0165")
_TRUNKS = (
    ("CHI1", "HV-TG-3117", 46),
    ("MKE1", "HV-TG-3121", 23),
    ("DFW1", "HV-TG-3125", 23),
    ("ATL1", "HV-TG-3130", 23),
)


def _halyard() -> list[Service]:
    services = [
        _service(HALYARD, "hv", "SIP-CH", site, circuit=circuit, quantity=channels)
        for site, circuit, channels in _TRUNKS
    ]
    services.extend(
        _service(HALYARD, "hv", "DID-STD", site, tn=tn, usage_code="LD-OUT", install_code="PORT-NUM")
        for site, tn in _DIDS
    )
    services.extend(_service(HALYARD, "hv_intl", "DID-STD", "CHI1", tn=tn, usage_code="LD-INTL") for tn in _ABROAD)
    services.extend(_service(HALYARD, "hv", "TFN-STD", "CHI1", tn=tn, usage_code="TF-IN") for tn in _TOLL_FREE)
    return services


def _stratum() -> list[Service]:
    services = []
    for account, site, hall, racks, crossings in (
        ("sc_fra", "FRA1", "FRA2", (417, 418, 419), (2231, 2232, 2240, 2258)),
        ("sc_ams", "AMS1", "AMS1", (112, 113), (1705, 1706)),
    ):
        for rack in racks:
            cage = _service(STRATUM, account, "RACK-47U", site, circuit=f"{hall}-R{rack:04d}")
            services.append(replace(cage, usage_code="PWR-KW") if rack == 419 else cage)
            services.append(
                _service(STRATUM, account, "PWR-32A", site, circuit=f"{hall}-R{rack:04d}-PA", usage_code="KWH")
            )
        services.extend(
            _service(STRATUM, account, "XC-SM", site, circuit=f"XC-{hall}-{crossing:05d}", install_code="XC-INST")
            for crossing in crossings
        )
    return services


_EVENTS: dict[str, dict[str, Any]] = {
    # installed within a billing period, first billed with the right part of it
    "218-555-0151": {"ordered": date(2026, 6, 22), "installed": date(2026, 7, 8)},
    "404-555-0162": {"ordered": date(2026, 7, 6), "installed": date(2026, 8, 3)},
    "XC-FRA2-02258": {"ordered": date(2026, 5, 18), "installed": date(2026, 6, 9)},
    # disconnected: Tri-Lakes bills the day of the disconnect too, as its contract allows
    "218-555-0175": {"disconnect_requested": date(2026, 6, 1), "disconnected": date(2026, 6, 29)},
    # billed wrongly at one end of their lives: see the seeds
    "218-555-0178": {"ordered": date(2026, 7, 20), "installed": date(2026, 8, 5)},
    "HV-TG-3130": {"ordered": date(2026, 6, 8), "installed": date(2026, 7, 20)},
    "AMS1-R0113-PA": {"disconnect_requested": date(2026, 6, 30), "disconnected": date(2026, 8, 1)},
    "AMS1-R0113": {"disconnect_requested": date(2026, 6, 30), "disconnected": date(2026, 8, 31)},
}

TRILAKES_SERVICES = tuple(replace(service, **_EVENTS.get(service.key, {})) for service in _trilakes())
HALYARD_SERVICES = tuple(replace(service, **_EVENTS.get(service.key, {})) for service in _halyard())
STRATUM_SERVICES = tuple(replace(service, **_EVENTS.get(service.key, {})) for service in _stratum())
